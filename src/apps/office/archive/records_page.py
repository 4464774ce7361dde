"""The page of a file's pictures and recordings: what people say of each, for its description in the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.person import person
from apps.office.archive import records
from apps.office.archive.package import files_of, rows_of
from apps.office.archive.records import Kind
from apps.office.cases import policy
from apps.office.cases.catalogue import tell
from apps.office.cases.policy import Act
from apps.office.deed import Deed, deed_of
from apps.office.models import CaseDocument, CaseFile, Colour, File, Language, Record
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.times import read_day
from lienthong.errors import InvalidValue

TYPED = {
    "title": 500, "event": 500, "author": 300, "place": 300, "size": 30, "length": 8, "quality": 50, "number": 50,
    "note": 400,
}  # fmt: skip
"""Fields of words, and the signs of each (Annex III II.2)."""
LENGTH = re.compile(r"\d{2}:[0-5]\d:[0-5]\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One picture or recording of the file with what is said of it; `problem` is what is wrong with what was typed."""

    row: CaseDocument
    file: File
    kind: Kind
    record: Record
    problem: str = ""


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: UUID) -> HttpResponse:
    """For who collects in it or hands it over; a POST describes one of them, what was typed stays if it is wrong."""
    deed = deed_of(person(request))
    case = get_object_or_404(policy.visible(deed.standing), pk=number)
    if policy.acts(case, deed.standing).isdisjoint({Act.COLLECT, Act.HAND_OVER}):
        raise PermissionDenied
    lines, problem = lines_of(case), ""
    if request.method == "POST":
        lines, problem = _described(deed, case, lines, request.POST)
        if not problem:
            messages.success(request, t("Đã ghi mô tả."))
            return redirect("case-records", case.pk)
    told = {"case": case, "lines": lines, "pic": Kind.PICTURE, "colours": Colour.choices, "languages": Language.choices}
    return render(request, "office/archive/records.html", told, status=422 if problem else 200)


def lines_of(case: CaseFile) -> list[Line]:
    """All of them, in the order of the documents they go with."""
    return [
        Line(row, file, kind, records.said_of(row.document, file))
        for row in rows_of(case)
        for file, kind in records.among(files_of(row.document))
    ]


def _described(deed: Deed, case: CaseFile, lines: list[Line], told: QueryDict) -> tuple[list[Line], str]:
    chosen = next((line for line in lines if line.file.pk == read_number(told.get("file", ""))), None)
    if chosen is None:
        raise Http404
    record, problem = chosen.record, ""
    try:
        _fill(record, told)
        record.by = deed.person
        with transaction.atomic():
            record.save()
            tell(deed, case, "record", text=record.name)
    except InvalidValue as error:
        problem = error.detail
    wrong = Line(chosen.row, chosen.file, chosen.kind, record, problem)
    return [wrong if line is chosen else line for line in lines], problem


def _fill(record: Record, told: QueryDict) -> None:
    """Take over what was typed, as long as the circular lets it be. InvalidValue for a day or a length that is none."""
    for name, most in TYPED.items():
        setattr(record, name, " ".join(told.get(name, "").split())[:most])
    record.colour = told.get("colour", "") if told.get("colour") in Colour else ""
    record.language = told.get("language", "") if told.get("language") in Language else ""
    record.day = read_day(told.get("day", ""))
    if told.get("day") and record.day is None:
        raise InvalidValue(t("Ngày không đúng."))
    if record.length and not LENGTH.fullmatch(record.length):
        raise InvalidValue(t("Thời lượng viết như 00:12:30."))
