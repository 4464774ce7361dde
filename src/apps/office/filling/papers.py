"""One sample document as the rows it leaves: register, file, work, story, number, words. Pure but for its dice.

incoming   registered, directed to a unit's officer, others to coordinate or to know; the old ones done
outgoing   drafted, signed by the leader, numbered, issued
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from uuid import UUID

from apps.accounts.models import User
from apps.office.filling.people import Office, Room
from apps.office.filling.tables import Cell, Row, moment
from apps.office.filling.vocabulary import REMARKS, Said, said
from apps.office.finding import facts, words
from apps.office.models import AssignmentState, Lane, Role, Source
from apps.staff.models import Unit
from lienthong.document import VIETNAM

State = AssignmentState
DOCUMENT = (
    "id", "agency", "lane", "source", "document_id", "issuer_code", "issuer", "number", "notation", "kind", "subject",
    "issued", "signer", "urgency", "due", "status", "came", "issued_at", "done",
)  # fmt: skip
FILE = ("document", "content", "name", "media_type", "main", "at")
ASSIGNMENT = (
    "id", "document", "agency", "lane", "unit", "person", "role", "state", "due", "parent", "giver", "words", "given",
    "opened", "ended",
)  # fmt: skip
EVENT = ("document", "at", "by", "what", "told")
NUMBER = ("book", "year", "number", "document", "by", "at")
WORDS = ("id", "document", "text", "facts")
OUTGOING = 0.25
"""Share of what an office writes itself."""
FRESH = timedelta(days=12)
"""What came within is mostly still being worked on."""
FORGOTTEN = 0.004
"""Share of older documents that nobody ended: they are overdue."""
UNREAD = 0.1
"""Share of rows for information that nobody opened."""
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Given:
    """When a row was given, out of which one, by whom, with which words."""

    at: datetime
    parent: int | None = None
    giver: User | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its id, whose it is, when it came and what it says."""

    id: str
    office: Office
    came: datetime
    said: Said


@dataclass(slots=True)
class Batch:
    """Rows of some documents, by table."""

    documents: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    words: list[Row] = field(default_factory=list)


