"""The page of a document on its way out: what it says, where it waits, the one next step, versions, remarks, story."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.office import contents, jobs
from apps.office.access import tell_who_has_it
from apps.office.deed import Deed, deed_of
from apps.office.desk import desk_of
from apps.office.document import VIEWER_POLICY
from apps.office.models import OPEN, Assignment, Document, Draft, Event, Lane, Way
from apps.office.models import Role as Step
from apps.office.outgoing import acts, dispatching, flow, inboxes, sending, signatures, versions, withdrawing
from apps.office.outgoing.policy import CHECKING, Act, may_see, principal, rows_of, with_rows
from apps.office.outgoing.policy import acts as offered
from apps.office.outgoing.reminding_page import waiting
from apps.office.phrases.offered import inserted
from apps.office.place import place_of
from apps.office.points import Points, expected_of
from apps.office.recipients import SHOWN, rows
from apps.office.stages import Stage, stage_of
from apps.office.story import sentence, story
from apps.office.words import Tag
from apps.staff.rights import standing_of
from apps.ui.errors import STATUS
from apps.ui.language import sentence_of, t
from apps.ui.numbers import read_number
from apps.ui.times import clock, near
from lienthong.errors import InvalidValue, LienThongError
from lienthong.signature import Role


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the page tells it: done, now or to come, by whom and when."""

    label: str
    state: str
    told: str


# ---------------------------------------------------------------- reading


@require_safe
def box(request: HttpRequest, key: str) -> HttpResponse:
    """One box."""
    chosen, standing = inboxes.box_of(key), standing_of(person(request))
    if chosen is None:
        raise Http404
    lines = [(document, where(document), due_of(document)) for document in inboxes.listed(chosen, standing)]
    place = urlencode({"trong": f"di/viec/{key}"})
    told = {"box": chosen, "lines": lines, "place": place, "full": len(lines) == inboxes.ENOUGH}
    return render(request, "office/outgoing_box.html", told | {"jobs": jobs.of(standing.agency, key)})


def page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One document; a POST does what its button says and shows the page again."""
    document = _mine(request, number)
    if request.method != "POST":
        return show(request, document)
    if "insert" in request.POST:
        told = inserted(request.POST, "words")
        return show(request, document, typed={told.get("act", ""): told.get("words", "")})
    name = request.POST.get("act", "")
    act, whom = ACTS.get(name), principal(document, standing_of(person(request)), name)
    try:
        if act is None:
            raise InvalidValue(t("Việc này không có trong danh sách."))
        said = act(request, deed_of(person(request), for_whom=whom, act=CHECKING), document)
    except LienThongError as error:
        if error.kind in STATUS:
            raise
        document.refresh_from_db()
        return show(request, document, 409, sentence_of(error), {name: _words(request)})
    messages.success(request, said)
    return _back(request, document)


def _back(request: HttpRequest, document: Document) -> HttpResponseRedirect:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("outgoing", args=[document.pk]) + (f"?{query}" if query else ""))


def show(
    request: HttpRequest,
    document: Document,
    status: int = 200,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; `typed` are the words that stand in the form of an act."""
    draft, standing = _draft(document), standing_of(person(request))
    may = set(offered(document, standing))
    whom = {act: found for act in (Act.APPROVE, Act.RETURN) if (found := principal(document, standing, act))}
    newest, events = versions.newest(document), list(document.events.select_related("by", "for_whom"))
    stage = stage_of(draft) if draft else None
    context = {
        "document": document,
        "draft": draft,
        "problem": problem,
        "typed": typed or {},
        "may": {act.value for act in may | set(whom)} - ({Act.SEAL.value} if _has_seal(draft) else {Act.ISSUE.value}),
        "whom": next(iter(whom.values()), None),
        "version": newest.number if newest else 0,
        "stage": stage,
        "initials": _initials(draft, may, stage),
        "points": _points(request, draft, stage),
        "steps": steps(document),
        "where": where(document),
        "lapsed": _lapsed(document, events),
        "due": due_of(document),
        "remarks": document.remarks.select_related("author", "for_whom"),
        "versions": document.versions.select_related("by").order_by("-number"),
        "dispatches": document.dispatches.select_related("person", "by"),
        "journey": story(events),
        "files": contents.current(document),
        "links": document.links.select_related("target"),
        "linked": document.linked.select_related("source"),
        "clerk": dispatching.may_note(standing),
        "place": place_of(request.GET, desk_of(request), standing, str(document.pk)),
    }
    return render(request, "office/outgoing.html", context | _receivers(request, document), status=status)


