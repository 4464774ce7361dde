"""Who writes a form, and on which page it stands: a note that every form carries, signed by us.

It gives the right to have a text kept for that one person, and no other right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.apps import apps
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError

from apps.accounts.models import User

NAME, KEPT = "stands-on", "kept-form"
"""Fields: the note; what is filled in again.

Hyphens keep them apart from the names of what is typed."""
SALT, LASTS, LONGEST = "apps.unsent.note", timedelta(days=3), 500


@dataclass(frozen=True, slots=True)
class Note:
    """`page` is an address of this site with its query."""

    person: int
    page: str

    @property
    def writer(self) -> User | None:
        """Whose text it is; nobody who is not here any more."""
        return User.objects.filter(pk=self.person, is_active=True).first()


def keeps(request: HttpRequest) -> bool:
    """Whether the address is of an app whose `AppConfig` says `keeps_typing`."""
    view = request.resolver_match.func if request.resolver_match else None
    return view is not None and getattr(apps.get_containing_app_config(view.__module__), "keeps_typing", False)


def written(request: HttpRequest) -> str:
    """The note of the forms of this page; empty where nothing is kept."""
    if not request.user.is_authenticated or not keeps(request):
        return ""
    page = (_asked(request) if request.method == "POST" else "") or _address(request)
    return signing.dumps([request.user.pk, page], salt=SALT)


def _asked(request: HttpRequest) -> str:
    """A page that answers a form is still the page the form stood on."""
    note = read(posted(request))
    return note.page if note is not None and note.person == request.user.pk else ""


def _address(request: HttpRequest) -> str:
    told = urlsplit(request.headers.get("HX-Current-URL", ""))
    own = told.path.startswith("/") and not told.path.startswith("//")  # two would lead to another host
    page = f"{told.path}?{told.query}".rstrip("?") if own else request.get_full_path()
    return page if len(page) <= LONGEST else request.path[:LONGEST]


def posted(request: HttpRequest) -> QueryDict:
    """What the form says; nothing, of a request that cannot be read as one."""
    try:
        return request.POST
    except (SuspiciousOperation, UnreadablePostError):
        return QueryDict()


def read(told: QueryDict) -> Note | None:
    """The note a form carries; none that is not ours or is old."""
    try:
        person, page = signing.loads(told.get(NAME, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Note(person, page)
