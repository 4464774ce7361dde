"""Statuses flow to the sender by themselves: an act leaves a report, a worker hands it to the gateway in order."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone

from apps.office.models import Document, Report, Source
from lienthong.client import Desk
from lienthong.errors import LienThongError

RANK = {"": 0, "01": 1, "02": 2, "03": 2, "04": 3, "05": 4, "06": 5}


def tell(document: Document, code: str, at: datetime, words: str = "", staff: str = "") -> None:
    """Leave a report for the sender, once each step forward; nothing for what did not come over the axis."""
    answers = code in {"15", "16"}
    if document.source != Source.AXIS or (not answers and RANK[code] <= RANK[document.status]):
        return
    order = (document.reports.aggregate(last=Max("order"))["last"] or 0) + 1
    Report.objects.create(document=document, order=order, code=code, words=words, staff=staff, at=at)
    if not answers:
        document.status = code
        document.save(update_fields=["status"])


def send(desk: Desk, agency: str, limit: int = 50) -> int:
    """Hand what waits to the gateway, each document's reports in order; how many it took.

    What the gateway refuses for good is stopped with its code and seen on the document. What it cannot take now waits,
    and with it what follows of the same document; whoever waited longest since the last try comes first, so that
    nobody starves behind documents that cannot move.
    """
    return sum(_send_all(desk, document) for document in _next(agency)[:limit])


def _waiting() -> QuerySet[Report]:
    return Report.objects.filter(sent=None, stopped="")


def _next(agency: str) -> QuerySet[Report, UUID]:
    """Documents with reports to send, those never tried first, then those tried longest ago."""
    by_document = _waiting().filter(document__agency=agency).order_by().values("document")
    tried = F("last").asc(nulls_first=True)
    return (
        by_document.annotate(last=Max("tried"), first=Min("at"))
        .order_by(tried, "first")
        .values_list("document", flat=True)
    )


def _send_all(desk: Desk, document: UUID) -> int:
    sent = 0
    for report in _waiting().filter(document=document).select_related("document").order_by("order"):
        if not _send(desk, report):
            break
        sent += report.sent is not None
    return sent


def _send(desk: Desk, report: Report) -> bool:
    """Whether what follows of the document may go, too."""
    told = {"description": report.words, "staff": report.staff, "message_id": report.id.hex}
    try:
        desk.report(report.document.package, report.code, **told)
    except LienThongError as error:
        report.tried = timezone.now()
        report.stopped = error.code if error.permanent else ""
    else:
        report.sent = timezone.now()
    report.save(update_fields=["sent", "stopped", "tried"])
    return bool(report.sent or report.stopped)
