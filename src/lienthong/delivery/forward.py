"""Forward: a gateway passes what its desks handed in on to the axis, and keeps its receipt (design §4, steps 4, 5)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Protocol

from lienthong.delivery.correlation import documents_of
from lienthong.delivery.deliver import framed
from lienthong.delivery.evidence import event_of, read_receipt
from lienthong.delivery.freight import NotBrought, Ramp, TurnOver, apart, brought
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import attempted, done, end_badly, put_off
from lienthong.delivery.journey import JourneyState, observe
from lienthong.delivery.model import AXIS, Content, Lane, Leg, Package, Step, freight_lane
from lienthong.delivery.news import Accepted, LegAnswer, NewsPage
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.refusing import proved_refusal
from lienthong.delivery.retry import asked_pause, breaker, failed, pause, rested, succeeded
from lienthong.delivery.timeline import Timeline
from lienthong.delivery.together import MANY, groups
from lienthong.delivery.trouble import Work
from lienthong.errors import (
    Busy,
    CopyUnreadable,
    DeliveryCancelled,
    DeliveryExpired,
    EvidenceBroken,
    Kind,
    LienThongError,
    PartMissing,
    Unavailable,
)
from lienthong.evidence import Event, EventKind

RECORDED = frozenset({JourneyState.RECORDED})


class Uplink(Ramp, Protocol):
    """The axis as a sending gateway sees it."""

    async def submit(self, frame: bytes) -> Accepted:
        """Hand a package to the axis; the refusals of `accept`, or Unavailable, Busy."""
        ...

    async def submit_all(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        """Hand over several in one request: in order, what `submit` would answer or raise; raises of the call."""
        ...

    async def news(self, after: int) -> NewsPage:
        """News for this gateway beyond a cursor."""
        ...


class Outcome(Enum):
    """What became of one submission."""

    ANSWERED = "accepted or refused for good"
    PUT_OFF = "this package will be tried again; nothing was learnt of the axis"
    AWAY = "the axis does not answer, or takes no call of ours"


async def forward(hop: Hop, uplink: Uplink, limit: int = 4 * MANY) -> int:
    """Submit what is due; returns how many packages were answered (accepted or refused). An axis away ends the round.

    Small ones go together. What is wrong with one package alone holds no other up: one that failed goes by itself.
    """
    now = hop.clock.now()
    answered = 0
    due, doubtful = await hop.store.read(lambda view: _due(view, now, limit))
    most = hop.limits.group_bytes // 2  # heads take no more than the other half
    for group in groups(due, lambda package: package.size, lambda each: _follows(each) or each.id in doubtful, most):
        told = await _submit_all(hop, uplink, group)
        answered += told.count(Outcome.ANSWERED)
        if Outcome.AWAY in told:
            break
    return answered


def _follows(package: Package) -> bool:
    """Whether it speaks of an earlier document, which must have reached the axis before."""
    return package.head.content is Content.EDOC and package.head.business != 0


def _due(view: View, now: datetime, limit: int, queue: str = AXIS) -> tuple[list[Package], frozenset[str]]:
    """What is due, and which of it has failed before; that the axis was busy says nothing of a package."""
    if not breaker(view, queue).closed(now):
        return [], frozenset()
    legs = view.due(Lane.OUT, queue, RECORDED, now, limit)
    due = packages_by_id(view, [leg.package for leg in legs])
    failed_before = frozenset(leg.package for leg in legs if leg.attempts and leg.detail != Busy.code)
    return [package for at, package in enumerate(due) if not _early(view, package, due[:at])], failed_before


def _early(view: View, package: Package, before: Sequence[Package]) -> bool:
    """A recall, update or replacement waits for its own document, unless that goes just before it."""
    if not _follows(package):
        return False
    head, going = package.head, {found.id for found in before}
    ids = dict.fromkeys(filter(None, (head.document_id, head.affects, *head.replaces)))
    documents = [found for each in ids for found in documents_of(view, package.sender, each)]
    waiting = [found for found in documents if found.id not in going | {package.id}]
    return any(
        leg.state in RECORDED
        for found in waiting
        if found.recorded_at <= package.recorded_at
        for leg in view.legs(found.id, Lane.OUT)
    )


async def carry(hop: Hop, uplink: Uplink, limit: int = 20) -> int:
    """A turn of the slow lane: bring large parts to the axis, then submit; the most urgent first.

    Returns how much moved; a part that needs another turn is movement too. An axis away ends the round.
    """
    now = hop.clock.now()
    moved = 0
    due, _ = await hop.store.read(lambda view: _due(view, now, limit, freight_lane(AXIS)))
    for package in due:
        try:
            outcome = await _carried(hop, uplink, package)
        except TurnOver:
            return moved + 1
        moved += outcome is Outcome.ANSWERED
        if outcome is Outcome.AWAY:
            break
    return moved


async def _carried(hop: Hop, uplink: Uplink, package: Package) -> Outcome:
    error = await attempted(brought(hop, uplink, package))
    if isinstance(error, TurnOver):
        raise error
    return await (submit(hop, uplink, package) if error is None else _failed(hop, package, error))


def packages_by_id(view: View, ids: Sequence[str]) -> list[Package]:
    """The packages known of these, each once, in order."""
    found = [view.package(package_id) for package_id in dict.fromkeys(ids)]
    return [package for package in found if package is not None]


async def submit(hop: Hop, uplink: Uplink, package: Package) -> Outcome:
    """Ask the axis to take it. What was asked before is asked again: the axis knows the id."""
    return await _heard(hop, package, await attempted(_asked(hop, uplink, package)))


async def _submit_all(hop: Hop, uplink: Uplink, packages: Sequence[Package]) -> list[Outcome]:
    """As `submit`, in one request; a request that fails as a whole for one package's sake is taken apart."""
    if len(packages) == 1:
        return [await submit(hop, uplink, packages[0])]
    told = await attempted(_told(hop, uplink, packages))
    if isinstance(told, Exception):
        return await _taken_apart(hop, uplink, packages, told)
    return list(await asyncio.gather(*(_heard(hop, *each) for each in told)))


