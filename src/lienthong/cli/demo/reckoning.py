"""The reckoning after the story: is every document where it should be, once, and does every receipt hold?"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.demo.country import BY_CODE, WORKING
from lienthong.cli.demo.people import Desks, Record
from lienthong.cli.demo.scenario import DONE, Story
from lienthong.client import Desk, Document, Entry, Recipient
from lienthong.errors import LienThongError
from lienthong.evidence import ProofResult, read_evidence, verify_bundle

TERMINAL = {"handed-over", "refused", "expired", "cancelled"}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What `demo --check` prints. Legs are counted per addressee."""

    documents: int
    legs: int
    delivered: int
    receipts_verified: int
    receipts_broken: int
    refused: int
    recalled: int
    replaced: int
    redirected: int
    expired: int
    lost: int
    duplicates: int

    def good(self, story: Story) -> bool:
        """Whether all is as the story wants it."""
        changes = {change.kind for change in story.changes}
        return (
            self.lost == 0
            and self.duplicates == 0
            and self.receipts_broken == 0
            and self.receipts_verified > self.legs
            and self.delivered + self.expired == self.legs
            and self.expired
            == sum(1 for paper in story.papers for code in paper.recipients if code in story.unreachable)
            and self.refused == sum(1 for reply in story.replies.values() if reply.codes[-1] == "02")
            and (self.recalled > 0) == bool(changes & {"recall", "update"})
            and (self.replaced > 0) == ("replace" in changes)
            and self.redirected == sum(1 for p in story.papers for code in p.recipients if BY_CODE[code].closed)
        )


def settled(story: Story, documents: list[Document]) -> bool:
    """Whether nothing more is to come: every leg ended, every reply given, every question answered."""
    return all(_settled(story, document.entry, leg) for document in documents for leg in document.entry.recipients)


def _settled(story: Story, entry: Entry, leg: Recipient) -> bool:
    if leg.recipient in story.offices:
        return leg.state in TERMINAL
    if leg.state not in TERMINAL or leg.asked or leg.standing == "frozen":
        return False
    if leg.state != "handed-over" or entry.business in {1, 2}:
        return leg.state != "handed-over" or entry.business in {1, 2}
    codes = story.reply(entry.number, leg.recipient).codes or DONE
    return leg.status == codes[-1] or leg.standing in {"recalled", "replaced"}


def reckon(documents: list[Document], desks: Desks, record: Record, root: Path) -> Reckoning:
    """Count, compare both sides, verify every receipt offline."""
    roots = root_certificates(root)
    legs = [(document, leg) for document in documents for leg in document.entry.recipients]
    good, broken = 0, 0
    for document in documents:
        verified, failed = receipts_of(desks.of(document.entry.sender), document, roots)
        good, broken = good + verified, broken + failed
    held = _held_by_receivers(desks)
    delivered = [(document, leg) for document, leg in legs if leg.state == "handed-over"]
    return Reckoning(
        documents=len(documents),
        legs=len(legs),
        delivered=len(delivered),
        receipts_verified=good,
        receipts_broken=broken,
        refused=sum(leg.status == "02" for _, leg in legs),
        recalled=sum(leg.standing == "recalled" for _, leg in legs),
        replaced=sum(leg.standing == "replaced" for _, leg in legs),
        redirected=sum(leg.redirected for _, leg in legs),
        expired=sum(leg.state == "expired" for _, leg in legs),
        lost=sum(not _arrived(document, leg, held, desks, record) for document, leg in legs if leg.state != "expired"),
        duplicates=_repeats(held) + sum(_handed_over_again(document) for document in documents),
    )


Held = list[tuple[str, str, str]]  # package id, addressee, agency


def _held_by_receivers(desks: Desks) -> Held:
    rows: Held = []
    for agency in WORKING:
        page = desks.of(agency.code).incoming(limit=200)
        rows += [(entry.id, leg.addressee, agency.code) for entry in page.entries for leg in entry.recipients]
    return rows


def _repeats(held: Held) -> int:
    """Documents that stand in a register more than once."""
    return sum(times - 1 for times in Counter((package, addressee) for package, addressee, _ in held).values())


def _handed_over_again(document: Document) -> int:
    """Hand-overs proved by evidence beyond one an addressee."""
    steps = Counter(step.addressee for step in document.steps if step.kind == "handed-over")
    return sum(times - 1 for times in steps.values())


def _arrived(document: Document, leg: Recipient, held: Held, desks: Desks, record: Record) -> bool:
    """Handed over, in the register of the right agency, and byte for byte what was sent."""
    if leg.state != "handed-over" or (document.entry.id, leg.addressee, leg.recipient) not in held:
        return False
    desk = desks.of(leg.recipient)
    there = desk.document(document.entry.id)
    digests = [hashlib.sha256(desk.part(there.entry.id, part.name)).hexdigest() for part in there.parts]
    return tuple(digests) == record.digests[document.entry.id]


def receipts_of(desk: Desk, document: Document, roots: tuple[bytes, ...]) -> tuple[int, int]:
    """How many receipts of a document hold to the root, with its files; and how many do not."""
    try:
        bundle = read_evidence(json.dumps(desk.evidence(document.entry.id)))
    except LienThongError:
        return 0, 1
    files = {part.name: part.sha256 for part in document.parts}
    holds = verify_bundle(bundle, files, roots).result is ProofResult.PROVED
    return (len(bundle.receipts), 0) if holds else (0, len(bundle.receipts))
