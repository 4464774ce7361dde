"""The guide of a role, from data (`roles.toml`), with the links to the lists it speaks of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import opens
from apps.accounts.roles import shows_no_document
from apps.staff.models import Duty
from apps.staff.rights import asking
from apps.ui.language import english


@dataclass(frozen=True, slots=True)
class Step:
    """How one act is done, and where: without an address where the reader may not go."""

    text: str
    link: str
    address: str


@shows_no_document
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The guide of the person's main post; an officer's for whoever has none."""
    who = asking(request)
    return redirect("guide", who.posts[0].duty if who.posts else Duty.OFFICER)


@shows_no_document
@require_safe
def guide(request: HttpRequest, duty: str) -> HttpResponse:
    """One role's; anybody may read any."""
    role, who = roles().get(duty), asking(request)
    if role is None:
        raise Http404
    told = {
        "duty": Duty(duty),
        "day": said(role),
        "steps": [_step(request, each) for each in role["act"]],
        "keys": [(each["press"], said(each)) for each in _book()["key"]],
        "own": who.has(duty) and not who.only_administers,
        "others": [each for each in Duty if each != duty],
    }
    return render(request, "office/guide/guide.html", told)


@cache
def roles() -> Mapping[str, Mapping[str, Any]]:
    """By duty."""
    return {role["duty"]: role for role in _book()["role"]}


def said(told: Mapping[str, str]) -> str:
    """In the reader's language."""
    return told["en" if english() else "vi"]


def _step(request: HttpRequest, told: Mapping[str, Any]) -> Step:
    address = reverse(told["url"], args=told.get("args", []))
    return Step(said(told), said(told["link"]), address if opens(request, address) else "")


@cache
def _book() -> Mapping[str, Any]:
    return tomllib.loads(files("apps.office.guide").joinpath("roles.toml").read_text("utf-8"))
