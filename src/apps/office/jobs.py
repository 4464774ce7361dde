"""What is done to many documents by the worker: an order and its items are rows, an item's act and its outcome one
transaction. Killed at any point, it goes on with what still waits; nothing is done twice; who ordered it may stop it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.office.deed import Deed, deed_of
from apps.office.incoming import several
from apps.office.labels import many as labels
from apps.office.models import Document, ItemState, Job, JobItem
from apps.office.rules import lying
from apps.staff.rights import Standing
from apps.ui.language import t
from lienthong.errors import InvalidValue

log = logging.getLogger(__name__)
SPELL = 5.0
"""Seconds of a round for all jobs together: the worker's other work does not wait long."""
TURN = 20
"""Documents of one job before the next job has its turn."""
MOST = 5_000
"""Documents of one order."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a job's act is done to one document (why not, in words, or nothing), named, and where it was ordered."""

    does: Callable[[Job, Deed, UUID], str]
    title: Callable[[Job], str]
    back: Callable[[Job], tuple[str, str]]


BY_DIALOG = Kind(several.carry_out, several.title, several.back)
KINDS: Mapping[str, Kind] = {
    labels.PUT: Kind(labels.carry_out, labels.title, labels.back),
    labels.TAKE_OFF: Kind(labels.carry_out, labels.title, labels.back),
    lying.APPLY: Kind(lying.carry_out, lying.title, lying.back),
}
"""By `Job.act`; every other is an act of a dialog."""


def kind_of(job: Job) -> Kind:
    """What kind of job it is."""
    return KINDS.get(job.act, BY_DIALOG)


def begin(who: Standing, act: str, box: str, typed: Mapping[str, Any], numbers: Iterable[UUID]) -> Job:
    """Leave it to the worker; of the documents, those of the agency, once each."""
    known = list(
        Document.objects.filter(agency=who.agency, pk__in=set(numbers)).order_by("came").values_list("pk", flat=True)
    )
    with transaction.atomic():
        job = Job.objects.create(
            agency=who.agency, person=who.person, act=act, box=box, typed=dict(typed), asked=len(known),
            begun=timezone.now(),
        )  # fmt: skip
        JobItem.objects.bulk_create([JobItem(job=job, document_id=number) for number in known], batch_size=500)
    return job


def stop(job: Job) -> None:
    """What still waits is left alone; what is done stays done. The document in hand is finished first."""
    with transaction.atomic():
        job.items.filter(state=ItemState.WAITING).update(state=ItemState.STOPPED)
        Job.objects.filter(pk=job.pk, ended=None).update(ended=timezone.now())


def of(agency: str, box: str) -> QuerySet[Job]:
    """What still runs of the jobs ordered in this place."""
    return Job.objects.filter(agency=agency, box=box, ended=None)


def go_round() -> None:
    """A spell of work on all jobs in turn."""
    until = monotonic() + SPELL
    while jobs := list(Job.objects.filter(ended=None).select_related("person")):
        for job in jobs:
            _turn(job, until)
            if monotonic() >= until:
                return


def _turn(job: Job, until: float) -> None:
    waiting = list(job.items.filter(state=ItemState.WAITING).values_list("pk", flat=True)[:TURN])
    for number in waiting:
        _item(job, number)
        if monotonic() >= until:
            return
    if len(waiting) < TURN:
        Job.objects.filter(pk=job.pk, ended=None).update(ended=timezone.now())


def _item(job: Job, number: int) -> None:
    """The act and its outcome in one transaction; an act that fails leaves its outcome alone."""
    try:
        with transaction.atomic():
            item = JobItem.objects.select_for_update().get(pk=number)
            if item.state == ItemState.WAITING:
                why = _done(job, item)
                item.state, item.why = ItemState.REFUSED if why else ItemState.DONE, why[:300]
                item.save(update_fields=["state", "why"])
    except (OperationalError, InterfaceError):  # the database is away: it waits for the next round
        raise
    except Exception:  # one document must not hold up the others for ever
        log.exception("%s", job)
        why = t("Lỗi ngoài dự kiến; chưa có gì thay đổi.")
        JobItem.objects.filter(pk=number, state=ItemState.WAITING).update(state=ItemState.REFUSED, why=why)


def _done(job: Job, item: JobItem) -> str:
    """Authorised now: who has lost a post since the order was given does nothing more."""
    if not job.person.is_active or job.person.agency != job.agency:
        return t("Không thuộc quyền của anh/chị.")
    try:
        with transaction.atomic():
            return kind_of(job).does(job, deed_of(job.person), item.document_id)
    except InvalidValue as error:
        return error.detail
