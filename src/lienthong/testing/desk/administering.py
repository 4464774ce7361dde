"""The administration of a sample agency: tokens, bounds and software kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lienthong.client import (
    AccessToken,
    Administration,
    AdministrationAct,
    Allowance,
    Bounds,
    IssuedSecret,
    IssuedToken,
    OwnSystem,
    Share,
    SystemSecret,
)
from lienthong.errors import InvalidValue, NotFound

HOST = Bounds(documents=500, bytes=2_000_000_000, rate=20.0, tokens=20)


@dataclass
class Office:
    """What one agency's administrator has before them."""

    own: Bounds = field(default_factory=Bounds)
    tokens: dict[str, AccessToken] = field(default_factory=dict)
    secrets: dict[str, list[SystemSecret]] = field(default_factory=dict)
    acts: list[AdministrationAct] = field(default_factory=list)


def _narrower(own: float, host: float) -> float:
    return min(filter(None, (own, host)), default=0)


class Administering:
    """The methods of `lienthong.client.Desk` that ask for the scope `admin`."""

    office: Office
    now: datetime

    def administration(self) -> Administration:
        """Some of the day is used."""
        own, live = self.office.own, sum(each.live for each in self.office.tokens.values())
        most = int(_narrower(own.documents, HOST.documents))
        counts = replace(HOST, documents=most, largest=own.largest)
        size = Share("bytes", HOST.bytes, 48_310_221, HOST.bytes - 48_310_221)
        shares = (Share("documents", most, 120, max(most - 120, 0)), size)
        return Administration(HOST, own, counts, Allowance(shares, self.now + timedelta(hours=9)), live)

    def bound(self, bounds: Bounds) -> Administration:
        """Within the host's."""
        if bounds.documents > HOST.documents or bounds.bytes > HOST.bytes:
            raise InvalidValue("documents, bytes")
        self.office.own = bounds
        self._noted("bounds", "")
        return self.administration()

    def access_tokens(self) -> tuple[AccessToken, ...]:
        """As they were issued."""
        return tuple(self.office.tokens.values())

    def issue_token(self, name: str, scopes: Sequence[str], days: int = 365) -> IssuedToken:
        """Its id is its number."""
        if not name.strip() or not scopes:
            raise InvalidValue("name, scopes")
        number = f"{len(self.office.tokens) + 1:012}"
        ends = self.now + timedelta(days=days) if days else None
        row = AccessToken(number, name, tuple(scopes), self.now, ends, None, live=True)
        self.office.tokens[number] = row
        self._noted("token-issued", f"{number} {name}")
        return IssuedToken(f"token-{number}", row)

    def rotate_token(self, id: str, hours: float = 24.0) -> IssuedToken:
        """The old one goes on for so long."""
        old = self._token(id)
        self.office.tokens[id] = replace(old, expires=self.now + timedelta(hours=hours))
        return self.issue_token(old.name, old.scopes)

    def revoke_token(self, id: str) -> AccessToken:
        """At once."""
        self.office.tokens[id] = replace(self._token(id), revoked=self.now, live=False)
        self._noted("token-revoked", id)
        return self.office.tokens[id]

    def systems(self) -> tuple[OwnSystem, ...]:
        """One of its own, one that calls as others too."""
        own = OwnSystem("phan-mem-mau", "Phần mềm mẫu", shared=False, secrets=tuple(self._secrets("phan-mem-mau")))
        return own, OwnSystem("phan-mem-chung", "Phần mềm dùng chung mẫu", shared=True, secrets=())

    def rotate_secret(self, system: str, keep_hours: float = 72.0) -> IssuedSecret:
        """A further one."""
        known = self._secrets(system)
        old = [replace(each, until=self.now + timedelta(hours=keep_hours)) for each in known]
        known[:] = [*old, SystemSecret(f"s{len(known) + 1}", self.now, None, None, live=True)]
        self._noted("system-rotate", system)
        return IssuedSecret(system, f"bi-mat-{len(known)}")

    def revoke_secret(self, system: str, secret: str = "") -> None:
        """One, or all."""
        known = self._secrets(system)
        known[:] = [replace(each, live=False, revoked=self.now) if secret in {"", each.id} else each for each in known]
        self._noted("system-revoke", system)

    def administration_acts(self) -> tuple[AdministrationAct, ...]:
        """Newest first."""
        return tuple(reversed(self.office.acts))

    def _token(self, id: str) -> AccessToken:
        if id not in self.office.tokens:
            raise NotFound(id)
        return self.office.tokens[id]

    def _secrets(self, system: str) -> list[SystemSecret]:
        if system != "phan-mem-mau":
            raise NotFound(system)
        return self.office.secrets.setdefault(system, [SystemSecret("s1", self.now, None, None, live=True)])

    def _noted(self, act: str, text: str) -> None:
        self.office.acts.append(AdministrationAct(self.now, act, f"Quản trị (mẫu): {text}"))
