"""The twins of webhooks: a dictionary that keeps them, and somebody who is called."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.errors import InvalidValue, NotAllowed, NotFound, Unavailable
from lienthong.gateway.hooking import Hook


class MemoryHooks:
    """The `Hooks` port."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Hook] = {}

    async def put(self, hook: Hook, most: int) -> None:
        await asyncio.sleep(0)
        if sum(tenant == hook.tenant and name != hook.name for tenant, name in self._kept) >= most:
            raise InvalidValue(f"webhooks ≤ {most}")
        self._kept[hook.tenant, hook.name] = hook

    async def of(self, tenant: str) -> Sequence[Hook]:
        await asyncio.sleep(0)
        return [hook for (owner, _), hook in sorted(self._kept.items()) if owner == tenant]

    async def get(self, tenant: str, name: str) -> Hook:
        await asyncio.sleep(0)
        if (tenant, name) not in self._kept:
            raise NotFound(name[:80])
        return self._kept[tenant, name]

    async def drop(self, tenant: str, name: str) -> None:
        await asyncio.sleep(0)
        self._kept.pop((tenant, name), None)

    async def due(self, now: datetime, limit: int) -> Sequence[Hook]:
        await asyncio.sleep(0)
        found = (hook for hook in self._kept.values() if not hook.parked and hook.due <= now)
        return sorted(found, key=lambda hook: hook.due)[:limit]

    async def change(self, tenant: str, name: str, work: Callable[[Hook], Hook]) -> None:
        await asyncio.sleep(0)
        if (tenant, name) in self._kept:
            self._kept[tenant, name] = work(self._kept[tenant, name])


@dataclass
class Called:
    """The `Caller` port: notes every call; `statuses` are what comes back, 0 for nobody there."""

    host: str = "https://phanmem.mau/"
    statuses: list[int] = field(default_factory=list)
    calls: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def require(self, url: str) -> None:
        if not url.startswith(self.host):
            raise NotAllowed(url)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        await asyncio.sleep(0)
        self.calls.append((url, body, headers))
        status = self.statuses.pop(0) if self.statuses else 204
        if not status:
            raise Unavailable("nobody")
        return status
