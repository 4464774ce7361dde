"""The states of a case: every step that is allowed, and the clock that says when the next is due."""

from datetime import UTC, date, datetime

import pytest

from lienthong.ca.casework import ORDERED
from lienthong.ca.life.states import MOVES, OPEN, CaseAct, CaseState, due, moved
from lienthong.errors import IllegalMove

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # ten in the morning in Hà Nội


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("act", CaseAct)
def test_only_what_is_in_the_table_happens(state: CaseState, act: CaseAct) -> None:
    if (state, act) in MOVES:
        assert moved(state, act) is MOVES[state, act]
    else:
        with pytest.raises(IllegalMove):
            moved(state, act)


def test_an_end_is_an_end() -> None:
    assert {before for before, _ in MOVES} == OPEN
    assert {due(state, FRIDAY) for state in set(CaseState) - OPEN} == {None}


def test_nothing_is_issued_that_was_not_examined_and_approved() -> None:
    before = {after: {state for (state, _), found in MOVES.items() if found is after} for after in CaseState}
    assert before[CaseState.ISSUED] == {CaseState.ISSUING}
    assert before[CaseState.ISSUING] == before[CaseState.DONE] == {CaseState.APPROVED}
    assert before[CaseState.APPROVED] == {CaseState.EXAMINED}
    assert before[CaseState.EXAMINED] == {
        CaseState.RECEIVED,
        CaseState.EXAMINED,
    }  # agreeing to a transfer moves nothing


def test_nobody_but_the_authority_itself_stops_what_is_being_issued() -> None:
    assert {act for state, act in MOVES if state is CaseState.ISSUING} == {CaseAct.FINISH, CaseAct.GIVE_UP}
    assert CaseAct.GIVE_UP not in ORDERED


def test_weekends_and_holidays_do_not_count() -> None:
    assert due(CaseState.RECEIVED, FRIDAY) == datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    holiday = frozenset({date(2026, 11, 30)})
    assert due(CaseState.RECEIVED, FRIDAY, holiday) == datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert due(CaseState.ISSUED, FRIDAY) == datetime(2026, 12, 4, 3, 0, tzinfo=UTC)


def test_the_day_is_the_one_in_viet_nam() -> None:
    late = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)  # already Friday there
    assert due(CaseState.RECEIVED, late) == datetime(2026, 11, 29, 20, 0, tzinfo=UTC)  # Monday, three in the morning
