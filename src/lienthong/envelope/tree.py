"""XML to a small tree of our own, under limits.

One parser, two ways to listen to it. A message without anything odd in it grows as lxml's own tree, in C, and is copied
from there. Whatever is long, over a limit or in any way unusual is streamed, event by event: repairs and refusals are
told there alone, and attachments' base64 is decoded while it goes by and never held as text. A tree that was grown is
the one that would have been streamed (a property test and the fuzzer hold both against each other). A head reading goes
the same ways, so the two cannot be made to see two different messages in one file.
"""

from typing import Any

from lxml import etree

from lienthong.envelope.bytesource import prepared
from lienthong.envelope.limits import Limits
from lienthong.envelope.node import CARRIERS, Node, by_name, named
from lienthong.envelope.payload import Decoder, Payload
from lienthong.envelope.repairs import Repairs
from lienthong.envelope.streaming import fed, parser, streamed
from lienthong.errors import LienThongError

_LONG = 2 * 2**20
"""Bytes from which a message is streamed without a try; a circular to 5,000 is shorter."""
_NOWHERE: frozenset[str] = frozenset()


def parse(data: bytes, limits: Limits, repairs: Repairs, *, keep: bool) -> Node:
    """The root element. `keep`: hold attachments' decoded bytes, else only their sizes.

    Raises EnvelopeUnreadable (with the parser's reason), EnvelopeUnsafe, PackageTooLarge.
    """
    source = prepared(data, limits, repairs)
    return grown(source, limits, keep=keep) or streamed(source, limits, repairs, keep=keep)


class _UnusualError(Exception):
    """To be streamed."""


def grown(source: bytes, limits: Limits, *, keep: bool) -> Node | None:
    """The root element of a message in which the parser finds nothing to say and no limit is near; else None."""
    elements = source.count(b"<") - source.count(b"</")  # or fewer
    if len(source) > min(_LONG, limits.texts_length) or elements > limits.elements:
        return None
    growing = parser(remove_comments=True, remove_pis=True)
    try:
        root = fed(growing, source)
        if growing.feed_error_log or root.getroottree().docinfo.internalDTD is not None:
            return None
        return _Copier(limits, keep=keep).copy(root, limits.depth)
    except (etree.LxmlError, LienThongError, _UnusualError):
        return None


class _Copier:
    """Copies lxml's elements. No value may be longer than half the limit: attributes may count with the text before."""

    def __init__(self, limits: Limits, *, keep: bool) -> None:
        self._limits = limits
        self._most = limits.text_length // 2
        self._keep = keep

    def copy(self, element: Any, levels: int, carriers: frozenset[str] = _NOWHERE) -> Node:
        """An element of no more than so many levels; `carriers`: what would hold a payload where it stands."""
        if not levels:
            raise _UnusualError
        node = named(element.tag)
        if attributes := element.items():
            node.attributes = by_name(attributes)
            if sum(len(value) for _, value in attributes) > self._most:
                raise _UnusualError
        if node.key in carriers:
            node.payload = self._payload(element)
            return node
        text = element.text or ""
        if len(text) > self._most:
            raise _UnusualError
        if len(element):
            text += self._children(element, node, levels - 1)
        node.text = text.strip()
        return node

    def _children(self, element: Any, node: Node, levels: int) -> str:
        """Copies them; returns the text between and behind them."""
        carriers = CARRIERS if node.key == "attachment" else _NOWHERE
        node.children = children = []
        text = ""
        for child in element:
            children.append(self.copy(child, levels, carriers))
            if tail := child.tail:
                if len(tail) > self._most:
                    raise _UnusualError
                text += tail
        return text

    def _payload(self, element: Any) -> Payload:
        if len(element):
            raise _UnusualError
        decoder = Decoder(self._limits, keep=self._keep)
        decoder.take(element.text or "")
        return decoder.finish()
