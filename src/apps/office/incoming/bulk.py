"""Acts on several documents of a list: a few at once, many by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.office import jobs
from apps.office.deed import deed_of
from apps.office.incoming import several
from apps.office.incoming.choosing import Row, choices_for, rows_in
from apps.office.incoming.dialogs import DIALOGS, Dialog, Filled
from apps.office.incoming.inboxes import Box, box_of
from apps.office.incoming.lists import ENOUGH, SEVERAL
from apps.office.incoming.policy import Act
from apps.office.phrases.offered import inserted
from apps.staff.rights import Standing, asking
from apps.ui.language import t
from lienthong.errors import InvalidValue

AT_ONCE = ENOUGH
"""Documents that are done while somebody waits; more are left to the worker."""
SHOWN = 10
"""Refusals told beside the list."""
ASKING = frozenset({Act.FORWARD, Act.COMPLETE})
"""Acts whose dialog is filled in first, once for all."""
STILL_FILLING = frozenset({"more", "insert"})
"""Buttons of the dialog that change what stands in it."""
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "document"})


@dataclass(frozen=True, slots=True)
class Order:
    """An act of a box on documents of it; ids as they were sent, one that is none stands for itself."""

    who: Standing
    box: Box
    dialog: Dialog
    asked: Sequence[UUID | None]

    @property
    def later(self) -> bool:
        """Whether it is left to the worker."""
        return len(self.asked) > AT_ONCE

    @property
    def numbers(self) -> list[UUID]:
        """Ids that are some."""
        return [number for number in self.asked if number is not None]


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Do it on the chosen documents, or on all of the box; what may not be done is left alone and told.

    Opened by the door after a session ended: back to the box, nothing done.
    """
    if request.method != "POST":
        messages.error(request, t("Phiên làm việc đã hết khi gửi, chưa làm gì. Xin chọn lại; điều đã gõ hiện lại."))
        return redirect("inbox", key)
    who, box, chosen = asking(request), box_of(key), _chosen(request, key)
    if chosen is None or box is None:
        raise Http404
    order = Order(who, box, DIALOGS[chosen], _asked(request, who, box))
    if not order.asked:
        messages.error(request, t("Chưa chọn văn bản nào."))
        return redirect("inbox", key)
    if chosen not in ASKING:
        return _do(request, order, {}, Filled())
    if "filled" not in request.POST or STILL_FILLING & request.POST.keys():
        return _form(request, order)
    typed = {name: str(value) for name, value in request.POST.items() if name not in NOT_TYPED}
    try:
        filled = several.filled_of(order.dialog, typed, who)
    except InvalidValue as error:
        return _form(request, order, error.detail)
    return _do(request, order, typed, filled)


def _chosen(request: HttpRequest, key: str) -> Act | None:
    offered = SEVERAL.get(key, ())
    named = request.POST.get("act") or next(iter(offered), "")
    return next((act for act in offered if act == named), None)


def _asked(request: HttpRequest, who: Standing, box: Box) -> list[UUID | None]:
    """All of a box: as it is now."""
    if "all" in request.POST:
        return list(dict.fromkeys(box.rows(who, timezone.now()).values_list("document", flat=True)[: jobs.MOST]))
    return [id_of(text) for text in dict.fromkeys(request.POST.getlist("document")[: jobs.MOST])]


def _do(request: HttpRequest, order: Order, typed: dict[str, str], filled: Filled) -> HttpResponse:
    who, dialog = order.who, order.dialog
    if order.later:
        job = jobs.begin(who, dialog.act, order.box.key, typed, order.numbers)
        return redirect("job", job.pk)
    deed = deed_of(who.person)
    whys = [why for number in order.asked if (why := several.does(deed, dialog.act, number, filled))]
    if done := len(order.asked) - len(whys):
        messages.success(request, t("{label}: {n} văn bản.", label=t(dialog.label), n=done))
    if whys:
        told = " ".join(list(dict.fromkeys(whys))[:SHOWN])
        messages.error(request, t("{n} văn bản không làm được.", n=len(whys)) + " " + told)
    return redirect("inbox", order.box.key)


def _form(request: HttpRequest, order: Order, problem: str = "") -> HttpResponse:
    """The dialog once for all; what was typed stays when something is wrong."""
    posted = inserted(request.POST, "text") if "insert" in request.POST else request.POST
    typed = {name: str(value) for name, value in posted.items()}
    rows = rows_in(typed)
    more = [Row(len(rows))] if order.dialog.roles and ("more" in typed or not rows) else []
    choices = choices_for(order.who, inside=False)
    form = {"problem": problem, "typed": typed, "rows": [*rows, *more], "choices": choices}
    told = {"order": order, "dialog": order.dialog, "box": order.box, "form": form, "everything": "all" in typed}
    return render(request, "office/several.html", told, status=422 if problem else 200)


def id_of(text: str) -> UUID | None:
    """An id as a form brings it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
