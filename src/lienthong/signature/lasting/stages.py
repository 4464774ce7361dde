"""What a chain of links proves from stamp to stamp, worked out from its end back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthong.errors import EvidenceBroken
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import Policy, Revocations, Trust
from lienthong.signature.lasting import bundle as names
from lienthong.signature.lasting.agility import Algorithms
from lienthong.signature.lasting.bundle import Bundle, Link
from lienthong.signature.lasting.dating import Dated, dated
from lienthong.signature.lasting.record import Record

SKEW = timedelta(minutes=5)
"""How far clocks may differ."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a bundle is held against: roots and policy, dates of algorithms, the moment, and who looks into PDFs.

    `look` gives the facts of a file; without it the facts that were kept, which the stamps cover, are judged.
    """

    trust: Trust
    policy: Policy
    algorithms: Algorithms
    moment: datetime
    revocations: Revocations | None = None
    look: Callable[[bytes], Facts] | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A link, the stamps over its root that hold, by name, why others do not, and until when one had to count."""

    link: Link
    record: Record
    found: list[tuple[str, Dated]]
    faults: list[EvidenceBroken]
    until: datetime

    @property
    def counted(self) -> list[tuple[str, Dated]]:
        """Those that counted until the next link took over."""
        return [(name, each) for name, each in self.found if each.at <= self.until + SKEW and each.ends >= self.until]

    @property
    def at(self) -> datetime | None:
        """Since when the record certainly exists."""
        return min((each.at for _, each in self.counted), default=None)


def stages_of(bundle: Bundle, measure: Measure, chain: Sequence[tuple[Link, Record]]) -> list[Stage]:
    """From the last link back: it must count now, each earlier one until the one after it certainly existed."""
    stages: list[Stage] = []
    for link, record in reversed(chain):
        until = (stages[0].at if stages else None) or measure.moment
        stages.insert(0, Stage(link, record, *_stamps(bundle, measure, link), until))
    return stages


def _stamps(bundle: Bundle, measure: Measure, link: Link) -> tuple[list[tuple[str, Dated]], list[EvidenceBroken]]:
    """Those that hold, and why others do not. A bundle may leave a stamp out as long as another is there."""
    found, faults = [], []
    others = (*measure.trust.others, *bundle.under(names.CERTIFICATES).values())
    folder = f"{names.STAMPS}{link.path.root.hex()}/"
    for name in sorted(bundle.files) if measure.trust.roots else ():
        if not name.startswith(folder):
            continue
        try:
            token = _token(bundle, link, name)
            given = (measure.trust.roots, measure.algorithms, others, measure.revocations)
            found.append((name, dated(token, link.path.root, *given)))
        except EvidenceBroken as fault:
            faults.append(fault)
    return found, faults


def _token(bundle: Bundle, link: Link, name: str) -> bytes:
    token = bundle.files[name]
    if names.stamp_name(link.path.root, token) != name:
        raise EvidenceBroken("the token is not the one that was kept")
    return token
