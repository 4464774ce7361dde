"""What a gateway needs beyond delivery's ports: its tenants' keys, and who calls at the desk."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from lienthong.delivery import Quota
from lienthong.errors import InvalidValue
from lienthong.seal import Signer
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.keys import SigningKey


class Scope(StrEnum):
    """What an access token opens, beside who its agency is and who is who."""

    READ = "read"  # lists, documents, files, receipts, events
    SEND = "send"  # hand in, recall, cancel, update; uploads
    RECEIVE = "receive"  # inbox, statuses
    SIGN = "sign"  # signing sessions
    HOOKS = "hooks"  # webhooks
    ADMIN = "admin"  # the agency's own tokens, systems and bounds


EVERY = frozenset(Scope) - {Scope.ADMIN}
"""What a token may that names no scopes, as older ones do: no administration, which is always given by name."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls at the desk: software of one tenant. `id` names the token where nobody may see it."""

    tenant: str
    name: str
    id: str = ""
    scopes: frozenset[Scope] = EVERY
    issued: datetime | None = None
    expires: datetime | None = None
    revoked: datetime | None = None

    def ended(self, now: datetime) -> str:
        """Why the token opens nothing any more, or empty."""
        if self.revoked is not None:
            return f"đã thu hồi / revoked {self.revoked:%Y-%m-%d}"
        if self.expires is not None and self.expires <= now:
            return f"đã hết hạn / expired {self.expires:%Y-%m-%d}"
        return ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an agency may use of a gateway: documents and bytes a day, bytes of one package, requests a second, live
    access tokens. 0: no bound of this kind.
    """

    documents: int = 0
    bytes: int = 0
    largest: int = 0
    rate: float = 0.0
    tokens: int = 0

    def __post_init__(self) -> None:
        if bad := [each.name for each in fields(self) if not 0 <= getattr(self, each.name) < 2**53]:
            raise InvalidValue(", ".join(bad))

    def within(self, host: "Bounds") -> "Bounds":
        """The narrower of both, each by itself."""
        pairs = {each.name: (getattr(self, each.name), getattr(host, each.name)) for each in fields(self)}
        return Bounds(**{name: min(filter(None, pair), default=0) for name, pair in pairs.items()})

    def beyond(self, host: "Bounds") -> tuple[str, ...]:
        """Names of what is wider here than at the host."""
        return tuple(each.name for each in fields(self) if 0 < getattr(host, each.name) < getattr(self, each.name))

    @property
    def quota(self) -> Quota:
        """What is counted where documents are recorded."""
        return Quota(self.documents, self.bytes, self.largest)


@dataclass(frozen=True, slots=True)
class Allotted:
    """The host's bounds of an agency, and the agency's own, which count only within them."""

    host: Bounds = field(default_factory=Bounds)
    own: Bounds = field(default_factory=Bounds)

    @property
    def counts(self) -> Bounds:
        """What holds."""
        return self.own.within(self.host)


class Tenants(Protocol):
    """Keys, callers and bounds of the agencies a gateway speaks for."""

    def signer(self, tenant: str) -> Signer:
        """The sealing key of a tenant; raises `SenderNotRepresented` when there is none here."""
        ...

    def caller(self, token: str) -> Caller:
        """Whose access token this is; raises `TokenInvalid`."""
        ...

    def allotted(self, tenant: str) -> Allotted:
        """A tenant's bounds; none when nobody has set any."""
        ...

    def allot(self, tenant: str, *, host: Bounds | None = None, own: Bounds | None = None) -> Allotted:
        """Set the host's bounds of a tenant, or the tenant's own; what is not given stays."""
        ...

    def tokens(self, tenant: str) -> Sequence[Caller]:
        """A tenant's access tokens, without what they are; ended ones too."""
        ...

    def issue(self, caller: Caller) -> tuple[str, Caller]:
        """A new token, told this once, and its row. InvalidValue: no name, no scope, ended before it begins."""
        ...

    def rotate(self, tenant: str, id: str, now: datetime, overlap: timedelta) -> tuple[str, Caller]:
        """A new token in the place of one of the tenant's own, which goes on for `overlap`, with the life it had.

        NotFound, also for another tenant's; InvalidValue for one that has ended.
        """
        ...

    def revoke(self, tenant: str, id: str, now: datetime) -> Caller:
        """Let nobody in with it from now on. A repeat changes nothing. NotFound, also for another tenant's."""
        ...


class SigningKeys(Protocol):
    """The keys at hand or far away that a gateway may sign documents with."""

    def of(self, tenant: str) -> Mapping[str, SigningKey]:
        """One tenant's keys by their ids; empty when it has none here. ConfigurationInvalid names a broken one."""
        ...


class Examine(Protocol):
    """Whoever looks at a stranger's file, with limits of time and memory; `looks`: what a person sees of it too."""

    async def __call__(self, pdf: bytes, *, looks: bool = False) -> Facts:
        """The facts. Never raises for the file's sake: `readable` says why there are none."""
        ...


async def here(pdf: bytes, *, looks: bool = False) -> Facts:  # noqa: ARG001  # the port's: nothing is drawn here
    """Facts without a child: for files of one's own."""
    return await asyncio.to_thread(gather, pdf)
