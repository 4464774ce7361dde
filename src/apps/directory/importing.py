"""Bring a table: every fault and every difference is shown before anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.directory import imports, models, tables
from apps.directory.done import done
from apps.directory.organisations import told
from apps.ui.language import english, t
from apps.ui.times import read_day, today
from lienthong.errors import LienThongError
from lienthong.registry import Intake


@require_http_methods(["GET", "POST"])
@needs(Right.CHANGE_DIRECTORY)
def page(request: HttpRequest) -> HttpResponse:
    """What was brought so far, and a place for the next."""
    if request.method != "POST":
        return _page(request, "")
    file, day = request.FILES.get("file"), read_day(request.POST.get("ngay", ""))
    if file is None or day is None:
        return _page(request, t("Chọn tệp và ngày có hiệu lực."))
    name, content = file.name or "", file.read(tables.MOST_BYTES + 1)
    try:
        kept = done(request, "table-brought", name, lambda: imports.bring(person(request), name, content, day))
    except LienThongError as error:
        return _page(request, f"{error.sentence('en' if english() else 'vi')} {error.detail}")
    return redirect("import", kept.pk)


def _page(request: HttpRequest, problem: str) -> HttpResponse:
    brought = models.Import.objects.select_related("person", "taken").defer("content").order_by("-pk")[:50]
    context = {"brought": brought, "problem": problem, "day": today(), "columns": imports.COLUMN_TITLES}
    return render(request, "directory/imports.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.CHANGE_DIRECTORY)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What one table would do; taking it in is one act."""
    kept = get_object_or_404(models.Import, pk=number)
    if request.method == "POST":
        try:
            done(request, "table-taken", kept.name, lambda: imports.take(person(request), kept))
        except LienThongError as error:
            messages.error(request, error.detail or error.sentence("vi"))
        else:
            messages.success(request, t("Đã đưa bảng vào danh bạ. Việc này có hiệu lực ở các máy chủ khi phát hành."))
        return redirect("import", number)
    found = None if kept.taken else imports.looked_at(kept)
    return render(request, "directory/import.html", {"kept": kept} | (_shown(found) if found else {}))


def _shown(found: Intake) -> dict[str, Any]:
    differing = list(imports.differing(found))
    return {
        "findings": found.findings[: imports.SHOWN],
        "faults": len(found.findings),
        "rows": [told(each) for each in differing[: imports.SHOWN]],
        "differing": len(differing),
        "english": english(),
    }


@require_safe
@needs(Right.CHANGE_DIRECTORY)
def everything(_request: HttpRequest, number: int) -> StreamingHttpResponse:
    """All faults and differences, however many."""
    found = imports.looked_at(get_object_or_404(models.Import, pk=number))
    answer = StreamingHttpResponse(tables.as_csv(_table(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bang-{number}.csv"'
    return answer


def _table(found: Intake) -> Iterator[Sequence[str]]:
    yield (t("Dòng"), t("Mã định danh"), t("Việc"), t("Mục"), t("Cũ"), t("Mới"))
    for fault in found.findings:
        yield (str(fault.row), fault.column, t("Lỗi"), fault.vi, fault.en, "")
    for each in map(told, imports.differing(found)):
        for name, old, new in each["fields"] or [(t("Tên cơ quan"), "", each["name"])]:
            yield ("", each["code"], t(each["kind"]), t(name), old, new)
