"""A refusal at the axis's door as evidence: the axis logs it, hands out the receipt, and the sender's gateway keeps it.

The receipt travels as a fact of the refusal. It names the package when the calling gateway represents the sender; what
cannot be read, or is a stranger's, is known by the digest of its bytes alone.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.delivery.evidence import read_receipt, rejection
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import AXIS, Package, Step
from lienthong.delivery.rights import may_answer
from lienthong.document import package_id
from lienthong.envelope import Frame, content_digest, manifest, unframe
from lienthong.errors import LienThongError
from lienthong.evidence import Event, EventKind
from lienthong.seal import judge

RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Said:
    """What a frame says it is; nothing of it is proved."""

    package: str
    sender: str
    message_id: str
    seal: str
    digest: str


def said_of(hop: Hop, frame: Frame, now: datetime) -> Said | None:
    """What a frame says it is, None when it cannot be read or does not say."""
    try:
        seal, parts = unframe(frame, hop.limits)
        refs = manifest(parts)
        claims = judge(seal, refs, hop.directory(), now)
    except LienThongError:
        return None
    if not claims.sender or not claims.message_id:
        return None
    package = package_id(claims.sender, claims.message_id)
    return Said(package, claims.sender, claims.message_id, seal, content_digest(refs))


async def witness_refusal(hop: Hop, gateway: str, frame: Frame, said: Said | None, refusal: LienThongError) -> None:
    """Log the refusal; it gets the receipt as a fact, or goes without when the log cannot give it now."""
    event = _rejected(hop, gateway, frame, said, refusal)
    index = await hop.store.write(lambda tx: tx.record(event))
    if event.package:
        with suppress(LienThongError):
            refusal.facts[RECEIPT] = (await hop.store.receipt(index)).to_json()


def _rejected(hop: Hop, gateway: str, frame: Frame, said: Said | None, refusal: LienThongError) -> Event:
    now = hop.clock.now()
    event = rejection(hop.name, now, hashlib.sha256(frame).hexdigest(), gateway, refusal.code)
    if said is None or not may_answer(hop.directory(), gateway, said.sender, now):
        return event
    return replace(event, package=said.package, sender=said.sender, message=said.message_id, digest=said.digest)


def proved_refusal(hop: Hop, package: Package, refusal: LienThongError) -> Step | None:
    """The step that proves the axis's refusal of this very package, None when what came with it does not."""
    text = refusal.facts.get(RECEIPT, "")
    try:
        _, told = read_receipt(hop, AXIS, text, hop.clock.now())
    except LienThongError:
        return None
    about = (EventKind.SUBMISSION_REJECTED, package.id, package.digest, refusal.code)
    if (told.kind, told.package, told.digest, told.code) != about:
        return None
    return Step(package.id, told.at, AXIS, told.kind, code=refusal.code, text=refusal.detail, receipt=text)