@dataclass
class Writer:
    """Writes documents of several offices in the order in which they came. `row` is the next assignment's id.

    `text` and `told` are what the index gets of the document being written: its words and its facts.
    """

    lots: Random
    now: datetime
    content: str
    row: int
    taken: defaultdict[tuple[int, int], int]
    batch: Batch = field(default_factory=Batch)
    moment: int = 0
    text: str = ""
    told: list[str] = field(default_factory=list)

    def write(self, office: Office, came: datetime) -> None:
        """One document."""
        paper = Paper(UUID(int=self.lots.getrandbits(128), version=4).hex, office, came, self._said(came))
        self.moment, self.told = max(self.moment + 1, int(came.timestamp() * 1000)), []
        (self._outgoing if self.lots.random() < OUTGOING else self._incoming)(paper)
        self.batch.words.append((self.moment, paper.id, self.text, facts.together(self.told)))

    def _said(self, came: datetime) -> Said:
        day = came.astimezone(VIETNAM)
        return said(self.lots, day.year, day.month)

    # ------------------------------------------------------------ the two ways

    def _incoming(self, paper: Paper) -> None:
        office, lots = paper.office, self.lots
        fresh = self.now - paper.came < FRESH
        stage = lots.choice(("arrived", "waiting", "given", "given", "done")) if fresh else "done"
        stage = "given" if stage == "done" and lots.random() < FORGOTTEN else stage
        due = paper.came + timedelta(days=lots.randint(5, 20)) if lots.random() < 0.5 else None
        ended = min(paper.came + timedelta(days=lots.randint(1, 10)), self.now) if stage == "done" else None
        number = str(lots.randint(1, 4_000))
        self._register(paper, number, Lane.INCOMING, due, ended)
        self._tell(paper, "arrived", paper.came, None, {"source": Source.SCAN})
        if stage != "arrived":
            self._registered(paper)
        top_state = {"arrived": State.ARRIVED, "waiting": State.WAITING, "given": State.FORWARDED}.get(
            stage, State.DONE
        )
        top = self._give(paper, office.root, None, Role.LEAD, top_state, due=due, ended=ended)
        if stage in {"given", "done"}:
            self._directed(paper, top, due, ended)

    def _registered(self, paper: Paper) -> None:
        office, at = paper.office, paper.came + timedelta(minutes=20)
        number = self._number(paper, office.books[Lane.INCOMING], office.clerk, at)
        told = {"number": f"{number:02d}", "book": "Sổ văn bản đến", "note": ""}
        self._tell(paper, "registered", at, office.clerk, told)

    def _directed(self, paper: Paper, top: int, due: datetime | None, ended: datetime | None) -> None:
        office, lots, at = paper.office, self.lots, paper.came + timedelta(hours=2)
        lead, *others = lots.sample(office.rooms, lots.choice((1, 2, 3)))
        officer, text = lots.choice(lead.officers), lots.choice(REMARKS)
        self._tell(paper, "directed", at, office.leader, {"text": text, "lead": officer.name, "to": [officer.name]})
        state = State.DONE if ended else lots.choice((State.WAITING, State.WORKING))
        given = Given(at, top, office.leader, text)
        self._give(paper, lead.unit, officer, Role.LEAD, state, due=due, ended=ended, given=given)
        for room in others:
            self._beside(paper, room, ended, given)
        if ended:
            self._tell(paper, "completed", ended, officer, {})

    def _beside(self, paper: Paper, room: Room, ended: datetime | None, given: Given) -> None:
        role = self.lots.choice((Role.COORDINATE, Role.INFORM, Role.INFORM))
        unread = role == Role.INFORM and self.lots.random() < UNREAD
        person = self.lots.choice(room.officers) if self.lots.random() < 0.7 else None
        done = None if unread else ended
        self._give(paper, room.unit, person, role, State.DONE if done else State.WAITING, ended=done, given=given)

    def _outgoing(self, paper: Paper) -> None:
        office, lots, at = paper.office, self.lots, paper.came + timedelta(hours=6)
        room = lots.choice(office.rooms)
        author = lots.choice(room.officers)
        number = self._number(paper, office.books[Lane.OUTGOING], office.clerk, at)
        self._register(paper, str(number), Lane.OUTGOING, None, at)
        draft = self._give(paper, room.unit, author, Role.DRAFT, State.DONE, ended=at)
        steps = ((room.unit, office.leader, Role.SIGN), (office.root, office.clerk, Role.ISSUE))
        for unit, person, role in steps:
            self._give(paper, unit, person, role, State.DONE, ended=at, given=Given(at, draft, author))
        self._tell(paper, "submitted", paper.came, author, {"version": 1, "words": ""})
        self._tell(paper, "signed", at, office.leader, {"version": 1})
        self._tell(paper, "issued", at, office.clerk, {"number": f"{number:02d}/{paper.said.notation}"})

    # ------------------------------------------------------------ rows

    def _register(self, paper: Paper, number: str, lane: Lane, due: datetime | None, done: datetime | None) -> None:
        office, told, came = paper.office, paper.said, paper.came
        own = lane == Lane.OUTGOING
        day = came.astimezone(VIETNAM).date().isoformat()
        code, issuer = (office.code, office.root.name) if own else (told.issuer_code, told.issuer)
        source, issued_at = (Source.OWN, _at(done)) if own else (Source.SCAN, None)
        document_id = f"{code},{day.replace('-', '/')},{number}/{told.notation}"
        urgency = self.lots.choice((0, 0, 0, 0, 0, 0, 1, 2))
        signer = office.leader.name if own else told.signer
        self.batch.documents.append((
            paper.id, office.code, lane, source, document_id, code, issuer, number, told.notation, told.kind,
            told.subject, day, signer, urgency, _at(due), "", moment(came), issued_at, _at(done),
        ))  # fmt: skip
        name = f"{number}-{told.notation}.pdf"
        self.batch.files.append((paper.id, self.content, name, PDF, True, moment(came)))
        self.text = _words(office.code, code, issuer, number, told, signer, document_id, name)
        self.told += facts.of_itself(None, came, urgency)
        self.told += facts.of_deadline(due) if due and not done else []

    def _give(
        self, paper: Paper, unit: Unit, person: User | None, role: Role, state: State, *, due: datetime | None = None,
        ended: datetime | None = None, given: Given | None = None,
    ) -> int:  # fmt: skip
        key, self.row = self.row, self.row + 1
        who, told = person.pk if person else None, given or Given(paper.came)
        by = told.giver.pk if told.giver else None
        self.told += facts.of_row(unit.pk, who, role, state)
        lane = Lane.OUTGOING if role in {Role.DRAFT, Role.SIGN, Role.ISSUE} else Lane.INCOMING
        self.batch.assignments.append((
            key, paper.id, paper.office.code, lane, unit.pk, who, role, state, _at(due), told.parent, by, told.words,
            moment(told.at), _at(ended), _at(ended),
        ))  # fmt: skip
        return key

    def _tell(self, paper: Paper, what: str, at: datetime, by: User | None, told: Mapping[str, object]) -> None:
        text = json.dumps(told, ensure_ascii=False)
        self.batch.events.append((paper.id, moment(at), by.pk if by else None, what, text))

    def _number(self, paper: Paper, book: int, by: User, at: datetime) -> int:
        year = at.astimezone(VIETNAM).year
        self.taken[book, year] += 1
        self.batch.numbers.append((book, year, self.taken[book, year], paper.id, by.pk, moment(at)))
        return self.taken[book, year]


def _at(at: datetime | None) -> Cell:
    return moment(at) if at else None


def _words(
    agency: str, code: str, issuer: str, number: str, told: Said, signer: str, document_id: str, name: str
) -> str:
    """The same words as `finding.words.words_of` finds in the rows; pieces that come again are split once."""
    known = (
        (words.NOTATION, told.notation), (words.KIND, told.kind), (words.SIGNER, signer),
        (words.ISSUER, f"{issuer} {code}"),
    )  # fmt: skip
    named = [words.of_agency(agency), *words.of_number(number), *(word for each in known for word in _of_field(*each))]
    plain = (told.notation, told.subject, issuer, code, signer, told.kind)
    once = words.split(f"{number} {document_id} {name}")
    return " ".join(dict.fromkeys([*named, *(word for each in plain for word in _split(each)), *once]))


@lru_cache(50_000)
def _split(text: str) -> list[str]:
    return words.split(text)


@lru_cache(10_000)
def _of_field(field: str, text: str) -> list[str]:
    return words.of_field(field, text)
