"""Are the signatures there that must be, in their order? (numbers 1–4, 24, 26, 27)"""

from collections.abc import Iterator

from lienthong.signature.facts.model import Picture
from lienthong.signature.form.case import Case, Signed, found
from lienthong.signature.form.model import Finding, Part
from lienthong.signature.form.names import bare
from lienthong.signature.form.tolerances import BLUE, COLOURED, RED_ABOVE, RED_BELOW
from lienthong.signature.model import Role

_ANNEX = "phu luc"


def presence(case: Case) -> Iterator[Finding]:
    """What is missing, out of order or too much."""
    if not case.signed:
        yield _unsigned(case)
    elif case.expected.part is Part.MAIN:
        yield from _main(case)


def _unsigned(case: Case) -> Finding:
    codes = {Part.ANNEX: "annex-unsigned", Part.COPY: "copy-unsigned"}
    if (code := codes.get(case.expected.part)) is not None:
        return found(code)
    ink = next((picture for picture in case.looks.pictures if _ink(picture)), None)
    return found("picture-only", ink.box) if ink else found("unsigned")


def _ink(picture: Picture) -> bool:
    """Red or blue: what signatures and seals are drawn in."""
    red = picture.hue <= RED_BELOW or picture.hue >= RED_ABOVE
    return picture.saturation >= COLOURED and (red or BLUE[0] <= picture.hue <= BLUE[1])


def _main(case: Case) -> Iterator[Finding]:
    leader, seal = case.by(Role.LEADER), case.by(Role.SEAL)
    if leader is None:
        yield found("leader-missing", seal.box if seal else None)
    if seal is None:
        yield found("seal-missing", leader.box if leader else None)
    if leader and seal and seal.fact.revision < leader.fact.revision:
        yield found("seal-first", seal.box, seal.field)
    yield from _on_annexes(case, leader)


def _on_annexes(case: Case, leader: Signed | None) -> Iterator[Finding]:
    """Within one file the annex needs no signature of its own."""
    first = _first_annex(case)
    main = leader.box.page if leader and leader.box else 0
    for each in case.signed:
        on_annex = first is not None and each.box is not None and each.box.page >= first > main
        if each.corner or on_annex:
            yield found("annex-page-signed", each.box, each.field)


def _first_annex(case: Case) -> int | None:
    """The page on which the annexes begin: it is headed "PHỤ LỤC"."""
    heads = (line.box.page for line in case.looks.lines if bare(line.text).startswith(_ANNEX) and line.text.isupper())
    return min(heads, default=None)
