"""The directory for scripts: JSON, an access key in each call, problems as the exchange's other faces tell them.

Answers are what `lienthong registry` prints; shapes and acts are in docs/protocol/directory-api.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.person import person
from apps.accounts.roles import Right, may
from apps.directory import book, imports, keys, models, organisations, planning, plans, printing, publishing
from apps.directory.done import done
from apps.ui.times import read_day, today
from lienthong.errors import InvalidValue, Kind, LienThongError, NotAllowed, NotFound
from lienthong.registry import Difference, Organisation, OrganisationRow, Outcome, bearer, read_plan, row

Work = Callable[..., HttpResponseBase]
MOST_BYTES = 64 * 2**20


def called(method: str, right: Right) -> Callable[[Work], Work]:
    """The call opens to keys of people with this right; refusals become problem documents (RFC 9457)."""

    def wrapped(work: Work) -> Work:
        @csrf_exempt
        @login_not_required
        @wraps(work)
        def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
            if request.method != method:
                return HttpResponseNotAllowed([method])
            try:
                request.user = keys.bearer(request.headers.get("Authorization", ""))
                if not may(request.user.role, right):
                    raise NotAllowed(right.value)
                return work(request, **values)
            except LienThongError as error:
                return problem(error)
            except Http404:
                return problem(NotFound(request.path))

        return answer

    return wrapped


def problem(error: LienThongError) -> JsonResponse:
    """A refusal as the exchange's other faces tell it."""
    told = {
        "type": f"urn:lienthong:problem:{error.code}",
        "title": error.en,
        "tieu_de": error.vi,
        "status": error.kind.value,
        "detail": error.detail,
        "code": error.code,
        "retryable": not error.permanent or error.kind is Kind.INTERNAL,
        "facts": error.facts,
    }
    return JsonResponse(told, status=error.kind.value, content_type="application/problem+json")


def body_of(request: HttpRequest, most: int = MOST_BYTES) -> bytes:
    """The body, up to `most` bytes. Raises InvalidValue beyond."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > most:
        raise InvalidValue(f"Content-Length: 0…{most}")
    return request.read(int(length))


# ---------------------------------------------------------------- asking


@called("GET", Right.LOOK)
def listing(request: HttpRequest) -> JsonResponse:
    """`q` searches; else those below `under` (top: empty) on the day `on`."""
    day = read_day(request.GET.get("on", "")) or today()
    query = request.GET.get("q", "").strip()
    found = book.search(query, day) if query else book.children(request.GET.get("under", "").upper(), day)
    return JsonResponse({"on": day, "organisations": [shape(each) for each in found]})


@called("GET", Right.LOOK)
def organisation(request: HttpRequest, code: str) -> JsonResponse:
    """Who had a code `on` a day, as believed at the moment `known`, with all its periods."""
    day = read_day(request.GET.get("on", "")) or today()
    history = book.history(organisations.parsed(code), organisations.moment_of(request.GET.get("known", "")))
    if not history:
        raise NotFound(code)
    held = bearer(history, day)
    told = {"on": day, "bearer": held and shape(held), "row": shape(row(history, day))}
    return JsonResponse(told | {"history": [shape(each) for each in history]})


@called("GET", Right.LOOK)
def difference(request: HttpRequest) -> JsonResponse:
    """What differs between the days `from` and `to`, of all or `under` a code."""
    since, until = (read_day(request.GET.get(name, "")) for name in ("from", "to"))
    if since is None or until is None:
        raise InvalidValue("from, to: YYYY-MM-DD")
    found = organisations.between(since, until, request.GET.get("under", "").upper())
    return JsonResponse({"differences": [change(each) for each in found]})


@called("GET", Right.LOOK)
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Every period as a table, `format` csv or xlsx."""
    return organisations.exported(request.GET.get("format", "csv"), request.GET.get("under", "").upper())


def shape(each: Organisation) -> dict[str, Any]:
    """An organisation as in the snapshot's JSON."""
    told: dict[str, Any] = msgspec.to_builtins(OrganisationRow.of(each))
    return told


def change(each: Difference) -> dict[str, Any]:
    """A difference: code, kind, and each field's old and new value."""
    fields = {name: list(values) for name, values in each.fields().items()}
    return {"code": str(each.code), "kind": each.kind.value, "fields": fields}


# ---------------------------------------------------------------- imports


@called("POST", Right.CHANGE_DIRECTORY)
def bring(request: HttpRequest) -> JsonResponse:
    """A table (the body) from the day `day`: what it would do. Nothing changes yet."""
    day = read_day(request.GET.get("day", "")) or today()
    name, content = request.GET.get("name", "table.csv")[:200], body_of(request)
    kept = done(request, "table-brought", name, lambda: imports.bring(person(request), name, content, day))
    found = imports.looked_at(kept)
    findings = [{"row": each.row, "column": each.column, "vi": each.vi, "en": each.en} for each in found.findings]
    told = {"id": kept.pk, "rows": kept.rows, "findings": findings}
    return JsonResponse(told | {"differences": [change(each) for each in imports.differing(found)]}, status=201)


