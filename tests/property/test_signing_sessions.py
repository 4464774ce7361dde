"""A signing session under any acts in any order: one end, bound to its time, repeats harmless."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lienthong.errors import SigningEnded
from lienthong.signature.session.machine import ENDS, MOVES, OPEN, Act, moved
from lienthong.signature.session.model import LIFETIME, State
from signing_world import NOW, session

RESULTS = st.sampled_from(["a" * 64, "b" * 64])


class Life(RuleBasedStateMachine):
    """Several processes act on one row, late, early and again."""

    def __init__(self) -> None:
        super().__init__()
        self.session, self.now, self.ended = session(), NOW, None

    @rule(seconds=st.integers(0, 400))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(act=st.sampled_from(Act), result=RESULTS)
    def act(self, act: Act, result: str) -> None:
        before, late = self.session, self.now >= self.session.expires
        told = {"result": result} if act is Act.FINISH else {}
        try:
            self.session = moved(before, act, self.now, **told)
        except SigningEnded:
            assert (
                before.state in ENDS or (late and act in {Act.SUBMIT, Act.FINISH}) or (not late and act is Act.EXPIRE)
            )
            return
        if before.state in ENDS:
            assert self.session == before
        else:
            assert self.session.state is MOVES[before.state, act]
            assert not (late and self.session.state in {State.SIGNED, State.WAITING})
        assert moved(self.session, act, self.now, **told) == self.session  # a repeat changes nothing

    @invariant()
    def an_end_is_for_ever(self) -> None:
        if self.ended is not None:
            assert self.session == self.ended
        elif self.session.state in ENDS:
            self.ended = self.session

    @invariant()
    def a_result_only_when_signed(self) -> None:
        assert bool(self.session.result) is (self.session.state is State.SIGNED)

    @invariant()
    def bound_to_what_was_asked(self) -> None:
        same = {"state": State.PREPARED, "result": "", "handle": "", "problem": ""}
        assert replace(self.session, **same) == session()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_every_open_state_knows_every_act() -> None:
    assert set(MOVES) == {(state, act) for state in OPEN for act in Act}
    assert session().expires - session().created == LIFETIME
