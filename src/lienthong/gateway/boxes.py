"""Boxes of a desk: where documents stand, by name, so that a list and its count can never differ.

    incoming   waiting · in-hand · asked · closed        outgoing   under-way · arrived · attention · withdrawn

A recall, and an update that brought its receiver nothing, speak of another document and wait for nobody themselves.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from lienthong.delivery import FAILED, HELD, Having, JourneyState, Lane, Search, Standing
from lienthong.envelope import BusinessType
from lienthong.errors import InvalidValue

UNDER_WAY = frozenset({JourneyState.RECORDED, JourneyState.ACCEPTED})
NEW = frozenset[int]({BusinessType.NEW, BusinessType.REPLACE})
UPDATE = frozenset[int]({BusinessType.UPDATE})
CARRIERS = frozenset[int]({BusinessType.RECALL, BusinessType.UPDATE})
IN_HAND, ENDED = frozenset({"03", "04", "05"}), frozenset({"02", "06"})
IN_FORCE = frozenset({Standing.IN_FORCE})
TAKEN_BACK = frozenset({Standing.RECALLED, Standing.REPLACED})
REPORTED = frozenset({"01", "02"}) | IN_HAND | ENDED


class BoxName(StrEnum):
    """Names of boxes."""

    WAITING = "waiting"
    IN_HAND = "in-hand"
    ASKED = "asked"
    CLOSED = "closed"
    UNDER_WAY = "under-way"
    ARRIVED = "arrived"
    ATTENTION = "attention"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class _Rule:
    lane: Lane
    having: tuple[Having, ...]
    lacking: tuple[Having, ...] = ()


def _brought(wanted: Having) -> tuple[Having, ...]:
    """On what a document came with: an update brings one to an added receiver, whose progress it then carries."""
    progress = (wanted.statuses or REPORTED) & REPORTED
    new, update = replace(wanted, business=NEW), replace(wanted, business=UPDATE, statuses=progress)
    return (new, update) if progress else (new,)


RULES = {
    BoxName.WAITING: _Rule(Lane.IN, _brought(Having(HELD, frozenset({"", "01"}), IN_FORCE))),
    BoxName.IN_HAND: _Rule(Lane.IN, _brought(Having(statuses=IN_HAND, standings=IN_FORCE))),
    BoxName.ASKED: _Rule(Lane.IN, _brought(Having(asked=True))),
    BoxName.CLOSED: _Rule(Lane.IN, (*_brought(Having(statuses=ENDED)), *_brought(Having(standings=TAKEN_BACK)))),
    BoxName.UNDER_WAY: _Rule(Lane.OUT, (Having(UNDER_WAY),)),
    BoxName.ARRIVED: _Rule(Lane.OUT, (Having(HELD, business=NEW),), lacking=(Having(UNDER_WAY),)),
    BoxName.ATTENTION: _Rule(Lane.OUT, (Having(FAILED), Having(statuses=frozenset({"02"})))),
    BoxName.WITHDRAWN: _Rule(Lane.OUT, (Having(standings=TAKEN_BACK | {Standing.FROZEN}), Having(business=CARRIERS))),
}


def inside(box: BoxName | None, search: Search) -> Search:
    """A search inside a box. InvalidValue for a box of the other lane."""
    if box is None:
        return search
    rule = RULES[box]
    if search.lane not in {None, rule.lane}:
        raise InvalidValue(f"box {box}: {rule.lane}")
    return replace(search, lane=rule.lane, having=rule.having, lacking=rule.lacking)
