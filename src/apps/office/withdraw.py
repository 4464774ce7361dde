"""Acts of the sender on what is already out: recall, and change who receives it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.accounts.person import person
from apps.office.access import travelled
from apps.office.choosing import codes_in, search
from apps.office.deed import deed_of
from apps.office.lists import forget_counts
from apps.office.outgoing import withdrawing
from apps.ui.errors import STATUS
from apps.ui.language import sentence_of, t
from lienthong.client import Desk, Document
from lienthong.errors import LienThongError


def recall(request: HttpRequest, package: str) -> HttpResponse:
    """Ask every recipient to give the document back; a reason is the law's."""
    desk, document = _own(request, package)
    if request.method != "POST":
        return _form(request, "office/recall.html", document)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _form(request, "office/recall.html", document, t("Cần ghi lý do thu hồi để nơi nhận biết."))
    done = t("Đã gửi yêu cầu thu hồi đến mọi nơi nhận.")

    def act() -> None:
        desk.recall(package, reason, message_id=_message_id(request))
        withdrawing.recall_asked(deed_of(person(request)), package, reason)

    return _try(request, "office/recall.html", document, act, done)


def update(request: HttpRequest, package: str) -> HttpResponse:
    """Add and remove recipients, with a reason."""
    desk, document = _own(request, package)
    found = search(desk, request.POST.get("query", ""))
    if request.method != "POST" or request.POST.get("act") == "search":
        return _form(request, "office/update.html", document, found=found)
    reason = request.POST.get("reason", "").strip()
    add = tuple(dict.fromkeys([*request.POST.getlist("add"), *codes_in(request.POST.get("codes", ""))]))
    remove = tuple(request.POST.getlist("remove"))
    problem = _missing(reason, add, remove)
    if problem:
        return _form(request, "office/update.html", document, problem, found)
    done = t("Đã gửi yêu cầu cập nhật nơi nhận.")

    def act() -> None:
        desk.update(package, reason, add=add, remove=remove, message_id=_message_id(request))
        withdrawing.update_asked(deed_of(person(request)), package, reason, add)

    return _try(request, "office/update.html", document, act, done)


def _missing(reason: str, add: tuple[str, ...], remove: tuple[str, ...]) -> str:
    if not add and not remove:
        return t("Chưa chọn nơi nào để thêm hay bớt.")
    return "" if reason else t("Cần ghi lý do để nơi nhận biết.")


def _own(request: HttpRequest, package: str) -> tuple[Desk, Document]:
    desk, document = travelled(request, package)
    if document.entry.lane != "out":
        raise Http404
    return desk, document


def _message_id(request: HttpRequest) -> str:
    """The hidden id of the form: a second click is the same request."""
    try:
        return str(UUID(request.POST.get("message_id", "")))
    except ValueError:
        return str(uuid4())


def _form(
    request: HttpRequest, template: str, document: Document, problem: str = "", found: object = (), status: int = 200
) -> HttpResponse:
    message_id = _message_id(request)
    kept = {
        "reason": request.POST.get("reason", ""),
        "query": request.POST.get("query", ""),
        "codes": request.POST.get("codes", ""),
    }
    chosen = {"add": request.POST.getlist("add"), "remove": request.POST.getlist("remove")}
    context = {"document": document, "entry": document.entry, "problem": problem, "found": found, "kept": kept}
    code = 422 if problem and status == 200 else status
    return render(request, template, context | {"chosen": chosen, "message_id": message_id}, status=code)


def _try(request: HttpRequest, template: str, document: Document, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except LienThongError as error:
        if error.kind in STATUS:
            raise
        return _form(request, template, document, sentence_of(error), status=409)
    forget_counts(person(request).agency)
    messages.success(request, done)
    return redirect("document", document.entry.id)
