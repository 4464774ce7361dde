"""What was brought waits to be registered: once for its key, whatever is repeated or killed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, transaction

from apps.office import contents, uploads
from apps.office.incoming.intake import Arrived, arrive
from apps.office.models import Brought, Content, Document, File, Inlet, Lane
from apps.staff.models import Unit
from apps.staff.rights import root_of
from apps.ui.language import t
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Find:
    """A document found: its file, further files, and what was told of it. `key` is the same whenever it is found."""

    key: str
    name: str
    content: Content
    further: Sequence[Arrived] = ()
    told: dict[str, Any] = field(default_factory=dict)


def bring(inlet: Inlet, find: Find, unit: Unit, at: datetime) -> Brought:
    """It stands in the register, waiting for its clerk; a repeat finds what is there."""
    known = inlet.brought.filter(key=find.key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            document = _document(inlet, find, unit, at)
            return inlet.brought.create(key=find.key, name=find.name, told=find.told, document=document, at=at)
    except IntegrityError:  # another worker was first
        return inlet.brought.get(key=find.key)


def _document(inlet: Inlet, find: Find, unit: Unit, at: datetime) -> Document:
    subject = str(find.told.get("subject") or PurePath(find.name).stem)
    document = Document.objects.create(
        agency=inlet.agency, lane=Lane.INCOMING, source=inlet.way, subject=subject[:2000], came=at
    )
    File.objects.create(document=document, content=find.content, name=find.name, media_type=uploads.PDF, main=True)
    for each in find.further:
        contents.attach(document, each.name, each.media_type, each.data)
    arrive(document, [], at, unit)
    return document


def refuse(inlet: Inlet, key: str, name: str, why: str, at: datetime, told: dict[str, Any] | None = None) -> None:
    """Keep why it was not taken, for the page that shows what came; once."""
    left = {"name": name[:255], "why": why[:1000], "told": told or {}, "at": at}
    inlet.brought.get_or_create(key=key[:140], defaults=left)


def unit_named(agency: str, name: str) -> Unit:
    """The unit whose clerk registers what comes; the agency itself when none is named. InvalidValue for a stranger."""
    if not name:
        return root_of(agency)
    unit = Unit.objects.filter(agency=agency, name=name).first()
    if unit is None:
        raise InvalidValue(t("Không có đơn vị “{name}”.", name=name))
    return unit
