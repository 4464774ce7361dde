"""Receipts and bundles as the published OpenAPI tells them (docs/protocol/evidence.md)."""

from dataclasses import dataclass

from litestar.openapi import ResponseSpec

from lienthong.evidence import ManifestPart


@dataclass(frozen=True, slots=True)
class EvidenceReceipt:
    """One step, provable offline. `proof`, `chain`, `stamp` in base64; `manifest` and `stamp` may be left out."""

    format: str
    leaf: str
    index: int
    size: int
    proof: list[str]
    checkpoint: str
    chain: list[str]
    manifest: list[ManifestPart] | None = None
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceBundle:
    """All receipts of one package; `manifest` and `stamps` (by SHA-256 of the checkpoint note) may be left out."""

    format: str
    receipts: list[EvidenceReceipt]
    manifest: list[ManifestPart] | None = None
    stamps: dict[str, str] | None = None


RECEIPT = {200: ResponseSpec(EvidenceReceipt, generate_examples=False, description="Biên nhận · the receipt")}
BUNDLE = {200: ResponseSpec(EvidenceBundle, generate_examples=False, description="Các biên nhận · the receipts")}
