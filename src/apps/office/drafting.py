"""From what was typed to what is sent: the fields of a draft, their checks, the metadata."""

from __future__ import annotations

from django.http import QueryDict

from apps.office.models import Draft
from apps.ui.language import t
from apps.ui.times import read_day, today
from lienthong.client import Entry, File, Metadata
from lienthong.document import KINDS, Urgency, secrecy_of

FIELDS = (
    "number", "notation", "issued", "kind", "subject", "signer_name", "signer_position", "signer_competence",
    "place", "urgency", "due", "ttl_hours", "reason", "sign_place",
    "parent", "agency_sign", "unit_sign", "body", "to_places", "beside_position", "beside_name",
)  # fmt: skip
NEEDED = {
    "notation": "Cần ghi ký hiệu, ví dụ QĐ-UBND.",
    "kind": "Cần chọn loại văn bản.",
    "subject": "Cần ghi trích yếu: đó là dòng nơi nhận đọc trước tiên.",
    "signer_name": "Cần ghi họ tên người ký.",
}
LONGEST, LONGEST_BODY = 2000, 200_000
DAY = 24
LIFETIMES = {"24": "1 ngày", "72": "3 ngày", "168": "7 ngày", "720": "30 ngày"}
CHOSEN = {"urgency": {str(each.value) for each in Urgency}, "ttl_hours": LIFETIMES.keys()}
"""What the form lets choose; another value was not typed by anybody."""


def typed(data: QueryDict) -> dict[str, str]:
    """The fields as typed, trimmed; nothing is thrown away for being wrong."""
    longest = {"body": LONGEST_BODY}
    found = {name: data.get(name, "").strip()[: longest.get(name, LONGEST)] for name in FIELDS if name in data}
    return {name: text for name, text in found.items() if name not in CHOSEN or text in CHOSEN[name]}


def fresh() -> dict[str, str]:
    """What an empty form starts with."""
    return {"issued": today().isoformat(), "urgency": "0", "ttl_hours": "72", "sign_place": "middle"}


def taken_from(entry: Entry) -> dict[str, str]:
    """A replacement starts with the words of what it replaces."""
    kept = {"kind": entry.kind, "subject": entry.subject, "notation": entry.notation, "signer_name": entry.signer}
    return fresh() | kept | {"urgency": str(entry.urgency), "due": entry.due}


def problems(draft: Draft) -> dict[str, str]:
    """What stands in the way of handing it on, whatever its page, by field, in words."""
    found = {name: t(words) for name, words in NEEDED.items() if not draft.fields.get(name)}
    found |= _wrong(draft.fields)
    if not draft.recipients and not draft.beyond:
        found["recipients"] = t("Chưa chọn nơi nhận nào.")
    if unknown := [row["code"] for row in draft.recipients if row["state"] == "unknown"]:
        found["recipients"] = t("Không có trong danh bạ: {codes}.", codes=", ".join(unknown))
    if draft.replaces and not draft.fields.get("reason"):
        found["reason"] = t("Cần ghi lý do thay thế để nơi nhận biết.")
    return found


def _wrong(fields: dict[str, str]) -> dict[str, str]:
    found = {}
    issued, due = read_day(fields.get("issued", "")), read_day(fields.get("due", ""))
    if fields.get("issued") and issued is None:
        found["issued"] = t("Ngày này không có trong lịch.")
    if fields.get("due") and (due is None or (issued is not None and due < issued)):
        found["due"] = t("Hạn trả lời phải là một ngày sau ngày ban hành.")
    if fields.get("kind") and fields["kind"] not in {kind.name_vi for kind in KINDS}:
        found["kind"] = t("Xin chọn một loại trong danh sách.")
    if secret := secrecy_of(fields.get("subject", "")):
        found["subject"] = t("Văn bản mật ({secret}) không được gửi qua trục liên thông.", secret=secret)
    return found


def metadata(draft: Draft, agency: str) -> Metadata:
    """What the gateway is told; only of a draft without problems."""
    told = draft.fields
    issued = read_day(told["issued"]) or today()
    number = f"{told['number']}/{told['notation']}"
    return Metadata(
        document_id=f"{agency},{issued:%Y/%m/%d},{number}",
        number=told["number"],
        notation=told["notation"],
        kind=told["kind"],
        subject=told["subject"],
        issued=issued.isoformat(),
        place=told.get("place", ""),
        signer_name=told["signer_name"],
        signer_position=told.get("signer_position", ""),
        signer_competence=told.get("signer_competence", ""),
        urgency=int(told.get("urgency") or 0),
        due=told.get("due", ""),
        recipients=tuple(row["code"] for row in draft.recipients),
        to_places=(),
        reason=told.get("reason", ""),
        business=3 if draft.replaces else 0,
        ttl_seconds=int(told.get("ttl_hours") or 3 * DAY) * 3600,
    )


def spoken(draft: Draft, agency: str) -> Metadata:
    """What a draft says so far, for a check: nothing need be complete."""
    told = draft.fields
    known = {name: told.get(name, "") for name in ("number", "notation", "subject", "signer_name")}
    day = read_day(told.get("issued", ""))
    return Metadata(
        **known,
        document_id=f"{agency},nhap",
        recipients=(),
        issued=day.isoformat() if day else "",
        signer_competence=told.get("signer_competence", ""),
    )


def files(draft: Draft) -> list[File]:
    """The files, the main one first."""
    return [File(name=f.name, media_type=f.media_type, content=bytes(f.content)) for f in draft.files.all()]
