"""What somebody outside can say of a log that shows a new checkpoint: it grew, or it lied.

    seen (note, frontier) + shown note + the leaves between ─► seen anew, or an alarm

Adding the leaves to the frontier of what was seen and coming to the shown root proves that the log only grew, and that
the leaves served are those it signed for. (RFC 6962 §2.1; stronger than a consistency proof, which names no leaf)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.checkpoint import Checkpoint, open_checkpoint
from lienthong.evidence.event import Event
from lienthong.evidence.merkle import leaf_hash, verify_consistency
from lienthong.evidence.note import VerifierKey
from lienthong.evidence.proof import Words
from lienthong.evidence.tree import Frontier
from lienthong.evidence.verify import hop_of


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong, as a stable code and in words; `grave` says that the log itself is guilty."""

    code: str
    words: Words
    grave: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All a watcher must remember: the newest note, the frontier under its root, and when it last grew."""

    note: str
    since: datetime
    frontier: Frontier = field(default_factory=Frontier)


ALARMS = {
    "unreachable": Words("Không đọc được nhật ký.", "The log cannot be read."),
    "unexpected-key": Words("Mốc kiểm tra không do khóa đã biết ký.", "The checkpoint is not signed by the known key."),
    "rollback": Words("Nhật ký lùi lại: nhỏ hơn lần trước.", "The log rolled back: it is smaller than before."),
    "fork": Words("Nhật ký bị viết lại (rẽ nhánh).", "The log was rewritten (fork)."),
    "leaves": Words("Mục được đưa ra không khớp mốc kiểm tra.", "The entries shown do not lead to the checkpoint."),
    "foreign-leaf": Words("Mục không phải của nút này.", "An entry is not this hop's."),
    "stalled": Words("Nhật ký đứng yên quá lâu.", "The log has stood still for too long."),
    "unstamped": Words("Mốc kiểm tra lâu chưa có dấu thời gian.", "Checkpoints have long had no time stamp."),
    "stamp-broken": Words("Dấu thời gian không đúng.", "The time stamp does not hold."),
}
_PASSING = {"unreachable", "stalled", "unstamped"}


def alarm(code: str, detail: str = "") -> Alarm:
    """The alarm of that code (KeyError for another)."""
    return Alarm(code, ALARMS[code], code not in _PASSING, detail)


def opened(note: str, keys: Iterable[VerifierKey]) -> Checkpoint | Alarm:
    """The checkpoint, signed by a known key of its log."""
    try:
        return open_checkpoint(note, keys)
    except (EvidenceBroken, InvalidValue) as error:
        return alarm("unexpected-key", str(error))


def moved(seen: Checkpoint | None, shown: Checkpoint) -> Alarm | None:
    """What two checkpoints say by themselves."""
    if seen is None:
        return None
    if seen.origin != shown.origin:
        return alarm("unexpected-key", f"{seen.origin} → {shown.origin}")
    if shown.size < seen.size:
        return alarm("rollback", f"{seen.size} → {shown.size}")
    if shown.size == seen.size and shown.root != seen.root:
        return alarm("fork", f"{seen.size}")
    return None


def joined(seen: Checkpoint, shown: Checkpoint, proof: Sequence[bytes]) -> Alarm | None:
    """Whether the proof joins two checkpoints, in either order: also those that two watchers saw."""
    old, new = sorted((seen, shown), key=lambda each: each.size)
    holds = old.origin == new.origin and verify_consistency(old.size, new.size, proof, old.root, new.root)
    return None if holds else alarm("fork", f"{old.size} ↛ {new.size}")


def strangers(leaves: Sequence[bytes], origin: str, first: int) -> Alarm | None:
    """A leaf that is no event, or one of another hop."""
    for index, leaf in enumerate(leaves, start=first):
        try:
            hop = Event.from_leaf(leaf).hop
        except EvidenceBroken as error:
            return alarm("foreign-leaf", f"{index}: {error}")
        if hop != hop_of(origin):
            return alarm("foreign-leaf", f"{index}: {hop}")
    return None


def grown(frontier: Frontier, leaves: Sequence[bytes]) -> Frontier:
    """The frontier with these leaves behind it."""
    return frontier.append([leaf_hash(leaf) for leaf in leaves])[0]
