"""Registration authorities and officers: scope, quota, duties, who is stopped. Two administrators sign each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.audit.record import record
from apps.authority import signing
from apps.authority.door import Desk, officers
from apps.authority.models import Proposal
from apps.authority.words import DUTIES, KINDS, LEVELS, PROFILES
from apps.ui.language import sentence_of, t
from lienthong.client import PUT, Officer, OrderStatement, RegistrationAuthority, SignedOrder, digest_of
from lienthong.errors import InvalidValue, LienThongError

Thing = RegistrationAuthority | Officer
WINDOW = timedelta(minutes=15)
"""How long a first order waits for the second: the authority takes none that is older."""
_KINDS: dict[str, type[Thing]] = {"authority": RegistrationAuthority, "officer": Officer}


@require_safe
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All to the centre, their own to the others; what waits for a second administrator."""
    authorities = desk.ca.authorities()
    units = {each.id: each.name for each in authorities}
    context = {
        "authorities": authorities,
        "officers": [(each, units.get(each.authority, each.authority)) for each in desk.ca.officers()],
        "may": desk.has("administer"),
        "waiting": waiting() if desk.has("administer") else [],
    }
    return render(request, "authority/authorities.html", context)


def waiting() -> list[Proposal]:
    """Changes one administrator has signed; those too old to count any more are forgotten."""
    Proposal.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    return list(Proposal.objects.select_related("user").order_by("-pk"))


@require_http_methods(["GET", "POST"])
@officers
def edit(request: HttpRequest, desk: Desk, kind: str, id: str = "") -> HttpResponse:
    """One authority or officer, or a new one. A POST shows what will be signed."""
    if kind not in _KINDS:
        raise Http404
    before = _found(desk, kind, id)
    if request.method != "POST":
        return _form(request, desk, kind, before)
    try:
        thing = _written(kind, request, before)
    except InvalidValue as error:
        return _form(request, desk, kind, before, error.detail, 422)
    told = signing.statement(desk, PUT, thing.id, digest_of(thing))
    return _page(request, told, thing)


def _found(desk: Desk, kind: str, id: str) -> Thing | None:
    if not id:
        return None
    rows: list[Any] = desk.ca.authorities() if kind == "authority" else desk.ca.officers()
    found = next((each for each in rows if each.id == id), None)
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]  # one of the two


def _form(
    request: HttpRequest, desk: Desk, kind: str, before: Thing | None, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "kind": kind,
        "thing": before,
        "problem": problem,
        "profiles": PROFILES,
        "duties": DUTIES,
    }
    context |= {
        "kinds": list(KINDS),
        "levels": list(LEVELS),
        "may": desk.has("administer"),
        "authorities": desk.ca.authorities(),
    }
    return render(request, f"authority/edit_{kind}.html", context, status=status)


# ------------------------------------------------------------ what is written


def _written(kind: str, request: HttpRequest, before: Thing | None) -> Thing:
    """The value a form says. InvalidValue."""
    told = request.POST
    named, name = (before.id if before else told.get("id", "").strip()[:80]), told.get("name", "").strip()[:200]
    if not named or not name:
        raise InvalidValue(t("Cần mã và tên."))
    if kind == "authority":
        return _authority(request, named, name)
    return _officer(request, named, name, before if isinstance(before, Officer) else None)


def _authority(request: HttpRequest, id: str, name: str) -> RegistrationAuthority:
    told, daily = request.POST, request.POST.get("daily", "")
    if not (daily.isascii() and daily.isdigit()):
        raise InvalidValue(t("Hạn mức mỗi ngày là một số."))
    matrix = {kind: level for kind in KINDS if (level := told.get(f"level-{kind}", "")) in {"centre", "delegated"}}
    profiles = frozenset(told.getlist("profiles")) & PROFILES.keys()
    roots = tuple(told.get("roots", "").replace(",", " ").split())
    return RegistrationAuthority(id, name, roots, profiles, int(daily), matrix, told.get("active") == "yes")


