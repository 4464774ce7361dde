import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.errors import EvidenceBroken
from lienthong.evidence.canonical import MAX_BYTES, canonical, read_object


def test_canonical_json_is_sorted_tight_utf8():
    assert canonical({"b": 1, "a": ["Đ"]}) == '{"a":["Đ"],"b":1}'.encode()


TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES)
def test_it_is_what_the_standard_library_writes(value: object):
    assert canonical(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_every_sign_is_written_as_the_standard_library_writes_it():
    signs = [chr(number) for number in range(0x11_0000) if not 0xD800 <= number < 0xE000]
    assert canonical(signs) == json.dumps(signs, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, -(2**63 - 1)])
def test_whole_numbers_are_read(number: int):
    assert read_object(f'{{"n":{number}}}') == {"n": number}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b'{"a":1',
        b'{"a":1}x',
        b"[]",
        b"5",
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1.5}',
        b'{"a":1e5}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9223372036854775808}',
        b'{"a":' + b"9" * 10_000 + b"}",
        b'{"a":' + b"[" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"a":"\\ud800"}',
        '{"a":"\ud800"}',
        bytes(MAX_BYTES + 1),
    ],
    ids=lambda data: repr(data[:20]),
)
def test_everything_else_is_refused(data: str | bytes):
    with pytest.raises(EvidenceBroken):
        read_object(data)
