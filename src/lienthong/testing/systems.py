"""The twin of the place that keeps systems, and a vault that hides nothing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from lienthong.errors import Busy, ConfigurationInvalid, InvalidValue, NotFound
from lienthong.gateway.vxp.ports import MOST_WISHES
from lienthong.gateway.vxp.systems import System, TrailRow, Wish


class MemorySystems:
    """The `Systems` port."""

    def __init__(self) -> None:
        self._systems: dict[str, System] = {}
        self._wishes: dict[str, Wish] = {}
        self._trail: list[TrailRow] = []

    async def all(self) -> Sequence[System]:
        await asyncio.sleep(0)
        return [system for _, system in sorted(self._systems.items())]

    async def add(self, system: System) -> None:
        await asyncio.sleep(0)
        if system.id in self._systems:
            raise InvalidValue(f"{system.id}: đã đăng ký / registered already")
        self._systems[system.id] = system

    async def change(self, id: str, work: Callable[[System], System]) -> System:
        await asyncio.sleep(0)
        if id not in self._systems:
            raise NotFound(id)
        self._systems[id] = work(self._systems[id])
        return self._systems[id]

    async def wish(self, wish: Wish) -> Wish:
        own = [each for each in await self.wishes(waiting=True) if each.system == wish.system]
        for each in own:
            if (each.act, each.code) == (wish.act, wish.code):
                return each
        if len(own) >= MOST_WISHES:
            raise Busy(wish.system)
        self._wishes[wish.id] = wish
        return wish

    async def wishes(self, *, waiting: bool) -> Sequence[Wish]:
        await asyncio.sleep(0)
        found = list(self._wishes.values())
        return [wish for wish in found if wish.state == "waiting"] if waiting else found[::-1]

    async def decide(self, id: str, work: Callable[[Wish], Wish]) -> Wish:
        await asyncio.sleep(0)
        if id not in self._wishes or self._wishes[id].state != "waiting":
            raise NotFound(id)
        self._wishes[id] = work(self._wishes[id])
        return self._wishes[id]

    async def note(self, rows: Sequence[TrailRow]) -> None:
        await asyncio.sleep(0)
        for row in rows:
            key = (row.minute, row.system, row.call, row.code)
            places = [at for at, old in enumerate(self._trail) if (old.minute, old.system, old.call, old.code) == key]
            if places:
                old = self._trail[places[0]]
                self._trail[places[0]] = replace(old, count=old.count + row.count)
            else:
                self._trail.append(row)

    async def trail(self, system: str, limit: int) -> Sequence[TrailRow]:
        await asyncio.sleep(0)
        mine = [row for row in self._trail if system in {"", row.system}]
        return sorted(mine, key=lambda row: (row.minute, self._trail.index(row)), reverse=True)[:limit]


class PlainVault:
    """The `Vault` port: bound to the place, and nothing more."""

    def seal(self, place: str, text: str) -> bytes:
        return f"{place}\n{text}".encode()

    def open(self, place: str, sealed: bytes) -> str:
        told, _, text = sealed.decode().partition("\n")
        if told != place:
            raise ConfigurationInvalid(place)
        return text
