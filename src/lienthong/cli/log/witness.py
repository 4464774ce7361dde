"""A witness as a small service: one address, one file a log. (C2SP tlog-witness)"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar, MediaType, Request, Response, post

from lienthong.adapters.files import write_whole
from lienthong.evidence import Checkpoint, SigningKey, VerifierKey
from lienthong.evidence.witness import MAX_REQUEST, AddCheckpoint, Answer, Verdict, cosignature_line, judge

log = structlog.get_logger()
SIZE = "text/x.tlog.size"


class Seen:
    """The newest checkpoint of each log, one file each: written before anything is signed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def all(self) -> list[Checkpoint]:
        """Every one remembered; EvidenceBroken for a file that is none."""
        return [Checkpoint.parse(path.read_text("utf-8")) for path in sorted(self._folder.glob("*.checkpoint"))]

    def keep(self, checkpoint: Checkpoint) -> None:
        """Durable on return."""
        name = sha256(checkpoint.origin.encode()).hexdigest()[:32]
        write_whole(self._folder / f"{name}.checkpoint", checkpoint.text.encode())


class WitnessDesk:
    """Answers requests one at a time: two at once could be shown two sides of a fork."""

    def __init__(self, key: SigningKey, logs: list[VerifierKey], seen: Seen, now: Callable[[], datetime]) -> None:
        self._key, self._logs, self._seen, self._now = key, logs, seen, now
        self._one = asyncio.Lock()

    async def answer(self, body: bytes) -> Response[str]:
        """As tlog-witness says; a fork shown to us is cried out in the log."""
        async with self._one:
            return await asyncio.to_thread(self._answer, body.decode("utf-8", "replace"))

    def _answer(self, text: str) -> Response[str]:
        verdict = judge(text, self._seen.all(), self._logs)
        if verdict.answer is Answer.COSIGNED and verdict.checkpoint is not None:
            self._seen.keep(verdict.checkpoint)
            line = cosignature_line(AddCheckpoint.parse(text).note, self._key, self._now())
            return Response(line, media_type=MediaType.TEXT)
        return self._refused(verdict)

    def _refused(self, verdict: Verdict) -> Response[str]:
        log.warning("witness refuses", status=verdict.answer.value, reason=verdict.answer.name.lower())
        told = f"{verdict.size}\n" if verdict.answer is Answer.OTHER_SIZE else ""
        media_type = SIZE if told else MediaType.TEXT
        return Response(told, status_code=verdict.answer.value, media_type=media_type)


def face(desk: WitnessDesk) -> Litestar:
    """The one address of a witness."""

    @post("/add-checkpoint", status_code=200, request_max_body_size=MAX_REQUEST)
    async def add_checkpoint(request: Request[Any, Any, Any]) -> Response[str]:
        return await desk.answer(await request.body())

    return Litestar([add_checkpoint], openapi_config=None)
