"""Pages of copies: find what to copy, make one, its page with sending and the part that is printed on paper."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.office.cases import forms
from apps.office.choosing import codes_in, search
from apps.office.copies import acts
from apps.office.copies.acts import Wish, main_of, make, notation_of, original_of, require_may_copy
from apps.office.copies.ways import Form, Medium, medium_of, ways
from apps.office.deed import Deed, deed_of
from apps.office.desk import desk_of
from apps.office.document import VIEWER_POLICY
from apps.office.finding.language import read
from apps.office.finding.results import matching, seen_by
from apps.office.models import Document, Lane
from apps.office.sheets import organisation
from apps.staff.models import Duty
from apps.ui.language import sentence_of, t
from apps.ui.receiving import content_of
from lienthong.errors import IllegalMove, InvalidValue, LienThongError

SHOWN = 200
FOUND = 12
BECOMES = {Medium.ELECTRONIC: "Bản sao điện tử", Medium.PAPER: "Bản sao giấy"}


@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    """The copies' register of a year; the clerk searches what to copy."""
    deed = deed_of(person(request))
    year = forms.year_of(request.GET.get("nam", ""), timezone.localdate().year)
    query = request.GET.get("tim", "")
    terms = read(query, deed.standing) if query.strip() else []
    asked = any(one.understood for one in terms)
    told = {
        "copies": _of(deed).filter(issued__year=year).order_by("-came")[:SHOWN],
        "year": year,
        "makes": deed.standing.has(Duty.CLERK),
        "query": query,
        "found": matching(terms, deed.standing, ~Q(lane=Lane.COPY), most=FOUND) if asked else (),
    }
    return render(request, "office/copies/copies.html", told)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, document: UUID) -> HttpResponse:
    """A copy of this document: form, what it becomes, who signs it."""
    deed, problem = deed_of(person(request)), ""
    found = get_object_or_404(Document, pk=document, agency=deed.person.agency)
    if request.method == "POST":
        try:
            made = make(deed, found, _wish(request))
            messages.success(request, t("Đã sao và vào sổ: {code}.", code=made.code))
            return redirect("copy", made.pk)
        except LienThongError as error:
            problem = sentence_of(error)
    else:
        _may(deed, found)
    offered = [(form, to, notation_of(found.agency, form)) for form, into in ways(found).items() for to in into]
    told = {
        "document": found,
        "ways": [(f"{form.name}:{to}", form, BECOMES[to], notation) for form, to, notation in offered],
        "electronic": medium_of(found) is Medium.ELECTRONIC,
        "id": request.POST.get("id") or uuid4(),
        "problem": problem,
        "told": request.POST,
    }
    return render(request, "office/copies/new.html", told, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """One copy; an electronic one is sent from here."""
    deed, problem = deed_of(person(request)), ""
    copy = get_object_or_404(_of(deed), pk=number)
    query = request.POST.get("query", "")
    if request.method == "POST" and request.POST.get("act") == "send":
        codes = [*request.POST.getlist("to"), *codes_in(request.POST.get("codes", ""))]
        try:
            acts.send(deed, desk_of(request), copy, codes)
            messages.success(request, t("Đã gửi. Hành trình của văn bản hiện ở trang này."))
            return redirect("copy", copy.pk)
        except LienThongError as error:
            problem = sentence_of(error)
    told = {
        "copy": copy,
        "original": original_of(copy),
        "main": main_of(copy),
        "sends": deed.standing.has(Duty.CLERK) and not copy.package,
        "found": search(desk_of(request), query) if query else (),
        "query": query,
        "chosen": request.POST.getlist("to"),
        "told": request.POST,
        "problem": problem,
    }
    return render(request, "office/copies/copy.html", told, status=422 if problem else 200)


@require_safe
@xframe_options_sameorigin
def file(request: HttpRequest, number: UUID) -> HttpResponse:
    """The signed file of an electronic copy."""
    copy = get_object_or_404(_of(deed_of(person(request))), pk=number)
    main = main_of(copy)
    if main is None:
        raise Http404
    with main.content.body.open() as body:
        response = HttpResponse(body.read(), content_type=main.media_type)
    response["Content-Disposition"] = content_disposition_header("tai" in request.GET, main.name) or "inline"
    response["Content-Security-Policy"] = VIEWER_POLICY
    return response


@require_safe
def printed(request: HttpRequest, number: UUID) -> HttpResponse:
    """What is put under a paper copy: form, number, who signs (Annex I, part II)."""
    copy = get_object_or_404(_of(deed_of(person(request))), pk=number)
    form = next((form for form in Form if notation_of(copy.agency, form) == copy.notation), Form.TRUE)
    told = {"copy": copy, "form": form.value, "organisation": organisation(copy.agency), "original": original_of(copy)}
    return render(request, "office/copies/print.html", told)


def _of(deed: Deed) -> QuerySet[Document]:
    """Copies are the agency's office's own: who sees the whole agency sees its copies."""
    return seen_by(deed.standing).filter(lane=Lane.COPY)


def _may(deed: Deed, document: Document) -> None:
    try:
        require_may_copy(deed, document)
    except IllegalMove as error:
        raise Http404 from error


def _wish(request: HttpRequest) -> Wish:
    told, upload = request.POST, request.FILES.get("pdf")
    form, _, to = told.get("way", "").partition(":")
    if form not in Form.__members__ or to not in list(Medium):
        raise InvalidValue("hình thức sao / form of the copy")
    return Wish(
        id=_uuid(told.get("id", "")),
        form=Form[form],
        to=Medium(to),
        signer=told.get("signer", ""),
        signer_title=told.get("signer_title", ""),
        number=forms.whole(told.get("number", "1")),
        recipients=told.get("recipients", ""),
        pdf=content_of(upload) if upload is not None else b"",
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
