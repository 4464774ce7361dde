"""One round of looking into folders and mailboxes; what fails is told on its row and tried again, longer and longer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from apps.config import Agency
from apps.office.bringing import folders, mailboxes
from apps.office.models import Inlet, Source

log = logging.getLogger(__name__)
LONGEST_REST = 3600
HELD = timedelta(minutes=10)
"""For how long a look is nobody else's."""
TOLD = timedelta(minutes=1)
"""How old the word "looked at" may be: folders are looked at every few seconds."""
Look = Callable[[Inlet, datetime], int]


def go_round() -> None:
    """Each folder and mailbox whose time it is, once."""
    for agency in settings.CONFIG.agency:
        for inlet, every, look in inlets(agency):
            _look(inlet, every, look, timezone.now())


def inlets(agency: Agency) -> Iterator[tuple[Inlet, int, Look]]:
    """Rows of what the agency's configuration names, how often each is looked at, and how."""
    for folder in agency.folder:
        yield _row(agency, Source.FOLDER, str(folder.path)), 0, partial(folders.look, folder)
    for box in agency.mailbox:
        yield _row(agency, Source.MAIL, mailboxes.place(box)), box.every, partial(mailboxes.look, box)


def _row(agency: Agency, way: str, place: str) -> Inlet:
    new = {"due": timezone.now()}
    return Inlet.objects.get_or_create(agency=agency.code, way=way, place=place[:500], defaults=new)[0]


def _look(inlet: Inlet, every: int, look: Look, at: datetime) -> None:
    if inlet.due > at:
        return
    if every and not Inlet.objects.filter(pk=inlet.pk, due=inlet.due).update(due=at + HELD):
        return  # another worker's
    try:
        came = look(inlet, at)
    except Exception as error:  # the border around one inlet: told on the page, and the others are looked at
        log.warning("%s", inlet, exc_info=True)
        inlet.failures = min(inlet.failures + 1, 1000)
        rest = min(max(every, 5) * 2 ** min(inlet.failures, 10), LONGEST_REST)
        _told(inlet, at + timedelta(seconds=rest), f"{type(error).__name__}: {error}"[:500])
        return
    inlet.failures = 0
    if every or came or inlet.problem or inlet.looked is None or at - inlet.looked > TOLD:
        inlet.looked = at
        _told(inlet, at + timedelta(seconds=every), "")


def _told(inlet: Inlet, due: datetime, problem: str) -> None:
    inlet.due, inlet.problem = due, problem
    inlet.save(update_fields=["due", "looked", "problem", "failures"])