@called("POST", Right.CHANGE_DIRECTORY)
def take(request: HttpRequest, number: int) -> JsonResponse:
    """Take the table in, whole."""
    kept = get_object_or_404(models.Import, pk=number)
    made = done(request, "table-taken", kept.name, lambda: imports.take(person(request), kept))
    return JsonResponse({"id": kept.pk, "revision": made.pk})


# ---------------------------------------------------------------- plans


@csrf_exempt
@login_not_required
def plans_page(request: HttpRequest) -> HttpResponseBase:
    """GET all plans, or POST one as a draft."""
    return _draft(request) if request.method == "POST" else _plans(request)


@called("GET", Right.LOOK)
def _plans(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"plans": [_plan(each) for each in models.Plan.objects.order_by("-pk")[:200]]})


@called("POST", Right.CHANGE_DIRECTORY)
def _draft(request: HttpRequest) -> JsonResponse:
    told = read_plan(body_of(request))
    made = done(request, "plan-drafted", told.title, lambda: plans.draft(person(request), told))
    return JsonResponse(_previewed(made), status=201)


@called("GET", Right.LOOK)
def plan(_request: HttpRequest, number: int) -> JsonResponse:
    """One plan and what it would do."""
    return JsonResponse(_previewed(get_object_or_404(models.Plan, pk=number)))


@called("POST", Right.CHANGE_DIRECTORY)
def plan_act(request: HttpRequest, number: int, act: str) -> JsonResponse:
    """`propose`, `approve`, `withdraw` or `carry-out`."""
    made = get_object_or_404(models.Plan, pk=number)
    if act not in {"propose", "approve", "withdraw", "carry-out"}:
        raise NotFound(act)
    planning.deeds(request, made)[act]()
    return JsonResponse(_plan(models.Plan.objects.get(pk=number)))


def _plan(made: models.Plan) -> dict[str, Any]:
    return {
        "id": made.pk,
        "title": made.title,
        "day": made.day,
        "state": made.state,
        "author": made.author.username,
        "approver": made.approver.username if made.approver else None,
        "steps": len(made.steps),
    }


def _previewed(made: models.Plan) -> dict[str, Any]:
    living = made.state not in {models.PlanState.CARRIED_OUT, models.PlanState.WITHDRAWN}
    return _plan(made) | (_effects(plans.outcome_of(plans.plan_of(made))) if living else {})


def _effects(outcome: Outcome) -> dict[str, Any]:
    effects = plans.effects_of(outcome)
    return {
        "differences": [change(each) for each in outcome.differences()],
        "findings": [{"where": each.where, "vi": each.vi, "en": each.en} for each in outcome.findings],
        "notes": [{"where": each.where, "vi": each.vi, "en": each.en} for each in outcome.notes],
        "gateways_left_alone": list(effects.gateways),
        "certificates": [each.thumbprint for each in effects.certificates],
        "people": [each.username for each in effects.people],
        "representations": {"ended": len(effects.ended), "begun": len(effects.begun)},
    }


# ---------------------------------------------------------------- publications


@csrf_exempt
@login_not_required
def publications(request: HttpRequest) -> HttpResponseBase:
    """GET the newest, or POST for the next."""
    return _publish(request) if request.method == "POST" else _newest(request)


@called("GET", Right.LOOK)
def _newest(_request: HttpRequest) -> JsonResponse:
    found = publishing.newest()
    if found is None:
        raise NotFound("–")
    return JsonResponse(_publication(found) | {"due": publishing.due()})


@called("POST", Right.PUBLISH)
def _publish(request: HttpRequest) -> JsonResponse:
    told = json.loads(body_of(request) or b"{}")
    days = told.get("days", 7) if isinstance(told, dict) else 0
    made = printing.asked(request, days if isinstance(days, int) else 0)
    return JsonResponse(_publication(made), status=201 if made.version else 202)


def _publication(made: models.Publication) -> dict[str, Any]:
    return {"id": made.pk, "version": made.version, "digest": made.digest, "published": made.published,
            "expires": made.expires, "problem": made.problem}  # fmt: skip


@called("GET", Right.LOOK)
def snapshot(_request: HttpRequest, version: int) -> HttpResponse:
    """The signed file."""
    return printing.signed(version)


@called("POST", Right.PUBLISH)
def rotate(request: HttpRequest) -> JsonResponse:
    """The registry's next key: its certificate (PEM) is the body."""
    made = printing.named(request, body_of(request))
    return JsonResponse({"statement": made.text}, status=201)
