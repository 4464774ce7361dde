"""A document arrives: from the gateway by itself, or by a scan. It is in the register before anyone is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.office import contents
from apps.office.finding import index
from apps.office.models import Assignment, AssignmentState, Document, Event, Lane, Role, Source
from apps.staff.calendar import calendar_of
from apps.staff.rights import root_of
from lienthong.client import Desk, Entry, Part, take_in

CARRIES = frozenset({0, 3})
"""Business types that bring a document; 1 recalls one, 2 updates one (vn-rules §1.5)."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came with a document."""

    name: str
    media_type: str
    data: bytes


def receive(desk: Desk, agency: str, wait: float = 0, limit: int = 20) -> int:
    """Take in what waits at the gateway; each is kept durably before it is acknowledged. How many came."""
    return take_in(desk, lambda entry: _store(desk, agency, entry), wait, limit)


def _store(desk: Desk, agency: str, entry: Entry) -> None:
    if entry.business not in CARRIES and not any(recipient.status for recipient in entry.recipients):
        return
    told = desk.document(entry.id)
    files = [Arrived(part.name, part.media_type, desk.part(entry.id, part.name)) for _, part in papers(told.parts)]
    keep(agency, entry, files, timezone.now())


def papers(parts: Sequence[Part]) -> list[tuple[int, Part]]:
    """Files of a document with their places: all but the envelope, which comes first and is for machines."""
    return [(place, part) for place, part in enumerate(parts) if place or "xml" not in part.media_type]


def keep(agency: str, entry: Entry, files: Sequence[Arrived], at: datetime) -> Document:
    """Put what came over the axis in the register, once: a repeat finds what is there."""
    with transaction.atomic():
        known = Document.objects.filter(agency=agency, lane=Lane.INCOMING, package=entry.id).first()
        if known is not None:
            return known
        document = Document.objects.create(
            agency=agency,
            lane=Lane.INCOMING,
            source=Source.AXIS,
            package=entry.id,
            document_id=entry.document_id,
            issuer_code=entry.sender,
            issuer=entry.sender_name,
            number=entry.number,
            notation=entry.notation,
            kind=entry.kind,
            subject=entry.subject,
            issued=_day(entry.issued),
            signer=entry.signer,
            urgency=entry.urgency,
            due=_deadline(agency, entry.due),
            came=at,
        )
        arrive(document, files, at)
        return document


def arrive(document: Document, files: Sequence[Arrived], at: datetime) -> Assignment:
    """The common end of every way in: files, text to search, the agency's own row, the first line of the story."""
    for place, file in enumerate(files):
        contents.attach(document, file.name, file.media_type, file.data, main=place == 0)
    index.keep(document)
    Event.objects.create(document=document, at=at, what="arrived", told={"source": document.source})
    return Assignment.objects.create(
        document=document,
        agency=document.agency,
        lane=document.lane,
        unit=root_of(document.agency),
        role=Role.LEAD,
        state=AssignmentState.ARRIVED,
        due=document.due,
        given=at,
    )


def doubles(document: Document) -> list[Document]:
    """Documents that may be this one come twice: the same id, or number, notation and issuer (Annex VI I.2)."""
    same = Q(pk=None)
    if document.document_id:
        same |= Q(document_id=document.document_id)
    if document.number and document.notation:
        same |= Q(number=document.number, notation=document.notation, issuer_code=document.issuer_code)
    others = Document.objects.filter(same, agency=document.agency, lane=document.lane).exclude(pk=document.pk)
    return list(others[:5])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _deadline(agency: str, text: str) -> datetime | None:
    day = _day(text)
    return calendar_of(agency).closes(day) if day else None
