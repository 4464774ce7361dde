"""XML to a small tree of our own, under limits, in one pass.

Attachments' base64 is decoded while it streams by and is never held as text; a head reading only counts it. Both
readings run the same pass, so they cannot be made to see two different messages in one file.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from lxml import etree

from lienthong.envelope.bytesource import prepared
from lienthong.envelope.limits import Limits
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, LienThongError, PackageTooLarge

_CHUNK = 64 * 1024
_SPACES = b" \t\r\n"
_NONE: Mapping[str, str] = MappingProxyType({})
_CARRIERS = frozenset({"contenttransferencoded", "content"})  # inside an Attachment: §1.2 and V8


@dataclass(slots=True)
class Payload:
    """Decoded content of an attachment: its size, and its bytes when they are kept."""

    size: int = 0
    kept: bytearray | None = None


class Node:
    """One element: names without prefix, own text (trimmed), children in order.

    `key` is the lower-case local name, for matching: producers disagree on case (V7).
    """

    __slots__ = ("attributes", "children", "key", "name", "namespace", "payload", "text")

    def __init__(self, name: str, namespace: str = "", key: str = "") -> None:
        self.name = name
        self.key = key or name.lower()
        self.namespace = namespace
        self.attributes: Mapping[str, str] = _NONE
        self.text = ""
        self.children: list[Node] = []
        self.payload: Payload | None = None

    def walk(self) -> list["Node"]:
        """This element and everything below it, in document order."""
        found: list[Node] = []
        _gather(self, found)
        return found


def _gather(node: Node, into: list[Node]) -> None:
    """As deep as the limit of depth lets a tree be."""
    into.append(node)
    for child in node.children:
        if child.children:
            _gather(child, into)
        else:
            into.append(child)


class _Decoder:
    """Base64 text that arrives in pieces; white space is skipped, anything else wrong is refused."""

    def __init__(self, limits: Limits, *, keep: bool) -> None:
        self.payload = Payload(kept=bytearray() if keep else None)
        self._limit = limits.attachment_bytes
        self._texts: list[str] = []
        self._waiting = 0
        self._ended = False

    def take(self, text: str) -> None:
        """Take a piece, often one line of 76 signs; they are gathered to be worth decoding."""
        self._texts.append(text)
        self._waiting += len(text)
        if self._waiting >= _CHUNK:
            rest = self._flush()
            self._texts, self._waiting = [rest.decode()], len(rest)

    def _flush(self) -> bytes:
        """Decode what waits, in whole groups of four signs; returns the signs left over."""
        try:
            signs = "".join(self._texts).encode("ascii").translate(None, _SPACES)
        except UnicodeEncodeError:
            raise EnvelopeUnreadable("base64") from None
        whole = len(signs) - len(signs) % 4
        if whole:
            self._decode(signs[:whole])
        return signs[whole:]

    def _decode(self, signs: bytes) -> None:
        if self._ended:  # something behind the padding
            raise EnvelopeUnreadable("base64")
        try:
            data = binascii.a2b_base64(signs, strict_mode=True)
        except binascii.Error as problem:
            raise EnvelopeUnreadable(f"base64: {problem}") from None
        self._ended = signs.endswith(b"=")
        self.payload.size += len(data)
        if self.payload.size > self._limit:
            raise PackageTooLarge(f"tệp đính kèm / attachment > {self._limit}")
        if self.payload.kept is not None:
            self.payload.kept += data

    def finish(self) -> Payload:
        if self._flush():
            raise EnvelopeUnreadable("base64 bị cắt / cut off")
        return self.payload


class _Builder:
    """lxml's target: builds the tree, counts, and stops at the first thing over a limit."""

    def __init__(self, limits: Limits, *, keep: bool) -> None:
        self._limits = limits
        self._most, self._deepest = limits.elements, limits.depth
        self._keep = keep
        self._path: list[Node] = []
        self._texts: list[list[str]] = []  # of each element in the path
        self._elements = 0
        self._decoder: _Decoder | None = None
        self._length = 0
        self._total = 0
        self.root: Node | None = None

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise EnvelopeUnsafe("DOCTYPE")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        path = self._path
        if self._elements > self._most or len(path) >= self._deepest:
            self._refuse_more()
        if self._decoder:
            raise EnvelopeUnreadable("thẻ bên trong nội dung base64 / an element inside base64")
        namespace, name, key = _known(tag) if len(tag) < _USUAL else _split(tag)
        node = Node(name, namespace, key)
        if attributes:
            node.attributes = {_split(each)[1]: value for each, value in attributes.items()}
            self._measure(sum(map(len, attributes.values())))
        if path:
            path[-1].children.append(node)
            if key in _CARRIERS and path[-1].key == "attachment":
                self._decoder = _Decoder(self._limits, keep=self._keep)
        else:
            self.root = node
        path.append(node)
        self._texts.append([])
        self._length = 0

    def _refuse_more(self) -> None:
        if self._elements > self._most:
            raise PackageTooLarge(f"> {self._most} phần tử XML / XML elements")
        raise EnvelopeUnsafe(f"> {self._deepest} tầng XML / XML levels")

    def data(self, text: str) -> None:
        if self._decoder:
            self._decoder.take(text)
            return
        self._measure(len(text))
        self._texts[-1].append(text)

    def _measure(self, length: int) -> None:
        self._length += length
        self._total += length
        if self._length > self._limits.text_length or self._total > self._limits.texts_length:
            raise PackageTooLarge(f"> {self._limits.text_length} ký tự trong một giá trị / characters in one value")

    def end(self, _tag: str) -> None:
        node = self._path.pop()
        node.text = "".join(self._texts.pop()).strip()
        self._length = 0
        if self._decoder:
            node.payload = self._decoder.finish()
            self._decoder = None

    def close(self) -> Node | None:
        return self.root


