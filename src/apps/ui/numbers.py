"""Whole numbers as forms and addresses bring them."""

from __future__ import annotations

LONGEST = 9
"""Digits of a number that people type or that counts our rows; whatever is longer is none of ours."""

CURSOR = 18
"""Digits of a place in a list without an end, as a log."""


def read_number(text: str, digits: int = LONGEST) -> int:
    """The number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0
