"""Messages: found by any id, number, agency or day; each step with its evidence; freed under the person's own name.

What a message says is never asked for: the operations face does not tell it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.audit.record import record
from apps.operator import hops
from apps.ui.language import t
from apps.ui.onward import onward
from apps.ui.times import read_day
from lienthong.client import MessageWay, Operations
from lienthong.errors import LienThongError

ACTS = ("requeue", "cancel", "expire")


@require_safe
@needs(Right.MESSAGES)
def page(request: HttpRequest) -> HttpResponse:
    """A list by cursor; without a question the newest."""
    asked = request.GET
    hop = asked.get("noi", "") or next(iter(hops.names()), "")
    found = hops.face(person(request), hop).messages(
        text=asked.get("q", "").strip()[:200],
        agency=asked.get("co-quan", "").strip()[:200],
        since=_day(asked.get("tu", "")),
        until=_day(asked.get("den", "")),
        content="status" if asked.get("loai") == "status" else "edoc",
        after=asked.get("sau", "")[:40],
        waiting=asked.get("cho") == "giao",
    )
    context = {"found": found, "asked": asked, "hop": hop, "hops": hops.names(), "query": asked.get("q", "")}
    return render(request, "operator/messages.html", context | {"more": onward(asked, "sau", found.next)})


def _day(text: str) -> date | None:
    return read_day(text.strip()) if text.strip() else None


@require_http_methods(["GET", "POST"])
@needs(Right.MESSAGES)
def one(request: HttpRequest, hop: str, package: str) -> HttpResponse:
    """One message: where it is for everybody, every step, what is wrong; and what can be done about it."""
    face = hops.face(person(request), hop)
    if request.method == "POST":
        return _act(request, face, hop, package)
    way = face.message(package)
    context = {"way": way, "hop": hop, "acts": _acts(way), "may_act": may(person(request).role, Right.FREE_MESSAGES)}
    return render(request, "operator/message.html", context)


def _acts(way: MessageWay) -> tuple[str, ...]:
    """What is lawful now: what its troubles offer; the end of what still waits at the axis."""
    offered = {act for trouble in way.troubles for act in trouble.acts}
    if any(leg.lane == "through" and leg.state == "accepted" for leg in way.message.legs):
        offered |= set(ACTS)
    return tuple(act for act in ACTS if act in offered)


def _act(request: HttpRequest, face: Operations, hop: str, package: str) -> HttpResponse:
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    here = reverse("message", args=(hop, package))
    if not may(person(request).role, Right.FREE_MESSAGES):
        raise PermissionDenied
    if act not in ACTS:
        raise Http404
    if not reason:
        notices.error(request, t("Cần ghi lý do; lý do được giữ làm bằng chứng."))
        return redirect(here)
    calls: dict[str, Callable[..., int]] = {"requeue": face.requeue, "cancel": face.cancel, "expire": face.expire}
    done = ordered(
        request,
        f"message-{act}",
        f"{hop} {package}",
        reason,
        lambda name: calls[act](package, reason, request.POST.get("addressee", ""), person=name),
    )
    if done is not None:
        notices.success(request, t("Đã làm; {n} nơi nhận được xử lý.", n=done))
    return redirect(here)


def ordered(request: HttpRequest, act: str, subject: str, reason: str, call: Callable[[str], Any]) -> Any:
    """Order something at a hop under the person's name, kept in the audit whether it went well or not.

    Returns what the hop answered, or None after telling the person why it refused.
    """
    who = person(request)
    try:
        answer = call(f"{who.name} ({who.username})")
    except LienThongError as error:
        record(request, act, subject, outcome="failed", reason=reason, code=error.code)
        notices.error(request, error.sentence())
        return None
    record(request, act, subject, reason=reason)
    return answer


@require_safe
@needs(Right.MESSAGES)
def evidence(request: HttpRequest, hop: str, package: str, place: int) -> HttpResponse:
    """The receipt of one step, as `lienthong verify` takes it."""
    steps = hops.face(person(request), hop).message(package).steps
    if not (0 <= place < len(steps) and steps[place].receipt):
        raise Http404
    answer = HttpResponse(steps[place].receipt, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{package[:40]}-{place}.json"'
    return answer
