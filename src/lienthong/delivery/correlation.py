"""Which document a status or a recall speaks of: correlate by sender and document id, never by position."""

from collections.abc import Iterator, Sequence

from lienthong.delivery.journey import FAILED, HELD, JourneyState
from lienthong.delivery.model import Content, Lane, Leg, Package
from lienthong.delivery.ports import View
from lienthong.document import StatusCode
from lienthong.envelope import BusinessType
from lienthong.errors import DocumentUnknown, NotARecipient

NEW, RECALL = BusinessType.NEW.value, BusinessType.RECALL.value
UPDATE, REPLACE = BusinessType.UPDATE.value, BusinessType.REPLACE.value
EMPTY_HANDED = FAILED | {JourneyState.ARRIVED}
"""Such a leg brought its receiver nothing, or nothing yet."""


def check_status(view: View, package: Package) -> None:
    """Raises DocumentUnknown or NotARecipient unless the document passed here between the two agencies."""
    issuer, receiver = parties(package)
    documents = documents_of(view, issuer, package.head.document_id)
    if not documents:
        raise DocumentUnknown(package.head.document_id)
    legs = [leg for doc in documents for leg in view.legs(doc.id) if receiver in {leg.recipient, leg.addressee}]
    if not legs:
        raise NotARecipient(f"{receiver}: {package.head.document_id}")
    # what never reached its desk has no status; the issuer's own word (13) may come before delivery
    if package.sender == receiver and not any(leg.lane is not Lane.OUT and leg.state in HELD for leg in legs):
        raise DocumentUnknown(f"{receiver}: {package.head.document_id}")


def parties(package: Package) -> tuple[str, str]:
    """Issuer and receiver of the document a status message is about. Only 13 comes from the issuer."""
    if package.head.status == StatusCode.RECALL_ANNOUNCED:
        return package.sender, package.head.about
    return package.head.about, package.sender


def documents_of(view: View, issuer: str, document_id: str) -> Sequence[Package]:
    """Packages that carried or changed a document, oldest first."""
    return [found for found in view.packages_of(issuer, document_id) if found.head.content is Content.EDOC]


def legs_to(view: View, packages: Sequence[Package], lane: Lane, receiver: str) -> Iterator[tuple[Package, Leg]]:
    """The legs of these packages that reached (or were meant for) one agency."""
    for package in packages:
        for leg in view.legs(package.id):
            if leg.lane is lane and receiver in {leg.recipient, leg.addressee}:
                yield package, leg


def requests(view: View, issuer: str, document_id: str, receiver: str) -> tuple[str, ...]:
    """The packages whose request about a document waits at its receiver for a 15 or 16, oldest document first."""
    held = legs_to(view, documents_of(view, issuer, document_id), Lane.IN, receiver)
    return tuple(dict.fromkeys(leg.asked_by for _, leg in held if leg.asked and leg.asked_by))


def carrier(view: View, issuer: str, document_id: str, lane: Lane, receiver: str) -> tuple[Package, Leg] | None:
    """The package whose leg holds the receiver's progress on a document: the newest that brought it.

    A new document or a replacement begins the work; an update only for a receiver who had nothing before. The same
    document sent once more takes over when it is there, not while the axis has yet to confirm it.
    """
    meant = list(legs_to(view, documents_of(view, issuer, document_id), lane, receiver))
    held = [found for found in meant if found[1].state not in EMPTY_HANDED] or meant
    brought = [found for found in held if found[0].head.business in {NEW, REPLACE}]
    added = [found for found in held if found[0].head.business == UPDATE]
    return next(reversed(brought or added), None)
