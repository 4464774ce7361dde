"""Dead letters: what cannot go on by itself, by cause, with what can be done."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.operator import hops
from apps.operator.messages import ordered
from apps.ui.language import t
from apps.ui.numbers import CURSOR, read_number
from apps.ui.onward import onward


@require_http_methods(["GET", "POST"])
@needs(Right.MESSAGES)
def page(request: HttpRequest) -> HttpResponse:
    """The list of one hop, of one cause or all."""
    asked = request.GET
    hop = asked.get("noi", "") or next(iter(hops.names()), "")
    face, code = hops.face(person(request), hop), asked.get("ma", "")[:80]
    if request.method == "POST":
        return _act(request, hop)
    after = asked.get("sau", "0")
    found = face.dead_letters(code, every=asked.get("ca") == "all", after=read_number(after, CURSOR))
    context = {
        "found": found,
        "causes": sorted(face.overview(1).dead.items()),
        "hop": hop,
        "hops": hops.names(),
        "code": code,
        "more": onward(asked, "sau", found.next),
        "may_act": may(person(request).role, Right.FREE_MESSAGES),
    }
    return render(request, "operator/letters.html", context)


def _act(request: HttpRequest, hop: str) -> HttpResponse:
    """Everything of one cause again, or one entry off the list."""
    if not may(person(request).role, Right.FREE_MESSAGES):
        raise PermissionDenied
    face, reason = hops.face(person(request), hop), request.POST.get("reason", "").strip()
    key, code = request.POST.get("key", "")[:200], request.POST.get("code", "")[:80]
    if not reason:
        notices.error(request, t("Cần ghi lý do; lý do được giữ làm bằng chứng."))
    elif key:
        ordered(
            request, "letter-close", f"{hop} {key}", reason, lambda name: face.close_letter(key, reason, person=name)
        )
    elif code:
        subject = f"{hop} {code}"
        again = ordered(
            request, "cause-requeue", subject, reason, lambda name: face.requeue_cause(code, reason, person=name)
        )
        if again is not None:
            notices.success(request, t("Đã cho chạy lại {n} gói tin.", n=again))
    return redirect(f"{request.path}?noi={hop}")
