"""Handing issued documents to the gateway: an outbox that repeats until it has them, one package for the axis."""

from __future__ import annotations

import logging

from django.utils import timezone

from apps.office import drafting
from apps.office.models import Dispatch, Document, Draft, Event, Way
from apps.office.outgoing import withdrawing
from lienthong.client import Desk
from lienthong.errors import LienThongError

log = logging.getLogger(__name__)


def send(desk: Desk, agency: str, limit: int = 20) -> int:
    """Send what was issued and not yet handed over; how many documents the gateway took.

    The draft's id is the message's: a repeat gets the same package back. What the gateway refuses for good is stopped
    with its code and seen on the document; what it cannot take now waits.
    """
    waiting = Dispatch.objects.filter(document__agency=agency, way=Way.AXIS, sent=None, stopped="")
    documents = Document.objects.filter(pk__in=waiting.values("document")).select_related("draft")[:limit]
    return sum(send_one(desk, document) for document in documents)


def send_one(desk: Desk, document: Document) -> bool:
    """One document; whether the gateway has it now. A refusal for good is kept, not raised."""
    draft: Draft = document.draft
    lines = document.dispatches.filter(way=Way.AXIS, sent=None, stopped="")
    try:
        told, files = drafting.metadata(draft, draft.agency), drafting.files(draft)
        if draft.replaces:
            taken = desk.replace(draft.replaces, told, files, message_id=str(draft.id))
        else:
            taken = desk.send(told, files, message_id=str(draft.id))
    except LienThongError as error:
        if error.permanent:
            lines.update(stopped=error.code)
        log.warning("%s: %s: %s", document.agency, document, error)
        return False
    now = timezone.now()
    lines.update(sent=now)
    document.package, document.document_id = taken.entry.id, told.document_id
    document.save(update_fields=["package", "document_id"])
    Event.objects.create(document=document, at=now, what="sent", told={"n": len(draft.recipients)})
    if draft.replaces:
        withdrawing.replaced(document, draft.replaces)
    close(draft, taken.entry.id)
    return True


def close(draft: Draft, package: str) -> None:
    """The exchange has it now: the draft keeps only the link, its files are no longer ours to keep."""
    draft.sent = package
    draft.save()
    draft.files.all().delete()
