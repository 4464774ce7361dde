"""How long a revocation needs from the authority's commit to the index of every gateway that follows the feed.

The gateways here are their real parts (HTTP source, index, court) in one process, each with its own two-second clock.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import aiohttp
from litestar import Litestar
from litestar.datastructures import State

from lienthong.adapters.asking import Sources
from lienthong.adapters.http import Listen, serve
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca.faces.states import States, feed
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.offices import responders
from lienthong.ca.registers import Held, Wanted
from lienthong.ca.status.answers import Answers
from lienthong.ca.status.board import Board
from lienthong.ca.status.feeding import Feeding
from lienthong.ca.status.lists import Lists
from lienthong.cli.bench.ca.issuing import issued
from lienthong.cli.bench.ca.stage import Stage, requests, stage
from lienthong.cli.bench.frame import Outcome, Series, percentile
from lienthong.cli.bench.show import Advance
from lienthong.gateway.basis import Court
from lienthong.gateway.basis_config import RevocationSettings
from lienthong.signature.judging import Standing, Trust, shipped

GATEWAYS = 20
_PORT = 18398
_PAUSE = RevocationSettings().feed_seconds


def compare(runs: int, advance: Advance) -> Outcome:
    """Seconds until the last of the gateways knows, each run another certificate."""
    return asyncio.run(_compared(runs, advance))


async def _compared(runs: int, advance: Advance) -> Outcome:
    async with stage() as on:
        await issued(on, requests(runs), 0)
        held = await on.registers.read(lambda view: view.certificates(Wanted(limit=runs)))
        told: list[list[float]] = []

        async def measure() -> None:
            told.extend(await _measured(on, held, advance))
            raise _Over

        with suppress(_Over):
            await serve([(_face(on), Listen("127.0.0.1", _PORT))], measure)
    last = Series("máy chủ cuối cùng / the last gateway", "giây / s", tuple(max(each) for each in told))
    middle = Series("trung vị / the middle one", "giây / s", tuple(percentile(each, 0.5) for each in told))
    return Outcome("ca reach", {"gateways": GATEWAYS, "pause": _PAUSE, "runs": runs}, (last, middle))


class _Over(Exception):
    """All runs are done."""


def _face(on: Stage) -> Litestar:
    found = responders(on.home)
    answers = Answers(on.registers, Board(on.registers, tuple(on.home.issuers)), found, on.house.now)
    source = Feeding(on.registers, found, on.house.now)
    states = States(on.house, Lists(on.house, on.registers), answers, source, {}, b"")
    return Litestar([feed], state=State({"states": states}), openapi_config=None)


async def _measured(on: Stage, held: Sequence[Held], advance: Advance) -> list[list[float]]:
    issuer = on.home.issuers["persons"].certificate
    async with aiohttp.ClientSession() as session:
        courts = [_court(session, issuer, on) for _ in range(GATEWAYS)]
        followers = [asyncio.create_task(_following(court, place)) for place, court in enumerate(courts)]
        try:
            return [await _one(on, courts, issuer, each, advance) for each in held]
        finally:
            for each in followers:
                each.cancel()


def _court(session: aiohttp.ClientSession, issuer: bytes, on: Stage) -> Court:
    sources = Sources(session, frozenset({f"127.0.0.1:{_PORT}"}))
    index = RevocationIndex([issuer], timedelta(hours=24))
    where = (f"http://127.0.0.1:{_PORT}/feed/persons",)
    return Court(shipped("vn"), Trust("bench", (issuer,)), index, on.house.now, sources=sources, feeds=where)


async def _following(court: Court, place: int) -> None:
    await asyncio.sleep(_PAUSE * place / GATEWAYS)  # gateways were not all started at the same moment
    while True:
        await court.follow()
        await asyncio.sleep(_PAUSE)


async def _one(on: Stage, courts: list[Court], issuer: bytes, held: Held, advance: Advance) -> list[float]:
    gone = replace(held, state=CertificateState.REVOKED, changed=on.house.now(), reason=Reason.KEY_COMPROMISE)
    await on.registers.write(lambda tx: tx.put_state(gone))
    begun, left, taken = time.perf_counter(), list(courts), []
    advance(held.name)
    while left:
        await asyncio.sleep(0.02)
        know = [each for each in left if _knows(each, held, issuer, on)]
        taken += [time.perf_counter() - begun] * len(know)
        left = [each for each in left if each not in know]
    return taken


def _knows(court: Court, held: Held, issuer: bytes, on: Stage) -> bool:
    return court.known.of(held.certificate, issuer, on.house.now()).standing is Standing.REVOKED
