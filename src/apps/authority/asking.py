"""Asking: which kind of case, its form with the signed letter, and completing one that came back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.record import record
from apps.authority.door import Desk, officers
from apps.authority.forms import FORMS, Written, boxes, written
from apps.authority.words import GROUPS, KINDS, LISTS
from apps.ui.language import sentence_of, t
from apps.ui.receiving import content_of
from lienthong.errors import InvalidValue, LienThongError

MOST_LETTER = 10 << 20
PDF = b"%PDF-"


@require_safe
@officers
def kinds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What can be asked for."""
    groups = [(title, [(kind, *KINDS[kind]) for kind in held]) for title, held in GROUPS]
    return render(request, "authority/ask.html", {"desk": desk, "groups": groups, "lists": LISTS})


@require_http_methods(["GET", "POST"])
@officers
def ask(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """One form. The case's id is made with the empty page, so that sending it twice asks once."""
    if kind not in FORMS:
        raise Http404
    if request.method != "POST":
        told = {name: request.GET.get(name, "")[:200] for name in ("organisation", "certificate", "token", "person")}
        return _form(request, Written(kind, told), uuid4().hex)
    case_id, form = request.POST.get("id", "")[:80] or uuid4().hex, written(kind, request.POST, request.FILES)
    letter, problem = letter_of(request)
    if problem or form.flawed:
        return _form(request, form, case_id, problem, 422)
    try:
        case = desk.ca.ask(case_id, form.told, letter)
    except LienThongError as error:
        record(request, "ca-asked", case_id, outcome="refused", kind=kind, code=error.code)
        return _form(request, form, case_id, sentence_of(error), 422)
    record(request, "ca-asked", case_id, kind=kind, organisation=case.organisation)
    notices.success(request, t("Đã lập hồ sơ và gửi thẩm tra."))
    return redirect("ca-case", case.id)


@require_http_methods(["GET", "POST"])
@officers
def complete(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """The form of a case that came back, as it was; what is sent takes its place."""
    case = desk.ca.case(id).case
    if case.kind not in FORMS:
        raise Http404
    if request.method != "POST":
        return _form(request, Written(case.kind, case.form), id, returned=True)
    form = written(case.kind, request.POST, request.FILES)
    letter, problem = letter_of(request)
    if problem or form.flawed:
        return _form(request, form, id, problem, 422, returned=True)
    kept = {"letter": case.letter_sha256} if case.letter_sha256 and not letter else {}
    try:
        desk.ca.complete(id, form.told | kept, letter)
    except LienThongError as error:
        record(request, "ca-completed", id, outcome="refused", code=error.code)
        return _form(request, form, id, sentence_of(error), 422, returned=True)
    record(request, "ca-completed", id)
    notices.success(request, t("Đã bổ sung hồ sơ và gửi thẩm tra lại."))
    return redirect("ca-case", id)


def letter_of(request: HttpRequest) -> tuple[bytes, str]:
    """The letter that came along, and what is wrong with it at first sight; its signatures the authority judges."""
    file = request.FILES.get("letter")
    if file is None:
        return b"", ""
    try:
        content = content_of(file, MOST_LETTER)
    except InvalidValue as error:
        return b"", error.detail
    return content, "" if content.startswith(PDF) else t("Văn bản đề nghị phải là tệp PDF.")


def _form(
    request: HttpRequest, form: Written, id: str, problem: str = "", status: int = 200, *, returned: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {"kind": form.kind, "id": id, "boxes": boxes(form.kind, form.told, form.missing)}
    context |= {"problem": problem or form.problem, "missing": form.missing, "returned": returned}
    return render(request, "authority/form.html", context, status=status)
