"""How a gateway stands, in one word, and gateways by region: a tree that people read as a map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby

from apps.operator.preferences import number
from lienthong.client import GatewayState


class Standing(Enum):
    """One word for a gateway."""

    UP = "up"
    LATE = "late"
    DOWN = "down"
    HELD = "held"
    NEVER = "never"


WORDS = {
    Standing.UP: ("Thông suốt", "done"),
    Standing.LATE: ("Chậm", "clock"),
    Standing.DOWN: ("Mất liên lạc", "alert"),
    Standing.HELD: ("Đang tạm giữ", "refused"),
    Standing.NEVER: ("Chưa kết nối lần nào", "draft"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A gateway and its word."""

    state: GatewayState
    standing: Standing

    @property
    def word(self) -> str:
        """For people."""
        return WORDS[self.standing][0]

    @property
    def icon(self) -> str:
        """Beside the word."""
        return WORDS[self.standing][1]

    @property
    def region(self) -> str:
        """The level-1 code of whoever runs it."""
        return self.state.operator.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Region:
    """One ministry's or province's gateways."""

    code: str
    gateways: tuple[Seen, ...]

    @property
    def troubled(self) -> int:
        """How many of them are not up."""
        return sum(each.standing is not Standing.UP for each in self.gateways)


def standing(state: GatewayState, now: datetime) -> Seen:
    """By the settings' minutes of silence; a held one is held however it calls."""
    if state.hold:
        return Seen(state, Standing.HELD)
    if state.last_contact is None:
        return Seen(state, Standing.NEVER)
    silent = now - state.last_contact
    if silent > timedelta(minutes=number("down")):
        return Seen(state, Standing.DOWN)
    return Seen(state, Standing.LATE if silent > timedelta(minutes=number("late")) else Standing.UP)


def by_region(rows: Iterable[Seen]) -> tuple[Region, ...]:
    """Regions by code, those with trouble first."""
    ordered = sorted(rows, key=lambda each: (each.region, each.state.id))
    found = [Region(code, tuple(each)) for code, each in groupby(ordered, key=lambda each: each.region)]
    return tuple(sorted(found, key=lambda region: (not region.troubled, region.code)))
