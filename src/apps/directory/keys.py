"""Access keys: a person lets a script act in their name, for a time. What it may do is what the person may."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.directory.done import done
from apps.directory.models import Key
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, TokenInvalid

LONGEST = 365
FORM = "ltd_"
"""What every key begins with, so that one left in a file is recognised."""


@require_http_methods(["GET", "POST"])
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """One's own keys; a new one is shown once."""
    made, problem = "", ""
    if request.method == "POST":
        try:
            made = _act(request)
        except InvalidValue as error:
            problem = error.detail
    kept = Key.objects.filter(person=person(request)).order_by("-pk")
    context = {"keys": kept, "made": made, "problem": problem, "now": timezone.now()}
    return render(request, "directory/keys.html", context, status=422 if problem else 200)


def _act(request: HttpRequest) -> str:
    who, number = person(request), read_number(request.POST.get("drop", ""))
    if number:
        done(request, "key-dropped", str(number), lambda: Key.objects.filter(person=who, pk=number).delete())
        return ""
    name, days = request.POST.get("name", "").strip(), request.POST.get("days", "")
    return done(request, "key-made", name, lambda: make(who, name, read_number(days)))


def make(who: User, name: str, days: int) -> str:
    """A new key's secret, told once. Raises InvalidValue."""
    if not name or not 1 <= days <= LONGEST:
        raise InvalidValue(t("Cần tên và số ngày từ 1 đến {most}.", most=LONGEST))
    secret = FORM + secrets.token_urlsafe(32)
    Key.objects.create(person=who, name=name[:100], digest=_digest(secret), expires=timezone.now() + timedelta(days))
    return secret


def bearer(header: str) -> User:
    """Whose key a request shows. Raises TokenInvalid for none, one that ran out, or a person who left."""
    scheme, _, secret = header.partition(" ")
    now = timezone.now()
    found = Key.objects.select_related("person").filter(digest=_digest(secret), expires__gt=now).first()
    if scheme != "Bearer" or found is None or not found.person.is_active:
        raise TokenInvalid
    Key.objects.filter(pk=found.pk).update(used=now)
    return found.person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
