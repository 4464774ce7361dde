"""One act on several documents: each is asked of the policy by itself, when it is done, and says how it went.

A few are done at once, many by the worker: an order and its items are rows, an item's act and its outcome one
transaction. Killed at any point, it goes on with what still waits; nothing is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from time import monotonic
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.office.deed import Deed, deed_of
from apps.office.incoming.choosing import choices_for
from apps.office.incoming.dialogs import DIALOGS, Dialog, Filled, fill
from apps.office.incoming.policy import Act, undescribed
from apps.office.models import Document, ItemState, Job, JobItem
from apps.staff.rights import Standing
from apps.ui.language import t
from lienthong.errors import IllegalMove, InvalidValue

log = logging.getLogger(__name__)
SPELL = 5.0
"""Seconds of a round for all jobs together: the worker's other work does not wait long."""
TURN = 20
"""Documents of one job before the next job has its turn."""


def does(deed: Deed, act: Act, number: UUID | None, filled: Filled) -> str:
    """Do it by the same path as from the document's page; why not, in words, or nothing."""
    document = Document.objects.filter(pk=number, agency=deed.standing.agency).first()
    if document is None:
        return t("Không có trong sổ của cơ quan.")
    if act == Act.REGISTER and (problem := _unseen(document)):
        return problem
    try:
        DIALOGS[act].does(deed, document, filled)
    except PermissionDenied:
        return t("Không thuộc quyền của anh/chị.")
    except IllegalMove:
        return t("Đã có người làm trước, hoặc chưa đến bước này.")
    except InvalidValue as error:
        return error.detail
    return ""


def _unseen(document: Document) -> str:
    """What has to be opened and looked at before it is registered."""
    if document.verdict == "invalid":
        return t("Chữ ký không hợp lệ: mở văn bản ra xem trước khi tiếp nhận.")
    return t("Chưa ghi thông tin văn bản.") if undescribed(document) else ""


def filled_of(dialog: Dialog, typed: Mapping[str, str], standing: Standing) -> Filled:
    """What the dialog says, read in the rights of now. InvalidValue."""
    return fill(dialog, typed, choices_for(standing, inside=False))


def begin(person: User, agency: str, act: Act, box: str, typed: Mapping[str, str], numbers: Iterable[UUID]) -> Job:
    """Leave it to the worker; of the documents, those of the agency, once each."""
    known = list(
        Document.objects.filter(agency=agency, pk__in=set(numbers)).order_by("came").values_list("pk", flat=True)
    )
    with transaction.atomic():
        job = Job.objects.create(
            agency=agency, person=person, act=act, box=box, typed=dict(typed), asked=len(known), begun=timezone.now()
        )
        JobItem.objects.bulk_create([JobItem(job=job, document_id=number) for number in known], batch_size=500)
    return job


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
    act, deed = Act(job.act), deed_of(job.person)
    try:
        filled = filled_of(DIALOGS[act], job.typed, deed.standing) if job.typed else Filled()
        with transaction.atomic():
            return does(deed, act, item.document_id, filled)
    except InvalidValue as error:
        return error.detail
