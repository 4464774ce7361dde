"""What a gateway needs beyond delivery's ports: its tenants' keys, and who calls at the desk."""

from dataclasses import dataclass
from typing import Protocol

from lienthong.seal import Signer


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls at the desk: software of one tenant."""

    tenant: str
    name: str


class Tenants(Protocol):
    """Keys and callers of the agencies a gateway speaks for."""

    def signer(self, tenant: str) -> Signer:
        """The sealing key of a tenant; raises `SenderNotRepresented` when there is none here."""
        ...

    def caller(self, token: str) -> Caller:
        """Whose access token this is; raises `TokenInvalid`."""
        ...
