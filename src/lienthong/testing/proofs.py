"""The twin of the place that keeps proofs."""

import asyncio
from collections.abc import Sequence

from lienthong.errors import NotFound
from lienthong.signature.proofs import Proof, ProofKind

Place = tuple[ProofKind, str, str]


class MemoryProofs:
    """The `Proofs` port."""

    def __init__(self) -> None:
        self._rows: list[Proof] = []
        self._data: dict[str, bytes] = {}
        self._newest: dict[Place, int] = {}

    async def keep(self, proof: Proof, data: bytes) -> bool:
        await asyncio.sleep(0)
        if proof.sha256 in self._data:
            return False
        self._rows.append(proof)
        self._data[proof.sha256] = data
        self._newest[proof.kind, proof.issuer, proof.serial] = len(self._rows)
        return True

    async def since(self, after: int, limit: int) -> Sequence[tuple[int, Proof]]:
        await asyncio.sleep(0)
        return [(seq, self._rows[seq - 1]) for seq in sorted(self._newest.values()) if seq > after][:limit]

    async def about(self, issuer: str, serial: str) -> Sequence[Proof]:
        await asyncio.sleep(0)
        mine = [row for row in self._rows if row.issuer == issuer and row.serial in {"", serial}]
        return sorted(mine, key=lambda row: (row.serial, row.made), reverse=True)[:20]

    async def data(self, sha256: str) -> bytes:
        await asyncio.sleep(0)
        if sha256 not in self._data:
            raise NotFound(sha256)
        return self._data[sha256]
