"""A snapshot read piece by piece says what it says read whole; what is no JSON, or says a list twice, is refused."""

from collections.abc import Iterator

import msgspec
import pytest

from lienthong.errors import SnapshotUntrusted
from lienthong.registry.stream import LONGEST, Stream


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row with a text and objects within."""

    name: str
    within: tuple[dict[str, str], ...] = ()

    def value(self) -> str:
        if self.name == "bad":
            raise ValueError(self.name)
        return self.name


TRAPS = ("mộc", "}", "},{", '}],"b":[{"', 'a"},', "\\", "]}", " , ", "")
ROWS = tuple(Row(name, tuple({name: each} for each in ("}", "},{"))) for name in TRAPS)


def said(text: bytes, step: int) -> tuple[bytes, dict[str, list[str]]]:
    def pieces() -> Iterator[bytes]:
        for start in range(0, len(text), step):
            yield text[start : start + step]

    frame, lists = Stream(pieces(), {"a": Row, "b": Row}).read()
    return frame, {name: list(rows) for name, rows in lists.items()}


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize("spaced", [False, True])
def test_every_step_reads_the_same(step: int, spaced: bool) -> None:
    whole = msgspec.json.encode({"a": ROWS, "b": [], "version": 3})
    text = msgspec.json.format(whole, indent=2) if spaced else whole
    frame, lists = said(text, step)
    assert lists == {"a": list(TRAPS), "b": []}
    assert msgspec.json.decode(frame) == {"a": [], "b": [], "version": 3}


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":[{"name":"x"}],"a":[]}',
        b'{"a":[{"name":"x"}',
        b'{"a":[{"name":"x"',
        b'{"a":[{"name":1}]}',
        b'{"a":[{"name":"bad"}]}',
        b'{"a":[{"name":"x","more":1}]}',
        b'{"a":[[]]}',
        b'{"a":["' + b"x" * (LONGEST + 9) + b'"]}',
    ],
)
def test_what_is_wrong_is_refused(text: bytes) -> None:
    with pytest.raises((SnapshotUntrusted, msgspec.MsgspecError, ValueError)):
        said(text, 1 << 16)


def test_a_frame_that_goes_wrong_is_left_to_whoever_reads_it() -> None:
    frame, lists = said(b'{"a":[{"name":"x"},5],"b":[]}', 5)
    assert lists["a"] == ["x"]
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(frame)
