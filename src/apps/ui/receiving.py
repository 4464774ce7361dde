"""Files on their way in: what is larger than the site takes is counted and let go, never kept.

The rest of the form goes on being read, so the page can say what was wrong with all that was typed still in it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

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
