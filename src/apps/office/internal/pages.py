"""Pages of internal documents: the list, and one form that registers and gives at once."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.office import uploads
from apps.office.cases import forms
from apps.office.deed import deed_of
from apps.office.finding.results import seen_by
from apps.office.incoming.choosing import Row, choices_for, read_rows, rows_in
from apps.office.incoming.intake import Arrived
from apps.office.internal.acts import ISSUERS, Wish, issue
from apps.office.models import Lane, Role
from apps.staff.rights import asking
from apps.ui.language import sentence_of
from apps.ui.receiving import cleaned, content_of
from apps.ui.times import read_day
from lienthong.document import KINDS
from lienthong.errors import InvalidValue

SHOWN = 200
ROLES = (Role.INFORM, Role.LEAD, Role.COORDINATE)
MOST_FILES = 20


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Internal documents of a year that one may see, newest first."""
    standing = asking(request)
    year = forms.year_of(request.GET.get("nam", ""), timezone.localdate().year)
    found = seen_by(standing).filter(lane=Lane.INTERNAL, issued__year=year).order_by("-came", "-pk")
    told = {"documents": found[:SHOWN], "year": year, "issues": standing.has(*ISSUERS)}
    return render(request, "office/internal/documents.html", told)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form. What was typed stays when something is wrong; files have to be chosen again, as browsers want it."""
    deed, problem = deed_of(person(request)), ""
    choices = choices_for(deed.standing, inside=False)
    typed = {name: str(value) for name, value in request.POST.items()}
    if request.method == "POST" and "more" not in typed:
        try:
            recipients = read_rows(typed, choices, ROLES)
            return redirect("document", issue(deed, _wish(request), recipients).page)
        except InvalidValue as error:
            problem = sentence_of(error)
    rows = [*rows_in(typed), *[Row(len(rows_in(typed)))] * ("more" in typed)] or [Row(n) for n in range(3)]
    told = {
        "kinds": [kind.name_vi for kind in KINDS[:29]],
        "choices": choices,
        "rows": rows,
        "roles": [(role.value, role.label) for role in ROLES],
        "typed": typed,
        "today": timezone.localdate().isoformat(),
        "id": typed.get("id") or uuid4(),
        "problem": problem,
    }
    return render(request, "office/internal/new.html", told, status=422 if problem else 200)


def _wish(request: HttpRequest) -> Wish:
    told = request.POST
    issued = read_day(told.get("issued", ""))
    if issued is None:
        raise InvalidValue("ngày văn bản / date of the document")
    return Wish(
        id=_uuid(told.get("id", "")),
        kind=told.get("kind", ""),
        notation=told.get("notation", ""),
        subject=told.get("subject", ""),
        issued=issued,
        signer=told.get("signer", ""),
        signer_title=told.get("signer_title", ""),
        note=told.get("note", ""),
        files=_files(request),
    )


def _files(request: HttpRequest) -> list[Arrived]:
    found = [_file(upload) for upload in request.FILES.getlist("files")[:MOST_FILES]]
    return sorted(found, key=lambda file: file.media_type != uploads.PDF)


def _file(upload: UploadedFile[bytes]) -> Arrived:
    name, content = cleaned(upload.name or "van-ban.pdf"), content_of(upload)
    if problem := uploads.refusal(name, content):
        raise InvalidValue(problem)
    return Arrived(name, uploads.type_of(content), content)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidValue("id") from error
