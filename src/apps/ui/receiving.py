"""Files on their way in: what is larger than the site takes is counted and let go, never kept.

The rest of the form goes on being read, so the page can say what was wrong with all that was typed still in it: every
page that takes a file takes it by `content_of`, or asks `out_of_size` first.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat

from apps.ui.language import t
from lienthong.errors import InvalidValue

MOST, FROM_STRANGERS = 20, 1
"""So many times the largest file may one request hold on the disk while it is read."""


class Bounded(TemporaryFileUploadHandler):
    """Files go to the disk as they come, up to the limit; `size` tells how long the file really was."""

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self._held = 0
        self._files: list[TemporaryUploadedFile] = []

    def new_file(self, *args: Any, **told: Any) -> None:
        """An empty file of the disk, to be filled."""
        super().new_file(*args, **told)
        self._files.append(self.file)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it, or let all of the file go. RequestDataTooBig (400) for a request of very many files."""
        largest = settings.CONFIG.site.largest_file
        self._seen += len(raw_data)
        if self._seen <= largest:
            self._held += len(raw_data)
            if self._held > self._most() * largest:
                self._let_go()
                raise RequestDataTooBig
            super().receive_data_chunk(raw_data, start)
        elif self.file.tell():
            self._held -= self.file.tell()
            self.file.seek(0)
            self.file.truncate()

    def _let_go(self) -> None:
        for file in self._files:
            file.close()

    def _most(self) -> int:
        known = self.request is not None and self.request.user.is_authenticated
        return MOST if known else FROM_STRANGERS


def content_of(upload: UploadedFile[bytes], most: int | None = None) -> bytes:
    """All of an uploaded file. InvalidValue, in words, when `out_of_size` has something to say."""
    if problem := out_of_size(upload, most):
        raise InvalidValue(problem)
    upload.seek(0)
    content: bytes = upload.read()
    return content


def out_of_size(upload: UploadedFile[bytes], most: int | None = None) -> str:
    """Why an uploaded file is not even looked at: larger than `most` bytes or than the site takes, or empty."""
    name, largest = cleaned(upload.name or ""), settings.CONFIG.site.largest_file
    most = largest if most is None else min(most, largest)
    if (upload.size or 0) > most:
        return too_large(name, most)
    return "" if upload.size else t("Tệp “{name}” trống.", name=name)


def too_large(name: str, most: int) -> str:
    """In words; `most` in bytes."""
    return t("Tệp “{name}” lớn hơn {size}. Xin giảm dung lượng rồi tải lại.", name=name, size=filesizeformat(most))


def cleaned(name: str) -> str:
    """A file's name without path, control and invisible signs; the ending stays."""
    shown = "".join(
        "_" if unicodedata.category(sign)[0] == "C" else sign for sign in unicodedata.normalize("NFC", name)
    )
    return PurePath(shown.replace("\\", "/")).name.strip(" .")[-200:] or "tep"
