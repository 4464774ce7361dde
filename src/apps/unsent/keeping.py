"""Forms kept for their writers: encrypted, so many a person, so long, never a secret, never a file."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.models import User
from apps.ui.numbers import CURSOR, read_number
from apps.unsent import note
from apps.unsent.models import Form

View = Callable[..., HttpResponse]
KeepsTyped = Callable[..., None]
"""Gets writer, text, and what the address names."""
OWN_PLACE = "keeps_itself"
WAITING = "unsent"
"""Marks a session whose person left something unsent."""
MOST, LARGEST, LASTS = 100, 300_000, timedelta(days=30)
"""Forms of a person, characters of a form, and how long; the oldest leave first."""
SECRETS = frozenset({"password", "passphrase", "pin", "otp", "code", "token", "secret"})
"""Names of fields that are never kept; `pin-…` neither."""
OURS = frozenset({"csrfmiddlewaretoken", note.NAME, note.KEPT})

MACHINES = re.compile(r"|[a-z]?\d{1,9}(-\d{1,9})?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Numbers of rows, of units and people, ids: they go back into a form, and say nothing beside it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as its writer left it: each field's values in their order."""

    number: int
    page: str
    address: str
    fields: Mapping[str, list[str]]
    at: datetime

    @property
    def said(self) -> list[str]:
        """All that stands in it, but for what its button says."""
        return [value.strip() for name, many in self.fields.items() if name != "act" for value in many]

    @property
    def words(self) -> list[str]:
        """What of it a person reads."""
        known = _choices()
        return [value for value in dict.fromkeys(self.said) if value not in known and not MACHINES.fullmatch(value)]


def keep(writer: User, page: str, address: str, told: QueryDict) -> Typed | None:
    """Keep it, in place of what it was filled in from; the same text again is the same form. None for nothing typed."""
    typed = typed_of(address, told)
    plain = json.dumps([page, address, typed.fields], ensure_ascii=False, sort_keys=True)
    if len(plain) > LARGEST or not any(typed.said):
        return None
    digest = salted_hmac(note.SALT, plain, algorithm="sha256").hexdigest()
    sealed = _cipher().encrypt(plain.encode())
    new = {"page": page, "address": address[: note.LONGEST], "sealed": sealed}
    form, _ = Form.objects.update_or_create(person=writer, digest=digest, defaults=new)
    of(writer).filter(pk=_number(told)).exclude(pk=form.pk).delete()
    _bound(writer)
    return Typed(form.pk, page, address, typed.fields, form.at)


def typed_of(address: str, told: QueryDict) -> Typed:
    """A form as it was just posted, without what is never kept."""
    fields = {name: values for name, values in told.lists() if name not in OURS and not _secret(name)}
    return Typed(0, "", address, fields, timezone.now())


def of(person: User) -> QuerySet[Form]:
    """What the person left unsent, newest first."""
    return Form.objects.filter(person=person)


def opened(forms: Iterable[Form]) -> list[Typed]:
    """What stands in them; one sealed under another key of the site is passed over."""
    return [typed for form in forms if (typed := _open(form)) is not None]


def bring(request: HttpRequest, address: str, told: QueryDict) -> None:
    """What was kept for this page in a place of its own, whose form is open to the person no more: shown here on."""
    person = request.user
    if not isinstance(person, User):
        return
    words = set(typed_of(address, told).words)
    known = opened(of(person).filter(address=address))
    if any(words <= set(one.words) for one in known) or keep(person, request.get_full_path(), address, told):
        request.session[WAITING] = True


def keeps_itself(keep_typed: KeepsTyped) -> Callable[[View], View]:
    """A view with a place of its own for what is typed: it gets the text, too, when nobody is signed in any more."""

    def marked(view: View) -> View:
        setattr(view, OWN_PLACE, keep_typed)
        return view

    return marked


def own_place(request: HttpRequest) -> Callable[[User, QueryDict], None] | None:
    """The view's own place for what is typed in the form that is posted; none for most."""
    match = request.resolver_match
    keep_typed: KeepsTyped | None = getattr(match.func, OWN_PLACE, None) if match else None
    return partial(keep_typed, **match.kwargs) if match and keep_typed else None


def forget(person: User, told: QueryDict) -> str:
    """What the form was filled in from goes: it was sent, or is not wanted. The page it was kept for, if any was."""
    found = of(person).filter(pk=_number(told)).first() if note.KEPT in told else None
    if found is not None:
        found.delete()
    return found.page if found is not None else ""


def drop(typed: Typed) -> None:
    """It says nothing that its page does not say."""
    Form.objects.filter(pk=typed.number).delete()


def _open(form: Form) -> Typed | None:
    try:
        _, _, fields = json.loads(_cipher().decrypt(bytes(form.sealed)))
    except InvalidToken:
        return None
    return Typed(form.pk, form.page, form.address, fields, form.at)


def _bound(writer: User) -> None:
    of(writer).filter(at__lt=timezone.now() - LASTS).delete()
    of(writer).filter(pk__in=list(of(writer).values_list("pk", flat=True)[MOST:])).delete()


def _number(told: QueryDict) -> int:
    return read_number(told.get(note.KEPT, ""), CURSOR)


@cache
def _choices() -> frozenset[str]:
    """Names that the tables give to choices: a page shows their labels, never them."""
    fields = (field for model in apps.get_models() for field in model._meta.get_fields())  # noqa: SLF001 - Django's documented door to a model's fields
    return frozenset(str(value) for field in fields for value, _ in getattr(field, "flatchoices", ()))


def _secret(name: str) -> bool:
    return name in SECRETS or name.startswith("pin-")


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"lienthong unsent forms").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
