"""What happens to a draft's page on the way: laid out when handed on, numbered, put into the register when issued."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.office import contents, drafting
from apps.office.deed import Deed
from apps.office.models import Dispatch, Document, Draft, DraftFile, Lane, Number, NumberState, Version, Way
from apps.office.outgoing import acts, printing, reminding, versions, withdrawing
from apps.office.outgoing.page import LAID, lay_out, missing, waits_for_number
from apps.office.stages import stage_of
from apps.staff.calendar import VIETNAM
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import IllegalMove


def problems(draft: Draft) -> dict[str, str]:
    """What stands in the way of handing the draft on, by field, in words."""
    found = drafting.problems(draft)
    if laid_here(draft):
        return missing(draft) | found
    if waits_for_number(draft):
        said = (
            "Tệp tải lên không có chỗ để hệ thống ghi số. Xin lấy số trước và ghi vào trang, hoặc soạn theo mẫu ở đây."
        )
        found["number"] = t(said)
    elif reserved(draft) is None:
        said = "Số {number} chưa được giữ trong sổ; xin lấy số trước rồi ghi vào trang."
        found["number"] = t(said, number=draft.fields["number"])
    return found


def laid_here(draft: Draft) -> bool:
    """Whether the page is this office's work, or will be; not a file that somebody brought."""
    return versions.page_of(draft) is None or bool(draft.fields.get(LAID))


def reserved(draft: Draft) -> Number | None:
    """The number kept for a page that says its number already."""
    told = draft.fields.get("number", "").lstrip("0")
    wanted = Number.objects.filter(book__agency=draft.agency, book__lane=Lane.OUTGOING, state=NumberState.RESERVED)
    return wanted.filter(number=read_number(told), suffix="").first()


def submit(deed: Deed, draft: Draft, signer: User, words: str = "") -> Document:
    """Lay the page out as the text is now and hand it on."""
    with transaction.atomic():
        _freshen(draft)
        return acts.submit(deed, draft, signer, words)


def revise(deed: Deed, draft: Draft, document: Document, way: str = "typed") -> Version:
    """The same for who changes a draft at a step of their own."""
    with transaction.atomic():
        _freshen(draft)
        return acts.revise(deed, draft, document, way)


def keep_word(deed: Deed, draft: Draft) -> None:
    """What a word processor brought, as a version; of a draft nobody has handed on as its first, with its row."""
    if draft.document is None:
        acts.begin(deed, draft)
    elif not problems(draft):
        revise(deed, draft, draft.document, "word")


def give_number(deed: Deed, document: Document) -> Number:
    """Number and date into the book and onto the page, both or neither."""
    draft = document.draft

    def put(number: str, at: datetime) -> None:
        main, day = _page(draft), at.astimezone(VIETNAM).date()
        if waits_for_number(draft):
            told = draft.fields
            main.content = printing.fill(bytes(main.content), number, told["notation"], told.get("place", ""), day, at)
            main.save()
        draft.fields = draft.fields | {"number": number, "issued": day.isoformat()}
        draft.save()

    kept = None if waits_for_number(draft) else reserved(draft)
    return acts.give_number(deed, document, put, kept)


def issue(deed: Deed, document: Document) -> None:
    """Into the register with its files, and a line for everyone it goes to; the worker sends what goes over the axis.

    Raises IllegalMove without both signatures.
    """
    draft = document.draft
    if stage_of(draft).next != "send":
        raise IllegalMove(t("Cần đủ chữ ký của lãnh đạo và con dấu của cơ quan trước khi phát hành."))

    def put() -> None:
        for file in draft.files.all():
            contents.attach(document, file.name, file.media_type, bytes(file.content), main=file.main, by=deed.person)
        Dispatch.objects.bulk_create(_lines(document, draft, deed))
        withdrawing.link(document, draft)
        reminding.issued(document, draft, deed.at)

    acts.issued(deed, document, put)


def _lines(document: Document, draft: Draft, deed: Deed) -> list[Dispatch]:
    axis = [Dispatch(document=document, way=Way.AXIS, code=row["code"], name=row["name"] or row["code"])
            for row in draft.recipients]  # fmt: skip
    beyond = [
        Dispatch(
            document=document,
            way=row["way"],
            name=row["name"],
            code=row.get("code", ""),
            address=row.get("address", ""),
            person_id=row.get("person"),
            reason=row.get("reason", ""),
            sent=deed.at if row["way"] == Way.PERSON else None,
        )
        for row in draft.beyond
    ]
    return axis + beyond


def _freshen(draft: Draft) -> None:
    """Lay the page out anew, unless it is as the newest version has it."""
    if laid_here(draft) and not _unchanged(draft):
        lay_out(draft)


def _unchanged(draft: Draft) -> bool:
    last, page = versions.newest(draft.document) if draft.document else None, versions.page_of(draft)
    if last is None or page is None:
        return False
    same = last.fields == versions.text_of(draft) and last.recipients == versions.everyone(draft)
    return same and last.page_id == hashlib.sha256(bytes(page.content)).hexdigest()


def _page(draft: Draft) -> DraftFile:
    main = versions.page_of(draft)
    if main is None:
        raise IllegalMove(str(draft))
    return main
