"""Several packages in one body: what lies is refused before any of them is looked into."""

import json

import pytest

from lienthong.envelope import DEFAULT, Limits, group, ungroup
from lienthong.errors import PackageMalformed, PackageTooLarge


def headed(head: object, rest: bytes) -> bytes:
    made = json.dumps(head).encode()
    return f"{len(made):08x}".encode() + made + rest


LIES = {
    "nothing": b"",
    "no head": b"0000000",
    "no number": b"zzzzzzzz{}",
    "a head that is cut off": headed({"packages": [3]}, b"abc")[:20],
    "no packages": headed({"packages": []}, b""),
    "another member": headed({"packages": [3], "more": 1}, b"abc"),
    "no list": headed({"packages": 3}, b"abc"),
    "a size that is a text": headed({"packages": ["3"]}, b"abc"),
    "more than there is": headed({"packages": [2, 2]}, b"abc"),
    "less than there is": headed({"packages": [1, 1]}, b"abc"),
    "an empty package": headed({"packages": [3, 0]}, b"abc"),
    "sizes that cancel each other": headed({"packages": [5, -2]}, b"abc"),
    "a size beyond all numbers": headed({"packages": [10**30]}, b"abc"),
    "deep": b"00000800" + b"[" * 2048,
}


@pytest.mark.parametrize("case", LIES)
def test_a_group_that_lies_is_malformed(case: str) -> None:
    with pytest.raises(PackageMalformed):
        ungroup(LIES[case])


def test_too_many_and_too_much_are_too_large() -> None:
    assert len(ungroup(group([b"x"] * DEFAULT.group))) == DEFAULT.group
    for frames, limits in (
        ([b"x"] * (DEFAULT.group + 1), DEFAULT),
        ([b"x" * 90], Limits(group_bytes=100)),
        ([b"x"], Limits(head_bytes=4)),
    ):
        with pytest.raises(PackageTooLarge):
            ungroup(group(frames), limits)
