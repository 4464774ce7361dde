"""Checkpoints: a log's signed word on its size and root. (C2SP tlog-checkpoint)"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.merkle import HASH_SIZE, MAX_SIZE, verify_consistency
from lienthong.evidence.note import COSIGNATURE, ED25519, Note, NoteSigner, VerifierKey, sign, verify

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")  # no leading zeroes, and no giant numbers


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin (such as `lienthong.vn/log/axis`), its size in leaves and the 32 bytes of its root."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise InvalidValue("checkpoint")

    @property
    def text(self) -> str:
        """The note text: three lines. (tlog-checkpoint, "Note text")"""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From a note text; extension lines are passed over. EvidenceBroken if malformed."""
        lines = text.removesuffix("\n").split("\n")
        if not text.endswith("\n") or len(lines) < len(("origin", "size", "root")) or "" in lines:
            raise EvidenceBroken("a checkpoint without its three lines")
        if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > MAX_SIZE:
            raise EvidenceBroken("a checkpoint's size is not a number of leaves")
        return cls(lines[0], int(lines[1]), _root(lines[2]))


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness saw this checkpoint, consistent with all it had seen before."""

    witness: str
    at: datetime


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> str:
    """The signed note. InvalidValue if the signer's name is not the log's origin."""
    if signer.name != checkpoint.origin:
        raise InvalidValue(f"log {checkpoint.origin} cannot be signed by {signer.name}")
    return sign(checkpoint.text, signer)


def open_checkpoint(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint, once its log's own key has been seen to sign it. EvidenceBroken otherwise.

    Witnesses may stand among the keys: they never make up for the log's signature.
    """
    known = list(keys)
    text, signatures = verify(note, known)
    checkpoint = Checkpoint.parse(text)
    own = {(key.name, key.key_id) for key in known if key.name == checkpoint.origin and key.algorithm == ED25519}
    if not any((line.name, line.key_id) in own for line in signatures):
        raise EvidenceBroken("the checkpoint is not signed by its own log", origin=checkpoint.origin)
    return checkpoint


def cosignatures(note: str, witnesses: Iterable[VerifierKey]) -> tuple[Cosignature, ...]:
    """Known witnesses that cosigned the checkpoint; empty if none did. EvidenceBroken if one of theirs is false."""
    known = [key for key in witnesses if key.algorithm == COSIGNATURE]
    names = {(key.name, key.key_id) for key in known}
    if not any((line.name, line.key_id) in names for line in Note.parse(note).signatures):
        return ()
    return tuple(Cosignature(line.name, line.at) for line in verify(note, known)[1])


def verify_consistency_of(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """EvidenceBroken unless `new` extends `old` in the same log, by that proof. (RFC 9162 §2.1.4.2)"""
    if old.origin != new.origin:
        raise EvidenceBroken("checkpoints of two different logs", old=old.origin, new=new.origin)
    if new.size < old.size:
        raise EvidenceBroken("the newer checkpoint is of a smaller tree")
    if not verify_consistency(old.size, new.size, proof, old.root, new.root):
        raise EvidenceBroken("the log was rewritten: the new tree does not extend the old one", origin=new.origin)


def _root(text: str) -> bytes:
    try:
        root = b64decode(text, validate=True)
    except ValueError as error:
        raise EvidenceBroken("a checkpoint's root is not base64") from error
    if len(root) != HASH_SIZE:
        raise EvidenceBroken("a checkpoint's root has not 32 bytes")
    return root
