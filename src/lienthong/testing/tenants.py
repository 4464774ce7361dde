"""The tenants' twin: keys, callers and bounds in dictionaries, open to tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from lienthong.errors import InvalidValue, NotFound, SenderNotRepresented, TokenInvalid
from lienthong.gateway.ports import Allotted, Bounds, Caller
from lienthong.seal import Signer


class MemoryTenants:
    """The `Tenants` port. Put a key under `signers` or a token under `callers`, and it counts from then on."""

    def __init__(self) -> None:
        self.signers: dict[str, Signer] = {}
        self.callers: dict[str, Caller] = {}
        self.bounds: dict[str, Allotted] = {}
        self._numbers = count(1)

    def signer(self, tenant: str) -> Signer:
        if tenant not in self.signers:
            raise SenderNotRepresented(f"{tenant}: chưa có khóa niêm phong ở đây / no sealing key here")
        return self.signers[tenant]

    def caller(self, token: str) -> Caller:
        if token not in self.callers:
            raise TokenInvalid
        return self.callers[token]

    def allotted(self, tenant: str) -> Allotted:
        return self.bounds.get(tenant, Allotted())

    def allot(self, tenant: str, *, host: Bounds | None = None, own: Bounds | None = None) -> Allotted:
        if tenant not in self.signers:
            raise SenderNotRepresented(tenant)
        known = self.allotted(tenant)
        self.bounds[tenant] = Allotted(host or known.host, own or known.own)
        return self.bounds[tenant]

    def tokens(self, tenant: str) -> Sequence[Caller]:
        return sorted(
            (row for row in self.callers.values() if row.tenant == tenant), key=lambda row: (row.name, row.id)
        )

    def issue(self, caller: Caller) -> tuple[str, Caller]:
        if not caller.name.strip() or not caller.scopes:
            raise InvalidValue("name, scopes")
        if caller.expires is not None and caller.issued is not None and caller.expires <= caller.issued:
            raise InvalidValue("expires")
        number = next(self._numbers)
        made = replace(caller, id=f"{number:012}", revoked=None)
        self.callers[f"token-{number}"] = made
        return f"token-{number}", made

    def rotate(self, tenant: str, id: str, now: datetime, overlap: timedelta) -> tuple[str, Caller]:
        key, old = self._known(tenant, id)
        if ended := old.ended(now):
            raise InvalidValue(f"{id}: {ended}")
        life = old.expires - old.issued if old.expires and old.issued else None
        made = self.issue(replace(old, issued=now, expires=now + life if life else None))
        self.callers[key] = replace(old, expires=min(old.expires or now + overlap, now + overlap))
        return made

    def revoke(self, tenant: str, id: str, now: datetime) -> Caller:
        key, old = self._known(tenant, id)
        self.callers[key] = replace(old, revoked=old.revoked or now)
        return self.callers[key]

    def _known(self, tenant: str, id: str) -> tuple[str, Caller]:
        found = [(key, row) for key, row in self.callers.items() if id and (row.tenant, row.id) == (tenant, id)]
        if not found:
            raise NotFound(id)
        return found[0]
