"""The wire form of a sealed package: 8 hex digits of the head's length, a JSON head, then the parts' bytes in order."""

import itertools
from collections.abc import Sequence

import msgspec

from lienthong.envelope.limits import DEFAULT, Limits
from lienthong.envelope.package import Part, check_part
from lienthong.errors import PackageMalformed, PackageTooLarge

_PREFIX = 8


class _PartHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    type: str
    size: int


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seal: str
    parts: list[_PartHead]


def frame(seal: str, parts: Sequence[Part]) -> bytes:
    """The bytes of a sealed package. Raises `PackageMalformed` without parts or with a repeated name."""
    heads = [_PartHead(part.name, part.media_type, len(part.content)) for part in parts]
    _check_names(heads)
    head = msgspec.json.encode(_Head(seal, heads))
    return b"".join([f"{len(head):08x}".encode(), head, *(part.content for part in parts)])


def unframe(data: bytes, limits: Limits = DEFAULT) -> tuple[str, tuple[Part, ...]]:
    """Seal and parts of the wire form; nothing is left over, nothing is missing.

    Raises `PackageMalformed` (truncated, trailing bytes, sizes that lie, names that could be paths) or
    `PackageTooLarge`.
    """
    if len(data) > limits.bytes:
        raise PackageTooLarge(f"{len(data)} > {limits.bytes}")
    start = _PREFIX + _head_length(data, limits)
    head = _head(data[_PREFIX:start])
    _check_heads(head.parts, len(data) - start, limits)
    ends = list(itertools.accumulate((part.size for part in head.parts), initial=start))
    spans = zip(head.parts, itertools.pairwise(ends), strict=True)
    return head.seal, tuple(Part(part.name, part.type, data[begin:end]) for part, (begin, end) in spans)


def _head_length(data: bytes, limits: Limits) -> int:
    digits = data[:_PREFIX]
    if len(digits) < _PREFIX or not all(sign in b"0123456789abcdef" for sign in digits):
        raise PackageMalformed("không phải gói tin / not a package")
    length = int(digits, 16)
    if length > limits.head_bytes:
        raise PackageTooLarge(f"đầu gói / head: {length} > {limits.head_bytes}")
    if length > len(data) - _PREFIX:
        raise PackageMalformed("đầu gói bị cắt / the head is cut off")
    return length


def _head(data: bytes) -> _Head:
    try:
        return msgspec.json.decode(data, type=_Head)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise PackageMalformed(f"đầu gói / head: {problem}") from None


def _check_heads(heads: Sequence[_PartHead], rest: int, limits: Limits) -> None:
    if len(heads) > limits.parts:
        raise PackageTooLarge(f"{len(heads)} > {limits.parts} phần / parts")
    _check_names(heads)
    if any(head.size < 0 for head in heads) or sum(head.size for head in heads) != rest:
        raise PackageMalformed("kích thước các phần không khớp / sizes of parts do not add up")


def _check_names(heads: Sequence[_PartHead]) -> None:
    if not heads or len({head.name for head in heads}) < len(heads):
        raise PackageMalformed("không có phần nào hoặc tên trùng / no parts or a repeated name")
    for head in heads:
        check_part(head.name, head.type)
