"""A small agency to work in: its units, its people, its books, and a document that has arrived."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from lxml import html

from apps.accounts.models import User
from apps.office.deed import Deed, deed_of
from apps.office.finding.facts import facts_of
from apps.office.incoming.intake import Arrived, arrive
from apps.office.models import Book, Document, Lane, Source
from apps.staff.models import Duty, Post, Unit
from apps.staff.rights import root_of
from apps.unsent import note

SINCE = date(2020, 1, 1)
PDF = b"%PDF-1.7\n% van ban mau\n%%EOF\n"


@dataclass
class Agency:
    """One agency; people are made when first named: `city.deed(Duty.CLERK)`."""

    code: str = "H29"
    made: dict[tuple[str, int], User] = field(default_factory=dict)

    @cached_property
    def root(self) -> Unit:
        return root_of(self.code)

    @cached_property
    def room(self) -> Unit:
        return Unit.objects.create(agency=self.code, parent=self.root, name="Phòng Kinh tế (mẫu)", abbreviation="KT")

    @cached_property
    def other_room(self) -> Unit:
        return Unit.objects.create(agency=self.code, parent=self.root, name="Phòng Văn hóa (mẫu)", abbreviation="VH")

    @cached_property
    def book(self) -> Book:
        return Book.objects.create(agency=self.code, lane=Lane.INCOMING, name="Sổ văn bản đến (mẫu)")

    def person(self, duty: str, unit: Unit | None = None, nth: int = 0) -> User:
        unit = unit or self.root
        key = (f"{duty}.{unit.pk}", nth)
        if key not in self.made:
            name = f"mau.{self.code}.{duty}.{unit.pk}.{nth}"
            person = User.objects.create(username=name, name=f"Người Mẫu {duty}", agency=self.code)
            Post.objects.create(person=person, unit=unit, title=Duty(duty).label, duty=duty, since=SINCE)
            self.made[key] = person
        return self.made[key]

    def deed(self, duty: str, unit: Unit | None = None, nth: int = 0) -> Deed:
        return deed_of(self.person(duty, unit, nth))

    def client(self, duty: str) -> Client:
        """Whoever holds it, signed in: an officer of the room, others of the agency itself."""
        return entered(self.person(duty, self.room if duty == Duty.OFFICER else None))

    def arrived(self, pdf: bytes = PDF, **fields: object) -> Document:
        told = {
            "package": "",
            "document_id": "G09,2026/11/22,15/BNV",
            "issuer_code": "G09",
            "issuer": "Bộ Nội vụ",
            "number": "15",
            "notation": "BNV-VP",
            "kind": "Công văn",
            "subject": "V/v chuẩn bị báo cáo (văn bản mẫu)",
            "source": Source.AXIS,
        }
        document = Document.objects.create(agency=self.code, lane=Lane.INCOMING, came=timezone.now(), **(told | fields))
        arrive(document, [Arrived("van-ban.pdf", "application/pdf", pdf)], timezone.now())
        return document


Kind = TypeVar("Kind", bound=Agency)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is done in the database, and gone afterwards."""
    with transaction.atomic():
        yield
        if not connection.closed_in_transaction:  # as after an answer that was a file
            assert_known_to_searches()
        transaction.set_rollback(True)


@contextmanager
def founded(kind: type[Kind]) -> Iterator[Kind]:
    """An agency and its two rooms, there before anybody's reach is worked out; all of it gone afterwards."""
    with undone():
        made = kind()
        assert made.room != made.other_room
        yield made


def note_on(client: Client, page: str) -> dict[str, str]:
    """What the last form of a page carries of who writes it, and where."""
    found = html.fromstring(client.get(page).content).xpath(f"//main//input[@name='{note.NAME}']/@value")
    return {note.NAME: str(found[-1])}


def entered(who: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(who)
    return client


def assert_known_to_searches() -> None:
    """Whatever was done, the index knows who sees a document; its dates may have been changed by a test itself."""
    for one in Document.objects.exclude(words=None).select_related("words"):
        assert _who_sees(one.words.facts) == _who_sees(facts_of(one)), one


def _who_sees(facts: str) -> list[str]:
    return [each for each in facts.split() if each[:2] not in {":e", ":d", ":k"}]
