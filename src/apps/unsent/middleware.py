"""Round every page of an app that keeps typing: what was not sent is kept, and its form filled in again.

A form counts as sent when its answer leads on without an error, or shows a page without it. It is kept before the door
opens again for whom it was written by; nothing is ever sent by itself. A view with a place of its own for what is typed
(`keeping.keeps_itself`) gets it there, too, and keeps it here only while no form of its page shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string

from apps.accounts.models import User
from apps.ui.language import t
from apps.unsent import keeping, note
from apps.unsent.filling import Filled, Page, page_of
from apps.unsent.keeping import Typed

Answer = Callable[[HttpRequest], HttpResponse]
DOOR = "Phiên làm việc đã hết khi gửi; chưa làm gì. Điều đã gõ được giữ cho người gõ: đăng nhập lại là thấy, để gửi."


class Unsent:
    """Looks at answers only: a view, the door and the protection of forms have done their part before."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """After the answer: a form that was posted, or a page that is shown."""
        response = self.get_response(request)
        if not note.keeps(request):
            return response
        if request.method == "POST":
            return _posted(request, response)
        waits = request.method == "GET" and isinstance(request.user, User) and request.session.get(keeping.WAITING)
        return _shown(request, response) if waits and _is_page(response) else response


def _posted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    told = note.posted(request)
    said = note.read(told)
    writer, own = said.writer if said is not None else None, keeping.own_place(request)
    if said is None or writer is None:
        return response
    mine = request.user == writer
    page, filled = _found(request, response, told) if mine else (None, None)
    if mine and _sent(request, response, filled):
        keeping.forget(writer, told)
        return response
    if filled is not None and (own or not filled.asks):  # a choice without words is an act of the moment
        return response
    if own:
        own(writer, told)
    kept = None if own and _in_passing(request) else keeping.keep(writer, said.page, request.path, told)
    if not request.user.is_authenticated:
        return _to_the_door(request, said.page, kept)
    return _refused(request, response, page, filled, kept) if mine and kept else response


def _in_passing(request: HttpRequest) -> bool:
    """While the form is still being written: a script sent it, as it does whenever the typing rests."""
    return "HX-Request" in request.headers


def _found(request: HttpRequest, response: HttpResponse, told: QueryDict) -> tuple[Page | None, Filled | None]:
    """The form on the page that answers it, with all that was typed in it."""
    if not _is_page(response):
        return None, None
    page = page_of(request.path, response.text)
    return page, page.fill(keeping.typed_of(request.path, told))


def _sent(request: HttpRequest, response: HttpResponse, filled: Filled | None) -> bool:
    """Refused, or led back with an error, or shown again with what was typed: not sent."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return False
    if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        return not _troubled(request)
    return filled is None or filled.changed or not filled.asks


def _troubled(request: HttpRequest) -> bool:
    said = messages.get_messages(request)
    found = any(one.level >= messages.ERROR for one in said)
    vars(said)["used"] = False  # they are still to be shown
    return found


def _to_the_door(request: HttpRequest, page: str, kept: Typed | None) -> HttpResponse:
    if kept is not None:
        messages.info(request, t(DOOR))
    return redirect_to_login(page)


def _refused(
    request: HttpRequest, response: HttpResponse, page: Page | None, filled: Filled | None, kept: Typed
) -> HttpResponse:
    request.session[keeping.WAITING] = True
    if page is None:
        return response
    if filled is None:
        page.before(_drawn(request, "left", kept))
    else:
        filled.mark(kept)
    return _written(response, page)


def _shown(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    person = request.user
    forms = list(keeping.of(person)) if isinstance(person, User) else []
    if not forms:
        del request.session[keeping.WAITING]
    here = keeping.opened(form for form in forms if urlsplit(form.page).path == request.path)
    if not here:
        return response
    page = page_of(request.path, response.text)
    for typed in here:
        _fill(request, page, typed)
    return _written(response, page)


def _fill(request: HttpRequest, page: Page, typed: Typed) -> None:
    filled = page.fill(typed)
    rest = filled.rest(typed) if filled is not None else typed
    if rest.words:
        page.before(_drawn(request, "left", rest, here=filled is not None))
    elif filled is None or not (filled.changed and filled.asks):  # there is nothing to say that the page does not say
        keeping.drop(typed)
    if filled is not None and filled.changed and filled.asks:
        filled.mark(typed)
        filled.tell(_drawn(request, "told", typed), _drawn(request, "forget", typed))


def _drawn(request: HttpRequest, what: str, typed: Typed, *, here: bool = False) -> str:
    told = {"typed": typed, "at": typed.at, "here": here}
    return render_to_string(f"unsent/{what}.html", told, request).strip()


def _is_page(response: HttpResponse) -> bool:
    """A whole page, not a part of one, a file or an answer to a program."""
    html = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return html and response.content[:20].lstrip().lower().startswith(b"<!doctype")


def _written(response: HttpResponse, page: Page) -> HttpResponse:
    response.content = str(page).encode()
    return response
