"""The wire form of a sealed package: 8 hex digits of the head's length, a JSON head, then the parts' bytes in order.

Version 2 adds parts that travel apart: their heads carry a digest and no bytes of theirs follow. A group is several
such forms in one, put together alike: a head that names their sizes, then each as it is.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from lienthong.envelope.limits import DEFAULT, Limits
from lienthong.envelope.package import AnyPart, Part, PartRef, check_part
from lienthong.errors import PackageMalformed, PackageTooLarge

H = TypeVar("H", bound=msgspec.Struct)
Frame = bytes | memoryview
"""A wire form, or the place in a group where it lies: what is only looked at is not copied."""
_PREFIX = 8
_APART = 2
"""The version of a head that names parts by digest; without such parts none is written and 1 is meant."""
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class _PartHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    type: str
    size: int
    sha256: str = ""

    @property
    def inline(self) -> int:
        """Bytes that follow the head."""
        return 0 if self.sha256 else self.size


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    seal: str
    parts: list[_PartHead]
    version: int = 1


class _GroupHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    packages: list[int]


def frame(seal: str, parts: Sequence[AnyPart]) -> bytes:
    """The bytes of a sealed package; a `PartRef` is named by its digest, its bytes go apart.

    Raises `PackageMalformed` without parts or with a repeated name.
    """
    heads = [_part_head(part) for part in parts]
    _check_names(heads)
    head = _Head(seal, heads, _APART if any(each.sha256 for each in heads) else 1)
    return _joined(head, [part.content for part in parts if isinstance(part, Part)])


def _joined(head: msgspec.Struct, contents: Sequence[bytes]) -> bytes:
    encoded = msgspec.json.encode(head)
    return b"".join([f"{len(encoded):08x}".encode(), encoded, *contents])


def _part_head(part: AnyPart) -> _PartHead:
    return _PartHead(part.name, part.media_type, part.size, part.sha256 if isinstance(part, PartRef) else "")


def unframe(data: Frame, limits: Limits = DEFAULT) -> tuple[str, tuple[AnyPart, ...]]:
    """Seal and parts of the wire form; nothing is left over, nothing is missing. Parts that go apart have no bytes.

    Raises `PackageMalformed` (truncated, trailing bytes, sizes that lie, names that could be paths) or
    `PackageTooLarge`.
    """
    if len(data) > limits.bytes:
        raise PackageTooLarge(f"{len(data)} > {limits.bytes}")
    start = _PREFIX + _head_length(data, limits)
    head = _decoded(data[_PREFIX:start], _Head)
    _check_heads(head.parts, len(data) - start, limits)
    _check_version(head)
    contents = _cut(data, start, [part.inline for part in head.parts])
    return head.seal, tuple(_part(*each) for each in zip(head.parts, contents, strict=True))


def group(frames: Sequence[bytes]) -> bytes:
    """The bytes of several packages that go in one request, in order."""
    return _joined(_GroupHead([len(each) for each in frames]), frames)


def ungroup(data: bytes, limits: Limits = DEFAULT) -> tuple[Frame, ...]:
    """The wire forms in a group, none of them looked into; nothing is left over, nothing is missing.

    Raises `PackageMalformed` (truncated, trailing bytes, sizes that lie, none at all) or `PackageTooLarge` (too many,
    or too long together).
    """
    if len(data) > limits.group_bytes:
        raise PackageTooLarge(f"{len(data)} > {limits.group_bytes}")
    start = _PREFIX + _head_length(data, limits)
    sizes = _decoded(data[_PREFIX:start], _GroupHead).packages
    if len(sizes) > limits.group:
        raise PackageTooLarge(f"{len(sizes)} > {limits.group} gói / packages")
    if not sizes or min(sizes) < 1 or sum(sizes) != len(data) - start:
        raise PackageMalformed("kích thước các gói không khớp / sizes of packages do not add up")
    return tuple(_cut(memoryview(data), start, sizes))


def _cut(data: Frame, start: int, sizes: Iterable[int]) -> Iterator[Frame]:
    """What lies one behind the other from a start."""
    return (data[begin:end] for begin, end in itertools.pairwise(itertools.accumulate(sizes, initial=start)))


def seal_in(data: Frame) -> str:
    """The seal of a wire form, nothing else looked at. Raises as `unframe`."""
    return _decoded(data[_PREFIX : _PREFIX + _head_length(data, DEFAULT)], _Head).seal


def _part(head: _PartHead, data: Frame) -> AnyPart:
    if head.sha256:
        return PartRef(head.name, head.type, head.size, head.sha256)
    return Part(head.name, head.type, bytes(data))


def _head_length(data: Frame, limits: Limits) -> int:
    digits = bytes(data[:_PREFIX])
    if len(digits) < _PREFIX or not all(sign in b"0123456789abcdef" for sign in digits):
        raise PackageMalformed("không phải gói tin / not a package")
    length = int(digits, 16)
    if length > limits.head_bytes:
        raise PackageTooLarge(f"đầu gói / head: {length} > {limits.head_bytes}")
    if length > len(data) - _PREFIX:
        raise PackageMalformed("đầu gói bị cắt / the head is cut off")
    return length


def _decoded(data: Frame, kind: type[H]) -> H:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise PackageMalformed(f"đầu gói / head: {problem}") from None


def _check_heads(heads: Sequence[_PartHead], rest: int, limits: Limits) -> None:
    if len(heads) > limits.parts:
        raise PackageTooLarge(f"{len(heads)} > {limits.parts} phần / parts")
    _check_names(heads)
    if any(head.size < 0 for head in heads) or sum(head.inline for head in heads) != rest:
        raise PackageMalformed("kích thước các phần không khớp / sizes of parts do not add up")
    for head in heads:
        if head.sha256 and head.size > limits.large_bytes:
            raise PackageTooLarge(f"{head.name}: {head.size} > {limits.large_bytes}")


def _check_version(head: _Head) -> None:
    digests = [part.sha256 for part in head.parts if part.sha256]
    if head.version != (_APART if digests else 1) or not all(map(_DIGEST.fullmatch, digests)):
        raise PackageMalformed(f"phiên bản / version {head.version}: sha256")


def _check_names(heads: Sequence[_PartHead]) -> None:
    if not heads or len({head.name for head in heads}) < len(heads):
        raise PackageMalformed("không có phần nào hoặc tên trùng / no parts or a repeated name")
    for head in heads:
        check_part(head.name, head.type)
