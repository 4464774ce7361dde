"""The twin of the place that keeps proofs on their way through time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lienthong.errors import NotFound
from lienthong.signature.lasting.keeping import Entry, Kind, Planted, Stamp, Standing, State
from lienthong.signature.lasting.link import Grove

Key = tuple[Kind, str, int]


class MemoryLedger:
    """The `Ledger` port."""

    def __init__(self) -> None:
        self._cursor = 0
        self._entries: dict[Key, Entry] = {}
        self._trees: dict[int, Planted] = {}
        self._stamps: dict[tuple[int, str], Stamp] = {}
        self._last = 0
        self._held: list[str] = []

    async def cursor(self) -> int:
        await asyncio.sleep(0)
        return self._cursor

    async def enrol(self, fresh: Sequence[Entry], cursor: int | None = None) -> int:
        await asyncio.sleep(0)
        new = [each for each in fresh if each.key not in self._entries]
        self._entries.update({each.key: each for each in new})
        for number in (int(each.of) for each in new if each.kind is Kind.TREE):
            self._trees[number] = replace(self._trees[number], renewed=True)
        self._cursor = self._cursor if cursor is None else cursor
        return len(new)

    async def due(self, now: datetime, limit: int) -> Sequence[Entry]:
        found = await self._found(lambda each: each.state is State.WAITING and each.due <= now)
        return sorted(found, key=lambda each: (each.attempts, each.due))[:limit]

    async def put_off(self, entry: Entry) -> None:
        await asyncio.sleep(0)
        known = self._entries[entry.key]
        if known.state is State.WAITING:
            told = {"due": entry.due, "attempts": entry.attempts, "code": entry.code, "detail": entry.detail}
            self._entries[entry.key] = replace(known, **told)  # type: ignore[arg-type]  # fields by name

    async def gathered(self, entry: Entry) -> None:
        await asyncio.sleep(0)
        if self._entries[entry.key].state is State.WAITING:
            self._entries[entry.key] = replace(entry, state=State.GATHERED)
            fresh = dict.fromkeys(each.sha256 for each in entry.members if each.held)
            self._held += [digest for digest in fresh if digest not in self._held]

    async def planting(self) -> datetime | None:
        await asyncio.sleep(0)
        return self._trees[max(self._trees)].at if self._trees else None

    async def plant(self, algorithm: str, now: datetime, limit: int) -> Planted | None:
        ready = await self._found(lambda each: each.state is State.GATHERED and each.algorithm == algorithm)
        if not ready:
            return None
        leaves = tuple(bytes.fromhex(each.leaf) for each in ready[:limit])
        tree = Planted(self._last + 1, now, algorithm, Grove(algorithm, leaves).root.hex(), leaves)
        self._trees[tree.number], self._last = tree, tree.number
        for place, each in enumerate(ready[:limit]):
            self._entries[each.key] = replace(each, tree=tree.number, place=place, state=State.PLANTED)
        return tree

    async def unstamped(self, authority: str, since: datetime, limit: int) -> Sequence[Planted]:
        await asyncio.sleep(0)
        open_ = [each for each in self._trees.values() if each.ends is None or each.at >= since]
        return [each for each in open_ if (each.number, authority) not in self._stamps][:limit]

    async def uproot(self, before: datetime) -> int:
        await asyncio.sleep(0)
        bare = [number for number, each in self._trees.items() if each.ends is None and each.at < before]
        mine = [each for each in self._entries.values() if each.tree in bare]
        self._entries |= {each.key: replace(each, state=State.WAITING, tree=0, place=0) for each in mine}
        for number in bare:
            del self._trees[number]
        return len(mine)

    async def keep_stamp(self, stamp: Stamp) -> None:
        await asyncio.sleep(0)
        if (stamp.tree, stamp.authority) not in self._stamps:
            self._stamps[stamp.tree, stamp.authority] = stamp
            ends = max(each.ends for (tree, _), each in self._stamps.items() if tree == stamp.tree)
            self._trees[stamp.tree] = replace(self._trees[stamp.tree], ends=ends)

    async def tree(self, number: int) -> tuple[Planted, Sequence[Stamp]]:
        await asyncio.sleep(0)
        if number not in self._trees:
            raise NotFound(f"tree {number}")
        return self._trees[number], [each for (tree, _), each in sorted(self._stamps.items()) if tree == number]

    async def ending(self, before: datetime, limit: int) -> Sequence[Planted]:
        await asyncio.sleep(0)
        over = [each for each in self._trees.values() if not each.renewed and each.ends and each.ends < before]
        return sorted(over, key=lambda each: (each.ends, each.number))[:limit]

    async def entries(self, kind: Kind, of: str) -> Sequence[Entry]:
        found = await self._found(lambda each: (each.kind, each.of) == (kind, of))
        return sorted(found, key=lambda each: each.round)

    async def recorded_with(self, algorithm: str, limit: int) -> Sequence[Entry]:
        last = {(each.kind, each.of): each for each in sorted(self._entries.values(), key=lambda each: each.round)}
        wanted = (algorithm, State.PLANTED, Kind.DOCUMENT)
        found = await self._found(lambda each: (each.algorithm, each.state, each.kind) == wanted)
        return [each for each in found if last[each.kind, each.of] is each][:limit]

    async def in_tree(self, number: int, limit: int) -> Sequence[Entry]:
        return sorted(await self._found(lambda each: each.tree == number), key=lambda each: each.place)[:limit]

    async def held(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        await asyncio.sleep(0)
        return [(number, digest) for number, digest in enumerate(self._held, start=1) if number > after][:limit]

    async def failing(self, limit: int) -> Sequence[Entry]:
        found = await self._found(lambda each: each.state is State.WAITING and each.attempts > 0)
        return sorted(found, key=lambda each: each.since)[:limit]

    async def lacking(self) -> Mapping[str, int]:
        documents = await self._found(lambda each: each.kind is Kind.DOCUMENT)
        last = {each.of: each.lacks for each in sorted(documents, key=lambda each: each.round)}
        return Counter(lacks for lacks in last.values() if lacks)

    async def standing(self) -> Standing:
        documents = await self._found(lambda each: each.kind is Kind.DOCUMENT)
        planted = [each for each in documents if each.state is State.PLANTED]
        bare = [each for each in planted if self._trees[each.tree].ends is None]
        open_ = [each for each in documents if each.state is not State.PLANTED]
        ends = [each.ends for each in self._trees.values() if each.ends and not each.renewed]
        return Standing(
            _count(open_, State.WAITING),
            _count(open_, State.GATHERED),
            len(bare),
            len(planted) - len(bare),
            len(await self.failing(len(self._entries))),
            min((each.since for each in (*open_, *bare)), default=None),
            min(ends, default=None),
        )

    async def _found(self, wanted: Callable[[Entry], bool]) -> list[Entry]:
        await asyncio.sleep(0)
        return [each for each in self._entries.values() if wanted(each)]


def _count(entries: Iterable[Entry], state: State) -> int:
    return sum(each.state is state for each in entries)
