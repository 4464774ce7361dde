"""What a gateway needs beyond delivery's ports: its tenants' keys, and who calls at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lienthong.seal import Signer
from lienthong.signature.keys import SigningKey


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


class SigningKeys(Protocol):
    """The keys at hand or far away that a gateway may sign documents with."""

    def of(self, tenant: str) -> Mapping[str, SigningKey]:
        """One tenant's keys by their ids; empty when it has none here. ConfigurationInvalid names a broken one."""
        ...
