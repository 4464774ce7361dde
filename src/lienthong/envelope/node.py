"""One element of a message as a small node of our own."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from lienthong.envelope.payload import Payload

CARRIERS = frozenset({"contenttransferencoded", "content"})
"""What holds a payload inside an Attachment: §1.2 and V8."""
_NONE: Mapping[str, str] = MappingProxyType({})


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
        self.children: Sequence[Node] = ()
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


def _split(tag: str) -> tuple[str, str, str]:
    """Name, namespace and key."""
    namespace, closed, name = tag.rpartition("}")
    return (name, namespace[1:], name.lower()) if closed else (tag, "", tag.lower())


_USUAL = 256
_known = lru_cache(2048)(_split)
"""Producers use the same few hundred names; what is longer than any of them is not kept."""


def named(tag: str) -> Node:
    """A node of this name, written `{namespace}name`."""
    return Node(*(_known(tag) if len(tag) < _USUAL else _split(tag)))


def by_name(attributes: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Attributes by local name; of two the last counts."""
    return {_split(name)[0]: value for name, value in attributes}
