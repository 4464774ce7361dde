"""The count: what the desks wrote down against what the country says, and what its evidence proves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lienthong.cli.chaos.logs import Audit
from lienthong.cli.chaos.record import Place, Record, Sent
from lienthong.client.model import Entry, Recipient
from lienthong.evidence import Event, EventKind

ENDS = frozenset({"handed-over", "refused", "expired", "cancelled"})
DECIDED = frozenset({EventKind.RELAYED, EventKind.REFUSED, EventKind.EXPIRED, EventKind.CANCELLED})
"""What the axis says of a leg in the end, once."""
ONCE = frozenset({EventKind.SUBMISSION_ACCEPTED, EventKind.HANDED_OVER, EventKind.CONSIGNED})
WANTED = {
    "handed-over": {EventKind.SUBMISSION_ACCEPTED, EventKind.RELAYED, EventKind.HANDED_OVER},
    "refused": {EventKind.REFUSED},
    "expired": {EventKind.EXPIRED},
    "cancelled": {EventKind.CANCELLED},
}
"""What a sender must be able to prove of each end; a refusal by the axis as a whole is witnessed by its own gateway."""
BY_OWN_GATEWAY = {EventKind.RELAY_REJECTED, EventKind.EXPIRED}


@dataclass(frozen=True, slots=True)
class Held:
    """What a sender's desk shows of a document, and the receipts it holds: those that hold, by kind and addressee."""

    entry: Entry
    receipts: int = 0
    broken: int = 0
    proofs: frozenset[tuple[EventKind, str]] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether every leg's end is proved."""
        return not self.broken and all(proved(self, leg) for leg in self.entry.recipients if leg.state in WANTED)


@dataclass
class Reckoning:
    """The figures, and every fault in words."""

    documents: int = 0
    legs: int = 0
    handed_over: int = 0
    refused: int = 0
    expired: int = 0
    cancelled: int = 0
    statuses: int = 0
    receipts: int = 0
    leaves: int = 0
    checkpoints: int = 0
    lost: int = 0
    duplicates: int = 0
    altered: int = 0
    contradictions: int = 0
    unproved: int = 0
    forks: int = 0
    faults: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing lost, nothing twice, nothing wrong."""
        counts = (self.lost, self.duplicates, self.altered, self.contradictions, self.unproved, self.forks, self.faults)
        return not any(counts)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)

    def fault(self, kind: str, words: str) -> None:
        """One more of a kind."""
        setattr(self, kind, getattr(self, kind) + 1)
        self.words.append(f"{kind}: {words}")


def unsettled(record: Record, entries: Mapping[str, Entry]) -> Iterator[str]:
    """What is still to come, in words: legs without an end, statuses on their way, locks that were left behind."""
    for sent in record.sent.values():
        entry = entries.get(sent.package)
        if entry is None:
            yield f"{sent.message}: not in its sender's list"
            continue
        for leg in entry.recipients:
            if leg.state not in ENDS:
                yield f"{sent.message} → {leg.addressee}: {leg.state}"
            elif why := _behind(record, (entry.id, leg.addressee), leg):
                yield f"{sent.message} → {leg.addressee}: {why}"
    for place, received in record.received.items():
        if not received.acknowledged:
            yield f"{place} at {received.agency}: taken and not acknowledged"


def _behind(record: Record, place: Place, leg: Recipient) -> str:
    told = record.statuses.get(place, "")
    if told > leg.status:
        return f"status {leg.status or '–'}, {told} was reported"
    if place in record.agreed and leg.standing not in {"recalled", "replaced"}:
        return f"standing {leg.standing}, 15 was reported"
    return ""


def reckon(record: Record, held: Mapping[str, Held], audits: Sequence[Audit], died: Iterable[str]) -> Reckoning:
    """Everything against everything."""
    found = Reckoning(documents=len(record.sent), statuses=len(record.statuses))
    for stuck in unsettled(record, {package: each.entry for package, each in held.items()}):
        found.fault("lost", stuck)
    for sent in record.sent.values():
        if sent.package in held:
            _count(found, record, sent, held[sent.package])
    _registers(found, record)
    _testimony(found, record, audits)
    for words in (*record.wrong, *(f"{name}: ended by itself" for name in died)):
        found.fault("faults", words)
    return found


def _count(found: Reckoning, record: Record, sent: Sent, held: Held) -> None:
    found.receipts += held.receipts
    if held.broken:
        found.fault("unproved", f"{sent.message}: {held.broken} receipts do not hold")
    for leg in held.entry.recipients:
        found.legs += 1
        _count_leg(found, leg.state)
        _compare(found, record, sent, leg)
        if leg.state in WANTED and not proved(held, leg):
            found.fault("unproved", f"{sent.message} → {leg.addressee}: no proof of {leg.state}")


def _count_leg(found: Reckoning, state: str) -> None:
    name = state.replace("-", "_")
    if state in ENDS:
        setattr(found, name, getattr(found, name) + 1)


def _compare(found: Reckoning, record: Record, sent: Sent, leg: Recipient) -> None:
    """What the sender is told against what lies in the receiver's register."""
    received = record.received.get((sent.package, leg.addressee))
    where = f"{sent.message} → {leg.addressee}"
    if leg.state == "handed-over":
        if received is None or received.agency != leg.recipient:
            found.fault("lost", f"{where}: handed over, and in no register")
        elif tuple(sorted(received.files)) != tuple(sorted(sent.files)):
            found.fault("altered", where)
    elif received is not None and received.acknowledged:
        found.fault("contradictions", f"{where}: {leg.state}, and in the register of {received.agency}")


def proved(held: Held, leg: Recipient) -> bool:
    """Whether the sender can prove the end of a leg."""
    wanted = WANTED[leg.state]
    of_leg = {kind for kind, addressee in held.proofs if addressee in {"", leg.addressee}}
    return wanted <= of_leg or (leg.state in {"refused", "expired"} and bool(of_leg & BY_OWN_GATEWAY))


def _registers(found: Reckoning, record: Record) -> None:
    for place, received in record.received.items():
        if received.offered:
            found.fault("duplicates", f"{place}: offered {received.offered} times after it was acknowledged")


def _testimony(found: Reckoning, record: Record, audits: Sequence[Audit]) -> None:
    """Each hop's own log: one end a leg, one hand-over a leg, one acceptance a package."""
    for audit in audits:
        found.leaves, found.checkpoints = found.leaves + len(audit.events), found.checkpoints + audit.checkpoints
        for words in audit.forks:
            found.fault("forks", words)
        for (kind, package, addressee), times in Counter(map(_fact, audit.events)).items():
            if kind in ONCE and times > 1:
                found.fault("duplicates", f"{audit.hop}: {kind} {package} {addressee} {times} times")
            if kind is EventKind.HANDED_OVER and (package, addressee) not in record.received:
                found.fault("contradictions", f"{package} {addressee}: handed over, and in no register")
    for (package, addressee), kinds in _decisions(audits).items():
        if len(kinds) > 1:
            found.fault("contradictions", f"axis: {package} {addressee}: {', '.join(kinds)}")


def _fact(event: Event) -> tuple[EventKind, str, str | None]:
    return event.kind, event.package, event.addressee


def _decisions(audits: Sequence[Audit]) -> Mapping[tuple[str, str | None], list[EventKind]]:
    """What the axis's log says of each leg in the end."""
    decided: defaultdict[tuple[str, str | None], list[EventKind]] = defaultdict(list)
    for event in (event for audit in audits if audit.hop == "axis" for event in audit.events if event.kind in DECIDED):
        decided[event.package, event.addressee].append(event.kind)
    return decided
