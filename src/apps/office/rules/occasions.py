"""What rules wait for, written down: an event of a document in its own transaction, or a deadline, by a look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.office.boxes import FAILED
from apps.office.incoming.policy import WORKED_ON
from apps.office.models import OPEN, Assignment, Dispatch, Document, Event, Lane, Occasion, Role, Rule, When
from apps.staff.calendar import VIETNAM, calendar_of
from lienthong.client import Desk, Entry, Filter

OF_EVENTS: Mapping[str, When] = MappingProxyType({
    "arrived": When.ARRIVED,
    "registered": When.REGISTERED,
    "directed": When.ASSIGNED,
    "forwarded": When.ASSIGNED,
    "issued": When.ISSUED,
    "issued-inside": When.ISSUED,
})  # fmt: skip
AT_ONCE = 200
"""Documents of one look."""
LOOK_BACK = timedelta(days=30)
"""How long ago a deadline passed that a rule, switched on today, still asks about."""
REFUSALS_EVERY = 60
"""Seconds between two questions to the gateway about refusals."""
_chain: ContextVar[Occasion | None] = ContextVar("chain", default=None)


@contextmanager
def set_off_by(occasion: Occasion) -> Iterator[None]:
    """What happens inside was set off by a rule at that occasion."""
    token = _chain.set(occasion.origin or occasion)
    try:
        yield
    finally:
        _chain.reset(token)


@receiver(post_save, sender=Event, dispatch_uid="rules-wait-for-events")
def remember(instance: Event, created: bool, **_: Any) -> None:  # noqa: FBT001 - as Django calls it
    """Keep an event that a rule of the agency waits for, in the transaction that told it."""
    what = OF_EVENTS.get(instance.what)
    if what and created and _waited_for(instance.document.agency, what):
        _keep(instance.document, what, instance.at)


def look_at_deadlines(agency: str, rules: Iterable[Rule], now: datetime) -> None:
    """Keep which documents somebody has to do near a deadline, or past it, each once for that deadline."""
    for days in {rule.days for rule in rules if rule.when == When.NEAR}:
        _keep_all(due(agency).filter(due__gte=now, due__lte=near(agency, days, now)), When.NEAR, days)
    if any(rule.when == When.OVERDUE for rule in rules):
        _keep_all(due(agency).filter(due__lt=now, due__gte=now - LOOK_BACK), When.OVERDUE)


def look_at_refusals(desk: Desk, agency: str) -> None:
    """Keep which documents of the agency a recipient or the gateway refused. LienThongError when it is away."""
    if not _waited_for(agency, When.REFUSED) or not cache.add(f"rules-refusals:{agency}", 1, REFUSALS_EVERY):
        return
    stopped = Dispatch.objects.filter(document=OuterRef("pk")).exclude(stopped="")
    for document in _outgoing(agency).filter(Exists(stopped), package="")[:AT_ONCE]:
        _keep(document, When.REFUSED, document.issued_at or document.came)
    for entry in desk.outgoing(where=Filter(box="attention")).entries:
        _keep_refused(agency, entry)


def _keep_refused(agency: str, entry: Entry) -> None:
    document = _outgoing(agency).filter(package=entry.id).first()
    for one in entry.recipients if document else ():
        if document and (one.status == "02" or one.state in FAILED):
            _keep(document, When.REFUSED, one.status_at or one.since)


def _outgoing(agency: str) -> QuerySet[Document]:
    return Document.objects.filter(agency=agency, lane=Lane.OUTGOING, issued_at__isnull=False)


def _waited_for(agency: str, what: str) -> bool:
    return Rule.objects.filter(agency=agency, on=True, when=what).exists()


def near(agency: str, days: int, now: datetime) -> datetime:
    """The end of the working day that is so many from now."""
    calendar = calendar_of(agency)
    return calendar.closes(calendar.after(now.astimezone(VIETNAM).date(), days))


def due(agency: str) -> QuerySet[Assignment]:
    """Work with a deadline: the sender's as long as nobody was given it, then what was set with the work."""
    work = Assignment.objects.filter(agency=agency, lane__in=WORKED_ON, state__in=OPEN, due__isnull=False)
    return work.filter(document__done=None).exclude(role=Role.INFORM).select_related("document").order_by("due")


def _keep_all(rows: QuerySet[Assignment], what: str, days: int = 0) -> None:
    known = Occasion.objects.filter(document=OuterRef("document"), what=what, days=days, at=OuterRef("due"))
    for row in rows.exclude(Exists(known))[:AT_ONCE]:
        if row.due:
            _keep(row.document, what, row.due, days)


def _keep(document: Document, what: str, at: datetime, days: int = 0) -> None:
    known = {"agency": document.agency, "origin": _chain.get()}
    Occasion.objects.get_or_create(document=document, what=what, days=days, at=at, defaults=known)
