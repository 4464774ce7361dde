"""A receipt: an event, its place in a hop's log, the log's signed word, and the certificates of the log's key."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.canonical import MAX_NUMBER, read_object
from lienthong.evidence.event import Event
from lienthong.evidence.manifest import ManifestPart
from lienthong.evidence.merkle import HASH_SIZE
from lienthong.evidence.tree import Batch

FORMAT = "lienthong-receipt/1"
MAX_PROOF = 63  # a path in the largest tree a checkpoint can name
MAX_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Receipt:
    """All an offline verifier needs, save the root certificate.

    `leaf` is the event's canonical JSON, `size` the tree's at the checkpoint (a signed note), `proof` the audit path;
    `chain` the DER certificates of the log's key, leaf first; `manifest` the package's parts when the event itself
    does not list them; `stamp` an RFC 3161 token over the SHA-256 of the checkpoint note.
    """

    leaf: bytes
    index: int
    size: int
    proof: tuple[bytes, ...]
    checkpoint: str
    chain: tuple[bytes, ...]
    manifest: tuple[ManifestPart, ...] | None = None
    stamp: bytes | None = None

    @property
    def event(self) -> Event:
        """The event told. EvidenceBroken if the leaf is none."""
        return Event.from_leaf(self.leaf)

    def to_json(self) -> str:
        """The receipt as one line of JSON, always the same bytes."""
        return msgspec.json.encode(self.as_dict()).decode()

    @classmethod
    def from_json(cls, data: str | bytes) -> Self:
        """EvidenceBroken for whatever is not exactly a receipt."""
        return cls.from_dict(read_object(data))

    def as_dict(self) -> dict[str, Any]:
        """As JSON values, bytes in base64."""
        told: dict[str, Any] = {
            "format": FORMAT,
            "leaf": self.leaf.decode(),
            "index": self.index,
            "size": self.size,
            "proof": [_b64(step) for step in self.proof],
            "checkpoint": self.checkpoint,
            "chain": [_b64(certificate) for certificate in self.chain],
        }
        beside = {
            "manifest": None if self.manifest is None else [part.as_dict() for part in self.manifest],
            "stamp": None if self.stamp is None else _b64(self.stamp),
        }
        return told | {name: value for name, value in beside.items() if value is not None}

    @classmethod
    def from_dict(cls, told: object) -> Self:
        """From JSON values. EvidenceBroken for whatever is not exactly a receipt."""
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise EvidenceBroken("not a receipt of a known format")
        try:
            return cls(**_values(told))
        except (InvalidValue, KeyError, TypeError, ValueError, AttributeError) as error:
            raise EvidenceBroken("the receipt is not whole") from error


def receipts(batch: Batch, leaves: Sequence[bytes], checkpoint: str, chain: Sequence[bytes]) -> tuple[Receipt, ...]:
    """The receipts of a batch just signed, in its order; nothing of the log is read."""
    first, held = batch.before.size, tuple(chain)
    placed = enumerate(zip(leaves, batch.proofs(), strict=True), start=first)
    return tuple(Receipt(leaf, index, batch.size, proof, checkpoint, held) for index, (leaf, proof) in placed)


def manifest_from(rows: object) -> tuple[ManifestPart, ...]:
    """Parts from JSON rows. EvidenceBroken if malformed."""
    try:
        return tuple(_part(row) for row in rows)  # type: ignore[attr-defined]  # hostile input: TypeError is caught
    except (InvalidValue, TypeError, ValueError) as error:
        raise EvidenceBroken("the manifest is malformed") from error


def _part(row: dict[str, Any]) -> ManifestPart:
    texts = [row.get(name) for name in ("name", "media_type", "sha256")]
    if not all(isinstance(text, str) for text in texts):
        raise EvidenceBroken("the manifest is malformed")
    return ManifestPart(**{**row, "size": _number(row["size"])})


def _values(told: dict[str, Any]) -> dict[str, Any]:
    values = {
        "leaf": told["leaf"].encode(),
        "index": _number(told["index"]),
        "size": _number(told["size"]),
        "proof": bytes_list(told["proof"], MAX_PROOF),
        "checkpoint": _text(told["checkpoint"]),
        "chain": bytes_list(told["chain"], MAX_CHAIN),
        "manifest": manifest_from(told["manifest"]) if "manifest" in told else None,
        "stamp": b64decode(_text(told["stamp"]), validate=True) if "stamp" in told else None,
    }
    if unknown := told.keys() - values.keys() - {"format"}:
        raise EvidenceBroken(f"the receipt has an unknown field {min(unknown)[:40]!r}")
    if any(len(step) != HASH_SIZE for step in values["proof"]):
        raise EvidenceBroken("a step of the proof has not 32 bytes")
    return values


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:  # bool is an int, but no number
        raise EvidenceBroken("a number of the receipt is out of range")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise EvidenceBroken("a field of the receipt is no text")
    return value


def bytes_list(values: object, limit: int) -> tuple[bytes, ...]:
    """Bytes out of a list of base64 texts. EvidenceBroken, ValueError for anything else."""
    if not isinstance(values, list) or len(values) > limit:
        raise EvidenceBroken("a list of the receipt is malformed")
    return tuple(b64decode(_text(value), validate=True) for value in values)


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
