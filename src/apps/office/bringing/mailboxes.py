"""A mailbox by IMAP over TLS (RFC 3501): letters stay where they are until their documents are durably in the register.

Read without marking as read, in a bounded piece whatever length the server names; then moved (RFC 6851, or copied and
flagged). Killed in between, the letter is read again, and its documents are known by Message-ID and content.
"""

from __future__ import annotations

import hashlib
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from apps.config import Mailbox
from apps.office import contents
from apps.office.bringing import letters
from apps.office.bringing.letters import Attached, Letter
from apps.office.bringing.waiting import Find, bring, refuse, unit_named
from apps.office.incoming.intake import Arrived
from apps.office.models import Inlet
from apps.staff.models import Unit
from apps.ui.language import t
from lienthong.errors import ConfigurationInvalid, InvalidValue, Unavailable

AT_ONCE = 20
"""Letters of one look."""
TIMEOUT = 20.0
LONGEST = 1 << 20
"""Bytes a letter may have beside its largest file, which grows by a third when it is written as text."""


def place(mailbox: Mailbox) -> str:
    """Which mailbox it is, for people: never a password."""
    told = urlsplit(mailbox.url)
    return f"{unquote(told.username or '')} @ {told.hostname or ''} / {mailbox.inbox}"


def look(mailbox: Mailbox, inlet: Inlet, at: datetime) -> int:
    """Take what the letters bring; how many letters were dealt with. Unavailable, ConfigurationInvalid."""
    unit = unit_named(inlet.agency, mailbox.unit)
    with opened(mailbox) as box:
        for folder in (mailbox.done, mailbox.refused):
            box.create(_quoted(folder))  # NO when it is there
        dealt = 0
        for number in _numbers(box)[:AT_ONCE]:
            raw = _letter(box, number)
            if raw is not None:
                taken = _taken(inlet, unit, raw, at)
                _move(box, number, mailbox.done if taken else mailbox.refused)
                dealt += 1
        return dealt


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4_SSL]:
    """Signed in, its inbox chosen. Unavailable when the server does not answer so; ConfigurationInvalid."""
    told = urlsplit(mailbox.url)
    if told.scheme != "imaps" or not told.hostname or told.password:
        raise ConfigurationInvalid("mailbox.url: imaps://user@host:993")
    password = mailbox.password_file.read_text("utf-8").strip()
    context = ssl.create_default_context(cafile=mailbox.ca_file)
    try:
        box = imaplib.IMAP4_SSL(told.hostname, told.port or 993, ssl_context=context, timeout=TIMEOUT)
        try:
            box.login(unquote(told.username or ""), password)
            box.capabilities = tuple(str(_well(box.capability())[0], "ascii").upper().split())  # others, once signed in
            _well(box.select(_quoted(mailbox.inbox)))
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unavailable(f"{told.hostname}: {error}"[:300]) from error


def _numbers(box: imaplib.IMAP4_SSL) -> list[str]:
    """UIDs of letters that are still to be dealt with, the oldest first."""
    [found] = _well(box.uid("SEARCH", "UNDELETED"))
    return str(found or b"", "ascii").split()


def _letter(box: imaplib.IMAP4_SSL, number: str) -> bytes | None:
    """At most as much as a letter may have, and one byte: longer ones show by it. None when it has gone."""
    answer = _well(box.uid("FETCH", number, f"(BODY.PEEK[]<0.{longest() + 1}>)"))
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)


def longest() -> int:
    """Bytes of a letter that is read at all."""
    largest: int = settings.CONFIG.site.largest_file
    return largest * 4 // 3 * 103 // 100 + LONGEST


def _move(box: imaplib.IMAP4_SSL, number: str, folder: str) -> None:
    if "MOVE" in box.capabilities:
        _well(box.uid("MOVE", number, _quoted(folder)))
        return
    _well(box.uid("COPY", number, _quoted(folder)))
    _well(box.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))
    if "UIDPLUS" in box.capabilities:  # without it, expunging would take what others flagged
        _well(box.uid("EXPUNGE", number))


def _well(answer: tuple[str, list[Any]]) -> list[Any]:
    """The pieces of an answer as the server sent them."""
    kind, told = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"{kind} {told!r}"[:200])
    return told


def _quoted(name: str) -> str:
    """A folder's name as a quoted string (RFC 3501, 4.3). ConfigurationInvalid for signs it cannot hold."""
    if not name.isascii() or not name.isprintable():
        raise ConfigurationInvalid(f"mailbox: {name!r}")
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


# ---------------------------------------------------------------- what a letter brings


def _taken(inlet: Inlet, unit: Unit, raw: bytes, at: datetime) -> bool:
    """Whether it brought a document: each PDF waits by itself; other files go with the first, as its annexes."""
    try:
        letter = _read(raw)
        _keep(inlet, unit, letter, at)
    except InvalidValue as error:
        refuse(inlet, hashlib.sha256(raw).hexdigest(), t("Thư"), error.detail, at)
        return False
    return any(each.is_pdf for each in letter.files)


def _read(raw: bytes) -> Letter:
    if len(raw) > longest():
        raise InvalidValue(t("Thư lớn hơn {n} MB, không nhận.", n=longest() >> 20))
    return letters.read(raw, settings.CONFIG.site.largest_file)


def _keep(inlet: Inlet, unit: Unit, letter: Letter, at: datetime) -> None:
    pdfs = [each for each in letter.files if each.is_pdf]
    others = [Arrived(each.name, "application/octet-stream", each.data) for each in letter.files if not each.is_pdf]
    for place, each in enumerate(pdfs):
        bring(inlet, _find(letter, each, others if place == 0 else [], alone=len(pdfs) == 1), unit, at)
    left = letter.refused or ([] if pdfs else [t("Thư không có tệp PDF nào.")])
    if left:
        refuse(inlet, f"{letter.id}:-", letter.subject or t("Thư"), " ".join(left), at, letter.told)


def _find(letter: Letter, file: Attached, others: list[Arrived], *, alone: bool) -> Find:
    content = contents.keep(file.data)
    told = letter.told if alone else letter.told | {"subject": f"{letter.subject} – {file.name}".strip(" –")}
    return Find(f"{letter.id}:{content.pk}", file.name, content, others, told)
