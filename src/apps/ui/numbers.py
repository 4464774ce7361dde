"""Whole numbers as forms and addresses bring them."""

from __future__ import annotations

LONGEST = 9
"""Digits of a number that people type or that counts our rows; whatever is longer is none of ours."""


def read_number(text: str) -> int:
    """The number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
