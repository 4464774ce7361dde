"""Statuses flow to the sender by themselves: an act leaves a report, a worker hands it to the gateway in order."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
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

    What the gateway refuses for good is stopped with its code and seen on the document; what it cannot take now waits,
    and with it what follows of the same document.
    """
    waiting = Report.objects.filter(sent=None, stopped="", document__agency=agency).select_related("document")
    held, sent = set(), 0
    for report in waiting[:limit]:
        if report.document_id in held:
            continue
        try:
            desk.report(
                report.document.package,
                report.code,
                description=report.words,
                staff=report.staff,
                message_id=report.id.hex,
            )
        except LienThongError as error:
            if not error.permanent:
                held.add(report.document_id)
                continue
            report.stopped = error.code
        else:
            report.sent = timezone.now()
            sent += 1
        report.save(update_fields=["sent", "stopped"])
    return sent
