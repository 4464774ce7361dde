"""Buttons of the draft's form that belong to the way out: hand on, groups of recipients, recipients beyond the axis."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.person import person
from apps.office import uploads
from apps.office.access import tell_who_has_it
from apps.office.choosing import named, row_of
from apps.office.deed import deed_of
from apps.office.desk import desk_of
from apps.office.models import Draft, Group, Way
from apps.office.outcome import Outcome
from apps.office.outgoing import dispatching, flow, routes
from apps.office.outgoing.policy import Act, acts, may_see
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.receiving import cleaned, content_of
from lienthong.errors import InvalidValue
from lienthong.layout import from_word

LARGEST_WORD = 20 * 1024 * 1024
"""Bytes of a Word file whose text is read."""


def submit(request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    """Hand it on to the first step, for the leader who was chosen."""
    if problems := flow.problems(draft):
        return Outcome(problems)
    signer = User.objects.filter(agency=draft.agency, pk=read_number(request.POST.get("signer", ""))).first()
    if signer is None:
        return Outcome({"signer": t("Cần chọn người ký.")})
    document = flow.submit(deed_of(person(request)), draft, signer, request.POST.get("words", "").strip()[:2000])
    return Outcome(said=t("Đã trình."), address=reverse("outgoing", args=[document.pk]))


def after(request: HttpRequest, draft: Draft) -> None:
    """Whoever changed a draft at a step of their own has made a new version."""
    if draft.document is None:
        return
    row = acts(draft.document, deed_of(person(request)).standing).get(Act.REVISE)
    if row is not None and row.role != "draft" and not flow.problems(draft):
        flow.revise(deed_of(person(request)), draft, draft.document)


def may_edit(who: User, draft: Draft) -> bool:
    """Whether this person may change the draft now: anybody of the agency before it is handed on, then by the steps."""
    return draft.document is None or Act.REVISE in acts(draft.document, deed_of(who).standing)


def require_sight(request: HttpRequest, draft: Draft) -> None:
    """A draft handed on is read by those whose step or papers it is. PermissionDenied, NotAllowed."""
    if draft.document is not None and not may_see(draft.document, deed_of(person(request)).standing):
        tell_who_has_it(request, draft.document)
        raise PermissionDenied


def add_group(_request: HttpRequest, draft: Draft, what: str) -> Outcome:
    """All members of a saved group who are not on the list yet."""
    group = Group.objects.filter(agency=draft.agency, pk=read_number(what)).first()
    if group is None:
        raise InvalidValue(t("Nhóm này không còn nữa."))
    known = {row["code"] for row in draft.recipients} | {draft.agency}
    fresh = [member["code"] for member in group.members if member["code"] not in known]
    rows = zip(fresh, named(desk_of(_request), fresh), strict=True)
    draft.recipients = [*draft.recipients, *(row_of(code, org) for code, org in rows)]
    draft.save()
    return Outcome(anchor="#noi-nhan")


def keep_group(request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    """These recipients as a group for the next time."""
    kept = dispatching.keep_group(draft, request.POST.get("group_name", ""))
    return Outcome(said=t("Đã lưu nhóm “{name}”.", name=kept.name), anchor="#noi-nhan")


def add_beyond(request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    """Somebody who is not on the axis, or paper beside it with its reason, or a person of the agency."""
    told = request.POST
    way, name = told.get("beyond_way", ""), told.get("beyond_name", "")
    if way == Way.PERSON:
        return _inside(draft, name)
    beside = next((row for row in draft.recipients if row["name"] == name.strip() or row["code"] == name.strip()), None)
    code = beside["code"] if beside and way == Way.PAPER else ""
    dispatching.add_beyond(
        draft,
        way,
        beside["name"] if beside else name,
        told.get("beyond_address", ""),
        told.get("beyond_reason", ""),
        code,
    )
    return Outcome(anchor="#noi-nhan")


def drop_beyond(_request: HttpRequest, draft: Draft, what: str) -> Outcome:
    """Take one off the list again."""
    draft.beyond = [line for place, line in enumerate(draft.beyond) if str(place) != what]
    draft.save()
    return Outcome(anchor="#noi-nhan")


def bring_word(request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    """The text of a DOCX that was written in a word processor becomes the draft's, as a new version."""
    upload = request.FILES.get("word")
    if upload is None:
        return Outcome({"word": t("Chưa chọn tệp Word.")})
    try:
        data = content_of(upload, LARGEST_WORD)
        if problem := _no_word(cleaned(upload.name or ""), data):
            return Outcome({"word": problem})
        return Outcome(said=take_word(person(request), draft, data), anchor="#soan")
    except InvalidValue as error:
        return Outcome({"word": error.detail})


def take_word(who: User, draft: Draft, data: bytes) -> str:
    """The text of a DOCX as the draft's, kept as a version; in words what was taken. InvalidValue for an empty one.

    The first one is version 1: the draft gets its row among the drafter's own, and hands on from there.
    """
    brought = from_word(data)
    same = draft.fields.get("subject", "").endswith(brought.subject)  # letters say "V/v" on their own
    subject = "" if same else brought.subject
    told = {"body": "\n".join(brought.body), "subject": subject, "to_places": "\n".join(brought.to_places)}
    draft.fields = draft.fields | {name: value for name, value in told.items() if value}
    draft.save()
    flow.keep_word(deed_of(who), draft)
    said = t("Đã lấy nội dung từ tệp Word: {n} đoạn, {tables} bảng.", n=brought.paragraphs, tables=brought.tables)
    left = t("Có {n} bảng quá lớn không đưa vào nội dung; xin gửi thành phụ lục.", n=brought.left_out)
    return f"{said} {left}" if brought.left_out else said


def _no_word(name: str, data: bytes) -> str:
    if problem := uploads.refusal(name, data):
        return problem
    said = "Tệp “{name}” không phải văn bản Word (.docx). Xin lưu lại dạng .docx rồi tải lên."
    return "" if uploads.is_word(data) else t(said, name=name)


def shown(draft: Draft) -> dict[str, object]:
    """What the form needs for all this."""
    return {
        "signers": routes.signers_of(draft),
        "groups": Group.objects.filter(agency=draft.agency),
        "colleagues": User.objects.filter(agency=draft.agency, is_active=True).order_by("name"),
        "ways": [
            (Way.PAPER.value, Way.PAPER.label),
            (Way.MAIL.value, Way.MAIL.label),
            (Way.PERSON.value, Way.PERSON.label),
        ],
    }


def _inside(draft: Draft, name: str) -> Outcome:
    found = User.objects.filter(agency=draft.agency, is_active=True, name=name.strip()).first()
    if found is None:
        return Outcome({"beyond": t("Không có ai tên này trong cơ quan.")})
    if not any(line.get("person") == found.pk for line in draft.beyond):
        draft.beyond = [*draft.beyond, {"way": Way.PERSON.value, "name": found.name, "person": found.pk}]
        draft.save()
    return Outcome(anchor="#noi-nhan")
