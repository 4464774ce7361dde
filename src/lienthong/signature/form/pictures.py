"""Do leader's picture and seal look and stand as Annex I wants? (numbers 5–10, 29)"""

from collections.abc import Iterator

from lienthong.signature.facts.model import Box, Line, Picture
from lienthong.signature.form.case import Case, Signed, found
from lienthong.signature.form.model import Finding, Part
from lienthong.signature.form.names import same
from lienthong.signature.form.tolerances import (
    BLUE,
    CENTRED,
    COLOURED,
    MM,
    NEAR_NAME,
    RED_ABOVE,
    RED_BELOW,
    SEAL_COVERS,
    SEAL_RISES,
    SEAL_SIZE,
    TRANSPARENT,
)
from lienthong.signature.model import Role


def pictures(case: Case) -> Iterator[Finding]:
    """Colour, size, place."""
    if case.expected.part is not Part.MAIN:
        return
    leader, seal = case.by(Role.LEADER), case.by(Role.SEAL)
    for each in (leader, seal):
        if each is not None:
            yield from _seen(each)
            yield from _colours(each)
    if seal is not None and seal.box is not None:
        yield from _size(case, seal, seal.box)
    if leader and seal and leader.box and seal.box:
        yield from _over(leader.box, seal.box, seal.field)
    if leader is not None and leader.box is not None:
        yield from _centred(case, leader, leader.box)


def _seen(each: Signed) -> Iterator[Finding]:
    if each.box is None:
        yield found("invisible", None, each.field, who=each.who)


def _colours(each: Signed) -> Iterator[Finding]:
    right, code = (_blue, "leader-not-blue") if each.role is Role.LEADER else (_red, "seal-not-red")
    for picture in each.pictures:
        if picture.transparent < TRANSPARENT:  # the colour of its paper says nothing of the ink
            yield found("picture-opaque", picture.box, each.field)
        elif not right(picture):
            yield found(code, picture.box, each.field)


def _blue(picture: Picture) -> bool:
    return picture.saturation >= COLOURED and BLUE[0] <= picture.hue <= BLUE[1]


def _red(picture: Picture) -> bool:
    return picture.saturation >= COLOURED and (picture.hue <= RED_BELOW or picture.hue >= RED_ABOVE)


def _size(case: Case, seal: Signed, box: Box) -> Iterator[Finding]:
    wanted, width = case.expected.seal_width, box.right - box.left
    if wanted and abs(width - wanted) > wanted * SEAL_SIZE:
        yield found("seal-size", box, seal.field, found=round(width / MM), expected=round(wanted / MM))


def _over(leader: Box, seal: Box, field: str) -> Iterator[Finding]:
    """One finding at most: another page, the right side, else not the third."""
    if leader.page != seal.page:
        yield found("seal-other-page", seal, field, page=seal.page + 1, other=leader.page + 1)
    elif _middle(seal) > _middle(leader):
        yield found("seal-right", seal, field)
    elif not SEAL_COVERS[0] <= (covered := _covered(leader, seal)) <= SEAL_COVERS[1]:
        yield found("seal-off-third", seal, field, percent=round(100 * covered))


def _covered(leader: Box, seal: Box) -> float:
    """How much of the leader's width lies under the seal; nothing when the seal is above or below it."""
    width, height = leader.right - leader.left, leader.top - leader.bottom
    along = min(seal.right, leader.right) - max(seal.left, leader.left)
    up = min(seal.top, leader.top) - max(seal.bottom, leader.bottom)
    return max(0.0, along / width) if up >= SEAL_RISES * height else 0.0


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2


def _centred(case: Case, leader: Signed, box: Box) -> Iterator[Finding]:
    name = name_line(case, box)
    if name is not None and not _stands(box, name.box):
        yield found("leader-off-centre", box, leader.field)


def _stands(box: Box, name: Box) -> bool:
    """Centred over the name, and just above it."""
    middle = (box.bottom + box.top) / 2
    return abs(_middle(box) - _middle(name)) <= CENTRED and name.top <= middle <= name.top + NEAR_NAME


def name_line(case: Case, box: Box) -> Line | None:
    """The line with the signer's name, the nearest one on the page of the picture."""
    if not case.expected.signer:
        return None
    lines = [line for line in case.lines(box.page) if same(line.text, case.expected.signer)]
    return min(lines, key=lambda line: abs(line.box.top - box.bottom), default=None)
