"""Where a package is: the transport states of one leg, and the moves between them.

Not to be confused with the business statuses 01…16 (`lienthong.document.StatusCode`), which tell what the receiving
agency does with the document. A leg is one package on its way to one addressee, as one hop sees it.
"""

from enum import StrEnum

from lienthong.errors import IllegalMove


class JourneyState(StrEnum):
    """Transport state of a leg [hành trình]."""

    RECORDED = "recorded"  # durable at this hop, not yet taken by the next
    ACCEPTED = "accepted"  # the axis took it: receipt held
    ARRIVED = "arrived"  # stored by the recipient's gateway, the axis has not confirmed yet
    DELIVERED = "delivered"  # the recipient's gateway holds it, confirmed by the axis
    HANDED_OVER = "handed-over"  # the recipient's software took and acknowledged it
    REFUSED = "refused"  # a hop refused it for good, with a code
    EXPIRED = "expired"  # the time to live ran out before delivery
    CANCELLED = "cancelled"  # an operator or the sender stopped it before delivery


S = JourneyState

MOVES: dict[JourneyState, frozenset[JourneyState]] = {
    S.RECORDED: frozenset({S.ACCEPTED, S.REFUSED, S.EXPIRED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.DELIVERED, S.REFUSED, S.EXPIRED, S.CANCELLED}),
    S.ARRIVED: frozenset({S.DELIVERED, S.REFUSED, S.EXPIRED, S.CANCELLED}),
    S.DELIVERED: frozenset({S.HANDED_OVER}),
    S.HANDED_OVER: frozenset(),
    S.REFUSED: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
}

FAILED = frozenset({S.REFUSED, S.EXPIRED, S.CANCELLED})
HELD = frozenset({S.DELIVERED, S.HANDED_OVER})
"""The receiver has it: the document is at its gateway, confirmed."""
UNDELIVERED = frozenset({S.RECORDED, S.ACCEPTED, S.ARRIVED})


def _closure(state: JourneyState) -> frozenset[JourneyState]:
    seen: set[JourneyState] = set()
    todo = [state]
    while todo:
        todo.extend(new := MOVES[todo.pop()] - seen)
        seen |= new
    return frozenset(seen)


REACHABLE = {state: _closure(state) for state in JourneyState}


def move(state: JourneyState, to: JourneyState) -> JourneyState:
    """The state after a move of this hop's own doing; raises `IllegalMove` outside the table."""
    if to not in MOVES[state]:
        raise IllegalMove(f"{state} → {to}")
    return to


def observe(state: JourneyState, seen: JourneyState) -> JourneyState:
    """The state after hearing of another hop's: news may skip steps, come late or twice, but never contradict.

    Raises `IllegalMove` where the news can't be true beside what is known (delivered and expired both).
    """
    if seen in REACHABLE[state]:
        return seen
    if seen == state or state in REACHABLE[seen]:
        return state
    raise IllegalMove(f"{state} ≠ {seen}")
