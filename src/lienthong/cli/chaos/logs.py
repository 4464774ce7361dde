"""The logs under way and at the end: every checkpoint that was ever shown must be a beginning of what stands now."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import aiohttp

from lienthong.adapters.bootstrap import log_signer
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql import SqlStore
from lienthong.cli.demo.build import Place, current_snapshot, origin
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Event, Frontier, VerifierKey, leaf_hash, open_checkpoint, verify_consistency_of
from lienthong.evidence.checkpoint import Checkpoint

LOOK = 0.3
AT_ONCE = 4096


@dataclass
class Watcher:
    """Asks every hop for its newest checkpoint, again and again, and keeps what it sees."""

    place: Place
    session: aiohttp.ClientSession
    hops: Sequence[str]
    seen: dict[str, list[str]] = field(default_factory=dict)

    async def work(self) -> None:
        """Until cancelled. A hop that does not answer is asked again."""
        while True:
            for hop in self.hops:
                note = await self._ask(hop)
                if note and self.seen.setdefault(hop, [])[-1:] != [note]:
                    self.seen[hop].append(note)
            await asyncio.sleep(LOOK)

    async def _ask(self, hop: str) -> str:
        url = f"{self.place.url(f'{hop}-ops')}/log/checkpoint"
        try:
            async with self.session.get(url, timeout=aiohttp.ClientTimeout(total=2.0)) as answer:
                return await answer.text() if answer.status == 200 else ""
        except (TimeoutError, aiohttp.ClientError):
            return ""


@dataclass(frozen=True, slots=True)
class Audit:
    """One log, read whole: what it testifies to, how many checkpoints were seen, and what does not fit, in words."""

    hop: str
    vkeys: tuple[str, ...]
    leaves: tuple[bytes, ...]
    notes: tuple[str, ...]
    events: tuple[Event, ...]
    checkpoints: int
    forks: tuple[str, ...]


async def audit(place: Place, where: Path | str, hop: str, notes: Sequence[str]) -> Audit:
    """Read the log of a hop that does not run any more and hold every checkpoint seen against it."""
    async with opened(place, where, hop) as store:
        leaves = [leaf async for leaf in _leaves(store)]
        vkeys = tuple(key.vkey for key in current_snapshot(place).logs if key.hop == hop)
        last = await store.checkpoint()
        shown = (*notes, *([last] if last else []))
        checkpoints, forks = _opened(hop, shown, [VerifierKey.parse(vkey) for vkey in vkeys])
        forks += [*_prefixes(hop, checkpoints, leaves), *await _consistency(store, checkpoints)]
    events = tuple(map(Event.from_leaf, leaves))
    return Audit(hop, vkeys, tuple(leaves), shown, events, len(checkpoints), tuple(forks))


@asynccontextmanager
async def opened(place: Place, where: Path | str, hop: str) -> AsyncIterator[SqlStore]:
    """The store of a hop whose process is gone."""
    folder: Path = place.folder / hop
    signer = log_signer(origin(hop), folder / "log.key", folder / "log.pem")
    async with SqlStore.open(where, signer, SystemClock()) as store:
        yield store


async def _leaves(store: SqlStore) -> AsyncIterator[bytes]:
    start = 0
    while found := await store.leaves(start, AT_ONCE):
        start += len(found)
        for leaf in found:
            yield leaf


def _opened(hop: str, notes: Iterable[str], keys: Sequence[VerifierKey]) -> tuple[list[Checkpoint], list[str]]:
    """Signed by the log itself, every one."""
    checkpoints, broken = [], []
    for note in notes:
        try:
            checkpoints.append(open_checkpoint(note, keys))
        except EvidenceBroken as error:
            broken.append(f"{hop}: {error.detail}")
    return checkpoints, broken


def _prefixes(hop: str, checkpoints: Sequence[Checkpoint], leaves: Sequence[bytes]) -> list[str]:
    """Roots made anew from the leaves, at every size that was ever signed and seen; and they only grow."""
    roots = roots_at({each.size for each in checkpoints}, leaves)
    forks = [f"{hop}: {each.size} ≠ {b64encode(each.root).decode()}" for each in checkpoints if _off(each, roots)]
    sizes = [each.size for each in checkpoints]
    return forks + ([f"{hop}: rolled back {sizes}"] if sizes != sorted(sizes) else [])


def _off(checkpoint: Checkpoint, roots: Mapping[int, bytes]) -> bool:
    return roots.get(checkpoint.size) != checkpoint.root


def roots_at(sizes: set[int], leaves: Sequence[bytes]) -> dict[int, bytes]:
    """The root of the tree over the first leaves, for each of these sizes that the leaves reach."""
    found, frontier = {}, Frontier()
    for size in sorted(sizes):
        if size > len(leaves):
            break
        frontier = frontier.extend([leaf_hash(leaf) for leaf in leaves[frontier.size : size]]).after
        found[size] = frontier.root()
    return found


async def _consistency(store: SqlStore, checkpoints: Sequence[Checkpoint]) -> list[str]:
    """The log's own proofs between what was seen one after the other."""
    broken = []
    for old, new in pairwise(checkpoints):
        try:
            verify_consistency_of(old, new, await store.consistency(old.size, new.size))
        except EvidenceBroken as error:
            broken.append(f"{old.origin} {old.size} → {new.size}: {error.detail}")
    return broken
