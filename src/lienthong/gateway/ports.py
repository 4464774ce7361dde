"""What a gateway needs beyond delivery's ports: its tenants' keys, and who calls at the desk."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

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


EVERY = frozenset(Scope)


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


class Tenants(Protocol):
    """Keys and callers of the agencies a gateway speaks for."""

    def signer(self, tenant: str) -> Signer:
        """The sealing key of a tenant; raises `SenderNotRepresented` when there is none here."""
        ...

    def caller(self, token: str) -> Caller:
        """Whose access token this is; raises `TokenInvalid`."""
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
