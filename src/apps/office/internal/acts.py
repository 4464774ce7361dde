"""Issuing an internal document: number, register, files and recipients in one transaction.

From then on it is worked on as what came from outside: the same rows, the same acts (`office.incoming`), but no sender
to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.office import contents, numbers
from apps.office.books import book_for
from apps.office.deed import Deed
from apps.office.finding import index
from apps.office.incoming.acts import Recipient
from apps.office.incoming.intake import Arrived
from apps.office.models import Assignment, AssignmentState, Document, Lane, Role, Source
from apps.office.sheets import organisation
from apps.staff.models import Duty
from lienthong.document import KINDS, secrecy_of
from lienthong.errors import InvalidValue

ISSUERS = (Duty.CLERK, Duty.UNIT_CLERK, Duty.OFFICE_HEAD, Duty.UNIT_HEAD)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is issued. `id` is the form's own, so that a repeat issues no second one; the first file is the main one."""

    id: UUID
    kind: str
    notation: str
    subject: str
    issued: date
    signer: str
    signer_title: str = ""
    note: str = ""
    files: Sequence[Arrived] = field(default=(), repr=False)


def issue(deed: Deed, wish: Wish, recipients: Sequence[Recipient]) -> Document:
    """The registered document. PermissionDenied; InvalidValue without what the register needs, or with two leads."""
    if not deed.standing.has(*ISSUERS):
        raise PermissionDenied
    if known := Document.objects.filter(pk=wish.id, agency=deed.person.agency, lane=Lane.INTERNAL).first():
        return known
    _check(deed, wish, recipients)
    with transaction.atomic():
        document = _registered(deed, wish)
        _give(deed, document, recipients)
        index.keep(document)
        deed.note(document, "issued-inside", number=document.code, to=[each.name for each in recipients])
        return document


def _check(deed: Deed, wish: Wish, recipients: Sequence[Recipient]) -> None:
    if not wish.subject.strip() or not wish.signer.strip() or not wish.files:
        raise InvalidValue("cần trích yếu, người ký và tệp văn bản / subject, signer and file are needed")
    if wish.kind not in {kind.name_vi for kind in KINDS}:
        raise InvalidValue("loại văn bản / kind of document")
    if secret := secrecy_of(wish.subject):
        raise InvalidValue(f"văn bản mật không lưu ở đây / no secret documents here: {secret}")
    if not recipients or sum(each.role == Role.LEAD for each in recipients) > 1:
        raise InvalidValue("cần nơi nhận, nhiều nhất một nơi chủ trì / recipients, at most one lead")
    if any(each.unit.agency != deed.person.agency for each in recipients):
        raise PermissionDenied


def _registered(deed: Deed, wish: Wish) -> Document:
    document = Document.objects.create(
        id=wish.id,
        agency=deed.person.agency,
        lane=Lane.INTERNAL,
        source=Source.OWN,
        issuer_code=deed.person.agency,
        issuer=organisation(deed.person.agency)[:300],
        kind=wish.kind,
        notation=wish.notation.strip()[:60],
        subject=wish.subject.strip()[:2000],
        issued=wish.issued,
        signer=wish.signer.strip()[:200],
        signer_title=wish.signer_title.strip()[:200],
        note=wish.note.strip()[:500],
        came=deed.at,
        issued_at=deed.at,
    )
    book = book_for(document.agency, Lane.INTERNAL, document.kind)
    document.number = numbers.take(book, document, deed.person, deed.at).written
    document.save(update_fields=["number"])
    for place, file in enumerate(wish.files):
        contents.attach(document, file.name, file.media_type, file.data, main=place == 0, by=deed.person)
    return document


def _give(deed: Deed, document: Document, recipients: Sequence[Recipient]) -> None:
    """A row of the issuer's unit, given on; when all only have to know it, the issuer's part is done at once."""
    works = any(each.role != Role.INFORM for each in recipients)
    unit = deed.standing.posts[0].unit
    common = {"document": document, "agency": document.agency, "lane": document.lane, "given": deed.at}
    top = Assignment.objects.create(
        **common,
        unit=unit,
        role=Role.LEAD,
        state=AssignmentState.FORWARDED if works else AssignmentState.DONE,
        ended=None if works else deed.at,
    )
    for each in recipients:
        Assignment.objects.create(
            **common,
            unit=each.unit,
            person=each.person,
            role=each.role,
            state=AssignmentState.WAITING,
            due=each.due,
            parent=top,
            giver=deed.person,
        )
    if not works:
        document.done = deed.at
        document.save(update_fields=["done"])
