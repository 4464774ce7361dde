"""From the fields of a draft to its page: laid out as Decree 30/2020 Annex I prescribes for the kind, as PDF/A."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from apps.office.models import Draft, DraftFile
from apps.office.outgoing import printing
from apps.ui.language import t
from apps.ui.times import read_day, today
from lienthong.document import Urgency
from lienthong.layout import (
    CAPACITIES,
    Rectangle,
    Signatory,
    authority_of,
    capacity_lines,
    compose,
    form_of,
    notation_of,
)
from lienthong.layout import Draft as Page

LAID = "laid"
"""Field of a draft whose page was laid out here: it is laid out anew when the draft is handed on."""
NEEDED = {
    "kind": "Cần chọn loại văn bản.",
    "issued": "Cần chọn ngày ban hành.",
    "notation": "Cần ghi ký hiệu, ví dụ QĐ-UBND.",
    "subject": "Cần ghi trích yếu: đó là dòng nơi nhận đọc trước tiên.",
    "place": "Cần ghi địa danh, ví dụ Hà Nội.",
    "signer_name": "Cần ghi họ tên người ký.",
    "signer_position": "Cần ghi chức vụ người ký.",
    "body": "Chưa có nội dung. Bấm “Lấy khung của loại văn bản” để có sẵn các phần.",
}


def missing(draft: Draft) -> dict[str, str]:
    """What a page still needs, by field, in words."""
    told = draft.fields
    later = {"issued"} if waits_for_number(draft) else set()
    found = {name: t(words) for name, words in NEEDED.items() if not told.get(name) and name not in later}
    if told.get("issued") and read_day(told["issued"]) is None:
        found["issued"] = t("Ngày này không có trong lịch.")
    if any(not line.startswith(CAPACITIES) for line in capacity_lines(told.get("signer_competence", ""))):
        found["signer_competence"] = t("Quyền hạn ký bắt đầu bằng TM., Q., KT., TL. hoặc TUQ.")
    if form_of(told.get("kind", "")).beside and not told.get("beside_name"):
        found["beside_name"] = t("Loại văn bản này có hai người ký: cần ghi người ký bên trái.")
    return found


def waits_for_number(draft: Draft) -> bool:
    """Whether the page leaves room for a number and a date that come after the signature."""
    return not draft.fields.get("number")


def outlined(draft: Draft) -> dict[str, str]:
    """The fields with what the kind's form gives; what a person has written stays."""
    told = draft.fields
    form, name = form_of(told["kind"]), _organisation(draft)
    authority = authority_of(name, capacity_lines(told.get("signer_competence", "")), told.get("signer_position", ""))
    given = {"body": "\n".join(form.starting(name, authority)), "beside_position": form.beside}
    if short := told.get("agency_sign", ""):
        given["notation"] = notation_of(told["kind"], short, told.get("unit_sign", ""))
    return given | {key: value for key, value in told.items() if value}


def lay_out(draft: Draft) -> None:
    """Make the page the draft's main file; the leader's picture goes where the page leaves room for it.

    The draft lacks nothing and nobody has signed yet. Raises InvalidValue for signs that can't be printed.
    """
    composed = compose(as_page(draft))
    told, made = draft.fields, timezone.now()
    pdf = composed.pdf
    if waits_for_number(draft):
        pdf = printing.with_places(composed, told["notation"], told["place"], made)
    name = f"{draft.fields.get('number', '')}-{draft.fields['notation']}.pdf".replace("/", "-").lstrip("-")
    draft.files.filter(main=True).delete()
    DraftFile.objects.create(draft=draft, main=True, name=name, media_type="application/pdf", content=pdf)
    anchors = composed.anchors
    found = {"sign_place": anchors.leader, "initials_place": anchors.initials, "form_place": anchors.form_initials}
    draft.fields = told | {name: _dragged(box) for name, box in found.items() if box} | {LAID: "1"}
    draft.save()


def as_page(draft: Draft) -> Page:
    """The draft in the terms of the layout; what is not typed yet stays empty, but for the outline of its kind."""
    told = draft.fields
    form, organisation = form_of(told.get("kind", "")), _organisation(draft)
    authority, position = capacity_lines(told.get("signer_competence", "")), told.get("signer_position", "")
    outline = form.starting(organisation, authority_of(organisation, authority, position)) or ("…",)
    return Page(
        organisation=organisation,
        parent=told.get("parent") or None,
        number=told.get("number", ""),
        notation=told.get("notation", ""),
        place=told.get("place", ""),
        date=read_day(told.get("issued", "")) or today(),
        kind=told.get("kind", ""),
        subject=told.get("subject", ""),
        body=tuple(told.get("body", "").splitlines()) or outline,
        authority=authority,
        position=position,
        signer_name=told.get("signer_name", ""),
        recipients=tuple(row["name"] or row["code"] for row in draft.recipients) if form.address else (),
        to_places=tuple(told.get("to_places", "").splitlines()),
        urgency=Urgency(int(told.get("urgency") or 0)),
        beside=Signatory(told.get("beside_position") or form.beside, told.get("beside_name", ""))
        if form.beside
        else None,
        sample=False,
        pending=waits_for_number(draft),
    )


def _organisation(draft: Draft) -> str:
    own = settings.CONFIG.of(draft.agency)
    return own.name if own else draft.agency


def _dragged(box: Rectangle) -> str:
    """As `signing.DRAGGED` reads it, whole points."""
    return f"at:{box.page}:{round(box.left)}:{round(box.bottom)}"
