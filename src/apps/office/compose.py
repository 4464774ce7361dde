"""'Gửi văn bản': one page, saved at every step, with one coloured button: the next lawful step."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.office import drafting
from apps.office.access import travelled
from apps.office.choosing import search
from apps.office.desk import desk_of
from apps.office.document import VIEWER_POLICY
from apps.office.drafts import begun_of, find_draft
from apps.office.editing import ACTIONS, save
from apps.office.models import Draft
from apps.office.outcome import Outcome
from apps.office.outgoing import handing_on
from apps.office.outgoing.page import as_page
from apps.office.points import expected_of
from apps.office.signing import PLACES
from apps.office.stages import stage_of
from apps.ui.language import english, sentence_of, t
from lienthong.document import KINDS, Urgency
from lienthong.errors import LienThongError
from lienthong.layout import to_word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What the agency is preparing."""
    return render(request, "office/drafts.html", {"drafts": begun_of(person(request).agency)[:200]})


@require_safe
def new(_request: HttpRequest) -> HttpResponse:
    """A new form: its id is the client's id, and nothing is kept until the first save."""
    return redirect("draft", uuid4())


@require_safe
def replacement(request: HttpRequest, package: str) -> HttpResponse:
    """A form that replaces a document already sent, prefilled with its words; asked again, the same form."""
    entry = travelled(request, package)[1].entry
    if entry.lane != "out":
        raise Http404
    agency = person(request).agency
    draft, _ = Draft.objects.get_or_create(
        id=uuid5(NAMESPACE_URL, f"{agency}/{package}"),
        defaults={
            "agency": agency,
            "author": person(request),
            "replaces": package,
            "fields": drafting.taken_from(entry),
            "recipients": [{"code": r.addressee, "name": r.name, "state": "open"} for r in entry.recipients],
        },
    )
    return redirect("draft", draft.id)


def edit(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The form. Every button first keeps what was typed, then does its own."""
    found = _mine(request, draft)
    if found.sent:
        return _closed(request, redirect("document", found.sent))
    if found.document_id is not None and not handing_on.may_edit(person(request), found):
        return _closed(request, redirect("outgoing", found.document_id))
    if request.method != "POST":
        return _form(request, found)
    with transaction.atomic():
        trouble = save(found, request)
    act, _, what = request.POST.get("act", "save").partition(":")
    if trouble or act not in ACTIONS:
        return _form(request, found, trouble, status=422 if trouble else 200)
    try:
        outcome = ACTIONS[act](request, found, what)
        handing_on.after(request, found)
    except LienThongError as error:
        return _form(request, found, {"act": sentence_of(error)}, status=409)
    return _after(request, found, outcome)


def _closed(request: HttpRequest, away: HttpResponseRedirect) -> HttpResponseRedirect:
    """To where the document is now; who was still writing is told that nothing of it was done."""
    if request.method == "POST":
        messages.error(request, t("Dự thảo này không còn ở bước của anh/chị; chưa có gì thay đổi."))
    return away


def _after(request: HttpRequest, draft: Draft, outcome: Outcome) -> HttpResponse:
    if outcome.problems:
        return _form(request, draft, outcome.problems, status=422)
    if outcome.stay:
        return _form(request, draft)
    if outcome.said:
        messages.success(request, outcome.said)
    address = outcome.address or reverse("draft", args=[draft.id]) + outcome.anchor
    return HttpResponseRedirect(address)


def _mine(request: HttpRequest, draft: UUID) -> Draft:
    """The agency's draft; a new one for an unused id, never another agency's."""
    found = find_draft(person(request).agency, draft)
    if found is None and Draft.objects.filter(pk=draft).exists():
        raise Http404
    if found is not None:
        handing_on.require_sight(request, found)
    return found or Draft(id=draft, agency=person(request).agency, author=person(request), fields=drafting.fresh())


def _form(
    request: HttpRequest, draft: Draft, problems: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    query, stage = request.POST.get("query", ""), stage_of(draft)
    context = {
        "draft": draft,
        "fields": draft.fields,
        "problems": problems or {},
        "stage": stage,
        "kinds": KINDS,
        "urgencies": [(int(u), u.en.capitalize() if english() else u.vi) for u in Urgency],
        "lifetimes": drafting.LIFETIMES,
        "places": PLACES,
        "search": query,
        "found": search(desk_of(request), query, [row["code"] for row in draft.recipients]) if query else (),
        "points": expected_of(desk_of(request), draft, stage.next),
    }
    return render(request, "office/compose.html", context | handing_on.shown(draft), status=status)


@require_safe
def word(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The draft as a DOCX, laid out for its kind, to write in a word processor."""
    found = _mine(request, draft)
    response = HttpResponse(to_word(as_page(found)), content_type=WORD)
    name = f"{found.fields.get('notation') or 'du-thao'}.docx".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


@require_safe
def organisations(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The search's answer alone, for the enhanced form."""
    found = _mine(request, draft)
    query = request.GET.get("query", "")
    rows = search(desk_of(request), query, [row["code"] for row in found.recipients])
    return render(request, "office/offered.html", {"found": rows, "search": query})


@require_safe
@xframe_options_sameorigin
def file(request: HttpRequest, draft: UUID, index: int) -> HttpResponse:
    """A file of a draft, to look at before it goes."""
    files = list(_mine(request, draft).files.all())
    if index >= len(files) or files[index].media_type != "application/pdf":
        raise Http404
    response = HttpResponse(bytes(files[index].content), content_type="application/pdf")
    told = content_disposition_header(as_attachment=False, filename=files[index].name)
    response["Content-Disposition"] = told or "inline"
    response["Content-Security-Policy"] = VIEWER_POLICY
    return response