async def _told(hop: Hop, uplink: Uplink, packages: Sequence[Package]) -> list[tuple[Package, Accepted | Exception]]:
    """What the axis answers for each, or why our own copy cannot be read. Raises what is of the whole request."""
    frames = await _own_frames(hop, packages)
    good = [(package, frame) for package, frame in zip(packages, frames, strict=True) if isinstance(frame, bytes)]
    bad = [(package, error) for package, error in zip(packages, frames, strict=True) if isinstance(error, Exception)]
    answers = await uplink.submit_all([frame for _, frame in good]) if good else ()
    return [*((package, answer) for (package, _), answer in zip(good, answers, strict=True)), *bad]


async def _taken_apart(hop: Hop, uplink: Uplink, packages: Sequence[Package], error: Exception) -> list[Outcome]:
    """All wait for an axis away; anything else may be the doing of one of them, so each is asked by itself."""
    if isinstance(error, LienThongError) and not _final(error) and _of_the_axis(error):
        await hop.store.write(partial(_wait, hop, packages, error))
        return [Outcome.AWAY]
    told: list[Outcome] = []
    for package in packages:
        told.append(await submit(hop, uplink, package))
        if told[-1] is Outcome.AWAY:
            break
    return told


async def _heard(hop: Hop, package: Package, answer: Accepted | Exception) -> Outcome:
    """Keep what the axis, or our own copy, said of a package."""
    error = answer if isinstance(answer, Exception) else await attempted(_keep(hop, package, answer))
    if isinstance(error, LienThongError) and error is not answer and not isinstance(error, Unconvinced):
        raise error  # our own store's: the round ends
    return Outcome.ANSWERED if error is None else await _failed(hop, package, error)


async def _keep(hop: Hop, package: Package, accepted: Accepted) -> None:
    """Keep a yes that is proved. Raises `Unconvinced`, and what the store raises."""
    proofs = proofs_of(hop, package, accepted)
    await hop.store.write(lambda tx: taken(tx, package, accepted, proofs))


