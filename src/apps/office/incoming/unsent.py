"""What is typed in a dialog and not sent, by person, document and act; kept also when the session has run out."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from apps.accounts.models import User
from apps.office import unfinished
from apps.office.models import Document, Unsent

MOST = 20_000
"""Characters of a form; more is no dialog of ours."""
OURS = frozenset({"csrfmiddlewaretoken", unfinished.NOTE, "more", "phrase", "insert", "act"})


def note_of(person: User, document: Document, act: str) -> str:
    """What the form carries."""
    return unfinished.note_of(person, document.pk, act)


def keep(writer: User, typed: QueryDict, number: UUID, act: str) -> None:
    """Keep the fields, if anything stands in them."""
    fields = {name: values for name, values in typed.lists() if name not in OURS}
    if sum(len(str(each)) for each in fields.values()) > MOST:
        return
    if any("".join(values).strip() for values in fields.values()):
        Unsent.objects.update_or_create(person=writer, document_id=number, act=act, defaults={"fields": fields})


def kept(person: User, document: Document) -> Mapping[str, Unsent]:
    """What the person has typed about a document and not sent, by act."""
    return {one.act: one for one in Unsent.objects.filter(person=person, document=document)}


def forget(person: User, document: Document, act: str) -> None:
    """It was sent, or is not wanted."""
    Unsent.objects.filter(person=person, document=document, act=act).delete()


def _dialog(number: UUID, act: str) -> str:
    return f"{reverse('incoming', args=[number])}?lam={act}"


keeps_typing = unfinished.keeps_typing(keep, _dialog)
