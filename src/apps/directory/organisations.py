"""Organisations: the tree of any day, search, one of them with all its past, two days side by side, and the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.roles import Right, needs
from apps.directory import book, models, rows, tables
from apps.ui.language import english, t
from apps.ui.times import read_day, today
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry import (
    Difference,
    DifferenceKind,
    History,
    Organisation,
    bearer,
    differences,
    levels,
    row,
    table_of,
)

SHOWN = 500
KINDS = {
    DifferenceKind.OPENED: "Mở mới",
    DifferenceKind.CLOSED: "Đóng",
    DifferenceKind.RENAMED: "Đổi tên",
    DifferenceKind.MOVED: "Đổi cấp trên",
    DifferenceKind.CHANGED: "Sửa",
    DifferenceKind.REMOVED: "Không còn",
}
STATUSES = {"active": "Đang hoạt động", "locked": "Tạm khóa", "closed": "Đã đóng"}
FIELDS = {
    "code": "Mã định danh",
    "legacy_code": "Mã cũ",
    "name": "Tên cơ quan",
    "name_en": "Tên tiếng Anh",
    "level": "Cấp",
    "parent": "Cơ quan cấp trên",
    "kind": "Loại",
    "status": "Tình trạng",
    "valid_from": "Hiệu lực từ",
    "valid_to": "Hiệu lực đến",
    "successors": "Cơ quan kế thừa",
    "contact": "Liên hệ",
}


@require_safe
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """The top of the tree on a day, or what a search finds."""
    day, query = day_of(request), request.GET.get("q", "").strip()[:200]
    found = book.search(query, day) if query else book.children("", day)
    counts = book.count_children([str(each.code) for each in found], day)
    context = {
        "day": day,
        "query": query,
        "rows": [shown(each, day, counts.get(str(each.code), 0)) for each in found],
        "total": book.count(day),
    }
    return render(request, "directory/organisations.html", context)


@require_safe
@needs(Right.LOOK)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Who had the code on a day, what hangs on it, and every period of it; `biet` asks what was believed then."""
    day, moment = day_of(request), moment_of(request.GET.get("biet", ""))
    history = book.history(parsed(code), moment)
    if not history:
        raise Http404
    code = str(history[0].code)
    here = row(history, day)
    below = book.children(code, day, moment)
    counts = book.count_children([str(each.code) for each in below], day)
    context = {
        "day": day,
        "moment": moment,
        "here": shown(here, day),
        "borne": bearer(history, day) is not None,
        "above": _above(here, day),
        "below": [shown(each, day, counts.get(str(each.code), 0)) for each in below[:SHOWN]],
        "more": max(len(below) - SHOWN, 0),
        "history": [{"period": each, "level": level_name(each.level)} for each in reversed(history)],
        "beliefs": _beliefs(code),
        "spoken": book.representations([history[0].code]).get(history[0].code, []),
        "successors": [_named(each, day) for each in here.successors],
        "predecessors": _predecessors(code, day),
        "certificates": book.believed(models.Certificate).filter(holder=f"org:{code}").order_by("-valid_to"),
    }
    return render(request, "directory/organisation.html", context)


@require_safe
@needs(Right.LOOK)
def compare(request: HttpRequest) -> HttpResponse:
    """What differs between two days, of everything or below one code."""
    until = read_day(request.GET.get("den", "")) or today()
    since = read_day(request.GET.get("tu", "")) or until - timedelta(days=30)
    under = request.GET.get("duoi", "").strip().upper()[:35]
    found = list(between(since, until, under))
    context = {
        "since": since,
        "until": until,
        "under": under,
        "rows": [told(each) for each in found[:SHOWN]],
        "total": len(found),
        "counts": [(KINDS[kind], sum(each.kind is kind for each in found)) for kind in DifferenceKind],
    }
    return render(request, "directory/compare.html", context)


