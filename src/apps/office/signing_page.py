"""The signing page: what is signed, where the signature goes, and with which key. Keys here need no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.person import person
from apps.office import answering, hands
from apps.office.drafts import find_draft
from apps.office.models import Draft, Signing
from apps.office.outgoing import signatures
from apps.office.outgoing.handing_on import require_sight
from apps.office.outgoing.inboxes import BOXES
from apps.office.signing import DRAGGED, PLACES, signer_of, spot
from apps.office.stages import main_of, stage_of
from apps.staff.rights import standing_of
from apps.ui.language import sentence_of, t
from apps.ui.middleware import POLICY
from lienthong.errors import InvalidValue, LienThongError
from lienthong.signature import Role
from lienthong.signature.session.returned import OPERATIONS

T = TypeVar("T")
MOST_TOGETHER = 200
SAID = {Role.LEADER: "Đã có chữ ký của lãnh đạo.", Role.SEAL: "Đã đóng dấu của cơ quan."}


def page(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Choose and sign; a POST signs with the agency's key at this place."""
    found = mine(request, draft)
    if stage_of(found).next not in {"leader", "seal"}:
        return redirect(after(found))
    if request.method != "POST":
        return page_of(request, found)
    keep_place(found, request.POST.get("sign_place", ""))
    try:
        said = _put(request, found)
    except LienThongError as problem:
        return page_of(request, found, sentence_of(problem), 409)
    messages.success(request, said)
    return redirect(after(found))


def many(request: HttpRequest) -> HttpResponse:
    """Sign several drafts under one authorisation: what is ticked, each with the signature that is due."""
    ready = [(one, stage_of(one).next) for one in _signable(request)]
    rows = [(one, step) for one, step in ready if step in {"leader", "seal"}]
    told: list[tuple[Draft, str]] = []
    if request.method == "POST":
        chosen = set(request.POST.getlist("draft"))
        told = [(one, _signed(request, one)) for one, _ in rows if str(one.id) in chosen]
        rows = [(one, step) for one, _ in rows if (step := stage_of(one).next) in {"leader", "seal"}]
    keys = signer_of(person(request).agency, Role.LEADER) is not None
    return render(request, "office/sign_many.html", {"rows": rows, "told": told, "keys": keys})


def _signable(request: HttpRequest) -> list[Draft]:
    """What waits for this person's signature or seal."""
    standing = standing_of(person(request))
    waiting = [box.holds(standing) for box in BOXES if box.key in {"cho-ky", "cho-cap-so"}]
    mine = Draft.objects.filter(document__in=waiting[0]) | Draft.objects.filter(
        document__in=waiting[1].exclude(number="")
    )
    return list(mine.order_by("-changed")[:MOST_TOGETHER])


def _signed(request: HttpRequest, draft: Draft) -> str:
    try:
        return _put(request, draft)
    except LienThongError as problem:
        return sentence_of(problem)


def _put(request: HttpRequest, draft: Draft) -> str:
    role = hands.next_role(draft)
    signatures.put(draft, person(request), role)
    return t(SAID[role])


# ---------------------------------------------------------------- what the page's script asks


class _Shown(msgspec.Struct):
    certificate: str
    supportedSignatureAlgorithms: list[dict[str, str]]  # noqa: N815 - the helper's own word
    place: str = ""


class _Value(msgspec.Struct):
    nonce: str
    signature: str


def _answering(view: Callable[..., dict[str, object]]) -> Callable[..., HttpResponse]:
    """Refusals in words, as JSON."""

    @require_POST
    def answer(request: HttpRequest, **named: UUID) -> HttpResponse:
        try:
            return JsonResponse(view(request, **named))
        except LienThongError as problem:
            return JsonResponse({"problem": sentence_of(problem), "code": problem.code}, status=problem.kind.value)

    return answer


@_answering
def browser(request: HttpRequest, draft: UUID) -> dict[str, object]:
    """The helper showed a certificate: what it shall sign."""
    found, said = mine(request, draft), _read(request, _Shown)
    keep_place(found, said.place)
    asked = hands.ask_browser(
        found, person(request), origin_of(request), said.certificate, said.supportedSignatureAlgorithms
    )
    return _started(asked.signing) | {"nonce": asked.nonce, "hash": asked.digest, "hashFunction": asked.hash}


