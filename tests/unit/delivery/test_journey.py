"""The transport table: each legal move is allowed, each other is not; news may skip, repeat and come late."""

import pytest

from lienthong.delivery import FAILED, JourneyState
from lienthong.delivery.journey import HELD, MOVES, REACHABLE, UNDELIVERED, move, observe
from lienthong.errors import IllegalMove

S = JourneyState
LEGAL = {
    (S.RECORDED, S.ACCEPTED),
    (S.RECORDED, S.REFUSED),
    (S.RECORDED, S.EXPIRED),
    (S.RECORDED, S.CANCELLED),
    (S.ACCEPTED, S.DELIVERED),
    (S.ACCEPTED, S.REFUSED),
    (S.ACCEPTED, S.EXPIRED),
    (S.ACCEPTED, S.CANCELLED),
    (S.ARRIVED, S.DELIVERED),
    (S.ARRIVED, S.REFUSED),
    (S.ARRIVED, S.EXPIRED),
    (S.ARRIVED, S.CANCELLED),
    (S.DELIVERED, S.HANDED_OVER),
}
PAIRS = [(state, to) for state in S for to in S]


@pytest.mark.parametrize(("state", "to"), sorted(LEGAL))
def test_a_legal_move(state: S, to: S) -> None:
    assert move(state, to) is to


@pytest.mark.parametrize(("state", "to"), sorted(set(PAIRS) - LEGAL))
def test_an_illegal_move(state: S, to: S) -> None:
    with pytest.raises(IllegalMove, match=to.value):
        move(state, to)


def test_every_state_stands_in_the_table_and_failures_end_it() -> None:
    assert set(MOVES) == set(S)
    assert all(not MOVES[state] for state in FAILED)
    assert {S.DELIVERED, S.HANDED_OVER} == HELD
    assert not UNDELIVERED & (HELD | FAILED)


@pytest.mark.parametrize(("state", "seen"), PAIRS)
def test_news_moves_on_or_changes_nothing_or_contradicts(state: S, seen: S) -> None:
    if seen in REACHABLE[state]:
        assert observe(state, seen) is seen
    elif seen is state or state in REACHABLE[seen]:
        assert observe(state, seen) is state
    else:
        with pytest.raises(IllegalMove):
            observe(state, seen)


@pytest.mark.parametrize(
    ("known", "told"), [(S.EXPIRED, S.DELIVERED), (S.DELIVERED, S.EXPIRED), (S.REFUSED, S.EXPIRED)]
)
def test_two_ends_are_never_both_believed(known: S, told: S) -> None:
    with pytest.raises(IllegalMove):
        observe(known, told)


def test_news_may_skip_steps() -> None:
    assert observe(S.RECORDED, S.HANDED_OVER) is S.HANDED_OVER
