"""`python -m apps doctor`: recognition, scan folders and mailboxes, tried out; 1 when something is amiss."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.config import Mailbox
from apps.office.bringing import mailboxes
from apps.office.bringing.waiting import unit_named
from apps.office.finding.reading import reader
from lienthong.errors import LienThongError


class Command(BaseCommand):
    """Tell operators what does not work, and what to do."""

    help = "Thử nhận dạng chữ, thư mục quét, hộp thư / try recognition, scan folders, mailboxes"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """A line for each; nothing is taken in or changed."""
        found = list(_looked())
        for name, problem in found:
            self.stdout.write(f"{'✗' if problem else '✓'} {name}{': ' if problem else ''}{problem}")
        if any(problem for _, problem in found):
            sys.exit(1)


def _looked() -> Iterator[tuple[str, str]]:
    yield "nhận dạng chữ / recognition", _recognition()
    for agency in settings.CONFIG.agency:
        for folder in agency.folder:
            yield f"{agency.code} {folder.path}", _unit(agency.code, folder.unit) or _folder(folder.path)
        for mailbox in agency.mailbox:
            yield f"{agency.code} {mailboxes.place(mailbox)}", _unit(agency.code, mailbox.unit) or _mailbox(mailbox)


def _recognition() -> str:
    if settings.CONFIG.site.recognise == 0:
        return ""
    with reader() as reads:
        return "" if reads.recognises else "apt-get install tesseract-ocr tesseract-ocr-vie"


def _folder(path: Path) -> str:
    if not path.is_dir():
        return "không có thư mục / no such folder"
    able = os.access(path, os.R_OK | os.W_OK | os.X_OK)
    return "" if able else "tiến trình nền phải đọc, ghi được / the worker must read and write it"


def _mailbox(mailbox: Mailbox) -> str:
    try:
        with mailboxes.opened(mailbox):
            return ""
    except (LienThongError, OSError) as error:
        return str(error)


def _unit(agency: str, name: str) -> str:
    try:
        unit_named(agency, name)
    except LienThongError as error:
        return error.detail
    return ""
