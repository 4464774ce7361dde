"""A witness's part: it cosigns a checkpoint only if it extends all it has seen of that log. (C2SP tlog-witness)

old 20852163
(consistency proof, one base64 hash a line)
(empty line)
(the signed checkpoint)
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Self

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.checkpoint import Checkpoint, open_checkpoint, verify_consistency_of
from lienthong.evidence.merkle import EMPTY_ROOT, MAX_SIZE
from lienthong.evidence.note import Note, NoteSigner, VerifierKey, cosign

MAX_PROOF = 63
MAX_REQUEST = 1 << 17
MAX_ANSWER = 1 << 14
"""Bytes; a note has 64 KiB at most, and a witness answers with its own signature lines."""
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class Answer(IntEnum):
    """What a witness answers, by the HTTP statuses of tlog-witness."""

    COSIGNED = 200
    MALFORMED = 400
    FORGED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    INCONSISTENT = 422


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer; with COSIGNED the checkpoint to remember before signing, with OTHER_SIZE the size last seen."""

    answer: Answer
    checkpoint: Checkpoint | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request for a cosignature: where the witness is believed to stand, the proof from there, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        lines = "".join(b64encode(step).decode() + "\n" for step in self.proof)
        return f"old {self.old}\n{lines}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """InvalidValue unless written as tlog-witness says."""
        head, gap, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        found = _OLD.fullmatch(first)
        if not gap or found is None or len(lines) > MAX_PROOF or int(found[1]) > MAX_SIZE:
            raise InvalidValue("add-checkpoint: old, proof, checkpoint")
        try:
            return cls(int(found[1]), tuple(b64decode(line, validate=True) for line in lines), note)
        except ValueError as error:
            raise InvalidValue("add-checkpoint: base64") from error


def judge(text: str, seen: Sequence[Checkpoint], keys: Sequence[VerifierKey]) -> Verdict:
    """What to answer a request; `seen` is the newest of each log, `keys` those of the logs followed. Never raises."""
    try:
        request = AddCheckpoint.parse(text)
        told = Checkpoint.parse(Note.parse(request.note).text)
    except (EvidenceBroken, InvalidValue):
        return Verdict(Answer.MALFORMED)
    own = [key for key in keys if key.name == told.origin]
    if not own:
        return Verdict(Answer.UNKNOWN_LOG)
    try:
        checkpoint = open_checkpoint(request.note, own)
    except EvidenceBroken:
        return Verdict(Answer.FORGED)
    if request.old > checkpoint.size:
        return Verdict(Answer.MALFORMED)
    return _extending(request, checkpoint, next((each for each in seen if each.origin == told.origin), None))


def _extending(request: AddCheckpoint, checkpoint: Checkpoint, known: Checkpoint | None) -> Verdict:
    known = known or Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
    forked = checkpoint.size == known.size and checkpoint.root != known.root
    if request.old != known.size or forked:
        return Verdict(Answer.OTHER_SIZE, size=known.size)
    try:
        verify_consistency_of(known, checkpoint, request.proof)
    except EvidenceBroken:
        return Verdict(Answer.INCONSISTENT)
    return Verdict(Answer.COSIGNED, checkpoint)


def cosignature_line(note: str, witness: NoteSigner, at: datetime) -> str:
    """What the witness answers: its signature line alone."""
    return cosign(note, witness, at).removeprefix(note)
