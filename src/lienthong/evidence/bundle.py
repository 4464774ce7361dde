"""All receipts of one package in one file, for keeping beside the documents and for a court."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from lienthong.errors import EvidenceBroken
from lienthong.evidence import words
from lienthong.evidence.canonical import read_object
from lienthong.evidence.event import Event
from lienthong.evidence.manifest import ManifestPart, is_digest, manifest_digest
from lienthong.evidence.note import VerifierKey
from lienthong.evidence.proof import Finding, Proof
from lienthong.evidence.receipt import Receipt, manifest_from
from lienthong.evidence.stamp import checkpoint_digest
from lienthong.evidence.verify import verify_receipt

FORMAT = "lienthong-bundle/1"
MAX_RECEIPTS = 10_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """Receipts of one package, oldest first.

    `manifest` lists the package's parts once for all receipts; `stamps` are RFC 3161 tokens by hex SHA-256 of the
    checkpoint note they cover.
    """

    receipts: tuple[Receipt, ...]
    manifest: tuple[ManifestPart, ...] | None = None
    stamps: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, receipts: Sequence[Receipt]) -> Self:
        """One bundle of whole receipts; what they share stands once."""
        manifests = [found for receipt in receipts if (found := receipt.event.parts or receipt.manifest)]
        stamps = {_note_id(receipt): receipt.stamp for receipt in receipts if receipt.stamp is not None}
        bare = tuple(replace(receipt, manifest=None, stamp=None) for receipt in receipts)
        return cls(bare, manifests[0] if manifests else None, stamps)

    def whole(self) -> tuple[Receipt, ...]:
        """The receipts, each with the manifest and the stamp of its checkpoint."""
        return tuple(self._completed(receipt) for receipt in self.receipts)

    def to_json(self) -> str:
        """As one JSON text, readable by people."""
        told: dict[str, Any] = {"format": FORMAT, "receipts": [receipt.as_dict() for receipt in self.receipts]}
        if self.manifest is not None:
            told["manifest"] = [asdict(part) for part in self.manifest]
        if self.stamps:
            told["stamps"] = {digest: b64encode(token).decode() for digest, token in self.stamps.items()}
        return json.dumps(told, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, data: str | bytes) -> Self:
        """EvidenceBroken for whatever is not exactly a bundle."""
        return cls.from_dict(read_object(data))

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """From JSON values. EvidenceBroken for whatever is not exactly a bundle."""
        rows = told.get("receipts")
        if told.get("format") != FORMAT or told.keys() - {"format", "receipts", "manifest", "stamps"}:
            raise EvidenceBroken("not a bundle of a known format")
        if not isinstance(rows, list) or not 0 < len(rows) <= MAX_RECEIPTS:
            raise EvidenceBroken("a bundle holds receipts")
        manifest = manifest_from(told["manifest"]) if "manifest" in told else None
        return cls(tuple(Receipt.from_dict(row) for row in rows), manifest, _stamps(told.get("stamps", {})))

    def _completed(self, receipt: Receipt) -> Receipt:
        stamp = receipt.stamp if receipt.stamp is not None else self.stamps.get(_note_id(receipt))
        fits = receipt.manifest is None and self.manifest is not None and _speaks_of(receipt, self.manifest)
        return replace(receipt, manifest=self.manifest if fits else receipt.manifest, stamp=stamp)


def read_evidence(data: str | bytes) -> Bundle:
    """A file that is one receipt or a bundle. EvidenceBroken if it is neither."""
    told = read_object(data)
    return Bundle.from_dict(told) if told.get("format") == FORMAT else Bundle((Receipt.from_dict(told),))


def verify_bundle(
    bundle: Bundle,
    files: Mapping[str, str | bytes] | None = None,
    roots: Sequence[bytes] = (),
    moment: datetime | None = None,
    witnesses: Sequence[VerifierKey] = (),
    quorum: int = 1,
) -> Proof:
    """Every receipt as `verify_receipt` does, each file once, and that all receipts are of one package.

    More finding codes: one-package, stamp (for a stamp that belongs to no receipt).
    """
    whole = bundle.whole()
    main = next((receipt for receipt in whole if receipt.manifest is not None or _lists(receipt)), whole[0])
    proofs = [verify_receipt(r, files if r is main else None, roots, moment, witnesses, quorum) for r in whole]
    findings = (finding for proof in proofs for finding in proof.findings)
    return Proof((*findings, *_one_package(whole), *_strays(bundle)), proofs[whole.index(main)].limits)


def _one_package(receipts: Sequence[Receipt]) -> list[Finding]:
    packages = {event.package for receipt in receipts if (event := _event(receipt))}
    return [words.mixed(packages)] if len(packages) > 1 else []


def _strays(bundle: Bundle) -> list[Finding]:
    """A list or a stamp that belongs to no receipt was put there by somebody."""
    fits = bundle.manifest is None or any(_speaks_of(receipt, bundle.manifest) for receipt in bundle.receipts)
    strange = bundle.stamps.keys() - {_note_id(receipt) for receipt in bundle.receipts}
    return [*([] if fits else [words.listed_wrongly()]), *([words.stray_stamp()] if strange else [])]


def _event(receipt: Receipt) -> Event | None:
    try:
        return receipt.event
    except EvidenceBroken:
        return None


def _lists(receipt: Receipt) -> bool:
    event = _event(receipt)
    return event is not None and event.parts is not None


def _speaks_of(receipt: Receipt, manifest: Sequence[ManifestPart]) -> bool:
    event = _event(receipt)
    return event is not None and event.digest == manifest_digest(manifest)


def _note_id(receipt: Receipt) -> str:
    return checkpoint_digest(receipt.checkpoint).hex()


def _stamps(rows: object) -> dict[str, bytes]:
    if not isinstance(rows, dict) or not all(is_digest(digest) and isinstance(t, str) for digest, t in rows.items()):
        raise EvidenceBroken("the stamps are malformed")
    try:
        return {digest: b64decode(token, validate=True) for digest, token in rows.items()}
    except ValueError as error:
        raise EvidenceBroken("a stamp is not base64") from error
