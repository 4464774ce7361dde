"""Files of documents: kept once by their digest, in the site's storage (a folder, or S3 by setting)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.base import File as Stored

from apps.accounts.models import User
from apps.office.models import Content, Document, File

PIECE = 1 << 20
"""Bytes read at once: a file of whatever size passes through so much memory."""


def keep(data: bytes) -> Content:
    """The content of these bytes. A repeat finds what is there; the row comes after the bytes are stored."""
    return keep_file(ContentFile(data))


def keep_file(file: IO[bytes]) -> Content:
    """The same of a file that can be read twice, from its beginning, piece by piece."""
    sha256, size = _digest(file)
    known = Content.objects.filter(pk=sha256).first()
    if known is not None:
        return known
    made = Content(sha256=sha256, size=size)
    made.body.save(f"{sha256[:2]}/{sha256}", Stored(file), save=False)
    _settle(made)
    Content.objects.bulk_create([made], ignore_conflicts=True)
    return made


def _digest(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _settle(made: Content) -> None:
    """On the disk, not only on its way, before a row speaks of it; storage elsewhere answers for itself."""
    try:
        path = Path(made.body.path)
    except NotImplementedError:
        return
    for each in (path, path.parent):
        held = os.open(each, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def attach(
    document: Document, name: str, media_type: str, data: bytes, *, main: bool = False, by: User | None = None
) -> File:
    """A file of the document, or the next version of the one of that name; the same bytes again are no new version."""
    content = keep(data)
    newest = document.files.filter(name=name).order_by("-version").first()
    if newest is not None and newest.content_id == content.pk:
        return newest
    order, version = (newest.order, newest.version + 1) if newest else (document.files.count(), 1)
    return File.objects.create(
        document=document,
        content=content,
        name=name,
        media_type=media_type,
        main=main,
        order=order,
        version=version,
        by=by,
    )


def current(document: Document) -> list[File]:
    """The newest version of each file, the main one first; without what was read in it."""
    versions = document.files.select_related("content__recognition").defer("content__text")
    return newest(versions.order_by("version"))


def newest(versions: Iterable[File]) -> list[File]:
    """Of a document's files, older versions before newer, the newest of each name; the main one first."""
    found = {file.name: file for file in versions}
    return sorted(found.values(), key=lambda file: (not file.main, file.order))
