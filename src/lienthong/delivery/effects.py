"""What a message does to documents already here: recall, update, replacement, statuses (vn-rules §6.5).

The sender's copy is frozen as soon as it asks; the receiver's copy is cancelled when it agrees (Decree 30/2020,
Annex VI). The same rules run on both sides, each on its own lane.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from lienthong.delivery.correlation import RECALL, REPLACE, UPDATE, carrier, documents_of, legs_to, parties
from lienthong.delivery.evidence import event_of
from lienthong.delivery.model import Content, Lane, Leg, Package, Standing, StatusReport
from lienthong.delivery.ports import Transaction
from lienthong.delivery.status import ANSWERS, merge
from lienthong.document import StatusCode, read_time
from lienthong.evidence import EventKind

_ASKED = {RECALL: EventKind.RECALLED, UPDATE: EventKind.UPDATED, REPLACE: EventKind.REPLACED}


def arrived(tx: Transaction, hop: str, package: Package, leg: Leg, now: datetime) -> None:
    """Apply a package that was delivered to one of our tenants."""
    if package.head.content is Content.EDOC or package.head.status == StatusCode.RECALL_ANNOUNCED:
        ask(tx, hop, package, Lane.IN, leg.recipient, now)
    else:
        apply_status(tx, hop, package, Lane.OUT, now)


def ask(tx: Transaction, hop: str, package: Package, lane: Lane, recipient: str, now: datetime) -> None:
    """A recall, update or replacement freezes the legs it speaks of until the receiver answers; so does a 13."""
    business = _business(package)
    if business in {RECALL, UPDATE}:
        _freeze_all(tx, hop, _mine(tx, package, lane, recipient), package, business, now)
    elif business == REPLACE:
        for document_id in package.head.replaces:
            packages = documents_of(tx, package.sender, document_id)
            _freeze_all(tx, hop, legs_to(tx, packages, lane, recipient), package, business, now)


def _business(package: Package) -> int:
    return RECALL if package.head.status == StatusCode.RECALL_ANNOUNCED else package.head.business


def _mine(tx: Transaction, package: Package, lane: Lane, recipient: str) -> Iterator[tuple[Package, Leg]]:
    """Legs of the documents a message speaks of: the one it names, and the one whose id it carries."""
    ids = dict.fromkeys(filter(None, (package.head.document_id, package.head.affects)))
    issuer = parties(package)[0] if package.head.content is Content.STATUS else package.sender
    packages = [found for document_id in ids for found in documents_of(tx, issuer, document_id)]
    return legs_to(tx, packages, lane, recipient)


def _freeze_all(
    tx: Transaction, hop: str, legs: Iterator[tuple[Package, Leg]], by: Package, business: int, now: datetime
) -> None:
    for package, leg in list(legs):
        if package.id != by.id and package.head.business != RECALL and _may_ask(leg, business):
            tx.put_leg(replace(leg, standing=Standing.FROZEN, asked=business, asked_by=by.id))
            index = tx.record(event_of(_ASKED[business], hop, now, package, leg, text=by.head.reason))
            tx.add_step(leg.step(now, by.sender, "asked", str(business), by.head.reason, index=index))


def _may_ask(leg: Leg, business: int) -> bool:
    """A recall goes before an update or replacement that still waits: its answer must not bring the document back."""
    waiting = leg.standing is Standing.FROZEN and leg.asked != RECALL and business == RECALL
    return leg.standing is Standing.IN_FORCE or waiting


def apply_status(tx: Transaction, hop: str, package: Package, lane: Lane, now: datetime) -> int:
    """Remember a status report on the documents it speaks of; returns on how many. Repeats change nothing."""
    issuer, receiver = parties(package)
    if package.head.status in ANSWERS:
        held = legs_to(tx, documents_of(tx, issuer, package.head.document_id), lane, receiver)
        meant = [found for found in held if found[1].asked]
    else:
        held_by = carrier(tx, issuer, package.head.document_id, lane, receiver)
        meant = list(legs_to(tx, [held_by[0]], lane, receiver)) if held_by else []
    told = 0
    for document, found in groupby(meant, key=lambda held: held[0]):
        told += _report(tx, hop, document, [leg for _, leg in found], package, receiver, now)
    return told


def _report(
    tx: Transaction, hop: str, document: Package, legs: Sequence[Leg], carrier: Package, receiver: str, now: datetime
) -> bool:
    """One report a document; it stands for every leg it went to this receiver on: a closed code and its successor."""
    head, at = carrier.head, read_time(carrier.head.at) or now
    leg = legs[0]
    report = StatusReport(
        carrier.id, leg.package, leg.addressee, receiver, head.status, at, head.reason, head.staff, now, leg.lane
    )
    if not tx.add_status(report):
        return False
    for each in legs:
        index = tx.record(event_of(EventKind.STATUS, hop, now, document, each, code=head.status, text=head.reason))
        tx.add_step(each.step(at, receiver, "status", head.status, head.reason, index=index))
        tx.put_leg(answered(tx, each, carrier, at) if head.status in ANSWERS else _progressed(tx, each, at))
    return True


def _progressed(tx: Transaction, leg: Leg, at: datetime) -> Leg:
    heard = [
        report.code
        for report in tx.statuses(leg.package)
        if report.lane is leg.lane and report.recipient in {leg.recipient, leg.addressee}
    ]
    known = [StatusCode(code) for code in heard if code in StatusCode.__members__.values()]
    current = merge(known)
    if current is None or current == leg.status:
        return leg
    return replace(leg, status=current.value, status_at=at)


def answered(tx: Transaction, leg: Leg, answer: Package, at: datetime) -> Leg:
    """The leg after 15 (agreed) or 16 (declined). An answer that names no request answers the one that waits."""
    agreed = answer.head.status == StatusCode.RECALL_AGREED
    named = answer.head.answers
    if named and leg.asked_by not in named:
        standing = _crossed(tx, leg, named) if agreed else Standing.FROZEN
    else:
        standing = _standing(leg, tx.package(leg.asked_by)) if agreed else Standing.IN_FORCE
    if standing is Standing.FROZEN:
        return leg
    return replace(leg, standing=standing, asked=0, status_at=leg.status_at or at)


def _crossed(tx: Transaction, leg: Leg, named: Sequence[str]) -> Standing:
    """The receiver agreed to another request of ours before it saw the one that waits.

    If that ended the document there, it is over here too, for nothing is left to ask; else the later one still waits.
    """
    document = tx.package(leg.package)
    askers = [found for each in named if (found := tx.package(each)) is not None]
    for asker in askers:
        if document is not None and asker.sender == document.sender and _speaks_of(asker, document):
            standing = _standing(replace(leg, asked=_business(asker)), asker)
            if standing is not Standing.IN_FORCE:
                return standing
    return Standing.FROZEN


def _speaks_of(asker: Package, document: Package) -> bool:
    head = asker.head
    return document.head.document_id in {head.document_id, head.affects, *head.replaces}


def _standing(leg: Leg, asker: Package | None) -> Standing:
    if leg.asked == REPLACE:
        return Standing.REPLACED
    removed = asker is not None and bool({leg.recipient, leg.addressee} & set(asker.head.removed))
    return Standing.RECALLED if leg.asked == RECALL or removed else Standing.IN_FORCE
