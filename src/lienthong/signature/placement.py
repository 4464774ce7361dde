"""Where a signature goes, found from what stands on the page (Decree 30/2020, Annex I, ô 7 and ô 8).

The leader's picture is centred between the line of the position and that of the name; the seal, at its real size, lies
over the left third of that picture. Where the text says nothing (a scan, another name), nothing is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lienthong.signature.facts.model import Box, Line, Looks
from lienthong.signature.form.names import plain
from lienthong.signature.model import Place

MM = 72 / 25.4
PICTURE = (50 * MM, 20 * MM)
SEAL = 36 * MM
"""Points; the diameter of a province's seal. An agency with another one brings its place."""
_NARROW, _FAR = 8 * MM, 60 * MM
_ASIDE = 25 * MM
_CORNER = (72 * MM, 14 * MM)
_MARGIN, _TOP = 15 * MM, 8 * MM


@dataclass(frozen=True, slots=True)
class Spot:
    """The leader's box and the seal's over its left third."""

    leader: Place
    seal: Place


def by_text(looks: Looks, name: str) -> Spot | None:
    """From the last place where `name` stands alone on a line, under a line in capitals; None where it does not."""
    wanted = plain(name)
    lines = [line for line in looks.lines if line.text.strip()]
    for line in sorted(lines, key=_reading, reverse=True):
        if wanted and plain(line.text) == wanted:
            above = _position(line, lines)
            if above is not None and (spot := _between(above, line)) is not None:
                return spot
    return None


def over(leader: Place, seal: float = SEAL) -> Box:
    """The seal's box over the left third of a leader's picture that is there already."""
    right = leader.left + (leader.right - leader.left) / 3
    low = max((leader.bottom + leader.top - seal) / 2, 0.0)
    left = max(right - seal, 0.0)
    return Box(leader.page, left, low, left + seal, low + seal)


def corner(looks: Looks | None) -> Box:
    """The top right of the first page (ô 14), for the words of an annex, a copy or an incoming document."""
    width, height = looks.pages[0] if looks and looks.pages else (595.276, 841.89)
    right, top = width - _MARGIN, height - _TOP
    return Box(0, right - _CORNER[0], top - _CORNER[1], right, top)


def _reading(line: Line) -> tuple[int, float]:
    return line.box.page, -line.box.bottom


def _position(name: Line, lines: Iterable[Line]) -> Line | None:
    """The nearest line in capitals above the name, in the same column."""
    above = [
        line
        for line in lines
        if line.box.page == name.box.page
        and 0 < line.box.bottom - name.box.top <= _FAR
        and abs(_middle(line.box) - _middle(name.box)) <= _ASIDE
        and line.text.upper() == line.text
        and any(sign.isalpha() for sign in line.text)
    ]
    return min(above, key=lambda line: line.box.bottom, default=None)


def _between(position: Line, name: Line) -> Spot | None:
    room = position.box.bottom - name.box.top
    if room < _NARROW:
        return None
    width, height = PICTURE[0], min(PICTURE[1], room)
    middle, low = _middle(name.box), name.box.top + (room - height) / 2
    leader = Box(name.box.page, middle - width / 2, low, middle + width / 2, low + height)
    return Spot(leader, over(leader))


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2


def signed_by_leader(boxes: Sequence[tuple[str, Box | None]]) -> Box | None:
    """The box of the leader's signature among (field name, box) pairs, if it is visible."""
    found = [box for field, box in boxes if field.startswith("LeaderSignature") and box is not None]
    return next((box for box in found if box.right > box.left and box.top > box.bottom), None)
