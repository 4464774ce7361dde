"""The page that waits for a key that answers by itself: what is signed, the code on both screens, how it ends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.accounts.person import person
from apps.office import answering, hands
from apps.office.models import Draft, Signing
from apps.office.signing_page import after, keep_place, mine, origin_of, page_of
from apps.ui.language import sentence_of, t
from lienthong.errors import LienThongError


@require_POST
def ask(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Begin with the key whose button was pressed; a PIN goes to the gateway and is kept nowhere."""
    found = mine(request, draft)
    keep_place(found, request.POST.get("sign_place", ""))
    key = request.POST.get("key", "")
    try:
        signing = answering.ask(found, person(request), origin_of(request), key, request.POST.get(f"pin-{key}", ""))
    except LienThongError as problem:
        return page_of(request, found, sentence_of(problem), 409)
    return redirect("signing-wait", signing.pk)


def wait(request: HttpRequest, signing: UUID) -> HttpResponse:
    """How it stands; a POST gives it up. Ended, it leads to the document, or back with the reason."""
    found = hands.find(signing, person(request))
    if request.method == "POST":
        answering.give_up(found)
        return redirect("sign", found.draft.pk)
    answering.follow(found)
    return _ended(request, found) if hands.state_of(found) != "waiting" else _waits(request, found)


def _waits(request: HttpRequest, signing: Signing) -> HttpResponse:
    shown = {"signing": signing, "draft": signing.draft, "told": answering.waiting(signing)}
    return render(request, "office/sign_wait.html", shown)


def _ended(request: HttpRequest, signing: Signing) -> HttpResponse:
    draft = Draft.objects.get(pk=signing.draft.pk)
    if signing.state == "signed":
        messages.success(request, t("Đã ký; chữ ký đã được kiểm tra và nằm trong văn bản."))
        return redirect(after(draft))
    messages.error(request, signing.problem or t("Phiên ký đã hết hạn hay đã bị hủy. Văn bản chưa đổi; có thể ký lại."))
    return redirect("sign", draft.pk)
