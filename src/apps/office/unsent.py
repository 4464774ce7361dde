"""What somebody typed about a document and did not send: kept by person, document and act until the act is done.

It waits here for forms that are kept while they are written, or grow line by line: those of incoming documents and of
paper. Every other form is kept when it could not be sent (`apps.unsent`); without a network the browser's tab keeps the
text (`typing.js`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.person import person
from apps.office.models import Document, Unsent
from apps.unsent import keeping

MOST = 20_000
"""Characters of a form; more is no form of ours."""


def keep(writer: User, document: UUID, act: str, fields: Mapping[str, Sequence[str]]) -> None:
    """Keep the fields, if anything stands in them."""
    if sum(len(str(each)) for each in fields.values()) > MOST:
        return
    if any("".join(values).strip() for values in fields.values()):
        Unsent.objects.update_or_create(person=writer, document_id=document, act=act, defaults={"fields": fields})


def kept(writer: User, document: UUID) -> Mapping[str, Unsent]:
    """What the person has typed about a document and not sent, by act."""
    return {one.act: one for one in Unsent.objects.filter(person=writer, document_id=document)}


def begun(writer: User, act: str) -> QuerySet[Unsent]:
    """What the person has typed about documents that are not there yet, newest first."""
    there = Document.objects.filter(pk=OuterRef("document_id"))
    return Unsent.objects.filter(~Exists(there), person=writer, act=act).order_by("-at")


def typed(one: Unsent) -> dict[str, str]:
    """Its fields as a form shows them."""
    return {name: str(values[-1]) for name, values in one.fields.items() if values}


def let_go(request: HttpRequest, document: UUID, offered: Container[str] = ()) -> Mapping[str, Unsent]:
    """Forms of acts that are the person's no more: their text goes on to where every page shows it, to be copied.

    What stays, by act.
    """
    found = kept(person(request), document)
    for act, one in found.items():
        if act not in offered:
            told = QueryDict(mutable=True)
            for name, values in one.fields.items():
                told.setlist(name, values)
            keeping.bring(request, reverse("incoming-act", args=[document, act]), told)
            one.delete()
    return {act: one for act, one in found.items() if act in offered}


def forget(writer: User, document: UUID, act: str) -> None:
    """It was sent, or is not wanted."""
    Unsent.objects.filter(person=writer, document_id=document, act=act).delete()
