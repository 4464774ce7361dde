"""What stands in the files, read by the worker after a document has come: nobody waits for it at the door.

A file's own words are read here, at once; pages without any are left to recognition (`finding.recognising`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.office import uploads
from apps.office.finding import index
from apps.office.finding.words import LONGEST
from apps.office.models import Content, Document, File, Recognition

log = logging.getLogger(__name__)
AT_ONCE = 10
"""Files of one round."""
LARGEST = 64 << 20
"""Bytes; a larger file is found by its document's fields and its name."""


class Told(Protocol):
    """The words of a page; `why` (`recognising.WHY`) when they are not known."""

    @property
    def text(self) -> str: ...
    @property
    def why(self) -> str: ...


class Read(Told, Protocol):
    """A whole file's own words, and which of its pages have next to none."""

    @property
    def wordless(self) -> Sequence[int]: ...


class Reader(Protocol):
    """Reads strangers' files: `lienthong.adapters.reading.Reader`, or another that the site names."""

    @property
    def recognises(self) -> bool: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def read(self, pdf: bytes) -> Read: ...
    def recognise(self, pdf: bytes, page: int) -> Told: ...
    def bound(self, picture: bytes) -> bytes: ...


def reader() -> Reader:
    """The site's own."""
    made: Reader = import_string(settings.CONFIG.site.reader)()
    return made


def read_some(agency: str) -> int:
    """Read files of the agency that nobody has read yet; how many. One that cannot be had is tried again later."""
    here = File.objects.filter(content=OuterRef("pk"), document__agency=agency)
    unread = list(Content.objects.filter(Exists(here), text=None).order_by("?")[:AT_ONCE])
    if not unread:
        return 0
    with reader() as reads:
        return sum(_read(content, reads) for content in unread)


def _read(content: Content, reads: Reader) -> bool:
    if content.size > LARGEST:
        _keep(content, "", why="large")
        return True
    try:
        data = bytes_of(content)
    except OSError as error:
        log.warning("%s: %s", content, error)
        return False
    if uploads.is_pdf(data):
        found = reads.read(data)
        _keep(content, found.text, found.wordless, found.why)
    else:
        _keep(content, "")
    return True


def _keep(content: Content, text: str, wordless: Sequence[int] = (), why: str = "") -> None:
    pages = list(wordless)[: settings.CONFIG.site.recognise]
    with transaction.atomic():
        held = Content.objects.select_for_update().get(pk=content.pk)
        if held.text is not None:  # another worker was first, and its pages may be there already
            return
        if pages or why:
            left = {"pages": pages, "asked": len(pages), "why": why, "due": timezone.now() if pages else None}
            Recognition.objects.get_or_create(content=held, defaults=left)
        put(held, text)


def put(content: Content, text: str) -> None:
    """The words of a file so far; all documents that have it are found by them. Inside the caller's transaction."""
    content.text = text.replace("\0", "")[:LONGEST]
    content.save(update_fields=["text"])
    for document in Document.objects.filter(files__content=content).distinct():
        index.keep(document)


def bytes_of(content: Content) -> bytes:
    """OSError when they cannot be had now."""
    with content.body.open() as body:
        data: bytes = body.read()
        return data
