"""Where the pieces of a message stand: the layered form of QCVN 102, and the two older forms (vn-rules §1.2, §1.12)."""

from collections.abc import Iterator
from dataclasses import dataclass

from lienthong.envelope.node import Node
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable

QCVN_102 = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

_FLAT = "http://www.go.vn/edoc"
_MALWARE = "http://edxml.gov.vn/schema"
_LEAVES = frozenset({"messageheader", "traceheaderlist", "signature", "digitalsignature", "attachment", "reference"})


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one message; the lists are in document order."""

    header: Node
    trace: Node | None
    signature: Node | None
    references: tuple[Node, ...]
    attachments: tuple[Node, ...]
    beside: tuple[Node, ...]
    """Siblings of the message header that belong to no known piece."""
    carries: bool
    """Whether contents are meant to be inside this file."""


def pieces_of(root: Node, repairs: Repairs) -> Pieces:
    """Find the pieces. Raises `EnvelopeUnreadable` for other kinds of XML, the malware profile, two messages in one."""
    _refuse_malware(root)
    legacy = _note_form(root, repairs)
    found = list(_outline(root))
    header = _one(found, "messageheader")
    if header is None:
        raise EnvelopeUnreadable("thiếu / missing MessageHeader")
    return Pieces(
        header=header,
        trace=_one(found, "traceheaderlist"),
        signature=_one(found, "signature") or _one(found, "digitalsignature"),
        references=tuple(node for node in found if node.key == "reference"),
        attachments=tuple(node for node in found if node.key == "attachment"),
        beside=_beside(found, header),
        carries=legacy == "soap" or any(node.key == "attachmentencoded" for node in found),
    )


def _outline(node: Node) -> Iterator[Node]:
    """Everything above the pieces, and the pieces, but not what is inside them."""
    yield node
    if node.key not in _LEAVES:
        for child in node.children:
            yield from _outline(child)


def _one(found: list[Node], key: str) -> Node | None:
    nodes = [node for node in found if node.key == key]
    if len(nodes) > 1:
        raise EnvelopeUnreadable(f"{len(nodes)} × {nodes[0].name}")
    return nodes[0] if nodes else None


def _beside(found: list[Node], header: Node) -> tuple[Node, ...]:
    known = _LEAVES | {"body", "edxmlbody", "manifest", "edxmlmanifest", "attachmentencoded"}
    parents = (node for node in found if any(child is header for child in node.children))
    siblings = next(parents, header).children
    return tuple(node for node in siblings if node.key not in known and (node.children or node.text))


def _refuse_malware(root: Node) -> None:
    nodes = root.walk()
    named = any(node.key == "avreport" for node in nodes)
    if named or any(_plain(namespace) == _MALWARE for namespace in {node.namespace for node in nodes}):
        raise EnvelopeUnreadable(
            "gói chia sẻ thông tin mã độc, không phải văn bản / a malware information package, not a document"
        )


def _note_form(root: Node, repairs: Repairs) -> str:
    if root.key == "envelope":
        repairs.note("legacy-soap")
        return "soap"
    if root.key not in {"edxml", "edxmlenvelope"}:
        raise EnvelopeUnreadable(f"không phải edXML / not edXML: <{root.name[:60]}>")
    if _plain(root.namespace) == _FLAT:
        repairs.note("legacy-flat")
        return "flat"
    if root.namespace != QCVN_102:
        repairs.note("namespace-unusual", root.namespace)
    return ""


def _plain(namespace: str) -> str:
    return namespace.replace("https://", "http://").rstrip("/").lower()
