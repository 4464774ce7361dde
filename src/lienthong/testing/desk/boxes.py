"""What each box of a desk holds, told of an entry: the gateway's own rules, over the client's values."""

from collections.abc import Callable

from lienthong.client.model import Entry, Recipient

UNDER_WAY = frozenset({"recorded", "accepted"})
THERE = frozenset({"arrived", "delivered", "handed-over"})
FAILED = frozenset({"refused", "expired", "cancelled"})
IN_HAND = frozenset({"03", "04", "05"})
WITHDRAWN = frozenset({"frozen", "recalled", "replaced"})
CARRIERS = frozenset({1, 2})


def _brought(entry: Entry, test: Callable[[Recipient], bool]) -> bool:
    brings = entry.business not in CARRIERS or (entry.business == 2 and any(r.status for r in entry.recipients))
    return brings and any(test(recipient) for recipient in entry.recipients)


def _waiting(r: Recipient) -> bool:
    return r.state in THERE and r.status in {"", "01"} and r.standing == "in-force"


def _under_way(entry: Entry) -> bool:
    return any(r.state in UNDER_WAY for r in entry.recipients)


BOXES: dict[str, tuple[str, Callable[[Entry], bool]]] = {
    "waiting": ("in", lambda e: _brought(e, _waiting)),
    "in-hand": ("in", lambda e: _brought(e, lambda r: r.status in IN_HAND and r.standing == "in-force")),
    "asked": ("in", lambda e: _brought(e, lambda r: bool(r.asked))),
    "closed": (
        "in",
        lambda e: _brought(e, lambda r: r.status in {"02", "06"} or r.standing in {"recalled", "replaced"}),
    ),
    "under-way": ("out", _under_way),
    "arrived": (
        "out",
        lambda e: e.business not in CARRIERS and not _under_way(e) and any(r.state in THERE for r in e.recipients),
    ),
    "attention": ("out", lambda e: any(r.state in FAILED or r.status == "02" for r in e.recipients)),
    "withdrawn": ("out", lambda e: e.business in CARRIERS or any(r.standing in WITHDRAWN for r in e.recipients)),
}


def holds(name: str, entry: Entry) -> bool:
    """Whether an entry lies in a box; the box without a name holds everything."""
    if not name:
        return True
    lane, test = BOXES[name]
    return entry.lane == lane and test(entry)
