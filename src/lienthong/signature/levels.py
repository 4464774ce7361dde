"""From a signature to one that lasts: proofs into the file, then a stamp over all of it (ETSI EN 319 142-1 §6).

    B-T  (the signature's own stamp)  ──with_proofs──►  B-LT  ──prepare_stamp, complete_stamp──►  B-LTA

Each step appends a revision: the bytes before stay as they were, so that every earlier signature still holds, also on a
document its leader certified (ISO 32000-2 §12.8.2.2 allows both additions). Repeating the last two steps before the
stamp's certificate ends makes the proof last on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lienthong.errors import EvidenceBroken, SignatureProblem
from lienthong.evidence import stamp as rfc3161
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.proofs import LARGEST_LIST
from lienthong.signature.revision import append_proofs, append_stamp, fill

STAMP_NAME = "DocumentStamp"


@dataclass(frozen=True, slots=True)
class Stampable:
    """A file waiting for a time stamp over all of it: `digest` (SHA-256) is what is stamped."""

    pdf: bytes = field(repr=False)
    digest: bytes
    gap: tuple[int, int]


def with_proofs(
    pdf: bytes, certificates: Sequence[bytes], ocsps: Sequence[bytes] = (), crls: Sequence[bytes] = ()
) -> bytes:
    """The file with the chains of its signers and what was known of their revocation inside (B-LT); all DER.

    The same proofs again change nothing. Raises SignatureProblem for a file whose signatures do not hold, without an
    answer about revocation, or with a list too large to carry in every document.
    """
    _require_sound(gather(pdf))
    if not ocsps and not crls:
        raise SignatureProblem("nothing proves yet that the certificates were not revoked")
    if any(len(each) > LARGEST_LIST for each in crls):
        raise SignatureProblem(f"a revocation list over {LARGEST_LIST} bytes belongs beside the document, not inside")
    return append_proofs(pdf, certificates, ocsps, crls)


def prepare_stamp(pdf: bytes) -> Stampable:
    """The file with an empty stamp over all of it. Raises SignatureProblem for a file whose signatures do not hold."""
    facts = gather(pdf)
    _require_sound(facts)
    gap = append_stamp(pdf, f"{STAMP_NAME}{len(facts.document_stamps) + 1}")
    return Stampable(gap.pdf, gap.document_digest, (gap.start, gap.end))


def complete_stamp(waiting: Stampable, token: bytes, roots: Sequence[bytes], others: Sequence[bytes] = ()) -> bytes:
    """The stamped file (B-LTA once the proofs are inside). `token` is a DER ContentInfo of RFC 3161.

    Raises SignatureProblem when the token is of something else or its authority does not lead to `roots` (DER).
    """
    try:
        rfc3161.check(token, waiting.digest, roots, others)
    except EvidenceBroken as problem:
        raise SignatureProblem(f"the time stamp: {problem.detail}") from problem
    return fill(waiting.pdf, waiting.gap, token)


def _require_sound(facts: Facts) -> None:
    if facts.readable or not facts.signatures:
        raise SignatureProblem(facts.readable or "there is no signature in it")
    for fact in facts.signatures:
        if fact.intact is not True or fact.coverage == "unclear" or fact.modification == "other":
            raise SignatureProblem(f"the signature {fact.field} does not hold; no proof is put on top of it")
