"""Proofs that outlive certificates, off the path of requests: what is received and sent is secured within a day.

    enrol ─► gather (facts, report, certificates, answers about them) ─► plant hourly ─► stamp ─► renew before it ends

Every step is a row; a process that dies in between is followed by one that goes on. Received bytes are never touched.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from lienthong.delivery import Content, Hop, Package
from lienthong.delivery.ports import Timestamper
from lienthong.errors import ClockSkewed, EvidenceBroken, LienThongError, NotFound
from lienthong.gateway.basis import Court
from lienthong.gateway.lasting.config import LastingSettings
from lienthong.ranges import Source
from lienthong.signature import Report
from lienthong.signature.facts.model import Facts
from lienthong.signature.lasting import Algorithms, Dated, dated
from lienthong.signature.lasting.agility import TREES
from lienthong.signature.lasting.keeping import Entry, Kind, Ledger, Planted, Stamp, Standing, State

log = structlog.get_logger()
PAGE, AT_ONCE = 200, 20
TURNS = 50
"""So often entries are taken up before a tree has its turn: a backlog of years must not hold up the hour's."""
LARGEST_TREE = 4_096
SKEW = timedelta(minutes=5)
"""How far an authority's clock and ours may differ."""
ALSO = timedelta(days=7)
"""So long after its first stamp a tree is still offered to authorities that were away."""
GAIN = timedelta(days=1)
"""A new stamp that does not reach so much further is not worth a renewal."""
DAMAGED = "lasting:damaged"
"""The mark that names damaged objects."""
MOST_DAMAGED = 1000
_LONGEST_PAUSE = timedelta(hours=1)
Look = Callable[[bytes], Awaitable[Facts]]
Files = Callable[[Package], Awaitable[list[tuple[str, Source]]]]
Gather = Callable[["Lasting", Entry], Awaitable[Entry]]
Statements = Callable[[Facts, Report], bytes]


@dataclass(frozen=True, slots=True)
class Lasting:
    """What the service stands on. `authorities` by name, in the order they are asked; `stated`: a report, signed."""

    hop: Hop
    ledger: Ledger
    court: Court
    authorities: Mapping[str, Timestamper]
    settings: LastingSettings
    algorithms: Algorithms
    look: Look
    files: Files
    stated: Statements
    trouble: dict[str, str] = field(default_factory=dict)
    """By authority: why it did not stamp when it was asked last."""

    def now(self) -> datetime:
        """This moment."""
        return self.hop.clock.now()

    def dated(self, token: bytes, digest: bytes) -> Dated:
        """What a token proves by those we trust. EvidenceBroken."""
        trust = self.court.trust
        return dated(token, digest, trust.roots, self.algorithms, trust.others, self.court.basis().revocations)


# ---------------------------------------------------------------- entries


async def enrol(lasting: Lasting) -> int:
    """An entry for every document that came since the last look; how many packages were seen."""
    after, seen = await lasting.ledger.cursor(), 0
    while True:
        page = await lasting.hop.store.read(lambda view, after=after: view.swept_packages(after, PAGE))  # type: ignore[misc]  # bound now
        if not page:
            return seen
        after, seen = page[-1][0], seen + len(page)
        await lasting.ledger.enrol([_entry(each, lasting.now()) for _, each in page if _is_document(each)], after)


def _is_document(package: Package) -> bool:
    return package.head.content is Content.EDOC


def _entry(package: Package, now: datetime) -> Entry:
    return Entry(Kind.DOCUMENT, package.id, package.recorded_at, now)


async def gather(lasting: Lasting, work: Gather) -> int:
    """Gather what waits, each alone liable for its faults; how many were taken up."""
    due = await lasting.ledger.due(lasting.now(), AT_ONCE)
    for entry in due:
        await _gathered(lasting, entry, work)
    return len(due)


async def _gathered(lasting: Lasting, entry: Entry, work: Gather) -> None:
    try:
        await lasting.ledger.gathered(replace(await work(lasting, entry), state=State.GATHERED, code="", detail=""))
    except LienThongError as error:
        await _put_off(lasting, entry, error.code, error.detail)
    except Exception as error:
        log.exception("lasting", of=entry.of)
        await _put_off(lasting, entry, LienThongError.code, type(error).__name__)


async def _put_off(lasting: Lasting, entry: Entry, code: str, detail: str) -> None:
    """Again in a minute, then twice as long each time; what is ill never holds up the others."""
    pause = min(timedelta(minutes=1) * 2 ** min(entry.attempts, 10), _LONGEST_PAUSE)
    told = {"code": code, "detail": detail[:500], "attempts": entry.attempts + 1}
    log.warning("lasting", of=entry.of, code=code, detail=detail)
    await lasting.ledger.put_off(replace(entry, due=lasting.now() + pause, **told))  # type: ignore[arg-type]  # fields by name


# ---------------------------------------------------------------- trees


async def plant(lasting: Lasting) -> None:
    """A tree an hour over what is gathered; a clock that jumped back waits for none."""
    newest, now = await lasting.ledger.planting(), lasting.now()
    if newest is not None and timedelta(0) <= now - newest < lasting.settings.every:
        return
    for algorithm in sorted(TREES):
        while tree := await lasting.ledger.plant(algorithm, now, LARGEST_TREE):
            log.info("lasting", tree=tree.number, leaves=len(tree.leaves), root=tree.root)


async def refresh(lasting: Lasting) -> None:
    """What nobody stamped for so long that answers about certificates have grown old is gathered anew."""
    fresh = lasting.court.policy.proof_age - timedelta(hours=4)
    if count := await lasting.ledger.uproot(lasting.now() - fresh):
        log.warning("lasting", unstamped=count)


