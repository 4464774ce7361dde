"""Paging newest first, and beginnings that stand for numbers from one to another."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.office.finding import index
from apps.office.finding.words import between
from apps.office.models import Document, Lane, Source, Words
from unit.apps.office_made import Agency, undone
from unit.apps.searched import assert_paging_loses_and_doubles_nothing

NUMBERS = st.text("0123456789", min_size=4, max_size=4)


@pytest.mark.parametrize("seed", [1, 2])
def test_paging_newest_first_loses_and_doubles_nothing_and_agencies_stay_apart(seed: int) -> None:
    with undone():
        assert_paging_loses_and_doubles_nothing(seed)


def test_any_number_may_come_within_one_millisecond() -> None:
    at = timezone.now() - timedelta(1)
    with undone():
        Agency()
        for _ in range(20):
            told = {"agency": "H29", "lane": Lane.INCOMING, "source": Source.SCAN, "came": at}
            index.keep(Document.objects.create(**told))
        moments = list(Words.objects.order_by("pk").values_list("pk", flat=True))
        assert moments == list(range(int(at.timestamp() * 1000), int(at.timestamp() * 1000) + 20))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_beginnings_stand_for_all_numbers_between(first: str, last: str, number: str) -> None:
    words = between(":d", first, last)
    held = [word for word in words if f":d{number}".startswith(word.rstrip("*"))]
    assert len(held) == (first <= number <= last)
    assert all(word.endswith("*") or len(word) == 6 for word in words)
