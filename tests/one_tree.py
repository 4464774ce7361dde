"""A tree that was grown is the one that would have been streamed, and where streaming refuses or repairs none grows."""

from lienthong.envelope.bytesource import prepared
from lienthong.envelope.limits import Limits
from lienthong.envelope.node import Node
from lienthong.envelope.repairs import Repairs
from lienthong.envelope.streaming import streamed
from lienthong.envelope.tree import grown
from lienthong.errors import LienThongError


def grows_as_streamed(data: bytes, limits: Limits, *, keep: bool) -> bool:
    """Whether a tree grows; whatever grows is held against the stream."""
    try:
        source = prepared(data, limits, Repairs())
    except LienThongError:  # neither way is gone
        return False
    repairs = Repairs()
    plain = grown(source, limits, keep=keep)
    if plain is None:
        return False
    assert told(plain) == told(streamed(source, limits, repairs, keep=keep))
    assert repairs.all() == ()
    return True


def told(node: Node) -> tuple[object, ...]:
    """Everything a node says."""
    payload = node.payload and (node.payload.size, node.payload.kept)
    names = node.name, node.namespace, node.key
    return *names, node.text, list(node.attributes.items()), payload, [told(child) for child in node.children]