def _split(tag: str) -> tuple[str, str, str]:
    """Namespace, name and key."""
    namespace, closed, name = tag.rpartition("}")
    return (namespace[1:], name, name.lower()) if closed else ("", tag, tag.lower())


_USUAL = 256
_known = lru_cache(2048)(_split)
"""Producers use the same few hundred names; what is longer than any of them is not kept."""


def parse(data: bytes, limits: Limits, repairs: Repairs, *, keep: bool) -> Node:
    """The root element. `keep`: hold attachments' decoded bytes, else only their sizes.

    Raises EnvelopeUnreadable (with the parser's reason), EnvelopeUnsafe, PackageTooLarge.
    """
    source = prepared(data, limits, repairs)
    builder = _Builder(limits, keep=keep)
    target: Any = builder  # lxml hands text as str; its stubs also allow for bytes
    # UTF-8 whatever the declaration says: .NET producers declare utf-16 over UTF-8 bytes.
    parser = etree.XMLParser(
        target=target, encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        for start in range(0, len(source), _CHUNK):
            parser.feed(source[start : start + _CHUNK])
        parser.close()
    except LienThongError:
        raise
    except etree.LxmlError as problem:
        raise EnvelopeUnreadable(_reason(problem)) from None
    _check_log(parser, repairs)
    if builder.root is None:
        raise EnvelopeUnreadable("không có phần tử nào / no element")
    return builder.root


def _check_log(parser: etree.XMLParser, repairs: Repairs) -> None:
    """Undeclared prefixes are only names to us (V3, V4); any other complaint of the parser is final."""
    for entry in parser.feed_error_log:
        if entry.type_name == "NS_ERR_UNDEFINED_NAMESPACE":
            repairs.note("unbound-prefix", entry.message.split()[2])
        elif entry.level_name in {"ERROR", "FATAL"}:
            raise EnvelopeUnreadable(entry.message)


def _reason(problem: Exception) -> str:
    return str(problem).split(" (<")[0][:200]
