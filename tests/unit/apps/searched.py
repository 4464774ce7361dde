"""A register of some years to page through: what a search must give is worked out from the rows, one by one."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random  # noqa: TID251 - the same lots every time

from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import index
from apps.office.finding.language import read
from apps.office.finding.results import count, matching
from apps.office.incoming.policy import may_see
from apps.office.lists import together
from apps.office.models import Assignment, AssignmentState, Document, Lane, Role, Source
from apps.staff.models import Duty, Unit
from apps.staff.rights import Standing
from lienthong.document import VIETNAM
from unit.apps.office_made import Agency

TOLD = ("duong", "sat", "cang", "bien", "ho", "so")
DAYS = (0, 0, 1, 3, 8, 20, 100, 700, 1_500)
"""How long ago some came: in every slice of time, several within one millisecond."""
PAGE = 7


def filled(city: Agency, lots: Random, many: int) -> list[Document]:
    """Documents of the agency, some of them given to a room's officer."""
    now, officer = timezone.now(), city.person(Duty.OFFICER, city.room)
    made = []
    for number in range(many):
        came = now - timedelta(lots.choice(DAYS), lots.choice((0, 0, lots.randrange(9_000))))
        document = Document.objects.create(
            agency=city.code, lane=Lane.INCOMING, source=Source.SCAN, number=str(number), came=came,
            subject=" ".join(lots.sample(TOLD, 3)), urgency=lots.choice((0, 1)), kind="Công văn",
        )  # fmt: skip
        _given(document, city.root, None)
        if lots.random() < 0.4:
            _given(document, city.room, officer if lots.random() < 0.7 else None)
        index.keep(document)
        made.append(document)
    return made


def _given(document: Document, unit: Unit, person: User | None) -> None:
    Assignment.objects.create(
        document=document, agency=document.agency, lane=Lane.INCOMING, unit=unit, person=person,
        role=Role.INFORM, state=AssignmentState.WAITING, given=document.came,
    )  # fmt: skip


def assert_paging_loses_and_doubles_nothing(seed: int, many: int = 60) -> None:
    """Every question of everybody, page by page, against all documents of both agencies."""
    lots, offices = Random(seed), (Agency("H29"), Agency("G22"))
    everything = [document for office in offices for document in filled(office, lots, many)]
    for office in offices:
        for who in (
            office.deed(Duty.CLERK),
            office.deed(Duty.OFFICER, office.room),
            office.deed(Duty.UNIT_HEAD, office.room),
        ):
            seen = [each for each in everything if may_see(each, who.standing)]
            assert seen
            for text in ("", "duong", "so", "ho cang", "bi", "khan:khan sat", f"tu:{_ago(50)}", f"den:{_ago(50)} so"):
                _assert_all(text or "loai:cong-van", who.standing, {each for each in seen if _has(each, text)})


def _assert_all(text: str, who: Standing, wanted: set[Document]) -> None:
    found = list(_pages(text, who))
    assert len(found) == len(set(found)), text
    assert set(found) == wanted, (text, len(found), len(wanted), sorted(map(str, wanted - set(found))))
    came = [int(each.came.timestamp()) for each in found]
    assert came == sorted(came, reverse=True), text
    assert together(who.person, {"n": count(read(text, who), who, 10)}) == {"n": min(10, len(wanted))}


def _pages(text: str, who: Standing) -> Iterator[Document]:
    before = index.EVER
    while page := list(matching(read(text, who), who, most=PAGE, before=before)):
        yield from page
        before = page[-1].words.pk


def _has(document: Document, text: str) -> bool:
    words, day = document.subject.split(), document.came.astimezone(VIETNAM).date()
    rules = {
        "khan:khan": document.urgency == 1,
        f"tu:{_ago(50)}": day >= date.fromisoformat(_ago(50)),
        f"den:{_ago(50)}": day <= date.fromisoformat(_ago(50)),
    }
    return all(rules[part] if part in rules else any(word.startswith(part) for word in words) for part in text.split())


def _ago(days: int) -> str:
    return (timezone.now().astimezone(VIETNAM).date() - timedelta(days)).isoformat()
