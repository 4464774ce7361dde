"""Gateways: versions, last contact, what waits for them, diagnostics; held at the axis's door and let go."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.operator import hops
from apps.operator.messages import ordered
from apps.operator.standing import WORDS, Seen, Standing, by_region, standing
from apps.ui.language import t
from lienthong.client import Tenant
from lienthong.errors import LienThongError


@require_safe
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """All of them by region, or those of one word (`tinh-trang`)."""
    wanted = request.GET.get("tinh-trang", "")
    rows = [each for each in _rows(request) if wanted in {"", each.standing.value}]
    words = [(kind.value, WORDS[kind][0]) for kind in Standing]
    return render(request, "operator/gateways.html", {"regions": by_region(rows), "wanted": wanted, "words": words})


def _rows(request: HttpRequest) -> list[Seen]:
    return [standing(each, timezone.now()) for each in hops.axis(person(request)).gateways()]


@require_http_methods(["GET", "POST"])
@needs(Right.LOOK)
def one(request: HttpRequest, gateway: str) -> HttpResponse:
    """One gateway; its own diagnostics where this console reaches it."""
    if request.method == "POST":
        return _hold(request, gateway)
    found = next((each for each in _rows(request) if each.state.id == gateway), None)
    if found is None:
        raise Http404
    context = {"seen": found, "may_act": may(person(request).role, Right.RUN_GATEWAYS)} | _looked(request, gateway)
    return render(request, "operator/gateway.html", context | {"tenants": _tenants(request, gateway)})


def _tenants(request: HttpRequest, hop: str) -> tuple[Tenant, ...]:
    """The agencies of a gateway this console reaches; none of one that does not say."""
    if hop not in hops.names():
        return ()
    try:
        return hops.face(person(request), hop).tenants()
    except LienThongError:
        return ()


def _looked(request: HttpRequest, hop: str) -> dict[str, Any]:
    """What the hop itself says, or why it does not."""
    if hop not in hops.names():
        return {"reached": False}
    try:
        face = hops.face(person(request), hop)
        return {"reached": True, "checks": face.diagnostics(), "own": face.overview(1)}
    except LienThongError as error:
        return {"reached": True, "problem": error.sentence()}


@require_safe
@needs(Right.LOOK)
def diagnostics(request: HttpRequest, hop: str) -> HttpResponse:
    """What a hop stands on, looked at now; the axis's is the one most asked for."""
    if hop not in hops.names():
        raise Http404
    return render(request, "operator/diagnostics.html", {"hop": hop, **_looked(request, hop)})


def _hold(request: HttpRequest, gateway: str) -> HttpResponse:
    if not may(person(request).role, Right.RUN_GATEWAYS):
        raise PermissionDenied
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    axis = hops.axis(person(request))
    if not reason:
        notices.error(request, t("Cần ghi lý do; lý do được giữ làm bằng chứng."))
    elif act == "resume":
        ordered(request, "gateway-resume", gateway, reason, lambda name: axis.resume(gateway, reason, person=name))
    elif act in {"paused", "draining"}:
        how = cast("Literal['paused', 'draining']", act)
        ordered(request, f"gateway-{act}", gateway, reason, lambda name: axis.hold(gateway, how, reason, person=name))
    else:
        raise Http404
    return redirect("gateway", gateway)
