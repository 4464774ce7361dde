"""Groups keep the order, their bounds, and what is to go alone."""

from lienthong.delivery.together import BYTES, MANY, groups


def _grouped(sizes: list[int], alone: frozenset[int] = frozenset()) -> list[list[int]]:
    return list(groups(sizes, size=abs, alone=alone.__contains__))


def test_small_ones_go_together_up_to_a_number():
    found = _grouped([1] * (2 * MANY + 1))
    assert [len(group) for group in found] == [MANY, MANY, 1]


def test_bytes_are_bounded_and_a_large_one_goes_alone():
    assert _grouped([1, BYTES + 1, 2]) == [[1], [BYTES + 1], [2]]
    assert _grouped([BYTES // 2, BYTES // 2, 1]) == [[BYTES // 2, BYTES // 2], [1]]


def test_what_is_to_go_alone_parts_what_is_before_from_what_is_behind():
    assert _grouped([1, 2, 7, 3, 4], alone=frozenset({7})) == [[1, 2], [7], [3, 4]]
    assert _grouped([7, 1], alone=frozenset({7})) == [[7], [1]]


def test_nothing_makes_no_group():
    assert not _grouped([])
