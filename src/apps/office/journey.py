"""The journey as sentences, foreign steps included; many alike over many recipients become one line that opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from apps.office.words import STATUS
from apps.ui.language import english, t
from apps.ui.times import near
from lienthong.client import Document, Step

MANY = 16  # steps from which alike ones are gathered
ALIKE = 4
REPORT = "status"  # the receiver's own word, written by the agency itself
LOOKS = {
    "submission-accepted": ("done", "done"),
    "relayed": ("sending", "quiet"),
    "consigned": ("arrived", "done"),
    "handed-over": ("inbox", "done"),
    "redirected": ("redirect", "waiting"),
    "expired": ("clock", "seal"),
    "refused": ("refused", "seal"),
    "submission-rejected": ("refused", "seal"),
    "relay-rejected": ("refused", "seal"),
    "relay-failed": ("alert", "waiting"),
    "consignment-failed": ("alert", "waiting"),
    "recalled": ("recall", "waiting"),
    "updated": ("recall", "waiting"),
    "replaced": ("recall", "waiting"),
    "cancelled": ("close", "quiet"),
    "asked": ("recall", "waiting"),
}
WAY = ("submission-accepted", "redirected", "relayed", "consigned", "handed-over")
GATHERED = {
    "consigned": "{hop} đã giao gói tin đến {n} nơi.",
    "handed-over": "{n} nơi đã lấy văn bản về phần mềm.",
    "status": "{n} nơi báo: {status}.",
    "relayed": "{hop} đã chuyển tiếp gói tin cho {n} nơi.",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline; `inner` holds the single steps of a gathered one."""

    at: datetime
    icon: str
    tone: str
    text: str
    hop: str
    evidence: str
    inner: tuple[Moment, ...] = ()

    @property
    def day(self) -> str:
        """For the eye: the time, near days by name."""
        return near(self.at)


def journey(told: Iterable[Step]) -> list[Moment]:
    """The timeline, oldest first."""
    steps = sorted(told, key=_order)
    if len(steps) < MANY:
        return [_moment(step) for step in steps]
    alike = groupby(sorted(steps, key=_kind), key=_kind)
    lines = [line for _, group in alike for line in _gather(list(group))]
    return sorted(lines, key=lambda line: line.at)


def moments(document: Document) -> list[Moment]:
    """Every step by itself."""
    return [_moment(step) for step in document.steps]


def _order(step: Step) -> tuple[datetime, int, datetime]:
    """By time; reports are told in whole seconds, so within one second the way of a package decides."""
    rank = WAY.index(step.kind) if step.kind in WAY else len(WAY)
    return (step.at.replace(microsecond=0), rank, step.at)


def _kind(step: Step) -> tuple[str, str, str]:
    return ("" if step.kind == REPORT else step.hop, step.kind, step.code)


def _gather(steps: list[Step]) -> list[Moment]:
    if len(steps) < ALIKE or steps[0].kind not in GATHERED:
        return [_moment(step) for step in steps]
    lines = tuple(_moment(step) for step in steps)
    return [Moment(steps[0].at, lines[0].icon, lines[0].tone, _summary(steps), steps[0].hop_name, "", lines)]


def _summary(steps: list[Step]) -> str:
    first = steps[0]
    status = t(STATUS.get(first.code, first.code)).lower()
    return t(GATHERED[first.kind], hop=first.hop_name, n=len(steps), status=status)


def _moment(step: Step) -> Moment:
    icon, tone = LOOKS.get(step.kind, ("work", "quiet"))
    if step.kind == REPORT:
        icon, tone = {"02": ("refused", "seal"), "16": ("refused", "seal")}.get(step.code, ("answer", "action"))
    text = step.text_en if english() else step.text_vi
    return Moment(step.at, icon, tone, text, step.hop_name or step.hop, step.evidence or "")
