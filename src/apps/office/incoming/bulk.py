"""One act on several documents of a list: each is asked of the policy by itself, and each says how it went.

Only acts that ask for nothing: registering what has arrived, and having seen what was only to be known.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.office.deed import Deed, deed_of
from apps.office.incoming.dialogs import DIALOGS, Filled
from apps.office.incoming.lists import ENOUGH, SEVERAL
from apps.office.incoming.policy import Act
from apps.office.models import Document
from apps.staff.rights import asking
from apps.ui.language import t
from lienthong.errors import IllegalMove, InvalidValue


@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Do it on each chosen document of one page; what may not be done is left alone and counted."""
    who, chosen = asking(request), SEVERAL.get(key)
    if chosen is None:
        raise Http404
    deed, asked = deed_of(who.person), request.POST.getlist("document")[:ENOUGH]
    done = [text for text in asked if _did(deed, chosen, text)]
    if done:
        said = t("{label}: {n} văn bản.", label=t(DIALOGS[chosen].label), n=len(done))
        messages.success(request, said)
    if len(done) < len(asked):
        words = "{n} văn bản không làm được: đã có người làm trước, chữ ký không hợp lệ, hoặc không thuộc quyền."
        left = t(words, n=len(asked) - len(done))
        messages.error(request, left)
    if not asked:
        messages.error(request, t("Chưa chọn văn bản nào."))
    return redirect("inbox", key)


def _did(deed: Deed, act: Act, text: str) -> bool:
    """Whether it was done: in a transaction of its own, by the same path as from the document's page."""
    document = Document.objects.filter(pk=_id(text), agency=deed.standing.agency).first()
    if document is None or (act == Act.REGISTER and document.verdict == "invalid"):
        return False  # whose signature is not valid is opened and looked at
    try:
        DIALOGS[act].does(deed, document, Filled())
    except (PermissionDenied, IllegalMove, InvalidValue):
        return False
    return True


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