async def secure(lasting: Lasting, work: Gather) -> None:
    """One round of all of it. Unavailable, StorageFull: the next round goes on."""
    await enrol(lasting)
    await refresh(lasting)
    for _ in range(TURNS):
        if await gather(lasting, work) < AT_ONCE:
            break
    await plant(lasting)
    await stamp(lasting)


async def stamp(lasting: Lasting) -> None:
    """Have each authority stamp each tree; one that fails is asked again in the next round, the others go on."""
    for name, authority in lasting.authorities.items():
        try:
            for tree in await lasting.ledger.unstamped(name, lasting.now() - ALSO, PAGE):
                await lasting.ledger.keep_stamp(await _stamped(lasting, name, authority, tree))
        except LienThongError as error:
            lasting.trouble[name] = f"{error.code}: {error.detail}"
            log.warning("lasting", authority=name, code=error.code, detail=error.detail)
        else:
            lasting.trouble.pop(name, None)


async def _stamped(lasting: Lasting, name: str, authority: Timestamper, tree: Planted) -> Stamp:
    token, found = await asked(lasting, authority, bytes.fromhex(tree.root))
    return Stamp(tree.number, name, token, found.at, found.ends)


async def asked(lasting: Lasting, authority: Timestamper, digest: bytes) -> tuple[bytes, Dated]:
    """A token that holds and tells our time. Unavailable; EvidenceBroken for a lying authority; ClockSkewed."""
    token = await authority.stamp(digest)
    found = await asyncio.to_thread(lasting.dated, token, digest)
    if abs(found.at - lasting.now()) > SKEW:
        raise ClockSkewed(f"{found.authority}: {found.at.isoformat()}, {lasting.now().isoformat()}")
    return token, found


# ---------------------------------------------------------------- renewal, every night


async def renew(lasting: Lasting) -> int:
    """Take on what ends within the margin: stamps where an authority reaches further, records where a hash ends."""
    return await _renew_stamps(lasting) + await _hash_anew(lasting)


async def _renew_stamps(lasting: Lasting) -> int:
    renewed, before = 0, lasting.now() + lasting.settings.margin
    ending = await lasting.ledger.ending(before, PAGE)
    reach = await _reach(lasting) if ending else None
    while reach is not None and (worth := [tree for tree in ending if tree.ends and tree.ends + GAIN < reach]):
        for tree in worth:
            await lasting.ledger.enrol([*await _raised_in(lasting, tree), _renewal(tree, lasting.now())])
        renewed += len(worth)
        ending = await lasting.ledger.ending(before, PAGE)
    return renewed


async def _reach(lasting: Lasting) -> datetime | None:
    """How far a stamp made now would reach; None when nobody stamps."""
    ends = []
    for name, authority in lasting.authorities.items():
        try:
            ends.append((await asked(lasting, authority, hashlib.sha256(name.encode()).digest()))[1].ends)
        except LienThongError as error:
            lasting.trouble[name] = f"{error.code}: {error.detail}"
    return max(ends, default=None)


def _renewal(tree: Planted, now: datetime) -> Entry:
    return Entry(Kind.TREE, str(tree.number), now, now)


async def _raised_in(lasting: Lasting, tree: Planted) -> list[Entry]:
    """Own documents of a tree whose raised files end with it: they are stamped anew, and recorded anew."""
    found = await lasting.ledger.in_tree(tree.number, LARGEST_TREE)
    raised = [entry for entry in found if any(member.name.startswith("long-term/") for member in entry.members)]
    rounds = [await lasting.ledger.entries(entry.kind, entry.of) for entry in raised]
    return [next_round(each[-1], lasting.now()) for each in rounds if each[-1].tree == tree.number]


async def _hash_anew(lasting: Lasting) -> int:
    """Records whose hash ends are made anew with one that lasts, contents and all (RFC 4998 §5.2)."""
    before, fresh = lasting.now() + lasting.settings.margin, lasting.algorithms.tree
    if lasting.algorithms.digest_ends(fresh) <= before:
        return 0
    count = 0
    for algorithm in sorted(TREES - {fresh}):
        while lasting.algorithms.digest_ends(algorithm) <= before:
            old = await lasting.ledger.recorded_with(algorithm, PAGE)
            if not old:
                break
            count += await lasting.ledger.enrol([next_round(entry, lasting.now()) for entry in old])
    return count


def next_round(entry: Entry, now: datetime) -> Entry:
    """The same thing, to be recorded once more."""
    return Entry(entry.kind, entry.of, now, now, round=entry.round + 1)


# ---------------------------------------------------------------- are the objects still what they were


async def audit(lasting: Lasting, digests: Sequence[str]) -> None:
    """Read objects of proofs again; one that is gone or changed is remembered and told until it is mended."""
    found = set(await damaged(lasting))
    for digest in digests:
        try:
            await lasting.hop.objects.fetch(digest)
        except (NotFound, EvidenceBroken) as error:
            found.add(digest)
            log.warning("lasting", object=digest, code=error.code)
        else:
            found.discard(digest)
    await lasting.hop.store.write(lambda tx: tx.set_mark(DAMAGED, " ".join(sorted(found)[:MOST_DAMAGED])))


async def damaged(lasting: Lasting) -> Sequence[str]:
    """Objects of proofs that were not what their name says when they were read last."""
    return (await lasting.hop.store.read(lambda view: view.mark(DAMAGED))).split()


async def standing(lasting: Lasting) -> Standing:
    """How proofs stand."""
    return replace(await lasting.ledger.standing(), damaged=len(await damaged(lasting)))