async def again(hop: Hop, uplink: Uplink, package: Package) -> Outcome:
    """Hand the very same bytes in once more, because the axis has lost them; what it says against that ends nothing."""
    try:
        await _keep(hop, package, await _asked(hop, uplink, package))
    except LienThongError:
        return Outcome.PUT_OFF
    return Outcome.ANSWERED


async def _asked(hop: Hop, uplink: Uplink, package: Package) -> Accepted:
    (frame,) = await _own_frames(hop, [package])
    if isinstance(frame, Exception):
        raise frame
    try:
        return await uplink.submit(frame)
    except PartMissing as error:
        if apart(hop, package):  # its upload ran out, or went with another package: it is brought again
            raise NotBrought(error.detail) from error
        raise


async def _failed(hop: Hop, package: Package, error: Exception) -> Outcome:
    if isinstance(error, LienThongError) and _final(error):
        await hop.store.write(partial(_refused, hop, package, error, proved_refusal(hop, package, error)))
        return Outcome.ANSWERED
    if isinstance(error, LienThongError) and _of_the_axis(error):
        await hop.store.write(partial(_wait, hop, [package], error))
        return Outcome.AWAY
    await hop.store.write(partial(_put_off, hop, package, error))
    return Outcome.PUT_OFF


async def _own_frames(hop: Hop, packages: Sequence[Package]) -> list[bytes | Exception]:
    """Each in its wire form, or why our own copy cannot be read now."""
    contents = await hop.store.read(lambda view: [_contents(view, package) for package in packages])
    return [await _own_frame(hop, *each) for each in zip(packages, contents, strict=True)]


async def _own_frame(hop: Hop, package: Package, contents: dict[str, bytes]) -> bytes | Exception:
    found = await attempted(framed(hop, package, contents))
    if isinstance(found, LienThongError):
        return (CopyUnreadable if found.permanent else Unreadable)(found.detail)
    return found


def _contents(view: View, package: Package) -> dict[str, bytes]:
    small = ((part.sha256, view.content(part.sha256)) for part in package.parts)
    return {sha256: data for sha256, data in small if data is not None}


class Unreadable(Unavailable):
    """Our own copy cannot be read now. That is no answer of the axis, and says nothing of the axis."""


class Unconvinced(EvidenceBroken):
    """A yes whose proof does not hold is asked again: the package may well be accepted."""

    permanent = False


_ABOUT_THE_CALL = frozenset({Kind.UNKNOWN_CALLER, Kind.MISSING, Kind.INTERNAL})


def _final(error: LienThongError) -> bool:
    """Whether the package itself was refused. A wrong clock or token, or a fault at the axis, says nothing of it."""
    return error.permanent and error.kind not in _ABOUT_THE_CALL


def _of_the_axis(error: LienThongError) -> bool:
    """Whether every other call would fail alike. A fault inside the axis may well be this one package's doing."""
    return error.kind is not Kind.INTERNAL and not isinstance(error, (Unreadable, Unconvinced, NotBrought))


Proofs = Mapping[str, tuple[Event, str]]
"""The axis's receipts by addressee; the acceptance of the whole under an empty one."""


def proofs_of(hop: Hop, package: Package, accepted: Accepted) -> Proofs:
    """The axis's receipts, which must be about this very package, or its yes is no yes; raises `Unconvinced`."""
    texts = {"": accepted.receipt} | {leg.addressee: leg.receipt for leg in accepted.legs if leg.receipt}
    try:
        proofs = {
            addressee: (read_receipt(hop, AXIS, text, hop.clock.now())[1], text) for addressee, text in texts.items()
        }
    except LienThongError as error:
        raise Unconvinced(error.detail) from error
    for addressee, (told, _) in proofs.items():
        if (told.package, told.digest, told.addressee or "") != (package.id, package.digest, addressee):
            raise Unconvinced(f"{told.kind} {told.package} {told.addressee}")
    if proofs[""][0].kind is not EventKind.SUBMISSION_ACCEPTED:
        raise Unconvinced(proofs[""][0].kind)
    return proofs


