"""A message event by event: for whatever is long, over a limit or unusual; attachments are decoded while they go by."""

from typing import Any

from lxml import etree

from lienthong.envelope.limits import Limits
from lienthong.envelope.node import CARRIERS, Node, by_name, named
from lienthong.envelope.payload import Decoder
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, PackageTooLarge

_CHUNK = 64 * 1024


def parser(**more: Any) -> etree.XMLParser:
    """A parser with everything dangerous off, the same for both ways."""
    # UTF-8 whatever the declaration says: .NET producers declare utf-16 over UTF-8 bytes.
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, **more
    )


def fed(parser: etree.XMLParser, source: bytes) -> Any:
    """What a parser makes of it, fed by pieces."""
    for start in range(0, len(source), _CHUNK):
        parser.feed(source[start : start + _CHUNK])
    return parser.close()


def streamed(source: bytes, limits: Limits, repairs: Repairs, *, keep: bool) -> Node:
    """The root element of any message. Raises as `tree.parse` does."""
    builder = _Builder(limits, keep=keep)
    listening = parser(target=builder)
    try:
        fed(listening, source)
    except etree.LxmlError as problem:
        raise EnvelopeUnreadable(_reason(problem)) from None
    _check_log(listening, repairs)
    if builder.root is None:
        raise EnvelopeUnreadable("không có phần tử nào / no element")
    return builder.root


class _Builder:
    """lxml's target: builds the tree, counts, and stops at the first thing over a limit."""

    def __init__(self, limits: Limits, *, keep: bool) -> None:
        self._limits = limits
        self._most, self._deepest = limits.elements, limits.depth
        self._keep = keep
        self._path: list[Node] = []
        self._texts: list[list[str]] = []  # of each element in the path
        self._children: list[list[Node]] = []  # likewise
        self._elements = 0
        self._decoder: Decoder | None = None
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
        node = named(tag)
        if attributes:
            node.attributes = by_name(attributes.items())
            self._measure(sum(map(len, attributes.values())))
        if path:
            self._children[-1].append(node)
            if node.key in CARRIERS and path[-1].key == "attachment":
                self._decoder = Decoder(self._limits, keep=self._keep)
        else:
            self.root = node
        path.append(node)
        self._texts.append([])
        self._children.append([])
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
        node.children = self._children.pop()
        self._length = 0
        if self._decoder:
            node.payload = self._decoder.finish()
            self._decoder = None

    def close(self) -> Node | None:
        return self.root


def _check_log(parser: etree.XMLParser, repairs: Repairs) -> None:
    """Undeclared prefixes are only names to us (V3, V4); any other complaint of the parser is final."""
    for entry in parser.feed_error_log:
        if entry.type_name == "NS_ERR_UNDEFINED_NAMESPACE":
            repairs.note("unbound-prefix", entry.message.split()[2])
        elif entry.level_name in {"ERROR", "FATAL"}:
            raise EnvelopeUnreadable(entry.message)


def _reason(problem: Exception) -> str:
    return str(problem).split(" (<")[0][:200]
