"""Reporting a business status: the one next step of an incoming document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.person import person
from apps.office import document
from apps.office.desk import desk_of
from apps.office.lists import forget_counts
from apps.office.mypart import ACTS
from apps.ui.errors import STATUS
from apps.ui.language import english, t
from lienthong.errors import LienThongError

DONE = {
    "02": "Đã từ chối tiếp nhận và báo lại nơi gửi.",
    "03": "Đã tiếp nhận và báo nơi gửi là đã vào sổ.",
    "04": "Đã ghi phân công và báo nơi gửi.",
    "05": "Đã ghi là đang xử lý và báo nơi gửi.",
    "06": "Đã ghi là hoàn thành và báo nơi gửi.",
    "15": "Đã đồng ý và báo nơi gửi.",
    "16": "Đã trả lời không đồng ý, kèm lý do.",
}


@require_POST
def report(request: HttpRequest, package: str) -> HttpResponse:
    """Report once and show the page again; a refused report keeps what was typed."""
    desk = desk_of(request)
    kept = {name: request.POST.get(name, "").strip() for name in ("code", "description", "staff")}
    act = ACTS.get(kept["code"])
    if act is None or (act.required and not kept["description"]):
        problem = t("Cần ghi lý do để nơi gửi biết.") if act else t("Việc này không có trong danh sách.")
        return document.show(request, desk, desk.document(package), 422, problem=problem, kept=kept)
    try:
        desk.report(package, act.code, description=kept["description"], staff=kept["staff"] or person(request).name)
    except LienThongError as error:
        if error.kind in STATUS:  # not about this act: the page of failures tells it
            raise
        problem = error.sentence("en" if english() else "vi")
        return document.show(request, desk, desk.document(package), 409, problem=problem, kept=kept)
    forget_counts(person(request).agency)
    messages.success(request, t(DONE[act.code]))
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("document", args=[package]) + (f"?{query}" if query else ""))
