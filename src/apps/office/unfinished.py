"""A form whose session ran out while it was written: what was typed is kept before the door opens, and nothing is done.

The form carries who writes it, signed by us. That note gives the right to keep a text for that one person in that one
place, and no other right. Where the text is kept is the form's own affair: a draft in itself, words beside a document
in `unsent`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from apps.accounts.middleware import enter
from apps.accounts.models import User

SALT, LASTS = "apps.office.unfinished", timedelta(days=3)
NOTE = "who-writes"
"""The field that carries a form's note; its hyphen keeps it apart from the names of what is typed."""
View = Callable[..., HttpResponse]


def note_of(person: User, *place: object) -> str:
    """What the form carries: who writes, and where, as the form's address names it."""
    return signing.dumps([person.pk, *map(str, place)], salt=SALT)


def keeps_typing(keep: Callable[..., None], back: Callable[..., str] | None = None) -> Callable[[View], View]:
    """Before anything else `keep` gets writer, text and place; then the view runs for whom it is, or the door opens.

    `back` tells from the place where to come back to; without it, to the form.
    """

    def kept(view: View) -> View:
        inner = csrf_protect(view)

        def kept_first(request: HttpRequest, **named: object) -> HttpResponse:
            place = list(named.values())
            writer = _writer(request, place) if request.method == "POST" else None
            if writer is not None:
                keep(writer, request.POST, *place)
            if not request.user.is_authenticated:
                return redirect_to_login(back(*place) if back else request.path)
            enter(request, view)
            return inner(request, *place)

        return csrf_exempt(login_not_required(kept_first))

    return kept


def _writer(request: HttpRequest, place: list[object]) -> User | None:
    """Whose text it is; nobody for a note that is not ours, old, or of another form."""
    try:
        person, *about = signing.loads(request.POST.get(NOTE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=person, is_active=True).first() if about == list(map(str, place)) else None
