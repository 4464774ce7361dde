"""Lists in their legal columns: one value, printed in the browser or taken as Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from apps.directory.tables import as_excel

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as the decree draws it. A row of one cell is a heading over the rows below it.

    `place` is the unit under the agency's name; `above` and `below` stand around the table; `signers` at its foot.
    """

    name: str
    agency: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    place: str = ""
    under: Sequence[str] = ()
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    signers: Sequence[str] = ()
    wide: bool = False

    @property
    def organisation(self) -> str:
        """The agency's name."""
        return organisation(self.agency)


def organisation(code: str) -> str:
    """The name of an agency of this site."""
    own = settings.CONFIG.of(code)
    return own.name if own else code


def shown(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The list to print, or as Excel when the address asks for it (`?excel`)."""
    if "excel" not in request.GET:
        return render(request, "office/sheet.html", {"sheet": sheet})
    table = [[sheet.title], [*sheet.under], [*sheet.columns], *[list(map(str, row)) for row in sheet.rows]]
    response = HttpResponse(as_excel(table, sheet.name[:31], heading=3), content_type=EXCEL)
    told = content_disposition_header(as_attachment=True, filename=f"{sheet.name}.xlsx")
    response["Content-Disposition"] = told or "attachment"
    return response
