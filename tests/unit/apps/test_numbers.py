"""Numbers that forms and addresses bring: what is none, or longer than any of ours, is 0 and never an error."""

import pytest

from apps.ui.numbers import CURSOR, LONGEST, read_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * LONGEST, 10**LONGEST - 1)])
def test_whole_numbers_are_read(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " 7", "-7", "7.0", "7e3", "²", "٣", "7\0", "nan", "9" * (LONGEST + 1), "9" * 5000]
)
def test_whatever_else_is_none(text: str) -> None:
    assert read_number(text) == 0


def test_a_place_in_a_log_may_be_longer() -> None:
    assert read_number("9" * CURSOR, CURSOR) == 10**CURSOR - 1 < 2**63
    assert read_number("9" * (CURSOR + 1), CURSOR) == 0
