"""Cosignatures of witnesses, collected off the request path and kept beside the checkpoint they are for."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from lienthong.delivery.ports import Store
from lienthong.errors import EvidenceBroken, LienThongError
from lienthong.evidence import Checkpoint, VerifierKey, cosignatures
from lienthong.evidence.note import Note


class Witness(Protocol):
    """A witness as the log's owner reaches it (C2SP tlog-witness)."""

    @property
    def key(self) -> VerifierKey:
        """Its cosigning key."""
        ...

    async def cosign(self, note: str) -> str:
        """Its signature lines for the checkpoint; Unavailable, or EvidenceBroken when it has seen another log."""
        ...


def cosigned_mark(note: str) -> str:
    """Under which name the cosigned form of a checkpoint is kept."""
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    return f"cosigned:{checkpoint.origin}:{checkpoint.size}"


async def cosigned(store: Store, note: str) -> str:
    """The checkpoint with the cosignatures that are kept for it, or as it is."""
    name = cosigned_mark(note)
    return await store.read(lambda view: view.mark(name)) or note


async def collect_cosignatures(
    store: Store, note: str, witnesses: Sequence[Witness]
) -> tuple[str, Mapping[str, LienThongError]]:
    """Ask every witness that has not signed yet; keeps and returns the note, and why a witness did not sign.

    A signature that does not hold is not kept.
    """
    before = await cosigned(store, note)
    after, refused = before, dict[str, LienThongError]()
    for witness in witnesses:
        try:
            after = await _with(witness, after)
        except LienThongError as error:
            refused[witness.key.name] = error
    if after != before:
        name = cosigned_mark(note)
        await store.write(lambda tx: tx.set_mark(name, after))
    return after, refused


async def _with(witness: Witness, note: str) -> str:
    if cosignatures(note, [witness.key]):
        return note
    signed = note + await witness.cosign(note)
    if not cosignatures(signed, [witness.key]):
        raise EvidenceBroken(f"{witness.key.name} did not cosign with its key")
    return signed
