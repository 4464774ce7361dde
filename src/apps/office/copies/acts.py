"""Making a copy of a registered document, and sending it.

What becomes electronic gets the agency's signature with its words in the corner (Annex I, ô 14) before it has a number:
when the gateway does not sign, nothing has been registered. Number and register entry are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.office import contents, numbers
from apps.office.books import book_for
from apps.office.cases.catalogue import sign_of
from apps.office.choosing import named
from apps.office.copies.ways import ABBREVIATIONS, Form, Medium, kind_of, ways
from apps.office.deed import Deed
from apps.office.desk import desk_for
from apps.office.finding import index
from apps.office.incoming.policy import may_see
from apps.office.models import Document, File, Lane, Link, LinkKind, NumberState, Source, Standing
from apps.office.sheets import organisation
from apps.office.signing import signer_of
from apps.staff.models import Duty
from apps.staff.rights import root_of
from lienthong.client import Desk, Metadata, Paper
from lienthong.client import File as Sent
from lienthong.errors import IllegalMove, InvalidValue, SignatureProblem
from lienthong.signature import Role

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Wish:
    """What copy is wanted. `id` is the form's own, so that a repeat makes no second one.

    `pdf` is what was scanned or extracted; without it the document's own main file is copied. `number` of paper copies.
    """

    id: UUID
    form: Form
    to: Medium
    signer: str
    signer_title: str = ""
    number: int = 1
    recipients: str = ""
    pdf: bytes = b""


def require_may_copy(deed: Deed, document: Document) -> None:
    """The agency's clerk, a registered document in force. PermissionDenied, IllegalMove."""
    if not deed.standing.has(Duty.CLERK) or not may_see(document, deed.standing):
        raise PermissionDenied
    registered = document.numbers.filter(state=NumberState.USED).exists() or document.lane == Lane.OUTGOING
    if not registered or document.standing != Standing.IN_FORCE:
        raise IllegalMove(f"{document.code}: chưa vào sổ hoặc không còn hiệu lực / not registered, or not in force")


def make(deed: Deed, document: Document, wish: Wish) -> Document:
    """The copy, signed if it is electronic, numbered in the copies' register. The same wish again: the same copy."""
    require_may_copy(deed, document)
    if known := Document.objects.filter(pk=wish.id, agency=document.agency, lane=Lane.COPY).first():
        return known
    if wish.to not in ways(document).get(wish.form, []):
        raise InvalidValue(f"{wish.form}: hình thức sao này không được phép / this way of copying is not allowed")
    if not wish.signer.strip() or wish.number < 1:
        raise InvalidValue("người ký sao, số lượng bản / who signs the copy, how many")
    pdf = _signed(deed, document, wish) if wish.to is Medium.ELECTRONIC else b""
    with transaction.atomic():
        return _registered(deed, document, wish, pdf)


def send(deed: Deed, desk: Desk, copy: Document, codes: Sequence[str]) -> Document:
    """Send an electronic copy over the axis, once: its own id is the message's. InvalidValue for unknown codes."""
    if not deed.standing.has(Duty.CLERK) or copy.agency != deed.person.agency or copy.lane != Lane.COPY:
        raise PermissionDenied
    main = main_of(copy)
    if main is None or copy.package:
        raise IllegalMove(f"{copy.code}: bản giấy, hoặc đã gửi / on paper, or sent already")
    wanted = [code for code in dict.fromkeys(codes) if code != copy.agency]
    unknown = [code for code, found in zip(wanted, named(desk, wanted), strict=True) if found is None or not found.open]
    if unknown or not wanted:
        raise InvalidValue(f"nơi nhận / recipients: {', '.join(unknown) or '–'}")
    sent = desk.send(_metadata(copy, wanted), [Sent(main.name, PDF, _bytes(main))], message_id=str(copy.pk))
    copy.package, copy.issued_at = sent.entry.id, deed.at
    copy.save(update_fields=["package", "issued_at"])
    deed.note(copy, "sent", to=wanted)
    return copy


def main_of(document: Document) -> File | None:
    """The newest main file."""
    return next((file for file in contents.current(document) if file.main), None)


def original_of(copy: Document) -> Document | None:
    """What it was made of."""
    link = copy.links.filter(kind=LinkKind.COPIES).select_related("target").first()
    return link.target if link else None


def notation_of(agency: str, form: Form) -> str:
    """`SY-UBND`: the form's abbreviation and the agency's."""
    return f"{ABBREVIATIONS[form]}-{sign_of(root_of(agency))}"[:60]


def _signed(deed: Deed, document: Document, wish: Wish) -> bytes:
    own, key = settings.CONFIG.of(document.agency), signer_of(document.agency, Role.SEAL)
    if own is None or key is None:
        raise SignatureProblem("máy chủ bảo mật không có khóa của cơ quan / the gateway has no key of the agency")
    pdf = wish.pdf or _own(document, wish)
    if b"%PDF-" not in pdf[:1024]:
        raise InvalidValue("tệp sao phải là PDF / the copy's file must be a PDF")
    paper = Paper(pdf, document.subject[:500], document.code[:500])
    return desk_for(own).sign(
        paper, Role.COPY.value, deed.person.name[:200], key.id, level=key.level, copied=wish.form.value
    )


def _own(document: Document, wish: Wish) -> bytes:
    main = main_of(document)
    if main is None or main.media_type != PDF or wish.form is Form.EXTRACT:
        raise InvalidValue("cần tệp PDF của bản sao / the copy's PDF is needed")
    return _bytes(main)


def _registered(deed: Deed, document: Document, wish: Wish, pdf: bytes) -> Document:
    copy = Document.objects.create(
        id=wish.id,
        agency=document.agency,
        lane=Lane.COPY,
        source=Source.OWN,
        issuer_code=document.agency,
        issuer=organisation(document.agency)[:300],
        notation=notation_of(document.agency, wish.form),
        kind=kind_of(wish.form),
        subject=document.subject,
        issued=timezone.localdate(deed.at),
        signer=wish.signer.strip()[:200],
        signer_title=wish.signer_title.strip()[:200],
        copies=wish.number if wish.to is Medium.PAPER else None,
        pages=document.pages if wish.form is not Form.EXTRACT else None,
        note=wish.recipients.strip()[:500],
        signed=bool(pdf),
        came=deed.at,
    )
    book = book_for(document.agency, Lane.COPY, copy.kind)
    copy.number = numbers.take(book, copy, deed.person, deed.at).written
    copy.document_id = f"{copy.agency},{copy.issued:%Y/%m/%d},{copy.code}"
    copy.save(update_fields=["number", "document_id"])
    if pdf:
        contents.attach(copy, f"{copy.code.replace('/', '-')}.pdf", PDF, pdf, main=True, by=deed.person)
    Link.objects.create(source=copy, target=document, kind=LinkKind.COPIES)
    index.keep(copy)
    deed.note(copy, "copy-made", form=wish.form.value, to=wish.to.value, of=str(document))
    deed.note(document, "copied", form=wish.form.value, number=copy.code)
    return copy


def _metadata(copy: Document, recipients: Sequence[str]) -> Metadata:
    return Metadata(
        document_id=copy.document_id,
        number=copy.number,
        notation=copy.notation,
        kind=copy.kind,
        subject=copy.subject,
        issued=copy.issued.isoformat() if copy.issued else "",
        signer_name=copy.signer,
        signer_position=copy.signer_title,
        recipients=tuple(recipients),
        pages=copy.pages,
    )


def _bytes(file: File) -> bytes:
    with file.content.body.open() as body:
        data: bytes = body.read()
        return data
