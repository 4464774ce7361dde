"""The page of a year's list of files: by unit, taken over, approved, printed as Annex V II draws it."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.office.archive.periods import written
from apps.office.cases import catalogue, forms
from apps.office.cases.policy import plans_for
from apps.office.deed import deed_of
from apps.office.models import CaseFile, Catalogue
from apps.office.sheets import Sheet, shown
from apps.staff.models import Duty
from apps.ui.language import sentence_of, t
from lienthong.errors import IllegalMove, InvalidValue

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
COLUMNS = ("Số và ký hiệu hồ sơ", "Tên đề mục và tiêu đề hồ sơ", "Thời hạn bảo quản", "Người lập hồ sơ", "Ghi chú")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, year: int) -> HttpResponse:
    """The whole list is the agency's to read; who plans adds lines, the leader approves."""
    deed, problem = deed_of(person(request)), ""
    year = forms.year_of(str(year), year)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "approve":
                catalogue.approve(deed, year, request.POST.get("basis", ""))
                messages.success(request, t("Đã phê duyệt danh mục hồ sơ năm {year}.", year=year))
            else:
                many = catalogue.take_over(deed, year)
                messages.success(request, t("Đã lấy {n} hồ sơ từ danh mục năm trước.", n=many))
            return redirect("catalogue", year)
        except (InvalidValue, IllegalMove) as error:
            problem = sentence_of(error)
    told = {
        "year": year,
        "list": catalogue.catalogue_of(deed.person.agency, year),
        "groups": _groups(deed.person.agency, year),
        "plans": bool(plans_for(deed.standing)),
        "leads": deed.standing.has(Duty.LEADER),
        "problem": problem,
    }
    return render(request, "office/cases/catalogue.html", told, status=422 if problem else 200)


@require_safe
def printed(request: HttpRequest, year: int) -> HttpResponse:
    """The list to print."""
    return shown(request, sheet_of(person(request).agency, forms.year_of(str(year), timezone.localdate().year)))


def sheet_of(agency: str, year: int) -> Sheet:
    """Annex V II: headings numbered in Roman, lines below, how many for ever and how many for a time."""
    groups, approved = _groups(agency, year), Catalogue.objects.filter(agency=agency, year=year).first()
    cases = [case for _, inside in groups for case in inside]
    rows: list[tuple[str, ...]] = []
    for place, (unit, inside) in enumerate(groups):
        rows.append((f"{ROMAN[place] if place < len(ROMAN) else place + 1}. {unit.upper()}",))
        rows += [_row(case, approved) for case in inside]
    ever = sum(case.years is None for case in cases)
    return Sheet(
        name=f"danh-muc-ho-so-{year}",
        agency=agency,
        title="DANH MỤC HỒ SƠ",
        under=(f"Năm {year}", f"(Kèm theo {approved.basis})" if approved and approved.basis else "(Dự thảo)"),
        columns=COLUMNS,
        rows=rows,
        below=(
            f"Danh mục hồ sơ này có {len(cases)} hồ sơ, bao gồm:",
            f"{ever} hồ sơ bảo quản vĩnh viễn;",
            f"{len(cases) - ever} hồ sơ bảo quản có thời hạn.",
        ),
    )


def _row(case: CaseFile, approved: Catalogue | None) -> tuple[str, ...]:
    later = approved is not None and approved.approved is not None and case.added > approved.approved
    note = "; ".join(filter(None, (t("Bổ sung") if later else "", case.note)))
    return case.notation, case.title, written(case.years), case.keeper.name, note


def _groups(agency: str, year: int) -> list[tuple[str, list[CaseFile]]]:
    found = CaseFile.objects.filter(agency=agency, year=year).select_related("unit", "keeper")
    ordered = found.order_by("unit__parent", "unit__order", "unit__name", "unit", "number")
    return [(unit.name, list(inside)) for unit, inside in groupby(ordered, key=lambda case: case.unit)]
