"""For gateways: join with a one-time code, come back for certificates, tell how the connection test went. JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.accounts.models import blocked, remember_failure
from apps.audit.record import keep
from apps.directory.api import problem
from apps.onboarding import acts, axis_side
from apps.onboarding.models import Application
from apps.ui.address import address_of
from lienthong.errors import Busy, InvalidValue, LienThongError, TokenInvalid

MOST = 128 * 1024
WHO = "noi-may-chu"
"""The name under which wrong codes from one address are counted."""
Work = Callable[[HttpRequest, dict[str, Any]], JsonResponse]


def called(work: Work) -> Callable[[HttpRequest], JsonResponse]:
    """A call with a JSON body; refusals become problem documents; wrong codes make the caller wait."""

    @csrf_exempt
    @login_not_required
    @require_POST
    @wraps(work)
    def answer(request: HttpRequest) -> JsonResponse:
        address = address_of(request)
        try:
            if blocked(WHO, address):
                raise Busy(retry_after="300")
            return work(request, _body(request))
        except TokenInvalid as error:
            remember_failure(WHO, address)
            keep("", "", address, "gateway-join", "", "refused", {"code": error.code})
            return problem(error)
        except LienThongError as error:
            return problem(error)

    return answer


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST:
        raise InvalidValue("body")
    try:
        told = json.loads(request.body)
    except ValueError as error:
        raise InvalidValue("JSON") from error
    if not isinstance(told, dict):
        raise InvalidValue("JSON")
    return told


@called
def join(request: HttpRequest, told: dict[str, Any]) -> JsonResponse:
    """`{code, requests: {gateway, log, package-seal}, vkey}` → `{ticket, gateway, organisation, name}`."""
    requests = told.get("requests")
    if not isinstance(requests, dict) or not all(isinstance(each, str) for each in requests.values()):
        raise InvalidValue("requests")
    code, vkey = str(told.get("code", "")), str(told.get("vkey", ""))
    found, ticket = acts.join(code, requests, vkey, address_of(request))
    keep("", "", address_of(request), "gateway-join", found.gateway, "done", {"organisation": found.code})
    return JsonResponse(_facts(found) | {"ticket": ticket})


@called
def state(_request: HttpRequest, told: dict[str, Any]) -> JsonResponse:
    """`{ticket}` → what is there: `{state, certificates}`; state is waiting, certified, listed or refused."""
    found = acts.by_ticket(str(told.get("ticket", "")))
    certificates = {each.purpose: each.certificate for each in acts.requests_of(found) if each.certificate}
    whole = not acts.missing_certificates(found)
    word = "refused" if found.refused_at else "listed" if found.listed_at else "certified" if whole else "waiting"
    return JsonResponse(_facts(found) | {"state": word, "certificates": certificates})


@called
def tested(request: HttpRequest, told: dict[str, Any]) -> JsonResponse:
    """`{ticket, axis, echo}`: how the gateway's own test went; empty is well, else the code of what was wrong.

    Answers with `seen`: what the axis says of this gateway, empty when it saw it, else a word of `axis_side.WORDS`.
    """
    found = acts.by_ticket(str(told.get("ticket", "")))
    axis, echo = (str(told.get(name, "unknown"))[:80] for name in ("axis", "echo"))
    now = timezone.now()
    found.reached_at = found.reached_at or (None if axis else now)
    found.echoed_at = found.echoed_at or (None if echo else now)
    found.problem = " ".join(filter(None, (axis, echo)))
    found.save()
    seen = axis_side.test(found)
    outcome = "failed" if axis or seen else "done"
    keep("", "", address_of(request), "gateway-tested", found.gateway, outcome, {"echo": echo, "seen": seen})
    return JsonResponse(_facts(found) | {"axis": axis, "echo": echo, "seen": seen})


def _facts(found: Application) -> dict[str, Any]:
    return {
        "gateway": found.gateway,
        "organisation": found.code,
        "name": found.name,
        "hosts": found.hosts.replace(",", " ").split(),
    }