@require_safe
@xframe_options_sameorigin
def file(request: HttpRequest, number: UUID, version: int) -> HttpResponse:
    """The page of a version, or with 0 the document as issued."""
    document = _mine(request, number)
    held = document.versions.filter(number=version).first()
    main = next((each.content for each in contents.current(document) if each.main), None)
    content = held.page if held else main if version == 0 else None
    if content is None:
        raise Http404
    with content.body.open("rb") as body:
        response = HttpResponse(body.read(), content_type="application/pdf")
    name = f"{document.code or document.pk}-{version}.pdf".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header("tai" in request.GET, name) or "inline"
    response["Content-Security-Policy"] = VIEWER_POLICY
    return response


# ---------------------------------------------------------------- doing


def _seen(request: HttpRequest) -> int:
    return read_number(request.POST.get("version", ""))


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "").strip()[:2000]


def _approve(request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.approve(deed, document, _seen(request), _words(request))
    return t("Đã đồng ý; văn bản sang bước sau.")


def _return(request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.give_back(deed, document, _seen(request), _words(request))
    return t("Đã trả lại cho người soạn, kèm lý do.")


def _take_back(_request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.take_back(deed, document)
    return t("Đã rút lại để sửa.")


def _drop(request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.drop(deed, document, _words(request))
    return t("Đã bỏ dự thảo; các phiên bản vẫn được lưu.")


def _comment(request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.comment(deed, document, _words(request))
    return t("Đã ghi ý kiến.")


def _remind(request: HttpRequest, deed: Deed, document: Document) -> str:
    acts.remind(deed, document, _words(request))
    return t("Đã nhắc; người giữ bước này thấy ở đầu hộp.")


def _number(_request: HttpRequest, deed: Deed, document: Document) -> str:
    number = flow.give_number(deed, document)
    return t("Đã cấp số {number} và ghi lên trang.", number=number.written)


def _issue(request: HttpRequest, deed: Deed, document: Document) -> str:
    flow.issue(deed, document)
    document.refresh_from_db()
    sending.send_one(desk_of(request), document)
    if document.dispatches.filter(way=Way.AXIS, sent=None, stopped="").exists():
        return t("Đã phát hành. Máy chủ bảo mật chưa nhận; hệ thống tự gửi khi có kết nối lại, không cần làm lại.")
    return t("Đã phát hành. Việc gửi và nơi nhận hiện ở trang này.")


def _note(request: HttpRequest, deed: Deed, document: Document) -> str:
    dispatching.note_sent(deed, document, request.POST.get("line", ""), _words(request))
    return t("Đã ghi là đã gửi.")


def _again(request: HttpRequest, deed: Deed, document: Document) -> str:
    dispatching.send_again(deed, document)
    sending.send_one(desk_of(request), document)
    return t("Đã thử gửi lại; kết quả hiện ở trang này.")


def _sign(request: HttpRequest, _deed: Deed, document: Document) -> str:
    signatures.put(document.draft, person(request), Role.LEADER, _seen(request))
    return t("Đã có chữ ký của lãnh đạo.")


def _seal(request: HttpRequest, _deed: Deed, document: Document) -> str:
    signatures.put(document.draft, person(request), Role.SEAL)
    return t("Đã đóng dấu của cơ quan.")


def correction(request: HttpRequest, number: UUID) -> HttpResponse:
    """A letter that corrects this document, begun with its recipients."""
    if request.method != "POST":
        return redirect("outgoing", number)
    draft = withdrawing.correct(deed_of(person(request)), _mine(request, number))
    return redirect("draft", draft.pk)


ACTS: dict[str, Callable[[HttpRequest, Deed, Document], str]] = {
    Act.APPROVE: _approve,
    Act.RETURN: _return,
    Act.TAKE_BACK: _take_back,
    Act.DROP: _drop,
    Act.NUMBER: _number,
    Act.ISSUE: _issue,
    Act.SIGN: _sign,
    Act.SEAL: _seal,
    "comment": _comment,
    "remind": _remind,
    "note": _note,
    "again": _again,
}


# ---------------------------------------------------------------- telling


def where(document: Document) -> str:
    """Where it stands, in a sentence."""
    if document.issued_at is not None:
        return t("Phát hành lúc {at}.", at=near(document.issued_at))
    row = next((row for row in reversed(rows_of(document)) if row.state in OPEN), None)
    if row is None:
        return t("Không còn đi tiếp.")
    if row.role == Step.DRAFT:
        return t("Ở người soạn: {who}.", who=_who(row))
    said = "Chờ ở bước “{step}”: {who}, từ {at}."
    return t(said, step=t(str(Step(row.role).label)), who=_who(row), at=near(row.given))


def _lapsed(document: Document, events: Sequence[Event]) -> str:
    """Why a draft waits at its drafter again, when it was nobody who returned it with words."""
    waits = any(row.role == Step.DRAFT and row.state in OPEN for row in rows_of(document))
    last = next((each for each in reversed(events) if each.what in {"lapsed", "submitted"}), None)
    return sentence(last) if waits and last and last.what == "lapsed" else ""


def due_of(document: Document) -> Tag | None:
    """Until when what is signed must be sent, while it waits for that."""
    row = next((row for row in rows_of(document) if row.role == Step.ISSUE and row.state in OPEN), None)
    if row is None or row.due is None:
        return None
    late = row.due < timezone.now()
    if document.urgency and not late:
        return Tag("bolt", "seal", t("Văn bản khẩn: gửi ngay sau khi ký"))
    words = t("Quá hạn gửi từ {at}", at=clock(row.due)) if late else t("Gửi chậm nhất {at}", at=clock(row.due))
    return Tag("clock", "seal" if late else "waiting", words)


def steps(document: Document) -> list[StepLine]:
    """Steps gone and the one it waits at, each with its time and person."""
    return [_line(row) for row in rows_of(document) if row.state != "withdrawn"]


def _line(row: Assignment) -> StepLine:
    label = t(str(Step(row.role).label))
    if row.state in OPEN:
        return StepLine(label, "now", t("{who}, từ {at}", who=_who(row), at=near(row.given)))
    state = "back" if row.state == "returned" else "past"
    return StepLine(label, state, t("{who}, {at}", who=_who(row), at=near(row.ended or row.given)))


def _who(row: Assignment) -> str:
    return row.person.name if row.person else row.unit.name


def _receivers(request: HttpRequest, document: Document) -> dict[str, object]:
    """Per-recipient progress, as the gateway knows it; a gateway that is down costs the dots, never the page."""
    if not document.package:
        return {}
    try:
        told = desk_of(request).document(document.package)
    except LienThongError:
        return {"away": True}
    everyone = rows(told)
    return {"rows": everyone[:SHOWN], "others": everyone[SHOWN:], "late": waiting(request, document, told)}


def _initials(draft: Draft | None, may: set[Act], stage: Stage | None) -> bool:
    """Whether this person may put initials on the page."""
    due = draft is not None and signatures.initials_due(draft) is not None
    return due and Act.APPROVE in may and stage is not None and stage.next == "leader"


def _points(request: HttpRequest, draft: Draft | None, stage: Stage | None) -> Points:
    """What sending would find, told to the clerk before it."""
    if draft is None or draft.sent or stage is None or stage.next not in {"seal", "send"}:
        return Points()
    return expected_of(desk_of(request), draft, stage.next)


def _has_seal(draft: Draft | None) -> bool:
    return draft is not None and stage_of(draft).next == "send"


def _draft(document: Document) -> Draft | None:
    return Draft.objects.filter(document=document).first()


def _mine(request: HttpRequest, number: UUID) -> Document:
    mine = Document.objects.filter(pk=number, agency=person(request).agency, lane=Lane.OUTGOING)
    found = with_rows(mine).first()
    if found is None:
        raise Http404
    if not may_see(found, standing_of(person(request))):
        tell_who_has_it(request, found)
        raise PermissionDenied
    return found
