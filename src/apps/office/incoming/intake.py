"""A document arrives: from the gateway by itself, or by a scan. It is in the register before anyone is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from apps.office import contents
from apps.office.boxes import brings
from apps.office.finding import index
from apps.office.incoming.requests import follow, keep_up
from apps.office.models import Assignment, AssignmentState, Document, Event, Lane, Role, Source
from apps.staff.calendar import calendar_of
from apps.staff.models import Unit
from apps.staff.rights import root_of
from lienthong.client import Desk, Entry, Part, Recipient, take_in
from lienthong.errors import LienThongError

HANDED_OVER = "handed-over"
UNDECIDED, WEEK = ("", "cannot tell"), timedelta(days=7)
PAUSE, MOST_ASKED = 10, 50
"""Seconds after which an open verdict is asked for again, and how many a round looks at."""
REPORTED = {
    "01": AssignmentState.ARRIVED,
    "02": AssignmentState.RETURNED,
    "03": AssignmentState.WAITING,
    "04": AssignmentState.WORKING,
    "05": AssignmentState.WORKING,
    "06": AssignmentState.DONE,
}
"""Where the agency's own row stands after a report."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came with a document."""

    name: str
    media_type: str
    data: bytes


def receive(desk: Desk, agency: str, wait: float = 0, limit: int = 20) -> int:
    """Take in what waits at the gateway; each is kept durably before it is acknowledged. How many came."""
    return take_in(desk, lambda entry: _store(desk, agency, entry), wait, limit)


def adopt(desk: Desk, agency: str) -> int:
    """Bring in what the gateway holds and the register does not: taken by other software, or before there was one.

    Newest first, until a page brings nothing new. Each stands where its reports say. How many came.
    """
    came, after = 0, ""
    while True:
        page = desk.incoming(after=after)
        new = _unknown(desk, agency, page.entries)
        for entry in new:
            _store(desk, agency, entry)
        came += len(new)
        if not new or not page.next:
            return came
        after = page.next


def _unknown(desk: Desk, agency: str, entries: Sequence[Entry]) -> list[Entry]:
    """Those that have to be brought in; a request about an earlier document is followed instead."""
    asked = Document.objects.filter(agency=agency, lane=Lane.INCOMING, package__in=[entry.id for entry in entries])
    known = {document.package: document for document in asked}
    there = [entry for entry in entries if entry.recipients and entry.recipients[0].state == HANDED_OVER]
    for entry in there:
        if entry.id not in known and not brings(entry):
            follow(desk, agency, entry, timezone.now())
    for entry in there:  # what a request has just changed is the same now
        if entry.id in known:
            keep_up(known[entry.id], entry.recipients[0], timezone.now())
    return [entry for entry in there if entry.id not in known and brings(entry)]


def _store(desk: Desk, agency: str, entry: Entry) -> None:
    if brings(entry):
        told = desk.document(entry.id)
        files = [Arrived(part.name, part.media_type, desk.part(entry.id, part.name)) for _, part in papers(told.parts)]
        keep(agency, entry, files, timezone.now(), told.reports)
    follow(desk, agency, entry, timezone.now())


def papers(parts: Sequence[Part]) -> list[tuple[int, Part]]:
    """Files of a document with their places: all but the envelope, which comes first and is for machines."""
    return [(place, part) for place, part in enumerate(parts) if place or "xml" not in part.media_type]


def keep(
    agency: str, entry: Entry, files: Sequence[Arrived], at: datetime, reports: Mapping[str, Any] = MappingProxyType({})
) -> Document:
    """Put what came over the axis in the register, once: a repeat finds what is there. `reports`: on the signatures."""
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
            verdict=_verdict(reports),
            signed=_signed(reports),
            came=entry.recipients[0].since if entry.recipients else at,
        )
        row = arrive(document, files, at)
        if entry.recipients:
            _stand_where_reported(row, entry.recipients[0])
        return document


def _stand_where_reported(row: Assignment, mine: Recipient) -> None:
    """What was worked on in other software goes on here where it stood."""
    document = row.document
    document.status = mine.status if mine.status in REPORTED else ""
    document.standing, document.asked = mine.standing, mine.asked
    row.state = REPORTED.get(mine.status, AssignmentState.ARRIVED)
    if mine.status in {"02", "06"}:
        row.ended = document.done = mine.status_at
    document.save(update_fields=["status", "standing", "asked", "done"])
    row.save(update_fields=["state", "ended"])
    index.refresh(document)


def _verdict(reports: Mapping[str, Any]) -> str:
    """The gravest conclusion on the signatures of the files; "none" where there are none, empty before the check."""
    found = {str(each.get("conclusion")) for each in reports.values() if each}
    unsigned = "none" if reports else ""
    return next((verdict for verdict in ("invalid", "cannot tell", "valid") if verdict in found), unsigned)


def hear_verdicts(desk: Desk, agency: str, now: datetime) -> int:
    """Ask for what was not decided when a document was taken in: a gateway looks at signatures afterwards, and for a
    week again while an authority is silent. How many verdicts are new."""
    open_still = Document.objects.filter(
        agency=agency, lane=Lane.INCOMING, source=Source.AXIS, verdict__in=UNDECIDED, came__gt=now - WEEK
    ).order_by("-came")[:MOST_ASKED]
    return sum(_heard(desk, document) for document in open_still if cache.add(f"verdict:{document.pk}", 1, PAUSE))


def _heard(desk: Desk, document: Document) -> bool:
    try:
        reports = desk.document(document.package).reports
    except LienThongError:
        return False
    verdict = _verdict(reports)
    if not verdict or verdict == document.verdict:
        return False
    Document.objects.filter(pk=document.pk).update(verdict=verdict, signed=_signed(reports))
    return True


def _signed(reports: Mapping[str, Any]) -> bool:
    return any(each.get("signatures") for each in reports.values() if each)


def arrive(document: Document, files: Sequence[Arrived], at: datetime, unit: Unit | None = None) -> Assignment:
    """The common end of every way in: files, text to search, the first line of the story, and the row of the agency's
    own, or of the unit it is meant for.
    """
    for place, file in enumerate(files):
        contents.attach(document, file.name, file.media_type, file.data, main=place == 0)
    Event.objects.create(document=document, at=at, what="arrived", told={"source": document.source})
    row = Assignment.objects.create(
        document=document,
        agency=document.agency,
        lane=document.lane,
        unit=unit or root_of(document.agency),
        role=Role.LEAD,
        state=AssignmentState.ARRIVED,
        due=document.due,
        given=document.came,
    )
    index.keep(document)
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _deadline(agency: str, text: str) -> datetime | None:
    day = _day(text)
    return calendar_of(agency).closes(day) if day else None
