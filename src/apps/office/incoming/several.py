"""One act on several documents: each is asked of the policy by itself, when it is done, and says how it went."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from apps.office.deed import Deed, tried
from apps.office.incoming.choosing import choices_for
from apps.office.incoming.dialogs import DIALOGS, Dialog, Filled, fill
from apps.office.incoming.inboxes import box_of
from apps.office.incoming.policy import Act, undescribed
from apps.office.models import Document, Job
from apps.staff.rights import Standing
from apps.ui.language import t


def does(deed: Deed, act: Act, number: UUID | None, filled: Filled) -> str:
    """Do it by the same path as from the document's page; why not, in words, or nothing."""

    def do(document: Document) -> str:
        if act == Act.REGISTER and (problem := _unseen(document)):
            return problem
        DIALOGS[act].does(deed, document, filled)
        return ""

    return tried(deed, number, do)


def _unseen(document: Document) -> str:
    """What has to be opened and looked at before it is registered."""
    if document.verdict == "invalid":
        return t("Chữ ký không hợp lệ: mở văn bản ra xem trước khi tiếp nhận.")
    return t("Chưa ghi thông tin văn bản.") if undescribed(document) else ""


def filled_of(dialog: Dialog, typed: Mapping[str, str], standing: Standing) -> Filled:
    """What the dialog says, read in the rights of now. InvalidValue."""
    return fill(dialog, typed, choices_for(standing, inside=False))


def carry_out(job: Job, deed: Deed, number: UUID) -> str:
    """One document of a job: why not, in words, or nothing. InvalidValue when the dialog says what is no more."""
    act = Act(job.act)
    filled = filled_of(DIALOGS[act], job.typed, deed.standing) if job.typed else Filled()
    return does(deed, act, number, filled)


def title(job: Job) -> str:
    """What is done, as the button says it."""
    return t(DIALOGS[Act(job.act)].label)


def back(job: Job) -> tuple[str, str]:
    """Address and name of the box it was ordered in."""
    box = box_of(job.box)
    return f"/den/{job.box}/", t(box.label) if box else ""