def _officer(request: HttpRequest, id: str, name: str, before: Officer | None) -> Officer:
    told = request.POST
    duties = frozenset(told.getlist("duties")) & DUTIES.keys()
    if not duties:
        raise InvalidValue(t("Cần ít nhất một việc được làm."))
    email = told.get("email", "").strip()[:254]
    made = Officer(id, name, told.get("authority", "")[:80], duties, active=told.get("active") == "yes", email=email)
    certificate = "".join(told.get("certificate", "").split()) or (before.certificate if before else "")
    return replace(made, certificate=certificate, secret=told.get("secret", "").strip().lower()[:64])


# ------------------------------------------------------------ two signatures


def _page(
    request: HttpRequest, told: OrderStatement, thing: Thing, problem: str = "", status: int = 200, first: int = 0
) -> HttpResponse:
    kind = "authority" if isinstance(thing, RegistrationAuthority) else "officer"
    shown = {
        "to": reverse("ca-proposal", args=[first]) if first else reverse("ca-propose", args=[kind]),
        "back": reverse("ca-authorities"),
        "over": t("Cơ quan đăng ký"),
        "thing": thing,
        "kind": kind,
        "body": msgspec.json.encode(thing).decode(),
    }
    return signing.page(request, told, shown, problem, status)


@require_http_methods(["GET", "POST"])
@officers
def propose(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """The first administrator's signed order: kept until the second has looked and signed."""
    if kind not in _KINDS:
        raise Http404
    if request.method != "POST":
        return redirect("ca-authorities")
    told, thing = signing.stated(request, desk), _read(kind, request.POST.get("body", ""))
    try:
        _require_same(told, thing)
        order = signing.signed(request, told)
    except LienThongError as error:
        return _page(request, told, thing, sentence_of(error), 422)
    body = msgspec.to_builtins(thing)
    Proposal.objects.create(kind=kind, about=thing.id, body=body, order=order.told(), user=person(request))
    record(request, "ca-proposed", f"{kind} {thing.id}")
    notices.success(request, t("Đã ký. Một người quản trị khác cần ký trong 15 phút."))
    return redirect("ca-authorities")


@require_http_methods(["GET", "POST"])
@officers
def second(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The second administrator looks at the same value, signs it, and both orders are sent."""
    waiting()
    kept = get_object_or_404(Proposal, pk=number)
    thing = msgspec.convert(kept.body, _KINDS[kept.kind])
    if request.method != "POST":
        return _page(request, signing.statement(desk, PUT, thing.id, digest_of(thing)), thing, first=kept.pk)
    told = signing.stated(request, desk)
    try:
        _require_same(told, thing)
        _put(desk, thing, (_order(kept), signing.signed(request, told)))
    except LienThongError as error:
        record(request, "ca-put", f"{kept.kind} {kept.about}", outcome="refused", code=error.code)
        return _page(request, told, thing, sentence_of(error), 422, kept.pk)
    record(request, "ca-put", f"{kept.kind} {kept.about}", first=kept.user.username)
    kept.delete()
    notices.success(request, t("Đã ghi theo lệnh của hai người quản trị."))
    return redirect("ca-authorities")


def _put(desk: Desk, thing: Thing, orders: tuple[SignedOrder, SignedOrder]) -> None:
    if isinstance(thing, RegistrationAuthority):
        desk.ca.put_authority(thing, orders)
    else:
        desk.ca.put_officer(thing, orders)


def _order(kept: Proposal) -> SignedOrder:
    return SignedOrder(*(signing.bytes_of(kept.order[name]) for name in ("statement", "signature")))


def _read(kind: str, body: str) -> Thing:
    try:
        return msgspec.json.decode(body, type=_KINDS[kind])
    except msgspec.DecodeError as error:
        raise InvalidValue(str(error)) from error


def _require_same(told: OrderStatement, thing: Thing) -> None:
    """The order is about this very value."""
    if (told.act, told.about, told.digest) != (PUT, thing.id, digest_of(thing)):
        raise InvalidValue(t("Lệnh không đúng nội dung đã xem."))
