"""What offices do today with what came over the axis: registered, refused, remarked, worked on, answered."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from apps.demo.month import outgoing
from apps.demo.month.cast import Cast, deed
from apps.demo.month.paper_mail import REMARKS
from apps.demo.month.script import ANSWER, WRONG, Got, Letter
from apps.office.books import book_for
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.models import Document, Draft, Lane, Role
from apps.staff.calendar import calendar_of

DAYS_TO_WORK = 5
"""Working days a leader gives where the sender asks for no day."""


def treat(cast: Cast, document: Document, letter: Letter) -> Document | None:
    """As far as the script has it for this office; the answer, where one goes out."""
    got = letter.got.get(cast.code, Got.ARRIVED)
    if got == Got.REFUSED:
        acts.refuse(deed(cast.clerk), document, WRONG)
    elif got >= Got.REGISTERED:
        acts.register(deed(cast.clerk), document, book_for(cast.code, Lane.INCOMING, letter.kind))
    if got >= Got.DIRECTED:
        _direct(cast, document, letter)
    if got >= Got.WORKING:
        _give_officer(cast, document, letter)
    if got == Got.DONE:
        acts.complete(deed(cast.rooms[letter.room].officer), document, "Đã thực hiện, lưu hồ sơ.")
    return _answer(cast, document, letter) if got == Got.ANSWERED else None


def _direct(cast: Cast, document: Document, letter: Letter) -> None:
    due = document.due or _due(cast.code)
    lead, other = cast.rooms[letter.room].unit, cast.rooms[1 - letter.room].unit
    given = [Recipient(lead, due=due), Recipient(other, role=Role.COORDINATE, due=due)]
    acts.direct(deed(cast.leader), document, REMARKS[len(letter.key) % len(REMARKS)], given)


def _give_officer(cast: Cast, document: Document, letter: Letter) -> None:
    room = cast.rooms[letter.room]
    acts.direct(deed(room.head), document, "Đồng chí trực tiếp xử lý.", [Recipient(room.unit, room.officer)])
    acts.start(deed(room.officer), document)


def _answer(cast: Cast, document: Document, letter: Letter) -> Document:
    """A document of our own, linked to what it answers, by all steps of the way out; then the work is done."""
    officer = cast.rooms[letter.room].officer
    draft = Draft.objects.get(pk=acts.reply(deed(officer), document).pk)
    draft.fields = draft.fields | outgoing.fields_of(ANSWER) | {"subject": ANSWER.subject}
    draft.save()
    issued = outgoing.lead_on(draft, cast, ANSWER)
    acts.complete(deed(officer), document, reply=Document.objects.get(pk=issued.pk))
    return issued


def _due(agency: str) -> datetime:
    calendar, today = calendar_of(agency), timezone.localdate()
    return calendar.closes(calendar.after(today, DAYS_TO_WORK))
