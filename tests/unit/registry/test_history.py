"""One code through time, and what differs between two days."""

from dataclasses import replace
from datetime import date

import pytest

from lienthong.errors import InvalidValue
from lienthong.registry import DifferenceKind, Organisation, Status, bearer, close, differences, lay, row, stamped
from registry_world import code, organisation, snapshot

NEW_YEAR, JULY, MERGER = date(2024, 1, 1), date(2024, 7, 1), date(2025, 7, 1)
FIRST = organisation("H25.03", name="Sở Nội vụ (mẫu)", valid_from=date(2020, 9, 15))
RENAMED = replace(FIRST, name="Sở Nội vụ mới (mẫu)", valid_from=JULY)


def test_a_day_of_the_past_is_asked():
    history = close(lay(lay((), FIRST), RENAMED), MERGER, (code("H42.03"),))
    assert [
        bearer(history, day) and bearer(history, day).name for day in (date(2019, 1, 1), date(2024, 5, 1), JULY)
    ] == [
        None,
        FIRST.name,
        RENAMED.name,
    ]
    assert bearer(history, MERGER) is None
    assert history[0].successors == ()
    told = row(history, MERGER)
    assert (told.name, told.status, told.valid_from, told.valid_to) == (
        RENAMED.name,
        Status.CLOSED,
        FIRST.valid_from,
        date(2025, 6, 30),
    )
    assert told.successors == (code("H42.03"),)
    assert row(history, date(2024, 5, 1)).status is Status.ACTIVE


def test_a_period_in_the_middle_leaves_what_lies_outside():
    history = lay(lay((), FIRST), replace(FIRST, name="Giữa", valid_from=NEW_YEAR, valid_to=date(2024, 6, 30)))
    assert [(each.name, each.valid_from, each.valid_to) for each in history] == [
        (FIRST.name, FIRST.valid_from, date(2023, 12, 31)),
        ("Giữa", NEW_YEAR, date(2024, 6, 30)),
        (FIRST.name, JULY, None),
    ]
    assert lay(history, replace(FIRST, valid_from=None)) == (replace(FIRST, valid_from=None),)


@pytest.mark.parametrize(
    ("period", "why"),
    [
        (replace(FIRST, valid_from=date(2025, 8, 1)), "never used again"),
        (replace(FIRST, valid_from=JULY, valid_to=NEW_YEAR), ">"),
        (replace(FIRST, valid_from=date(2018, 1, 1), valid_to=date(2019, 1, 1)), "gap"),
    ],
)
def test_what_cannot_be_laid(period: Organisation, why: str):
    with pytest.raises(InvalidValue, match=why):
        lay(close((FIRST,), MERGER), period)


def test_a_code_not_in_force_is_not_closed_again():
    for day in (MERGER, date(2020, 9, 15), date(2026, 1, 1)):
        with pytest.raises(InvalidValue, match="not in force"):
            close(close((FIRST,), JULY) if day != date(2020, 9, 15) else (FIRST,), day)
    with pytest.raises(InvalidValue):
        close((), MERGER)


def test_differences_name_what_happened():
    old = [organisation(each) for each in ("H01", "H02", "H03", "H04", "H05")]
    new = [
        organisation("H01"),
        organisation("H02", name="Tên khác"),
        organisation("H03", parent=code("H01")),
        organisation("H04", to="H01", closed=date(2025, 6, 30)),
        organisation("H06"),
    ]
    found = {str(each.code): each for each in differences(old, new)}
    assert {name: each.kind for name, each in found.items()} == {
        "H02": DifferenceKind.RENAMED,
        "H03": DifferenceKind.MOVED,
        "H04": DifferenceKind.CLOSED,
        "H06": DifferenceKind.OPENED,
        "H05": DifferenceKind.REMOVED,
    }
    assert found["H03"].fields() == {"parent": (None, "H01")}
    assert found["H06"].fields()["code"] == (None, "H06")


def test_a_row_tells_the_version_it_last_changed_in():
    first = stamped(None, snapshot(organisation("H01"), organisation("H02"), version=4))
    second = stamped(first, snapshot(organisation("H01"), organisation("H02", name="Khác"), version=5))
    assert [each.revision for each in first.organisations] == [4, 4]
    assert [each.revision for each in second.organisations] == [4, 5]
