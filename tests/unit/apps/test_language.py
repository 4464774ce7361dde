"""Vietnamese first, English second: no sentence without its pair, and no pair without its sentence."""

import re

from apps.ui.english import ENGLISH
from unit.apps.sentences import in_code, in_templates

PLACE = re.compile(r"\{\w+\}")


def test_every_sentence_has_english() -> None:
    assert (in_templates() | in_code()) - ENGLISH.keys() == set()


def test_no_english_is_left_over() -> None:
    assert ENGLISH.keys() - in_templates() - in_code() == set()


def test_both_have_the_same_places() -> None:
    assert [vi for vi, en in ENGLISH.items() if sorted(PLACE.findall(vi)) != sorted(PLACE.findall(en))] == []
