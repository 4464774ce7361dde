"""`bench office`: answers of two sizes become ratios; many statements on one page count as not reached."""

import pytest

from lienthong.cli.bench.filled_office import Answer
from lienthong.cli.bench.office import Desks, outcome_of, steps

DESKS = Desks((10, 1000), "sqlite", 5, 1, None)


@pytest.mark.parametrize(("ms", "queries", "reached"), [(14.0, 19, True), (16.0, 19, False), (14.0, 20, False)])
def test_what_is_to_be_reached(ms: float, queries: int, reached: bool) -> None:
    told = {"a list": {10: [Answer(10.0, 5)] * 5, 1000: [Answer(ms, queries)] * 5}}
    told |= {"one document": {10: [Answer(10.0, 40)] * 5, 1000: [Answer(10.0, 40)] * 5}}
    outcome = outcome_of(DESKS, told, {"a list": True, "one document": False})
    assert outcome.reached is reached
    assert outcome.ratios[0].value == pytest.approx(ms / 10)


def test_steps_of_the_bar_follow_the_sizes() -> None:
    assert steps("5k,1M", 5) == 6 + 1 + 200
    assert steps("nonsense", 5) == 1
