"""Keeping what is typed in a dialog, also when the session has run out: the form carries who wrote it, signed by us.

The note in the form gives the right to keep a text for that one person, document and act, and no other right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from apps.accounts.middleware import enter
from apps.accounts.models import User
from apps.office.models import Document, Unsent

SALT = "apps.office.unsent"
LASTS = timedelta(days=3)
MOST = 20_000
"""Characters of a form; more is no dialog of ours."""
OURS = frozenset({"csrfmiddlewaretoken", "note", "more"})
View = Callable[..., HttpResponse]


def note_of(person: User, document: Document, act: str) -> str:
    """What the form carries."""
    return signing.dumps([person.pk, str(document.pk), act], salt=SALT)


def keep(note: str, number: UUID, act: str, typed: QueryDict) -> None:
    """Keep the fields for whom the note names; a note that is not ours, old, or of another form keeps nothing."""
    try:
        person, document, written = signing.loads(note, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return
    fields = {name: values for name, values in typed.lists() if name not in OURS}
    if (document, written) != (str(number), act) or sum(len(str(each)) for each in fields.values()) > MOST:
        return
    if any("".join(values).strip() for values in fields.values()):
        Unsent.objects.update_or_create(person_id=person, document_id=number, act=act, defaults={"fields": fields})


def kept(person: User, document: Document) -> Mapping[str, Unsent]:
    """What the person has typed about a document and not sent, by act."""
    return {one.act: one for one in Unsent.objects.filter(person=person, document=document)}


def forget(person: User, document: Document, act: str) -> None:
    """It was sent, or is not wanted."""
    Unsent.objects.filter(person=person, document=document, act=act).delete()


def keeps_typing(view: View) -> View:
    """Before anything else what was typed is kept; then the view runs for whom it is, or the door opens first."""
    inner = csrf_protect(view)

    def kept_first(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
        if request.method == "POST":
            keep(request.POST.get("note", ""), number, act, request.POST)
        if not request.user.is_authenticated:
            return redirect_to_login(f"{reverse('incoming', args=[number])}?lam={act}")
        enter(request, view)
        return inner(request, number, act)

    return csrf_exempt(login_not_required(kept_first))
