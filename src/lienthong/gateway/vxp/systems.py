"""A system: one piece of software that calls as some organisations, with secrets that come and go."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from lienthong.errors import InvalidValue, NotFound

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Secret:
    """A shared secret, `sealed` by the gateway's vault. It opens nothing after `until`, or once `revoked`."""

    id: str
    sealed: bytes = field(repr=False)
    made: datetime
    until: datetime | None = None
    revoked: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether a call signed with it counts."""
        return self.revoked is None and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class System:
    """Software that is registered here. `serves`: codes of the organisations it calls as; it knows of no others.

    `window`: seconds its timestamp may be old; `time_to_live`: seconds its packages may be under way, as the SDK cannot
    say so; 0 for the gateway's settings.
    """

    id: str
    name: str
    serves: tuple[str, ...]
    made: datetime
    secrets: tuple[Secret, ...] = ()
    window: float = 0.0
    time_to_live: float = 0.0

    @property
    def shut_out(self) -> bool:
        """Whether an operator took back every secret it had."""
        return bool(self.secrets) and all(secret.revoked is not None for secret in self.secrets)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise InvalidValue(f"systemid: {self.id[:64]!r}")


def rotated(system: System, fresh: Secret, old_until: datetime) -> System:
    """With a further secret; those before it count until that moment, no longer than they did."""
    old = (replace(each, until=min(each.until or old_until, old_until)) for each in system.secrets)
    return replace(system, secrets=(*old, fresh))


def revoked(system: System, now: datetime, secret: str = "") -> System:
    """Without that secret, or without any: the system is shut out until it gets a new one. NotFound."""
    if secret and secret not in {each.id for each in system.secrets}:
        raise NotFound(secret[:64])
    ended = (
        replace(each, revoked=now) if secret in {"", each.id} and each.revoked is None else each
        for each in system.secrets
    )
    return replace(system, secrets=tuple(ended))


@dataclass(frozen=True, slots=True)
class Wish:
    """What software asked for through `registerAgency` or `deleteAgency`: who is who is decided by people.

    `act` is `register` or `delete`, `state` is `waiting`, `approved` or `refused`; `said` is what was sent along.
    """

    id: str
    system: str
    act: str
    code: str
    at: datetime
    said: dict[str, str] = field(default_factory=dict)
    state: str = "waiting"
    decided_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """How often something happened within one minute; `detail` is that of the first time. `system` empty: unproved."""

    minute: datetime
    system: str
    call: str
    code: str
    count: int
    detail: str
