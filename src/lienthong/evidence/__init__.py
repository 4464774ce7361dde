"""Evidence: an append-only Merkle log, checkpoints, receipts, and their verification offline."""

from lienthong.evidence.checkpoint import (
    Checkpoint,
    Cosignature,
    cosignatures,
    open_checkpoint,
    sign_checkpoint,
    verify_consistency_of,
)
from lienthong.evidence.event import Event, EventKind
from lienthong.evidence.manifest import ManifestPart, manifest_digest
from lienthong.evidence.merkle import (
    EMPTY_ROOT,
    HashReader,
    LeafHashes,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_leaves,
    verify_consistency,
    verify_inclusion,
)
from lienthong.evidence.note import NoteSigner, SigningKey, VerifierKey, cosign, key_id
from lienthong.evidence.receipt import Receipt, receipts
from lienthong.evidence.tree import (
    Batch,
    Frontier,
    TileHash,
    TileReader,
    consistency,
    entries_path,
    entry_bundle,
    proof,
    tile_path,
)

__all__ = [
    "EMPTY_ROOT",
    "Batch",
    "Checkpoint",
    "Cosignature",
    "Event",
    "EventKind",
    "Frontier",
    "HashReader",
    "LeafHashes",
    "ManifestPart",
    "NoteSigner",
    "Receipt",
    "SigningKey",
    "TileHash",
    "TileReader",
    "Tree",
    "VerifierKey",
    "consistency",
    "consistency_proof",
    "cosign",
    "cosignatures",
    "entries_path",
    "entry_bundle",
    "inclusion_proof",
    "key_id",
    "leaf_hash",
    "manifest_digest",
    "node_hash",
    "open_checkpoint",
    "proof",
    "receipts",
    "root_from_leaves",
    "sign_checkpoint",
    "tile_path",
    "verify_consistency",
    "verify_consistency_of",
    "verify_inclusion",
]
