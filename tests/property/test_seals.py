"""Whatever is done to a seal or its parts, it is never valid again, and judging never raises."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lienthong.seal import SealResult, judge
from seal_world import NOW, PARTS, part, sealed, trust

SEAL = sealed()
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


@given(st.text())
def test_no_text_is_a_valid_seal(text: str):
    assert judge(text, PARTS, trust(), NOW).result is SealResult.INVALID


@given(st.integers(0, len(SEAL) - 1), st.characters(codec="ascii"))
def test_one_changed_character_is_enough(where: int, char: str):
    changed = SEAL[:where] + char + SEAL[where + 1 :]
    if changed != SEAL:
        assert judge(changed, PARTS, trust(), NOW).result is SealResult.INVALID


@given(st.integers(0, len(SEAL)), st.integers(0, len(SEAL)))
def test_a_cut_seal_is_never_valid(first: int, second: int):
    start, stop = sorted((first, second))
    if start != stop:
        assert judge(SEAL[:start] + SEAL[stop:], PARTS, trust(), NOW).result is SealResult.INVALID


@given(st.lists(st.tuples(NAMES, st.binary(max_size=20)), min_size=1, max_size=6, unique_by=lambda each: each[0]))
def test_what_is_sealed_is_valid_and_what_is_changed_is_not(contents: list[tuple[str, bytes]]):
    parts = tuple(part(name, content) for name, content in contents)
    made = sealed(parts)
    assert judge(made, parts, trust(), NOW).result is SealResult.VALID
    for index, each in enumerate(parts):
        flipped = replace(each, sha256=each.sha256[:-1] + ("0" if each.sha256[-1] != "0" else "1"))
        for others in ((), (flipped,), (each, each)):
            changed = (*parts[:index], *others, *parts[index + 1 :])
            assert judge(made, changed, trust(), NOW).result is SealResult.INVALID