@_answering
def completed(request: HttpRequest, signing: UUID) -> dict[str, object]:
    """The helper's value."""
    found, said = hands.find(signing, person(request)), _read(request, _Value)
    hands.finish_browser(found, person(request), origin_of(request), said.nonce, said.signature)
    messages.success(request, t("Đã ký bằng khóa trong tay người ký."))
    return {"state": "signed", "next": after(found.draft)}


@_answering
def plugin(request: HttpRequest, draft: UUID) -> dict[str, object]:
    """The request the page hands to the state's program on this machine."""
    found = mine(request, draft)
    keep_place(found, request.POST.get("sign_place", ""))
    signing, down, up = hands.ask_plugin(found, person(request), origin_of(request))
    fields = found.fields
    wanted = {
        "FileUploadHandler": request.build_absolute_uri(reverse("signing-return", args=[up])),
        "SessionId": str(signing.id),
        "JWTToken": "",
        "FileName": request.build_absolute_uri(reverse("signing-fetch", args=[down])),
        "DocNumber": f"{fields.get('number', '')}/{fields.get('notation', '')}",
        "IssuedDate": fields.get("issued", ""),
        "MetaData": [{"Key": "Title", "Value": fields.get("subject", "")}],
    }
    address = f"{settings.CONFIG.site.plugin}/{OPERATIONS[Role(signing.role)]}"
    return _started(signing) | {"address": address, "request": wanted}


@require_safe
def state(request: HttpRequest, signing: UUID) -> HttpResponse:
    """How a session stands."""
    try:
        found = answering.follow(hands.find(signing, person(request)))
    except LienThongError as problem:
        return JsonResponse({"problem": sentence_of(problem)}, status=problem.kind.value)
    return JsonResponse({"state": hands.state_of(found), "problem": found.problem, "next": after(found.draft)})


@_answering
def cancelled(request: HttpRequest, signing: UUID) -> dict[str, object]:
    """The person thought better of it."""
    found = hands.find(signing, person(request))
    hands.end(found, "cancelled")
    return {"state": "cancelled"}


# ---------------------------------------------------------------- inside


def _started(signing: Signing) -> dict[str, object]:
    return {"state": "waiting", "signing": reverse("signing", args=[signing.id])}


def _read(request: HttpRequest, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.DecodeError as problem:
        raise InvalidValue(str(problem)) from problem


def origin_of(request: HttpRequest) -> str:
    """The page's own origin; a request from anywhere else goes no further."""
    own = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin", own) != own:
        raise InvalidValue("origin")
    return own


def mine(request: HttpRequest, draft: UUID) -> Draft:
    """A draft with a file that this person may see. Http404."""
    found = find_draft(person(request).agency, draft)
    if found is None or found.sent or found.document_id is None or main_of(found) is None:
        raise Http404
    require_sight(request, found)
    return found


def keep_place(draft: Draft, place: str) -> None:
    """Keep where the signature was put: the seal goes beside it later. Initials have their prescribed place."""
    if hands.next_role(draft) is Role.INITIALS:
        return
    if place in PLACES or DRAGGED.match(place):
        draft.fields = draft.fields | {"sign_place": place}
        draft.save()


def after(draft: Draft) -> str:
    """Where one goes on."""
    return reverse("outgoing", args=[draft.document_id])


def page_of(request: HttpRequest, draft: Draft, problem: str = "", status: int = 200) -> HttpResponse:
    """The page of a draft that lacks a signature."""
    role, main = hands.next_role(draft), main_of(draft)
    place = hands.place_for(draft, role)
    page_at, left, bottom = spot(bytes(main.content) if main else b"", place)
    lapsed = signatures.lapsed(draft, person(request))
    context = {
        "draft": draft,
        "lapsed": lapsed,
        "role": role.value,
        "signer": hands.signer_of_draft(draft, role, person(request)).name,
        "key": signer_of(draft.agency, role),
        "answering": answering.offered(draft, role, person(request)),
        "place": place,
        "places": PLACES,
        "spot": {"page": page_at, "left": round(left), "bottom": round(bottom)},
        "problem": problem or lapsed,
        "plugin": settings.CONFIG.site.plugin,
    }
    if role is Role.INITIALS:
        context |= {"key": None, "plugin": ""}
    response = render(request, "office/sign.html", context, status=status)
    response["Content-Security-Policy"] = f"{POLICY}; connect-src 'self' {settings.CONFIG.site.plugin}".rstrip()
    return response
