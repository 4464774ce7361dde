"""What stands in the files, read by the worker after a document has come: nobody waits for it at the door."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from apps.office.finding import index
from apps.office.finding.words import LONGEST
from apps.office.models import Content, Document, File

log = logging.getLogger(__name__)
AT_ONCE = 10
"""Files of one round."""
LARGEST = 32 << 20
"""Bytes; a larger file is found by its document's fields and its name."""


def read_some(agency: str) -> int:
    """Read files of the agency that nobody has read yet; how many. One that cannot be had is tried again later."""
    here = File.objects.filter(content=OuterRef("pk"), document__agency=agency)
    unread = list(Content.objects.filter(Exists(here), text=None).order_by("?")[:AT_ONCE])
    if not unread:
        return 0
    with import_string(settings.CONFIG.site.reader)() as reader:
        return sum(_read(content, reader.text) for content in unread)


def _read(content: Content, text_of: Callable[[bytes], str]) -> bool:
    try:
        data = _bytes(content) if content.size <= LARGEST else b""
        text = text_of(data) if data.startswith(b"%PDF-") else ""
    except OSError as error:
        log.warning("%s: %s", content, error)
        return False
    with transaction.atomic():
        content.text = text.replace("\0", "")[:LONGEST]
        content.save(update_fields=["text"])
        for document in Document.objects.filter(files__content=content).distinct():
            index.keep(document)
    return True


def _bytes(content: Content) -> bytes:
    with content.body.open() as body:
        data: bytes = body.read()
        return data