@require_safe
@needs(Right.LOOK)
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """Every period as a table that an import reads again."""
    return exported(form, under=request.GET.get("duoi", "").strip().upper()[:35])


def exported(form: str, under: str = "") -> HttpResponse | StreamingHttpResponse:
    """The file. Raises Http404 for a form that is neither csv nor xlsx."""
    periods = (each for _, told in book.histories(book.below(under)) for each in told)
    name = f"danh-ba-{today():%Y%m%d}.{form}"
    if form == "csv":
        answer: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
            tables.as_csv(table_of(periods)), content_type="text/csv; charset=utf-8"
        )
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(tables.as_excel(table_of(periods)), content_type=kind)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def between(since: date, until: date, under: str = "") -> Iterator[Difference]:
    """What differs between the rows of two days."""
    known = dict(book.histories(book.below(under)))
    old, new = ([row(told, day) for told in known.values() if _begun(told, day)] for day in (since, until))
    return differences(old, new)


def _begun(history: History, day: date) -> bool:
    return history[0].valid_from is None or history[0].valid_from <= day


def told(difference: Difference) -> dict[str, Any]:
    """A difference as pages show it."""
    either = difference.after or difference.before
    fields = [
        (FIELDS.get(name, name), _spoken(name, old), _spoken(name, new))
        for name, (old, new) in difference.fields().items()
    ]
    opened = difference.before is None
    return {
        "code": str(difference.code),
        "name": either.name if either else "",
        "kind": KINDS[difference.kind],
        "fields": [] if opened else fields,
    }


def _spoken(name: str, value: Any) -> str:
    if name == "status":
        return t(STATUSES[str(value or "active")])
    if name == "level" and value:
        return level_name(str(value))
    if name.startswith("valid_") and value:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def shown(organisation: Organisation, day: date, below: int = 0) -> dict[str, Any]:
    """An organisation as lists show it."""
    return {
        "it": organisation,
        "code": str(organisation.code),
        "level": level_name(organisation.level),
        "closed": organisation.closed_on(day),
        "locked": organisation.status.value == "locked",
        "waiting": not organisation.begun_by(day),
        "below": below,
    }


def level_name(level: str) -> str:
    """The level in the reader's language."""
    found = next((each for each in levels() if each.id == level), None)
    return (found.en if english() else found.vi) if found else level


def day_of(request: HttpRequest) -> date:
    """The day asked for (`ngay`), or today."""
    return read_day(request.GET.get("ngay", "")) or today()


def moment_of(text: str) -> datetime | None:
    """A moment in ISO form, on Vietnam's clock unless it says a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def parsed(code: str) -> OrganisationCode:
    """The code of an address; Http404 for none."""
    try:
        return OrganisationCode.parse(code)
    except InvalidValue as error:
        raise Http404 from error


def _above(organisation: Organisation, day: date) -> list[dict[str, Any]]:
    """The parents that day, the highest first."""
    path: list[dict[str, Any]] = []
    parent = organisation.parent
    while parent is not None and len(path) < 10:
        history = book.history(parent)
        if not history:
            break
        path.insert(0, shown(row(history, day), day))
        parent = row(history, day).parent
    return path


def _beliefs(code: str) -> QuerySet[models.Period]:
    """Every row ever recorded of a code, the newest first: who said so, when, until when it was believed."""
    return models.Period.objects.filter(code=code).select_related("begun__person", "ended").order_by("-pk")[:100]


def _named(code: OrganisationCode, day: date) -> dict[str, str]:
    history = book.history(code)
    return {"code": str(code), "name": row(history, day).name if history else ""}


def _predecessors(code: str, day: date) -> list[dict[str, Any]]:
    """Whose codes it took over."""
    quoted = f'"{code}"'  # codes hold no quotes, so this is found inside the list's JSON and nowhere else
    found = book.believed(models.Period).alias(told=Cast("successors", TextField())).filter(told__contains=quoted)
    return [shown(rows.organisation_of(each), day) for each in found.order_by("code")]
