"""Witnesses of a log, reached over HTTP. (C2SP tlog-witness, add-checkpoint)"""

from collections.abc import Awaitable, Callable, Sequence

import aiohttp

from lienthong.errors import EvidenceBroken, Unavailable
from lienthong.evidence import Checkpoint, VerifierKey
from lienthong.evidence.note import Note
from lienthong.evidence.witness import MAX_ANSWER, AddCheckpoint, Answer

Prover = Callable[[int, int], Awaitable[Sequence[bytes]]]
"""The consistency proof of our log between two sizes."""
PATIENCE = aiohttp.ClientTimeout(total=15)


class WitnessClient:
    """One witness of our log: remembers where it stands, and proves the way from there."""

    def __init__(self, url: str, key: VerifierKey, session: aiohttp.ClientSession, prove: Prover) -> None:
        self.key = key
        self._url, self._session, self._prove = url.rstrip("/"), session, prove
        self._stands: dict[str, int] = {}

    async def cosign(self, note: str) -> str:
        """The witness's signature lines. Unavailable; EvidenceBroken when it has seen another log than ours."""
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        for _ in range(2):
            old = self._stands.get(checkpoint.origin, 0)
            if old > checkpoint.size:
                raise EvidenceBroken(f"{self.key.name}: {old} > {checkpoint.size}")
            status, text = await self._add(AddCheckpoint(old, await self._proof(old, checkpoint.size), note))
            if status == Answer.COSIGNED:
                self._stands[checkpoint.origin] = checkpoint.size
                return text
            if status != Answer.OTHER_SIZE or not text.strip().isdecimal() or int(text) == old:
                break
            self._stands[checkpoint.origin] = int(text)
        if status in {Answer.OTHER_SIZE, Answer.INCONSISTENT}:
            raise EvidenceBroken(f"{self.key.name}: HTTP {status}")
        raise Unavailable(f"{self.key.name}: HTTP {status}")

    async def _proof(self, old: int, new: int) -> tuple[bytes, ...]:
        return tuple(await self._prove(old, new)) if old else ()

    async def _add(self, request: AddCheckpoint) -> tuple[int, str]:
        try:
            async with self._session.post(
                f"{self._url}/add-checkpoint", data=str(request).encode(), timeout=PATIENCE
            ) as answer:
                return answer.status, (await answer.content.read(MAX_ANSWER)).decode()
        except (TimeoutError, aiohttp.ClientError, OSError, UnicodeDecodeError) as error:
            raise Unavailable(f"{self._url}: {type(error).__name__}") from error
