"""Many at once: an Excel table is shown row by row, then opened whole or not at all; what ends soon is renewed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.audit.record import record
from apps.authority.door import Desk, officers
from apps.authority.models import Sheet
from apps.authority.words import LISTS
from apps.ui.language import sentence_of, t
from apps.ui.receiving import content_of
from lienthong.client import XLSX
from lienthong.errors import LienThongError

MOST = 10 << 20
KEPT = timedelta(days=1)


@require_safe
@officers
def template(_request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """The table to fill in."""
    answer = HttpResponse(desk.ca.table(kind), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer


@require_http_methods(["GET", "POST"])
@officers
def bring(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Bring a table; what each row would become is shown next."""
    if kind not in LISTS:
        raise Http404
    if request.method != "POST":
        return _upload(request, kind)
    file = request.FILES.get("table")
    if file is None:
        return _upload(request, kind, t("Chọn một tệp Excel (.xlsx), nhiều nhất {most} MB.", most=MOST >> 20), 422)
    try:
        content = content_of(file, MOST)
        desk.ca.preview(kind, content)
    except LienThongError as error:
        return _upload(request, kind, sentence_of(error), 422)
    Sheet.objects.filter(at__lt=timezone.now() - KEPT).delete()
    sheet = Sheet.objects.create(user=person(request), kind=kind, name=(file.name or "")[:200], content=content)
    return redirect("ca-list-look", sheet.pk)


def _upload(request: HttpRequest, kind: str, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "authority/list.html", {"kind": kind, "problem": problem}, status=status)


@require_http_methods(["GET", "POST"])
@officers
def look(request: HttpRequest, desk: Desk, sheet: str) -> HttpResponse:
    """Each row, with what is wrong with it; opening is offered once nothing is."""
    kept = Sheet.objects.filter(user=person(request), pk=_number(sheet)).first()
    if kept is None:
        raise Http404
    content = bytes(kept.content)
    if request.method == "POST":
        return _open(request, desk, kept, content)
    rows = desk.ca.preview(kept.kind, content)
    wrong = [row for row in rows if row.code]
    return render(request, "authority/look.html", {"sheet": kept, "rows": rows, "wrong": wrong})


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _open(request: HttpRequest, desk: Desk, kept: Sheet, content: bytes) -> HttpResponse:
    try:
        opened = desk.ca.open_table(kept.kind, kept.pk.hex, content)
    except LienThongError as error:
        record(request, "ca-list", kept.name, outcome="refused", kind=kept.kind, code=error.code)
        notices.error(request, sentence_of(error))
        return redirect("ca-list-look", kept.pk)
    batch = kept.pk.hex
    record(request, "ca-list", kept.name, kind=kept.kind, batch=batch, cases=str(len(opened)))
    notices.success(request, t("Đã lập {n} hồ sơ từ danh sách.", n=len(opened)))
    kept.delete()
    return redirect(_of(batch))


def _of(batch: str) -> str:
    return f"{reverse('ca-cases')}?lo={batch}"


@require_http_methods(["GET", "POST"])
@officers
def renewals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What ends within 90 days; one act asks to renew all of it. The batch is made with the page."""
    if request.method != "POST":
        context = {"found": desk.ca.reminders(), "batch": uuid4().hex, "may": desk.has("request")}
        return render(request, "authority/renewals.html", context)
    batch = request.POST.get("batch", "")[:80]
    try:
        opened = desk.ca.renew_all(batch)
    except LienThongError as error:
        record(request, "ca-renew-all", batch, outcome="refused", code=error.code)
        notices.error(request, sentence_of(error))
        return redirect("ca-renewals")
    record(request, "ca-renew-all", batch, cases=str(len(opened)))
    notices.success(request, t("Đã lập {n} hồ sơ gia hạn.", n=len(opened)))
    return redirect(_of(batch))
