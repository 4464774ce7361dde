"""Labels by hand: on the page of a document, and on those chosen in a list or all that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.office import jobs
from apps.office.access import registered
from apps.office.deed import deed_of
from apps.office.finding.language import LONGEST, read, understood
from apps.office.finding.results import matching
from apps.office.incoming.bulk import id_of
from apps.office.incoming.inboxes import Box, box_of
from apps.office.incoming.lists import ENOUGH
from apps.office.labels import acts, many
from apps.office.models import Document, Lane
from apps.office.outgoing.inboxes import Box as Step
from apps.office.outgoing.inboxes import box_of as step_box
from apps.staff.rights import Standing, asking
from apps.ui.language import t
from lienthong.errors import InvalidValue

ACTS = frozenset({many.PUT, many.TAKE_OFF})
SHOWN = 10
"""Refusals told beside the list."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Documents of one list, as they were sent: some of it, or `everything` that it has now."""

    who: Standing
    box: Box | Step | None
    query: str
    everything: bool
    sent: Sequence[str]

    @property
    def numbers(self) -> list[UUID]:
        """Their ids, newest first when all are asked; none for what is no id."""
        if not self.everything:
            return [number for text in dict.fromkeys(self.sent) if (number := id_of(text))]
        if isinstance(self.box, Step):
            return list(self.box.holds(self.who).order_by("-came", "-pk").values_list("pk", flat=True)[: jobs.MOST])
        if self.box:
            rows = self.box.rows(self.who, timezone.now()).values_list("document", flat=True)
            return list(dict.fromkeys(rows[: jobs.MOST]))
        terms = read(self.query, self.who)
        found = matching(terms, self.who, most=jobs.MOST) if understood(terms) else Document.objects.none()
        return list(found.values_list("pk", flat=True))

    @property
    def place(self) -> tuple[str, str]:
        """Address and name of the list."""
        return many.place(self.box.key if self.box else "", self.query)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """Put a label on a document or take one off, and show it again."""
    document, who = registered(request, number)
    back = reverse("outgoing" if document.lane == Lane.OUTGOING else "incoming", args=[document.pk])
    if query := request.META.get("QUERY_STRING", ""):
        back += f"?{query}"
    if request.method == "POST":
        try:
            _on_one(request, document, who)
        except InvalidValue as error:
            messages.error(request, error.detail)
    return redirect(back)


def _on_one(request: HttpRequest, document: Document, who: Standing) -> None:
    act, text = request.POST.get("act", ""), request.POST.get("label", "")
    if act not in ACTS:
        raise Http404
    if not acts.may_label(document, who):
        raise PermissionDenied
    deed = deed_of(who.person)
    if act == many.PUT:
        text = acts.put(deed, document, text)
    else:
        acts.take_off(deed, document, text)
    messages.success(request, many.said(act, text) + ".")


@require_http_methods(["GET", "POST"])
def several(request: HttpRequest) -> HttpResponse:
    """Ask for the label once for all of them, then do it: a few at once, many by the worker."""
    if request.method != "POST":
        messages.error(request, t("Phiên làm việc đã hết khi gửi, chưa làm gì. Xin chọn lại; điều đã gõ hiện lại."))
        return redirect("search")
    chosen = _chosen(request)
    if not (numbers := chosen.numbers):
        messages.error(request, t("Chưa chọn văn bản nào."))
        return redirect(chosen.place[0])
    act, text = request.POST.get("act", ""), request.POST.get("label", "")
    if act not in ACTS:
        return _form(request, chosen, numbers)
    try:
        text = acts.worded(text)
    except InvalidValue as error:
        return _form(request, chosen, numbers, error.detail)
    return _do(request, chosen, numbers, act, text)


def _chosen(request: HttpRequest) -> Chosen:
    told = request.POST
    query, key = told.get("q", "").strip()[:LONGEST], told.get("box", "")
    sent = told.getlist("document")[: jobs.MOST]
    return Chosen(asking(request), box_of(key) or step_box(key), query, "all" in told, sent)


def _form(request: HttpRequest, chosen: Chosen, numbers: Sequence[UUID], problem: str = "") -> HttpResponse:
    told = {
        "chosen": chosen,
        "numbers": numbers,
        "later": len(numbers) > ENOUGH,
        "problem": problem,
        "label": request.POST.get("label", ""),
        "offered": acts.offered(chosen.who),
    }
    return render(request, "office/labels/several.html", told, status=422 if problem else 200)


def _do(request: HttpRequest, chosen: Chosen, numbers: Sequence[UUID], act: str, text: str) -> HttpResponse:
    who = chosen.who
    if len(numbers) > ENOUGH:
        typed = {"text": text, "q": chosen.query}
        return redirect("job", jobs.begin(who, act, chosen.box.key if chosen.box else "", typed, numbers).pk)
    deed = deed_of(who.person)
    whys = [why for number in numbers if (why := many.does(deed, act, number, text))]
    if done := len(numbers) - len(whys):
        messages.success(request, many.said(act, text) + ": " + t("{n} văn bản", n=done) + ".")
    if whys:
        told = " ".join(list(dict.fromkeys(whys))[:SHOWN])
        messages.error(request, t("{n} văn bản không làm được.", n=len(whys)) + " " + told)
    return redirect(chosen.place[0])
