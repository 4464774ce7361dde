"""One JSON value, one sequence of bytes; and a reader that takes nothing twice and nothing endless."""

import json
from typing import Any, NoReturn

import msgspec

from lienthong.errors import EvidenceBroken

MAX_BYTES = 64 << 20
MAX_NUMBER = 2**63 - 1
_encode = msgspec.json.Encoder(order="deterministic").encode
_FLAT = 256
"""A text with so few brackets cannot be nested deeply."""


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8, no fractions by use: the bytes that are hashed.

    The tests hold them against the standard library's encoder, which took fifteen times as long.
    """
    return _encode(value)


def read_object(data: str | bytes) -> dict[str, Any]:
    """A JSON object of whole numbers, strings, lists and objects.

    EvidenceBroken for anything else: not UTF-8, cut off, duplicated keys, fractions, huge numbers, endless nesting.
    """
    if len(data) > MAX_BYTES:
        raise EvidenceBroken("the file is too large for a receipt")
    try:
        text = data.decode() if isinstance(data, bytes) else data
        text.encode()  # a lone surrogate is no text
        value = json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse, parse_int=_whole)
        if "\\u" in text or text.count("[") + text.count("{") > _FLAT:
            canonical(value)  # nor is a lone surrogate written as \\ud800, nor nesting that could not be written again
    except (ValueError, RecursionError) as error:
        raise EvidenceBroken("not readable as JSON") from error
    if not isinstance(value, dict):
        raise EvidenceBroken("not a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EvidenceBroken("a key stands twice in one JSON object")
    return found


def _refuse(text: str) -> NoReturn:
    raise EvidenceBroken(f"the number {text[:20]} has no place here")


def _whole(text: str) -> int:
    if len(text) > len(str(MAX_NUMBER)) + 1 or abs(int(text)) > MAX_NUMBER:
        raise EvidenceBroken("a number is too large")
    return int(text)
