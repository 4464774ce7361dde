"""Writing XML as text, escaped and checked."""

import re
from xml.sax.saxutils import escape

from lienthong.document import nfc
from lienthong.envelope.node import Node
from lienthong.errors import InvalidValue

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_QUOTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def text_of(value: str) -> str:
    """Escaped text. Raises `InvalidValue` for characters XML cannot carry."""
    if _FORBIDDEN.search(value):
        raise InvalidValue(f"ký tự không dùng được trong XML / not allowed in XML: {value[:60]!r}")
    return escape(value, {"\r": "&#13;"})


def group(name: str, *inner: str) -> str:
    """An element of QCVN 102 with children already written, prefixed as the samples are."""
    return f"<edXML:{name}>{''.join(inner)}</edXML:{name}>"


def leaf(name: str, value: object = "") -> str:
    """An element of QCVN 102 with text; None and "" give an empty element."""
    return group(name, "" if value is None else text_of(nfc(str(value))))


def raw(node: Node) -> bytes:
    """An element as XML of its own, namespace declared in place: unknown elements travel on in this form."""
    return _raw(node, None).encode()


def _raw(node: Node, outer: str | None) -> str:
    namespace = "" if node.namespace == outer else f' xmlns="{escape(node.namespace, _QUOTES)}"'
    attributes = "".join(f' {name}="{escape(value, _QUOTES)}"' for name, value in node.attributes.items())
    inner = text_of(node.text) + "".join(_raw(child, node.namespace) for child in node.children)
    return f"<{node.name}{namespace}{attributes}>{inner}</{node.name}>"
