"""An audit taken out of a console: entries with their paths to one signed checkpoint, checked offline."""

from dataclasses import dataclass
from typing import Any

from lienthong.errors import EvidenceBroken
from lienthong.evidence.canonical import canonical, read_object
from lienthong.evidence.checkpoint import Checkpoint, open_checkpoint
from lienthong.evidence.merkle import leaf_hash, verify_inclusion
from lienthong.evidence.note import VerifierKey
from lienthong.evidence.receipt import MAX_PROOF, bytes_list

FORMAT = "lienthong-audit/1"


@dataclass(frozen=True, slots=True)
class Audit:
    """What was proved: the checkpoint, and the entries in the order of the file."""

    checkpoint: Checkpoint
    entries: tuple[dict[str, Any], ...]


def read_audit(data: bytes, key: VerifierKey) -> Audit:
    """Every entry of the file, each proved to stand in the log that `key` signs. EvidenceBroken for anything less.

    That entries were left out of the file shows only by their numbers: `index` counts without gaps in the log.
    """
    told = read_object(data)
    if told.get("format") != FORMAT or not isinstance(told.get("entries"), list):
        raise EvidenceBroken("not an exported audit")
    checkpoint = open_checkpoint(str(told.get("checkpoint", "")), [key])
    return Audit(checkpoint, tuple(_proved(row, checkpoint) for row in told["entries"]))


def _proved(row: object, checkpoint: Checkpoint) -> dict[str, Any]:
    leaf, index, path = _read(row)
    if not verify_inclusion(leaf_hash(leaf), index, checkpoint.size, path, checkpoint.root):
        raise EvidenceBroken(f"entry {index} does not stand in the log", index=str(index))
    told = read_object(leaf)
    if told.get("index") != index or canonical(told) != leaf:
        raise EvidenceBroken(f"entry {index} is not in its form", index=str(index))
    return told


def _read(row: Any) -> tuple[bytes, int, tuple[bytes, ...]]:
    try:
        leaf, index, path = row["leaf"].encode(), row["index"], bytes_list(row["proof"], MAX_PROOF)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise EvidenceBroken("an entry of the audit is malformed") from error
    if type(index) is not int or index < 0:  # bool is an int, but no number
        raise EvidenceBroken("an entry of the audit is malformed")
    return leaf, index, path
