"""Reconcile: hunt for what neither goes on nor ends, mend what a rule makes safe, and list the rest for people.

A sweep passes over every package and every leg, a page at a time, from a remembered place; it is safe beside the
workers and beside another sweep: each finding is looked at again inside the transaction that acts on it.

    no end after its time          ended (axis), asked about (gateway), else listed
    news or acceptance missing     asked about at the axis; what the axis lost is handed in again, the same bytes
    a lock long over               taken off
    a leg without its package, a package without legs, a step without its leaf, a receipt missing: listed
    a report or news nobody took   listed while it lasts
    a large content not in the object store: listed until a sweep finds it there
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec

from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began
from lienthong.delivery.journey import FAILED, UNDELIVERED, JourneyState
from lienthong.delivery.model import AXIS, Lane, Leg, Notice, Package, Step
from lienthong.delivery.news import News
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.possessions import lacking
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work, trouble_key
from lienthong.delivery.whereabouts import Informer, mend
from lienthong.errors import (
    CopyUnreadable,
    EvidenceMissing,
    JourneyLost,
    LienThongError,
    NotFound,
    Overdue,
    PackageLost,
    Unconfirmed,
)
from lienthong.evidence import EventKind

LEGS, PACKAGES = "sweep:legs", "sweep:packages"
LARGE = "large content"
_OURS = frozenset(
    each.code for each in (Overdue, Unconfirmed, PackageLost, JourneyLost, EvidenceMissing, CopyUnreadable)
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `mended`: a rule put it right."""

    code: str  # of errors.py
    package: str = ""
    lane: str = ""
    addressee: str = ""
    detail: str = ""
    since: datetime | None = None
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one page brought. `whole`: the end was reached, and the next begins anew."""

    findings: tuple[Finding, ...]
    seen: int
    whole: bool


async def sweep(hop: Hop, axis: Informer | None = None, limit: int = 200) -> Sweep:
    """One page of legs and of packages, beyond where the last one ended. A gateway gives the axis to ask."""
    now = hop.clock.now()
    mended = () if axis is None else await _ask(hop, axis, limit, now)
    legs, packages = await hop.store.read(partial(_page, limit=limit))
    found = await hop.store.read(lambda view: _look(view, hop, legs, packages, now))
    found += await _leafless(hop, [package.id for _, package in packages])
    missing = await lacking(hop, [package for _, package in packages])
    found += [Finding(CopyUnreadable.code, each.id, detail=f"{LARGE} {sha256}") for each, sha256 in missing or ()]
    looked = frozenset(package.id for _, package in packages) if missing is not None else frozenset[str]()
    whole = len(legs) < limit and len(packages) < limit
    if whole:
        found += await _outboxes(hop, now)
    kept = await hop.store.write(partial(_keep, hop, tuple(found), legs, packages, limit, looked))
    return Sweep((*kept, *mended), len(legs) + len(packages), whole)


Numbered = Sequence[tuple[int, Leg]]
Shelf = Sequence[tuple[int, Package]]


def _page(view: View, limit: int) -> tuple[Numbered, Shelf]:
    return view.swept_legs(int(view.mark(LEGS) or 0), limit), view.swept_packages(int(view.mark(PACKAGES) or 0), limit)


def _look(view: View, hop: Hop, legs: Numbered, packages: Shelf, now: datetime) -> list[Finding]:
    found = [finding for _, leg in legs for finding in _of_leg(view, hop, leg, now)]
    alone = [package for _, package in packages if not view.legs(package.id)]
    return found + [Finding(JourneyLost.code, package.id, since=package.recorded_at) for package in alone]


def _of_leg(view: View, hop: Hop, leg: Leg, now: datetime) -> Iterator[Finding]:
    about = (leg.package, leg.lane.value, leg.addressee)
    # what was refused on arrival is remembered without its content
    if view.package(leg.package) is None and not (leg.lane is Lane.IN and (leg.refusal or leg.state in FAILED)):
        yield Finding(PackageLost.code, *about, since=leg.since)
        return
    if leg.state in UNDELIVERED:
        yield from _waiting(hop, leg, now)
    elif leg.state is JourneyState.DELIVERED and _stale_lock(hop, leg, now):
        yield Finding("lock-lost", *about, since=leg.locked_until)
    if missing := _missing(view, leg):
        yield Finding(EvidenceMissing.code, *about, missing, leg.since)


def _waiting(hop: Hop, leg: Leg, now: datetime) -> Iterator[Finding]:
    about = (leg.package, leg.lane.value, leg.addressee)
    if leg.expires_at + hop.terms.stuck_after <= now:
        yield Finding(Overdue.code, *about, leg.detail, leg.expires_at)
    elif _here(leg) and leg.since + hop.terms.stuck_after <= now:
        yield Finding(Unconfirmed.code, *about, leg.detail, leg.since)


def _here(leg: Leg) -> bool:
    """Whether it is our own next step that does not come about."""
    return leg.lane is not Lane.THROUGH and leg.state in {JourneyState.RECORDED, JourneyState.ARRIVED}


def _stale_lock(hop: Hop, leg: Leg, now: datetime) -> bool:
    return leg.locked_until is not None and leg.locked_until + hop.terms.stuck_after <= now


# What must stand in the timeline of a sender's leg, by its state: the axis's words, proved.
_PROOFS = {
    JourneyState.ACCEPTED: ({EventKind.SUBMISSION_ACCEPTED},),
    JourneyState.DELIVERED: ({EventKind.SUBMISSION_ACCEPTED}, {EventKind.RELAYED}, {EventKind.CONSIGNED}),
    JourneyState.HANDED_OVER: ({EventKind.SUBMISSION_ACCEPTED}, {EventKind.HANDED_OVER}),
}


def _missing(view: View, leg: Leg) -> str:
    """The kind of a receipt that should be held and is not."""
    if leg.lane is not Lane.OUT or leg.state not in _PROOFS:
        return ""
    steps = [step for step in view.steps(leg.package) if step.receipt and step.addressee in {"", leg.addressee}]
    kinds = {step.kind for step in steps}
    lacking = [wanted for wanted in _PROOFS[leg.state] if not {str(kind) for kind in wanted} & kinds]
    return str(next(iter(lacking[0]))) if lacking else ""


async def _leafless(hop: Hop, packages: Sequence[str]) -> list[Finding]:
    """Steps that point at a leaf our log does not have."""
    steps = await hop.store.read(lambda view: [step for package in packages for step in view.steps(package)])
    return [
        Finding(EvidenceMissing.code, step.package, step.lane.value, step.addressee, f"leaf {step.index}", step.at)
        for step in steps
        if step.index is not None and not await _logged(hop, step)
    ]


async def _logged(hop: Hop, step: Step) -> bool:
    try:
        await hop.store.receipt(-1 if step.index is None else step.index)
    except NotFound:
        return False
    return True


async def _outboxes(hop: Hop, now: datetime) -> list[Finding]:
    """The oldest piece of news for each hop, when it has waited too long."""
    known = [gateway.id for gateway in hop.directory().snapshot.gateways] if hop.name == AXIS else [AXIS]
    oldest = await hop.store.read(lambda view: [each for to in known for each in view.notices(to, 0, 1)])
    return [
        Finding(Unconfirmed.code, addressee=notice.to, detail="news", since=at)
        for notice in oldest
        if (at := _told_at(notice)) is not None and at + hop.terms.stuck_after <= now
    ]


def _told_at(notice: Notice) -> datetime | None:
    try:
        return msgspec.json.decode(notice.body, type=News).at
    except msgspec.DecodeError:
        return None


# ---------------------------------------------------------------- mending


async def _ask(hop: Hop, axis: Informer, limit: int, now: datetime) -> tuple[Finding, ...]:
    """Ask the axis about what should have moved on by now; while it is away, nothing is learnt and all is listed."""
    packages = await hop.store.read(lambda view: _unsure(view, hop, _page(view, limit)[0], now))
    try:
        count = await mend(hop, axis, packages)
    except LienThongError:
        return ()
    return tuple(Finding("news-lost", mended=True) for _ in range(count))


def _unsure(view: View, hop: Hop, legs: Numbered, now: datetime) -> list[Package]:
    late = [leg.package for _, leg in legs if leg.lane is Lane.OUT and (_late(leg, hop, now) or _missing(view, leg))]
    found = [view.package(package) for package in dict.fromkeys(late)]
    return [package for package in found if package is not None]


def _late(leg: Leg, hop: Hop, now: datetime) -> bool:
    """Whether news of it may have been lost."""
    waits = leg.state in {JourneyState.ACCEPTED, JourneyState.DELIVERED}
    return waits and leg.since + hop.terms.stuck_after <= now


def _keep(
    hop: Hop,
    found: tuple[Finding, ...],
    legs: Numbered,
    packages: Shelf,
    limit: int,
    looked: frozenset[str],
    tx: Transaction,
) -> tuple[Finding, ...]:
    kept = tuple(_mended(tx, hop, finding) for finding in found)
    _clear(tx, hop, kept, looked)
    tx.set_mark(LEGS, str(legs[-1][0]) if len(legs) == limit else "")
    tx.set_mark(PACKAGES, str(packages[-1][0]) if len(packages) == limit else "")
    return kept


def _mended(tx: Transaction, hop: Hop, finding: Finding) -> Finding:
    """Put right what a rule makes safe; list the rest."""
    if finding.code == "lock-lost":
        return replace(finding, mended=_unlock(tx, hop, finding))
    key = _key(finding)
    if (known := tx.trouble(key)) is None or known.code in _OURS:
        now = hop.clock.now()
        begun = began(Work.JOURNEY, finding.since or now, finding.package, finding.lane, finding.addressee)
        told = replace(begun, code=finding.code, detail=finding.detail, at=now, due=NEVER, dead=True)
        tx.put_trouble(replace(told, since=known.since if known else told.since))
    return finding


def _unlock(tx: Transaction, hop: Hop, finding: Finding) -> bool:
    leg = tx.leg((finding.package, Lane(finding.lane), finding.addressee))
    if leg is None or leg.state is not JourneyState.DELIVERED or not _stale_lock(hop, leg, hop.clock.now()):
        return False
    # the token stays: whoever took it may still acknowledge
    tx.put_leg(replace(leg, locked_until=None))
    return True


def _key(finding: Finding) -> str:
    return trouble_key(Work.JOURNEY, finding.package, finding.lane, finding.addressee)


def _clear(tx: Transaction, hop: Hop, kept: Sequence[Finding], looked: frozenset[str]) -> None:
    """Entries of ours that are true no more leave the list by themselves."""
    now, fresh = hop.clock.now(), {_key(finding) for finding in kept}
    for trouble in tx.troubles(Troubles(work=Work.JOURNEY, dead=True, limit=500)):
        if trouble.code not in _OURS or trouble.key in fresh:
            continue
        # a transaction cannot ask the object store; this sweep did, for some packages
        lost = trouble.code == CopyUnreadable.code
        over = trouble.package in looked if lost else not _still(tx, hop, trouble, now)
        if over:
            tx.drop_trouble(trouble.key)


def _still(tx: Transaction, hop: Hop, trouble: Trouble, now: datetime) -> bool:
    if not trouble.package:
        notices = tx.notices(trouble.addressee, 0, 1)
        return any((at := _told_at(notice)) and at + hop.terms.stuck_after <= now for notice in notices)
    if not trouble.lane:
        return not tx.legs(trouble.package)
    if trouble.code == EvidenceMissing.code and trouble.detail.startswith("leaf"):
        return True
    leg = tx.leg((trouble.package, Lane(trouble.lane), trouble.addressee))
    return leg is not None and any(True for _ in _of_leg(tx, hop, leg, now))
