"""Answers about certificates: signed beforehand as one job, then given over HTTP beside empty replies."""

import asyncio
import time
from base64 import b64encode
from contextlib import suppress
from itertools import pairwise
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from lienthong.adapters.answer_files import FolderAnswers
from lienthong.adapters.http import Listen, serve
from lienthong.ca.faces.quick import Quick
from lienthong.ca.offices import responders
from lienthong.ca.registers import Wanted
from lienthong.ca.status.answers import Answers
from lienthong.ca.status.board import Board
from lienthong.cli.bench.ca.issuing import issued
from lienthong.cli.bench.ca.shooting import fired
from lienthong.cli.bench.ca.stage import Stage, filled, requests, stage
from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance

_GOAL = 0.5
_ASKED = 2000


def compare(size: int, runs: int, advance: Advance) -> Outcome:
    """Signing a second of processor time, and replies a second over HTTP, ours and empty ones by turns."""
    return asyncio.run(_compared(size, runs, advance))


async def _compared(size: int, runs: int, advance: Advance) -> Outcome:
    async with stage() as on:
        advance(f"{size:,}")
        await issued(on, requests(1), 9_999_999)
        [sample] = await on.registers.read(lambda view: view.certificates(Wanted()))
        await filled(on, sample, 1, size)
        board = Board(on.registers, tuple(on.home.issuers))
        answers = Answers(on.registers, board, responders(on.home), on.house.now, FolderAnswers(on.folder / "answers"))
        wall = time.perf_counter()
        rates = await _signed(answers, size, runs, advance)
        wall = time.perf_counter() - wall
        ours, empty = await _served(on, answers, runs, advance)
    signed = Series("ký sẵn / signed beforehand", "mỗi giây CPU / per CPU second", rates)
    unit = "câu trả lời mỗi giây / replies per second"
    mine, floor = Series("OCSP", unit, tuple(ours)), Series("rỗng / empty", unit, tuple(empty))
    notes = (f"{size + 1:,} câu trả lời trong {wall:.0f} giây. / {size + 1:,} answers in {wall:.0f} s.",)
    return Outcome(
        "ca answers",
        {"certificates": size, "runs": runs},
        (mine, floor, signed),
        (ratio_of("OCSP ÷ empty", mine, floor, _GOAL),),
        notes,
    )


async def _signed(answers: Answers, size: int, runs: int, advance: Advance) -> tuple[float, ...]:
    """Answers signed a second of processor time, in each of so many stretches of the one job."""
    marks = [(0, time.process_time())]

    def told(made: int) -> None:
        advance(f"ký sẵn / presign {made:,}/{size:,}")
        if made >= size * len(marks) // runs:
            marks.append((made, time.process_time()))

    await answers.presign("persons", told)
    return tuple((made - before) / (at - since) for (before, since), (made, at) in pairwise(marks))


async def _served(on: Stage, answers: Answers, runs: int, advance: Advance) -> tuple[list[float], list[float]]:
    """Our answers and empty replies from the same server, to the same shooter in a process of its own."""
    paths = await _paths(on)
    ours: list[float] = []
    empty: list[float] = []

    async def measure() -> None:
        for run in range(runs):
            advance(f"{run + 1}/{runs}")
            empty.append(await fired(18399, ["/empty"]))
            ours.append(await fired(18399, paths))
        raise _Over

    with suppress(_Over):
        await serve([(Quick(_empty, answers), Listen("127.0.0.1", 18399))], measure)
    return ours, empty


class _Over(Exception):
    """All runs are done."""


async def _empty(_scope: object, _receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})  # type: ignore[operator]  # ASGI's
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]  # ASGI's


async def _paths(on: Stage) -> list[str]:
    """Addresses of answers, as clients ask (RFC 5019 §5)."""
    name_hash, key_hash = responders(on.home)["persons"].names["sha1"]
    found = await on.registers.read(lambda view: view.page("persons", 1, _ASKED))
    made = []
    for held in found:
        sha1 = hashes.SHA1()  # noqa: S303  # names the issuer, proves nothing
        builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(name_hash, key_hash, held.serial, sha1)
        text = b64encode(builder.build().public_bytes(Encoding.DER)).decode()
        made.append(f"/ocsp/persons/{quote(text, safe='')}")
    return made
