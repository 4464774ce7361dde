"""The month from its first day: furnish, what the post brought, letters out, what was done with them, later changes.

It relies on the site's worker for all that crosses the axis, and waits for it between the parts. Played once; played
again after it broke off, everything known is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid5

from django.utils import timezone

from apps.demo.models import Played
from apps.demo.month import furnishing, incoming, inside, outgoing, paper_mail
from apps.demo.month.cast import Cast, cast_of, deed
from apps.demo.month.script import LETTERS, OFFICES, RECALL, UPDATE, WARDS, Change, Letter, Step
from apps.office.desk import desk_at
from apps.office.incoming import acts
from apps.office.models import Document, Draft, Lane, Standing
from apps.office.outgoing import withdrawing
from apps.staff.calendar import VIETNAM
from apps.staff.holidays import keep_public
from lienthong.errors import Unavailable

PATIENCE = 600
"""Pauses until something has to have come over the axis."""
Say = Callable[[str], None]
Pause = Callable[[], object]


def play(say: Say, pause: Pause) -> bool:
    """All of it; whether there was anything to do. `say` hears every step, `pause` lets the worker work a moment.

    Raises Unavailable when what was sent does not arrive.
    """
    if Played.objects.exists():
        return False
    month = Month({code: cast_of(code) for code in OFFICES}, say, pause)
    for step in (month.furnish, month.past, month.write, month.treat, month.change, month.answer_changes):
        step()
    Played.objects.create(at=timezone.now())
    return True


class Month:
    """The parts in their order."""

    def __init__(self, casts: dict[str, Cast], say: Say, pause: Pause) -> None:
        self.casts, self._say, self._pause = casts, say, pause

    def furnish(self) -> None:
        """Offices as their administrators set them up."""
        self._say("Chuẩn bị sáu cơ quan")
        year = timezone.localdate().year
        for each in (year - 1, year, year + 1):
            keep_public(each)
        for code, cast in self.casts.items():
            names = {org.code: org.name for org in desk_at(code).organisations("phường Mẫu", limit=12)}
            wards = [{"code": ward, "name": names[ward]} for ward in WARDS if ward in names and ward != code]
            furnishing.furnish(cast, date(year - 1, 1, 2), wards)

    def past(self) -> None:
        """Paper of the last month, an internal notice, a file begun."""
        at = datetime.combine(timezone.localdate() - timedelta(days=12), paper_mail.OPENS, VIETNAM)
        for code, cast in self.casts.items():
            self._say(f"Văn bản giấy trong tháng: {code}")
            papers = paper_mail.bring(cast)
            inside.announce(cast, at)
            inside.open_file(cast, at, papers[9:12:2])

    def write(self) -> None:
        """Letters of today, each by the steps of its office; a replacement waits until what it replaces has arrived."""
        for letter in LETTERS:
            if not letter.replaces:
                self._write(letter)
        self._await_arrivals()

    def treat(self) -> None:
        """What recipients do."""
        for letter in _sent():
            for code in letter.recipients:
                if code in self.casts and code in letter.got:
                    self._say(f"{code}: {letter.subject}")
                    incoming.treat(self.casts[code], _arrived(letter, code), letter)

    def change(self) -> None:
        """One letter recalled, one with other recipients, one replaced."""
        for letter in LETTERS:
            if letter.replaces:
                self._write(letter)
        for change in (RECALL, UPDATE):
            self._withdraw(change)

    def answer_changes(self) -> None:
        """Recipients agree; what replaces another is left for the clerk of the city to answer."""
        asked = [(RECALL.key, code) for code in ("G09", "H14")] + [(UPDATE.key, "H29.51")]
        for key, code in asked:
            document = _arrived(_letter(key), code)
            self._until(partial(_is_frozen, document), str(document))
            acts.agree(deed(self.casts[code].clerk), document, "Đồng ý")
            self._until(partial(_has_answered, _letter(key), code), str(document))
        replaced = _arrived(_letter("bien-che"), "H29")
        self._until(partial(_is_frozen, replaced), str(replaced))

    def _write(self, letter: Letter) -> None:
        self._say(f"{letter.sender}: {letter.subject}")
        replaces = _package(_letter(letter.replaces)) if letter.replaces else ""
        outgoing.write(letter, self.casts[letter.sender], replaces)

    def _withdraw(self, change: Change) -> None:
        letter = _letter(change.key)
        self._say(f"{letter.sender}: {change.reason}")
        desk, package, by = desk_at(letter.sender), _package(letter), deed(self.casts[letter.sender].clerk)
        message = str(uuid5(letter.id, "change"))
        self._until(lambda: all(row.status >= "03" for row in desk.document(package).entry.recipients), change.key)
        if change.add or change.remove:
            desk.update(package, change.reason, add=change.add, remove=change.remove, message_id=message)
            withdrawing.update_asked(by, package, change.reason, change.add)
        else:
            desk.recall(package, change.reason, message_id=message)
            withdrawing.recall_asked(by, package, change.reason)

    def _await_arrivals(self) -> None:
        for letter, code in self._ways():
            self._until(partial(_has_arrived, letter, code), f"{code}: {letter.subject}")

    def _ways(self) -> Iterator[tuple[Letter, str]]:
        return ((letter, code) for letter in _sent() for code in letter.recipients if code in self.casts)

    def _until(self, there: Callable[[], bool], what: str) -> None:
        for _ in range(PATIENCE):
            if there():
                return
            self._pause()
        raise Unavailable(what)


def _sent() -> list[Letter]:
    return [letter for letter in LETTERS if letter.to == Step.SENT and not letter.replaces]


def _letter(key: str) -> Letter:
    return next(letter for letter in LETTERS if letter.key == key)


def _package(letter: Letter) -> str:
    return Draft.objects.get(pk=letter.id).sent


def _found(letter: Letter, code: str) -> Document | None:
    package = _package(letter)
    return Document.objects.filter(agency=code, lane=Lane.INCOMING, package=package).first() if package else None


def _arrived(letter: Letter, code: str) -> Document:
    found = _found(letter, code)
    if found is None:
        raise Unavailable(f"{code}: {letter.subject}")
    return found


def _has_arrived(letter: Letter, code: str) -> bool:
    return _found(letter, code) is not None


def _is_frozen(document: Document) -> bool:
    return Document.objects.filter(pk=document.pk, standing=Standing.FROZEN).exists()


def _has_answered(letter: Letter, code: str) -> bool:
    """Whether the sender's gateway knows of a recipient's answer."""
    told = desk_at(letter.sender).document(_package(letter)).entry.recipients
    return all(row.standing != Standing.FROZEN for row in told if row.recipient == code)
