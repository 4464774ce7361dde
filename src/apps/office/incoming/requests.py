"""What a sender later asks about a document it sent: to recall, update or replace it. The document rests meanwhile.

The gateway keeps what is in force between the two agencies; here the register follows it (Decree 30/2020, Art. 18).
"""

from __future__ import annotations

from datetime import datetime

from apps.office.deed import changing
from apps.office.models import Document, Event, Lane, Standing
from lienthong.client import Desk, Entry, Recipient

ASKING = frozenset({1, 2, 3})
"""Business types that speak of an earlier document (vn-rules §1.5)."""
REPLACES = 3


def follow(desk: Desk, agency: str, carrier: Entry, at: datetime) -> None:
    """What a recall, update or replacement means for the documents it speaks of; a repeat changes nothing."""
    if carrier.business not in ASKING or _followed(agency, carrier):
        return
    for other in desk.document(carrier.id).related:
        document = Document.objects.filter(agency=agency, lane=Lane.INCOMING, package=other.id).first()
        if document is not None and other.recipients:
            stand(document, other.recipients[0], at, carrier)


def stand(document: Document, mine: Recipient, at: datetime, carrier: Entry | None = None) -> None:
    """Let the register say of a document what the gateway says, and its story why."""
    standing = mine.standing if mine.standing in Standing.values else Standing.FROZEN
    with changing(document) as held:
        same = (held.standing, held.asked) == (standing, mine.asked)
        held.standing, held.asked = standing, mine.asked
        held.save(update_fields=["standing", "asked"])
        told: dict[str, object] = {"standing": standing, "business": mine.asked}
        if carrier is not None:
            told |= {"carrier": carrier.id, "reason": carrier.reason, "business": carrier.business}
            Event.objects.create(document=held, at=at, what="asked", told=told)
        elif not same:
            Event.objects.create(document=held, at=at, what="stands", told=told)


def keep_up(document: Document, mine: Recipient, at: datetime) -> None:
    """Follow an answer that other software gave; while an answer of our own is under way, the register knows better."""
    differs = (document.standing, document.asked) != (mine.standing, mine.asked)
    if differs and not document.reports.filter(sent=None, stopped="").exists():
        stand(document, mine, at)


def _followed(agency: str, carrier: Entry) -> bool:
    """A recall or update carries the id of the document it speaks of; without that in the register nothing is to do."""
    if carrier.business == REPLACES:
        return False  # a document itself: it comes once
    about = Document.objects.filter(agency=agency, lane=Lane.INCOMING, document_id=carrier.document_id or None)
    return not about.exists() or Event.objects.filter(document__in=about, told__carrier=carrier.id).exists()
