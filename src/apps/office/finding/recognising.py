"""Words of scans, page by page, by the worker: what is done is kept page by page, killed at any point it goes on.

A row is claimed before its page is looked at (`due` moves on, `tries` counts), so a page that brings the worker down
is left out after a few tries, and two workers do not work at one file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.office.finding.reading import Reader, bytes_of, put, reader
from apps.office.models import Recognition
from apps.ui.language import t

log = logging.getLogger(__name__)
SPELL = 8.0
"""Seconds of a round for all agencies together, and the page begun in them: taking in documents does not wait long."""
HELD = timedelta(minutes=4)
"""For how long a claimed page is nobody else's: longer than one can take."""
PAUSE = timedelta(minutes=1)
MOST_TRIES = 3
ABSENT = "absent"
WHY = {
    ABSENT: "máy chủ chưa cài tesseract với tiếng Việt",
    "late": "quá thời gian hoặc bộ nhớ cho một trang",
    "locked": "tệp có mật khẩu",
    "large": "tệp quá lớn",
    "unreadable": "tệp hỏng hoặc không vẽ được trang",
}


def go_round() -> None:
    """A spell of recognising, whoever the files belong to. Without tesseract they wait, and say what they wait for."""
    if not _waiting(timezone.now()).exists():
        return
    with reader() as reads:
        if not reads.recognises:
            _waiting(timezone.now()).exclude(why=ABSENT).update(why=ABSENT)
            return
        until = monotonic() + SPELL
        for row in _claims():
            _recognise(row, reads, until)
            if monotonic() >= until:
                return


def _waiting(now: datetime) -> QuerySet[Recognition]:
    return Recognition.objects.filter(due__lte=now)


def _claims() -> Iterator[Recognition]:
    """Rows that are this worker's, one after another, the longest waiting first."""
    while row := _waiting(timezone.now()).select_related("content").order_by("due").first():
        held = timezone.now() + HELD
        if Recognition.objects.filter(pk=row.pk, due=row.due).update(due=held, tries=row.tries + 1):
            row.due, row.tries = held, row.tries + 1
            yield row


def _recognise(row: Recognition, reads: Reader, until: float) -> None:
    """Page after page of one file while the spell lasts; each is kept, with the words of those before."""
    try:
        data = bytes_of(row.content)
    except OSError as error:  # the store is away: no fault of the page
        log.warning("%s: %s", row.content, error)
        _later(row, PAUSE, row.tries - 1)
        return
    while row.pages:
        if row.tries > MOST_TRIES:  # it never came back from this page
            _kept(row, "", row.why or "late")
            continue
        told = reads.recognise(data, row.pages[0])
        if told.why and row.tries < MOST_TRIES:
            row.why = told.why
            _later(row, PAUSE * row.tries, row.tries)
            return
        _kept(row, told.text, told.why)
        if monotonic() >= until:
            break
    _later(row, timedelta(0), 0)


def _kept(row: Recognition, text: str, why: str) -> None:
    """One page is done with; the next is claimed with it."""
    row.pages, row.tries = row.pages[1:], 1
    row.failed += bool(why)
    row.why = why or (row.why if row.failed else "")
    row.due = timezone.now() + HELD
    with transaction.atomic():
        row.save()
        if text:
            put(row.content, f"{row.content.text or ''}\n{text}")


def _later(row: Recognition, wait: timedelta, tries: int) -> None:
    row.tries, row.due = tries, timezone.now() + wait if row.pages else None
    row.save(update_fields=["tries", "due", "why"])


def state(row: Recognition | None) -> str:
    """What became of a file's words, in a sentence for its page; nothing for a file that has words of its own."""
    if row is None:
        return ""
    why, asked, left = t(WHY.get(row.why, row.why)), row.asked, len(row.pages)
    done = asked - left - row.failed
    if row.pages and row.why == ABSENT:
        return t("Chưa nhận dạng được chữ trong bản quét: {why}.", why=why)
    if row.pages:
        return t("Đang nhận dạng chữ trong bản quét: còn {left} trong {asked} trang.", left=left, asked=asked)
    if not done:
        return t("Không nhận dạng được chữ: {why}.", why=why)
    if row.failed:
        words = "Đã nhận dạng {done} trong {asked} trang; còn lại không được: {why}."
        return t(words, done=done, asked=asked, why=why)
    return t("Đã nhận dạng chữ trong bản quét ({asked} trang).", asked=asked)
