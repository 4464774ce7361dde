"""However often rounds are repeated, cut off or taken in another order, rules end with the same state."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from apps.office.models import Document, Label, Message, Number, Occasion, Remark, Rule, Run
from apps.office.rules import working
from apps.staff.models import Duty
from unit.apps.office_made import undone
from unit.apps.rules_made import City

STEPS = some.lists(
    some.one_of(
        some.just(("round", 0)),
        some.just(("again", 0)),  # as if the mark that it was handled had been lost
        some.tuples(some.just("cut"), some.integers(0, 4)),  # the process dies at that mark of a round
        some.tuples(some.just("other-order"), some.integers(0, 5)),
    ),
    max_size=6,
)


class Cut(BaseException):
    """The process is gone."""


@pytest.fixture
def kept() -> Iterator[None]:
    with undone():
        yield


def set_up(city: City) -> None:
    city.rule("arrived", {"book": city.book.pk, "label": "Đến"}, Duty.CLERK)
    city.rule("arrived", {"label": "Không", "case": "7a0e7a8c-0000-4000-8000-000000000000"}, Duty.CLERK)
    city.rule("registered", {"give": "direct", "lead": city.room_value(), "days": 5}, Duty.OFFICE_HEAD)
    head = city.person(Duty.OFFICE_HEAD)
    city.rule("assigned", {"people": [f"p{head.pk}-{city.root.pk}"], "label": "Giao"}, Duty.LEADER)
    for number in ("1", "2", "3"):
        city.comes(number=number, document_id=number)


def state() -> object:
    """What rules did, whoever did it when; numbers only have to be without gap and double."""
    return (
        sorted((label.document.number, label.text) for label in Label.objects.all()),
        sorted((run.document.number, run.rule.name, run.state) for run in Run.objects.all()),
        sorted(Number.objects.values_list("number", flat=True)),
        sorted(remark.document.number for remark in Remark.objects.all()),
        sorted(told.document.number for told in Message.objects.all()),
        sorted((one.number, one.assignments.count(), one.events.count()) for one in Document.objects.all()),
    )


def take(city: City, step: str, at: int, patch: pytest.MonkeyPatch) -> None:
    if step == "again":
        Occasion.objects.update(handled=None)
    elif step == "cut":
        cut_off(city, at, patch)
    elif step == "other-order":
        waiting = list(Occasion.objects.filter(handled=None).values_list("pk", flat=True))
        rules = list(Rule.objects.select_related("answers", "view"))
        for pk in waiting[at:] + waiting[:at]:
            working.handle(pk, rules, timezone.now())
    else:
        city.work(1)


def cut_off(city: City, at: int, patch: pytest.MonkeyPatch) -> None:
    mark, left = working._mark, [at]

    def dying(*args: object) -> None:
        if not left[0]:
            raise Cut
        left[0] -= 1
        mark(*args)

    with patch.context() as during:
        during.setattr(working, "_mark", dying)
        try:
            city.work(1)
        except Cut:
            return


@pytest.mark.usefixtures("kept")
def test_the_end_is_the_same() -> None:
    city = City()
    assert city.room != city.other_room
    with undone():
        set_up(city)
        city.work(5)
        expected = state()
        assert Remark.objects.count() == 3

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def same(steps: list[tuple[str, int]]) -> None:
        with undone(), pytest.MonkeyPatch.context() as patch:
            city = City()
            assert city.room != city.other_room
            set_up(city)
            for step, at in steps:
                take(city, step, at, patch)
            city.work(5)
            assert state() == expected

    same()
