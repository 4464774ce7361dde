"""Vietnamese first, English second: no sentence without its pair, and no pair without its sentence."""

import re
from itertools import combinations

from apps.ui.language import sentences, tables
from unit.apps.sentences import in_code, in_templates

PLACE = re.compile(r"\{\w+\}")


def test_every_sentence_has_english() -> None:
    assert (in_templates() | in_code()) - sentences().keys() == set()


def test_no_english_is_left_over() -> None:
    assert sentences().keys() - in_templates() - in_code() == set()


def test_no_sentence_has_two_translations() -> None:
    pairs = combinations(tables().values(), 2)
    assert [vi for one, other in pairs for vi in one.keys() & other.keys() if one[vi] != other[vi]] == []


def test_both_have_the_same_places() -> None:
    assert [vi for vi, en in sentences().items() if sorted(PLACE.findall(vi)) != sorted(PLACE.findall(en))] == []
