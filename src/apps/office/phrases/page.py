"""The one page on which phrases are kept: one's own, and the agency's by those who keep its ways."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.roles import shows_no_document
from apps.office.models import Phrase, PhraseUse
from apps.office.phrases.offered import phrases_of, starters
from apps.staff.models import Duty
from apps.staff.rights import Standing, asking
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue

MOST, LONGEST = 50, 300
"""Phrases of one person, and of one agency; signs of one."""


@shows_no_document
@require_http_methods(["GET", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """All by their use; a POST adds, changes or removes one."""
    who, problem = asking(request), ""
    if request.method == "POST":
        try:
            _do(request, who)
        except InvalidValue as error:
            problem = error.detail
        else:
            messages.success(request, t("Đã lưu."))
            return redirect("phrases")
    known = list(phrases_of(who))
    told = {
        "uses": [(use, [one for one in known if one.use == use], starters()[use]) for use in PhraseUse],
        "common": may_keep_common(who),
        "problem": problem,
        "typed": request.POST,
        "longest": LONGEST,
    }
    return render(request, "office/phrases/phrases.html", told, status=422 if problem else 200)


def may_keep_common(who: Standing) -> bool:
    """Whether the person keeps phrases for the whole agency."""
    return who.has(Duty.LEADER, Duty.OFFICE_HEAD, Duty.ADMINISTRATOR)


def _do(request: HttpRequest, who: Standing) -> None:
    number, text = request.POST.get("phrase", ""), " ".join(request.POST.get("text", "").split())[:LONGEST]
    known = _own(who, number) if number else None
    if request.POST.get("act") == "drop" and known:
        known.delete()
    elif not text or not text.isprintable():
        raise InvalidValue(t("Mẫu câu chưa có chữ nào."))
    elif known:
        known.text = text
        known.save(update_fields=["text"])
    else:
        _add(who, request.POST.get("use", ""), text, everybody="everybody" in request.POST)


def _add(who: Standing, use: str, text: str, *, everybody: bool) -> None:
    if everybody and not may_keep_common(who):
        raise PermissionDenied
    owner = None if everybody else who.person
    if use not in PhraseUse:
        raise InvalidValue(t("Xin chọn mẫu câu dùng ở đâu."))
    if Phrase.objects.filter(agency=who.agency, owner=owner).count() >= MOST:
        raise InvalidValue(t("Đã có {n} mẫu câu; xin bỏ bớt trước.", n=MOST))
    Phrase.objects.get_or_create(agency=who.agency, owner=owner, use=use, text=text)


def _own(who: Standing, number: str) -> Phrase:
    """One the person may change. Http404; PermissionDenied for the agency's."""
    found = get_object_or_404(phrases_of(who), pk=read_number(number))
    if found.owner_id is None and not may_keep_common(who):
        raise PermissionDenied
    return found