def taken(tx: Transaction, package: Package, accepted: Accepted, proofs: Proofs) -> None:
    """Keep the axis's yes: its receipts in the timeline, recorded legs accepted or refused as they prove."""
    succeeded(tx, _queue(tx, package))
    by_addressee: Mapping[str, LegAnswer] = {answer.addressee: answer for answer in accepted.legs}
    timeline = Timeline(tx)
    for addressee, (told, text) in proofs.items():
        words = told.recipient if told.kind is EventKind.REDIRECTED else ""
        timeline.add(Step(package.id, told.at, AXIS, told.kind, addressee, told.code or "", words or "", receipt=text))
    for leg in tx.legs(package.id, Lane.OUT):
        if leg.state is JourneyState.RECORDED:
            done(tx, Work.FORWARD, leg)
            tx.put_leg(_answered(leg, by_addressee.get(leg.addressee), proofs))


def _answered(leg: Leg, answer: LegAnswer | None, proofs: Proofs) -> Leg:
    """The leg after the axis's yes: accepted, or refused if that is proved. What came later is told by its news."""
    at = proofs[""][0].at
    if answer is None:
        return replace(leg, state=observe(leg.state, JourneyState.ACCEPTED), since=at, detail="")
    told = proofs.get(leg.addressee)
    refused = answer.state is JourneyState.REFUSED and told is not None and told[0].kind is EventKind.REFUSED
    state = observe(leg.state, JourneyState.REFUSED if refused else JourneyState.ACCEPTED)
    refusal, detail = (answer.refusal, answer.detail) if refused else ("", "")
    return replace(leg, state=state, since=at, recipient=answer.recipient, refusal=refusal, detail=detail)


def _queue(tx: Transaction, package: Package) -> str:
    """The lane it goes by: each has a breaker of its own."""
    return next((leg.next_hop for leg in tx.legs(package.id, Lane.OUT)), AXIS)


def _recorded(tx: Transaction, package: Package) -> list[Leg]:
    return [leg for leg in tx.legs(package.id, Lane.OUT) if leg.state is JourneyState.RECORDED]


def _put_off(hop: Hop, package: Package, error: Exception, tx: Transaction) -> None:
    for leg in _recorded(tx, package):
        put_off(tx, hop, Work.FORWARD, leg, error)


def _wait(hop: Hop, packages: Sequence[Package], error: LienThongError, tx: Transaction) -> None:
    """The axis is away, or wants to be left alone: once for all that went together."""
    now, queue = hop.clock.now(), _queue(tx, packages[0])
    asked = asked_pause(error) * (1 + hop.lots.jitter() / 2)  # not all who were told the same come back at once
    if isinstance(error, Busy):
        rested(tx, queue, now + asked)
    else:
        failed(tx, queue, hop.terms, now, hop.lots.jitter())
    for leg in (leg for package in packages for leg in _recorded(tx, package)):
        wait = max(asked, pause(hop.terms, leg.attempts, hop.lots.jitter()))
        tx.put_leg(replace(leg, attempts=leg.attempts + 1, due=max(leg.due, now + wait), detail=error.code))


def _refused(hop: Hop, package: Package, error: LienThongError, proof: Step | None, tx: Transaction) -> None:
    """The axis will not have it: its receipt proves it, if it gave one; our own log witnesses what it said and when."""
    now = hop.clock.now()
    succeeded(tx, _queue(tx, package))
    if not (legs := _recorded(tx, package)):
        return
    ends = {DeliveryExpired: JourneyState.EXPIRED, DeliveryCancelled: JourneyState.CANCELLED}
    state = ends.get(type(error), JourneyState.REFUSED)
    for leg in legs:
        done(tx, Work.FORWARD, leg)
        ended = replace(leg, state=observe(leg.state, state), since=now, refusal=error.code, detail=error.detail)
        tx.put_leg(ended)
        end_badly(tx, ended)
    kind = EventKind.EXPIRED if state is JourneyState.EXPIRED else EventKind.RELAY_REJECTED
    if proof is not None:
        Timeline(tx).add(proof)
    index = tx.record(event_of(kind, hop.name, now, package, code=error.code))
    tx.add_step(Step(package.id, now, hop.name, kind, code=error.code, text=error.detail, index=index))
