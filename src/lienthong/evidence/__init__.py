"""Evidence: an append-only Merkle log, checkpoints, receipts, and their verification offline."""

from lienthong.evidence.audit import Audit, read_audit
from lienthong.evidence.bundle import Bundle, read_evidence, verify_bundle
from lienthong.evidence.checkpoint import (
    Checkpoint,
    Cosignature,
    cosignatures,
    open_checkpoint,
    sign_checkpoint,
    verify_consistency_of,
)
from lienthong.evidence.event import Event, EventKind
from lienthong.evidence.manifest import ManifestPart, listable, manifest_digest
from lienthong.evidence.merkle import (
    EMPTY_ROOT,
    HashReader,
    LeafHashes,
    Tree,
    TreeHash,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_leaves,
    verify_consistency,
    verify_inclusion,
)
from lienthong.evidence.note import NoteSigner, SigningKey, VerifierKey, cosign, key_id
from lienthong.evidence.proof import Finding, Proof, ProofResult, Words
from lienthong.evidence.receipt import Receipt, receipts
from lienthong.evidence.stamp import StampFacts, checkpoint_digest
from lienthong.evidence.tree import (
    Batch,
    Frontier,
    TileHash,
    TileName,
    TileReader,
    consistency,
    entries_path,
    entry_bundle,
    proof,
    read_tile_path,
    tile_path,
)
from lienthong.evidence.verify import hop_of, verify_receipt

__all__ = [
    "EMPTY_ROOT",
    "Audit",
    "Batch",
    "Bundle",
    "Checkpoint",
    "Cosignature",
    "Event",
    "EventKind",
    "Finding",
    "Frontier",
    "HashReader",
    "LeafHashes",
    "ManifestPart",
    "NoteSigner",
    "Proof",
    "ProofResult",
    "Receipt",
    "SigningKey",
    "StampFacts",
    "TileHash",
    "TileName",
    "TileReader",
    "Tree",
    "TreeHash",
    "VerifierKey",
    "Words",
    "checkpoint_digest",
    "consistency",
    "consistency_proof",
    "cosign",
    "cosignatures",
    "entries_path",
    "entry_bundle",
    "hop_of",
    "inclusion_proof",
    "key_id",
    "leaf_hash",
    "listable",
    "manifest_digest",
    "node_hash",
    "open_checkpoint",
    "proof",
    "read_audit",
    "read_evidence",
    "read_tile_path",
    "receipts",
    "root_from_leaves",
    "sign_checkpoint",
    "tile_path",
    "verify_bundle",
    "verify_consistency",
    "verify_consistency_of",
    "verify_inclusion",
    "verify_receipt",
]
