"""The tenants' twin: keys and callers in two dictionaries, open to tests."""

from lienthong.errors import SenderNotRepresented, TokenInvalid
from lienthong.gateway.ports import Caller
from lienthong.seal import Signer


class MemoryTenants:
    """The `Tenants` port. Put a key under `signers` or a token under `callers`, and it counts from then on."""

    def __init__(self) -> None:
        self.signers: dict[str, Signer] = {}
        self.callers: dict[str, Caller] = {}

    def signer(self, tenant: str) -> Signer:
        if tenant not in self.signers:
            raise SenderNotRepresented(f"{tenant}: chưa có khóa niêm phong ở đây / no sealing key here")
        return self.signers[tenant]

    def caller(self, token: str) -> Caller:
        if token not in self.callers:
            raise TokenInvalid
        return self.callers[token]
