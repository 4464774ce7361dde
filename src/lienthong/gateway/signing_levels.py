"""Signatures that last from the start: proofs into the file as soon as it is signed, then a stamp over all of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from lienthong import signature
from lienthong.delivery.ports import Timestamper
from lienthong.errors import SignatureProblem, SigningDiffers
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging.proving import level as level_of
from lienthong.signature.session.model import Level

LASTING = frozenset({Level.LT, Level.LTA})


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a file needs to be judged by itself, DER: certificates up to the roots, what was said of them."""

    certificates: tuple[bytes, ...] = field(repr=False)
    answers: tuple[bytes, ...] = field(default=(), repr=False)
    lists: tuple[bytes, ...] = field(default=(), repr=False)


async def lasting(
    pdf: bytes, level: Level, proofs: Enclosure, stamper: Timestamper, trusted: tuple[Sequence[bytes], Sequence[bytes]]
) -> bytes:
    """The file at B-LT or B-LTA; `trusted` are roots and others (DER). SigningDiffers, Unavailable."""
    try:
        proved = await asyncio.to_thread(_proved, pdf, proofs)
        if level is Level.LT:
            return proved
        waiting = await asyncio.to_thread(signature.prepare_stamp, proved)
        token = await stamper.stamp(waiting.digest)
        return await asyncio.to_thread(signature.complete_stamp, waiting, token, *trusted)
    except SignatureProblem as error:
        raise SigningDiffers(error.detail) from error


def _proved(pdf: bytes, proofs: Enclosure) -> bytes:
    return signature.with_proofs(pdf, proofs.certificates, proofs.answers, proofs.lists)


def require_level(facts: Facts, level: Level) -> None:
    """Raises SigningDiffers unless every signature still holds and the last one carries that much proof."""
    sound = bool(facts.signatures) and all(each.intact and each.coverage != "unclear" for each in facts.signatures)
    reached = level_of(facts, facts.signatures[-1]) if sound else facts.readable or "?"
    if reached != level.value:
        raise SigningDiffers(f"{reached} ≠ {level.value}")
