"""What the form check found, as a list a clerk can act on: gravest first, each leading to its place on the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache

from apps.office import drafting
from apps.office.models import Draft
from apps.ui.language import english, t
from lienthong.client import Desk, Finding
from lienthong.errors import LienThongError

KEPT = 300
"""Seconds in which a form that is shown again is not checked again."""
MENDED = {"leader": frozenset({"unsigned", "leader-missing"}), "seal": frozenset({"seal-missing", "covers-earlier"})}
"""What the next step of a draft puts right: the seal covers what was written since the leader signed, too."""
WEIGHTS = {
    "error": ("refused", "seal", "Phải sửa"),
    "warning": ("alert", "waiting", "Nên xem lại"),
    "note": ("all", "quiet", "Để biết"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One finding: `page` from 1, 0 for none; `box` its edges left, bottom, right, top in points, where it has any."""

    number: int
    icon: str
    tone: str
    weight: str
    text: str
    page: int = 0
    box: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """The findings of what is shown; `failed` when they could not be asked for."""

    items: tuple[Point, ...] = ()
    checked: bool = False
    failed: bool = False

    @property
    def errors(self) -> int:
        """How many have to be mended."""
        return sum(point.tone == "seal" for point in self.items)


def points(findings: Mapping[str, Sequence[Finding]], shown: str) -> Points:
    """The findings of all files: those of the file shown have places on the page, the others their file's name."""
    told = [(name == shown, name, finding) for name, several in findings.items() for finding in several]
    order = sorted(told, key=lambda each: (list(WEIGHTS).index(_weight(each[2])), not each[0]))
    items = tuple(_point(number, *each) for number, each in enumerate(order, start=1))
    return Points(items, checked=shown in findings)


def _weight(finding: Finding) -> str:
    return finding.severity if finding.severity in WEIGHTS else "warning"


def _point(number: int, here: bool, name: str, finding: Finding) -> Point:  # noqa: FBT001 - spread from a row above
    icon, tone, word = WEIGHTS[_weight(finding)]
    text, box = finding.en if english() else finding.vi, finding.box
    if not here or box is None:
        return Point(number, icon, tone, t(word), text, file="" if here else name)
    edges = " ".join(f"{edge:.1f}" for edge in (box.left, box.bottom, box.right, box.top))
    return Point(number, icon, tone, t(word), text, box.page + 1, edges)


def expected_of(desk: Desk, draft: Draft, step: str) -> Points:
    """What sending would find in the files of a draft as they are now, but what its next step mends anyway.

    A gateway that does not answer is told.
    """
    files = drafting.files(draft) if draft.created else []
    if not files:
        return Points()
    told = drafting.spoken(draft, draft.agency)
    key = "draft-form:" + hashlib.sha256(repr((told, [(f.name, f.sha256()) for f in files])).encode()).hexdigest()
    found: dict[str, tuple[Finding, ...]] | None = cache.get(key)
    try:
        found = desk.form_check(told, files) if found is None else found
    except LienThongError:
        return Points(failed=True)
    cache.set(key, found, KEPT)
    mended = MENDED.get(step, frozenset())
    return points(
        {name: [one for one in many if one.code not in mended] for name, many in found.items()}, files[0].name
    )
