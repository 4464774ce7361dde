"""Bring a table: every fault and every difference is shown before anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.directory import imports, models, tables
from apps.directory.done import done
from apps.directory.organisations import told
from apps.ui.language import english, t
from apps.ui.receiving import content_of
from apps.ui.times import read_day, today
from lienthong.errors import InvalidValue, LienThongError
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
    try:
        name, content = file.name or "", content_of(file, tables.MOST_BYTES)
        way = imports.leave if len(content) > imports.LARGE else imports.bring
        kept = done(request, "table-brought", name, lambda: way(person(request), name, content, day))
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
    kept = get_object_or_404(models.Import.objects.defer("content"), pk=number)
    if request.method == "POST":
        deed, way = ("table-ordered", _order) if kept.read else ("table-taken", imports.take)
        try:
            done(request, deed, kept.name, lambda: way(person(request), kept))
        except LienThongError as error:
            messages.error(request, error.detail or error.sentence("vi"))
        else:
            if kept.read:
                return redirect("import", number)
            messages.success(request, t("Đã đưa bảng vào danh bạ. Việc này có hiệu lực ở các máy chủ khi phát hành."))
        return redirect("import", number)
    if kept.work or kept.taken or kept.problem:
        return render(request, "directory/import.html", {"kept": kept})
    found = _kept(kept) if kept.read else _shown(imports.looked_at(kept))
    return render(request, "directory/import.html", {"kept": kept} | found)


def _order(_person: User, kept: models.Import) -> None:
    """Leave the taking in to the worker; it acts for whoever brought the table. Raises InvalidValue."""
    if kept.taken or kept.work or kept.faults or kept.problem:
        raise InvalidValue(t("Bảng này không đưa vào được nữa, hoặc đang được xử lý."))
    kept.work = models.Work.TAKE
    kept.save(update_fields=["work"])


def _kept(kept: models.Import) -> dict[str, Any]:
    """What the worker found, as `_shown` tells it."""
    names = ("row", "column", "vi", "en")
    findings = [dict(zip(names, each, strict=True)) for each in kept.findings]
    told_so = {"findings": findings, "faults": kept.faults, "rows": kept.shown, "differing": kept.differing}
    return told_so | {"english": english()}


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
