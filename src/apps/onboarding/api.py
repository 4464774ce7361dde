"""Applications for scripts: the acts of their pages, with the access keys and problems of the directory's API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import override

from apps.accounts.person import person
from apps.accounts.roles import Right, may
from apps.directory.api import body_of, called
from apps.onboarding import acts, deeds
from apps.onboarding.models import Application
from apps.onboarding.steps import newest, next_step, steps
from apps.ui.language import t
from lienthong.errors import InvalidValue, NotAllowed, NotFound

SHOWN = ("code", "name", "level", "parent", "gateway", "gateway_name", "shared", "hosts", "contact", "email", "phone",
         "address", "letter_name", "letter_verdict", "letter_words", "letter_signer")  # fmt: skip


@called("GET", Right.APPLICATIONS)
def listing(request: HttpRequest) -> JsonResponse:
    """Newest first; those that ended too with `every=1`."""
    found = newest(every=request.GET.get("every") == "1")
    return JsonResponse({"applications": [_line(each) for each in found]})


@called("GET", Right.APPLICATIONS)
def one(request: HttpRequest, number: int) -> JsonResponse:
    """One application whole."""
    return JsonResponse(_whole(request, number))


@called("GET", Right.APPLICATIONS)
def letter(_request: HttpRequest, number: int) -> HttpResponse:
    """The letter as it was brought."""
    of = get_object_or_404(Application, pk=number)
    if of.letter is None:
        raise NotFound(str(number))
    return HttpResponse(bytes(of.letter), content_type="application/pdf")


@called("GET", Right.APPLICATIONS)
def requests(_request: HttpRequest, number: int) -> HttpResponse:
    """The certificate requests, for the authority."""
    of = get_object_or_404(Application, pk=number)
    return HttpResponse(acts.requests_text(of), content_type="text/plain; charset=utf-8")


@called("POST", Right.APPLICATIONS)
def act(request: HttpRequest, number: int, act: str) -> JsonResponse:
    """One of `deeds.ACTS`; what it wants said (a reason, PEM) is the body."""
    of = get_object_or_404(Application, pk=number)
    if act not in deeds.ACTS:
        raise NotFound(act)
    if not may(person(request).role, deeds.ACTS[act]):
        raise NotAllowed(deeds.ACTS[act].value)
    told = deeds.carry_out(request, of, act, _said(request) if act in deeds.SAID else "")
    return JsonResponse(_whole(request, number) | ({"one_time_code": told} if isinstance(told, str) else {}))


def _said(request: HttpRequest) -> str:
    try:
        return body_of(request, deeds.MOST_SAID).decode()
    except UnicodeDecodeError as error:
        raise InvalidValue(f"UTF-8: {error.start}") from None


def _line(of: Application) -> dict[str, Any]:
    told = {"id": of.pk, "at": of.at, "code": of.code, "name": of.name, "gateway": of.gateway}
    return told | {"refused": of.refused_at, "next": _both(next_step(of))}


def _whole(request: HttpRequest, number: int) -> dict[str, Any]:
    of = get_object_or_404(Application.objects.select_related("examined_by", "approved_by"), pk=number)
    mine = {act for act in deeds.lawful(of) if may(person(request).role, deeds.ACTS[act])}
    return _line(of) | {
        **{name: getattr(of, name) for name in SHOWN},
        "examined_by": of.examined_by and of.examined_by.username,
        "approved_by": of.approved_by and of.approved_by.username,
        "reason": of.reason,
        "steps": _steps(of),
        "requests": [
            {"holder": each.holder, "purpose": each.purpose, "spki": each.spki, "certified": bool(each.certificate),
             "case": each.case_state, "case_words": each.case_words}
            for each in acts.requests_of(of)
        ],
        "acts": sorted(mine),
    }  # fmt: skip


def _steps(of: Application) -> list[dict[str, Any]]:
    told = []
    for language in ("vi", "en"):
        with override(language):
            told.append([(t(each.label), t(each.missing), each.done) for each in steps(of)])
    return [
        {"vi": vi, "en": en, "done": done, "missing": {"vi": lacks, "en": without} if done is None else None}
        for (vi, lacks, done), (en, without, _) in zip(*told, strict=True)
    ]


def _both(sentence: str) -> dict[str, str]:
    told = {}
    for language in ("vi", "en"):
        with override(language):
            told[language] = t(sentence)
    return told
