"""Below the recipients of a document: whom one waits for, and the letter that reminds them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from apps.accounts.person import person
from apps.office.access import registered
from apps.office.deed import deed_of
from apps.office.desk import desk_of
from apps.office.models import Document, Lane
from apps.office.outgoing import reminding
from apps.staff.rights import asking
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.client import Document as Told
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the page shows: after how many working days, who."""

    document: Document
    patience: int
    laggards: list[reminding.Laggard]


def waiting(request: HttpRequest, document: Document, told: Told) -> Waiting | None:
    """Whom one waits for after `?ngay=` working days; None for whom may not remind, or when everybody has answered."""
    if not reminding.may_remind(document, asking(request)):
        return None
    everyone, patience = reminding.laggards(document, told, timezone.now(), 0), _patience(request)
    late = [one for one in everyone if one.days >= patience]
    return Waiting(document, patience, late) if everyone else None


def of_package(request: HttpRequest, told: Told) -> Waiting | None:
    """The same on a page that the gateway tells, for what stands in the register."""
    agency = person(request).agency
    kept = Document.objects.filter(agency=agency, lane=Lane.OUTGOING, package=told.entry.id).first()
    return waiting(request, kept, told) if kept else None


def begin(request: HttpRequest, number: UUID) -> HttpResponse:
    """Draft the letter to those chosen, and go on writing there."""
    document, who = registered(request, number)
    if request.method != "POST" or not document.package:
        return redirect("outgoing", number)
    told = desk_of(request).document(document.package)
    try:
        draft = reminding.begin(deed_of(who.person), document, told, request.POST.getlist("to"))
    except InvalidValue as error:
        messages.error(request, error.detail)
        return redirect("outgoing", number)
    messages.success(request, t("Đã soạn sẵn công văn đôn đốc, liên kết với văn bản này; xin xem lại rồi trình."))
    return redirect("draft", draft.pk)


def _patience(request: HttpRequest) -> int:
    asked = request.GET.get("ngay", "")
    return min(read_number(asked), reminding.MOST_PATIENCE) if asked.isdecimal() else reminding.PATIENCE
