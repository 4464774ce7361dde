"""Real evidence for the sample documents: every step is a leaf in its hop's log, signed by a throw-away key."""

from itertools import groupby

from lienthong.client.model import Entry, Step
from lienthong.evidence import (
    Batch,
    Bundle,
    Checkpoint,
    Event,
    EventKind,
    Frontier,
    ManifestPart,
    Receipt,
    leaf_hash,
    manifest_digest,
    receipts,
    sign_checkpoint,
)
from lienthong.testing.desk import story
from lienthong.testing.pki import pki


def bundle(entry: Entry) -> Bundle:
    """All receipts, in the order of the steps."""
    known = _receipts(entry)
    return Bundle.of([known[step.evidence] for step in story.steps(entry) if step.evidence])


def receipt(entry: Entry, evidence: str) -> Receipt:
    """The receipt of one step."""
    return _receipts(entry)[evidence]


def _receipts(entry: Entry) -> dict[str, Receipt]:
    steps = sorted((step for step in story.steps(entry) if step.evidence), key=lambda step: step.hop)
    return {
        name: one for hop, group in groupby(steps, lambda step: step.hop) for name, one in _log(entry, hop, [*group])
    }


def _log(entry: Entry, hop: str, steps: list[Step]) -> list[tuple[str, Receipt]]:
    origin = f"lienthong.example/log/{hop}"
    signer = pki().log(origin)
    leaves = [_event(entry, step).to_leaf() for step in steps]
    batch = Batch(Frontier(0, ()), [leaf_hash(leaf) for leaf in leaves])
    note = sign_checkpoint(Checkpoint(origin, batch.size, batch.root()), signer)
    made = receipts(batch, leaves, note, (signer.certificate, *signer.chain))
    return [(step.evidence or "", one) for step, one in zip(steps, made, strict=True)]


def _event(entry: Entry, step: Step) -> Event:
    parts = tuple(ManifestPart(p.name, p.media_type, p.size, p.sha256) for p in story.parts(entry))
    kind = EventKind(step.kind)
    return Event(
        kind=kind,
        hop=step.hop,
        at=step.at,
        package=entry.id,
        sender=entry.sender,
        message=entry.message_id,
        document=entry.document_id,
        digest=manifest_digest(parts),
        recipient=step.addressee or None,
        code=step.code or None,
        parts=parts if kind is EventKind.SUBMISSION_ACCEPTED else None,
    )
