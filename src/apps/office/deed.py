"""One act of one person: who does it, in whose name, when. Every change of the register goes through one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import index
from apps.office.models import Document, Event
from apps.staff.rights import Standing, standing_of
from apps.ui.language import t
from lienthong.errors import IllegalMove, InvalidValue


@dataclass(frozen=True, slots=True)
class Deed:
    """Who acts, now. `standing` is whose rights count: the person's own, or those of the principal `for_whom`.

    `rule` is the name of the rule that acts in the person's rights.
    """

    person: User
    standing: Standing
    at: datetime
    for_whom: User | None = None
    rule: str = ""

    def note(self, document: Document, what: str, **told: object) -> Event:
        """Tell the document's story; `what` names a sentence."""
        told |= {"rule": self.rule} if self.rule else {}
        return Event.objects.create(
            document=document, at=self.at, by=self.person, for_whom=self.for_whom, what=what, told=told
        )


def deed_of(person: User, *, for_whom: User | None = None, act: str = "") -> Deed:
    """An act beginning now. PermissionDenied when the person does not act for that principal in this."""
    own = standing_of(person)
    if for_whom is None:
        return Deed(person, own, timezone.now())
    if own.may_act_for(for_whom.pk, act) is None:
        raise PermissionDenied
    return Deed(person, standing_of(for_whom), timezone.now(), for_whom)


def tried(deed: Deed, number: UUID | None, does: Callable[[Document], str]) -> str:
    """Do it to one document of many that were chosen; why not, in words, or nothing."""
    document = Document.objects.filter(pk=number, agency=deed.standing.agency).first()
    if document is None:
        return t("Không có trong sổ của cơ quan.")
    try:
        return does(document)
    except PermissionDenied:
        return t("Không thuộc quyền của anh/chị.")
    except IllegalMove:
        return t("Đã có người làm trước, hoặc chưa đến bước này.")
    except InvalidValue as error:
        return error.detail


@contextmanager
def changing(document: Document) -> Iterator[Document]:
    """The document's row, locked until the block ends: two acts on one document follow one another.

    What the act changed, searches know with it.
    """
    with transaction.atomic():
        held = Document.objects.select_for_update().get(pk=document.pk)
        yield held
        index.refresh(held)
