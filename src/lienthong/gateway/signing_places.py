"""How a signature looks and where it goes (Decree 30/2020, Annex I), when the caller leaves that to the gateway."""

from datetime import datetime

from lienthong import signature
from lienthong.errors import InvalidValue
from lienthong.gateway.signing_views import Box, Paper, Wish
from lienthong.signature import Appearance, Role
from lienthong.signature.facts.model import Facts
from lienthong.signature.model import ALONE
from lienthong.signature.placement import MM, Spot, by_text, corner, over, signed_by_leader

GIVEN, TEXT, LEADER, CORNER, USUAL, NOWHERE = "given", "text", "leader", "corner", "usual", ""


def appearance(
    paper: Paper, pages: int, wish: Wish, organisation: str, facts: Facts, now: datetime
) -> tuple[Appearance, str]:
    """The look of a signature, and how its place was found.

    `given`; `text`: from the position and the name on the page; `leader`: over the leader's signature; `corner`: top
    right of page 1; `usual`: nothing was found, so the middle of the last page's right half; empty: invisible.
    """
    if paper.place is not None:
        _require_box(paper.place)
        return _drawn(paper, wish, organisation, Spot(paper.place, paper.seal_place or paper.place), now), GIVEN
    if paper.placing != "auto" or wish.role is Role.INITIALS:  # no place is prescribed for initials
        return Appearance(), NOWHERE
    if wish.role in ALONE:
        box = corner(facts.looks)
        return Appearance(_words(paper, wish, organisation, now), box), CORNER
    spot, how = _found(wish, facts) or (_usual(pages - 1), USUAL)
    own = spot.leader if wish.role is Role.LEADER else spot.seal
    picture = wish.picture or _picture(wish, organisation)
    return Appearance(picture, own, seal_place=spot.seal if wish.role is Role.LEADER else None), how


def _found(wish: Wish, facts: Facts) -> tuple[Spot, str] | None:
    there = signed_by_leader([(each.field, each.box) for each in facts.signatures])
    if wish.role is Role.SEAL and there is not None:
        return Spot(there, over(there)), LEADER
    spot = by_text(facts.looks, wish.person) if facts.looks and wish.role is Role.LEADER else None
    return (spot, TEXT) if spot else None


def _drawn(paper: Paper, wish: Wish, organisation: str, spot: Spot, now: datetime) -> Appearance:
    if wish.role in ALONE:
        return Appearance(_words(paper, wish, organisation, now), spot.leader)
    if paper.seal_place is not None:
        _require_box(paper.seal_place)
    kept_free = paper.seal_place if wish.role is Role.LEADER else None
    return Appearance(wish.picture or _picture(wish, organisation), spot.leader, seal_place=kept_free)


def _picture(wish: Wish, organisation: str) -> bytes:
    seal, leader = signature.seal_picture, signature.leader_picture
    return seal(organisation) if wish.role is Role.SEAL else leader(wish.person)


def _words(paper: Paper, wish: Wish, organisation: str, now: datetime) -> bytes:
    """No picture: words alone (ô 14)."""
    from lienthong import layout  # noqa: PLC0415  # the typesetter is large and most signatures need none

    lines: tuple[str, ...]
    if wish.role is Role.COPY:
        lines = layout.copy_words(wish.copied, organisation, now)
    elif wish.role is Role.INCOMING:
        lines = layout.incoming_words(paper.number, organisation, now)
    else:
        number, _, notation = paper.number.partition("/")
        lines = layout.annex_words(number, notation, now)
    return layout.compose_corner(lines, now.replace(microsecond=0))  # a PDF's own dates know whole seconds alone


def _usual(page: int) -> Spot:
    left, bottom = 115 * MM, 115 * MM
    own = Box(page, left, bottom, left + 50 * MM, bottom + 20 * MM)
    start, low = left + 50 / 3 * MM - 36 * MM, bottom - 8 * MM
    return Spot(own, Box(page, start, low, start + 36 * MM, low + 36 * MM))


def _require_box(box: Box) -> None:
    if not (0 <= box.left < box.right <= 14400 and 0 <= box.bottom < box.top <= 14400):  # ISO 32000-1 Annex C
        raise InvalidValue(f"place: {box}")
