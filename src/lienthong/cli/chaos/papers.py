"""What is sent: every document of a run, made from the seed alone, so that its bytes can be made again to compare."""

import random
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lienthong.cli.demo.country import WORKING

CODES = tuple(agency.code for agency in WORKING)
ENDED, SILENT = "H29.21", "H27"
"""A closed code, which leads to its successor; an agency whose gateway is switched off."""
SIZES = ((2_000, 0.60), (20_000, 0.30), (100_000, 0.08), (400_000, 0.019), (3_000_000, 0.001))
CHANGES = (("recall", 0.04), ("update", 0.03), ("replace", 0.03))
SHORT = 20.0
"""Seconds to live of what goes to an agency that never answers."""


@dataclass(frozen=True, slots=True)
class Change:
    """What its sender does with a document later: once so many more documents were answered."""

    kind: str
    later: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. `again`: its sender repeats it with the same id; `other`: tries other content under its id."""

    name: str
    number: int
    sender: str
    recipients: tuple[str, ...]
    sizes: tuple[int, ...]
    ttl: float | None = None
    change: Change | None = None
    again: bool = False
    other: bool = False

    def files(self) -> tuple[tuple[str, bytes], ...]:
        """Names and bytes: the same each time."""
        return tuple(
            (f"mau-{place}.bin", random.Random(f"{self.name}/{place}").randbytes(size))
            for place, size in enumerate(self.sizes, start=1)
        )

    def metadata(self, **more: Any) -> dict[str, Any]:
        """As the desk API takes it."""
        told = {
            "number": str(self.number),
            "notation": "CM-MẪU",
            "subject": f"V/v thử thách lần {self.number} (văn bản mẫu)",
            "recipients": self.recipients,
            "document_id": self.name,
        }
        return told | more

    def replacement(self) -> "Paper":
        """The document that is sent in its place."""
        return Paper(f"{self.name}-replace", self.number, self.sender, self.recipients, self.sizes[:1])


def papers(documents: int, seed: int) -> tuple[Paper, ...]:
    """All documents of a run, in the order they are handed in."""
    return tuple(_paper(random.Random(f"paper {seed} {number}"), seed, number) for number in range(documents))


def _paper(lots: random.Random, seed: int, number: int) -> Paper:
    sender = lots.choice(CODES)
    others = [code for code in CODES if code != sender]
    wide = lots.random() < 0.03
    recipients = others if wide else lots.sample(others, lots.choice((1, 1, 1, 2, 2, 3)))
    ttl = None
    if lots.random() < 0.02 and sender != "H29.51" and "H29.51" not in recipients:
        recipients = [*recipients, ENDED]
    if lots.random() < 0.01:
        recipients, ttl = [SILENT], SHORT
    sizes = tuple(_size(lots) for _ in range(lots.choice((1, 1, 1, 2, 3))))
    change = _change(lots, others, recipients) if ttl is None else None
    again, other = lots.random() < 0.03, lots.random() < 0.01
    return Paper(f"chaos-{seed}-{number}", number + 1, sender, tuple(recipients), sizes, ttl, change, again, other)


def _size(lots: random.Random) -> int:
    size = _by_chance(lots, SIZES)
    return lots.randint(size // 2, size) if size else 2_000


def _change(lots: random.Random, others: list[str], recipients: list[str]) -> Change | None:
    kind = _by_chance(lots, CHANGES)
    later = lots.choice((0, 0, 5, 20))
    if kind != "update":
        return Change(kind, later) if kind else None
    free = [code for code in others if code not in recipients]
    remove = tuple(code for code in recipients[1:2] if code != ENDED)
    return Change(kind, later, tuple(lots.sample(free, min(1, len(free)))), remove) if free or remove else None


def _by_chance(lots: random.Random, table: tuple[tuple[Any, float], ...]) -> Any:
    """One of the table by its share; nothing when the shares leave room."""
    thrown = lots.random()
    for found, share in table:
        thrown -= share
        if thrown < 0:
            return found
    return None


def digests(files: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, str], ...]:
    """Names and SHA-256, as both sides compare them."""
    return tuple((name, sha256(data).hexdigest()) for name, data in files)
