"""One suite for the time-stamping authority and its twin: tokens that hold, and refusals that are worth another try."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import pytest

from ca_process import CaProcess, ca_process, free_port, real_now
from lienthong.adapters.timestamps import TsaClient
from lienthong.delivery.ports import Timestamper
from lienthong.errors import EvidenceBroken, InvalidValue, Unavailable
from lienthong.evidence.stamp import check, checkpoint_digest
from lienthong.testing.clock import FakeClock
from lienthong.testing.memory_log import LogRows, MemoryLog
from lienthong.testing.pki import pki
from lienthong.testing.stamping import MemoryTimestamper

DIGEST = hashlib.sha256("Biên nhận mẫu\n".encode()).digest()


@dataclass(frozen=True)
class Office:
    """An authority that works, one that does not, the roots to judge by, and the time there."""

    works: Timestamper
    away: Timestamper
    roots: Sequence[bytes]
    now: Callable[[], datetime]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@asynccontextmanager
async def memory(_request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    clock, late = FakeClock(), FakeClock()
    late.advance(timedelta(days=40_000))
    yield Office(MemoryTimestamper(pki().tsa(), clock), MemoryTimestamper(pki().tsa(), late), pki().roots, clock.now)


@asynccontextmanager
async def process(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    running: CaProcess = request.getfixturevalue("ca")
    async with aiohttp.ClientSession() as session:
        works = TsaClient(f"{running.url}/tsa", session)
        away = TsaClient(f"http://127.0.0.1:{free_port()}/tsa", session)
        yield Office(works, away, running.home.authority.roots, real_now)


OFFICES = [pytest.param(memory, id="memory"), pytest.param(process, id="process", marks=pytest.mark.integration)]


@pytest.fixture(params=OFFICES)
async def office(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    opened: AbstractAsyncContextManager[Office] = request.param(request)
    async with opened as found:
        yield found


async def test_a_token_holds_for_its_digest_at_its_moment(office: Office) -> None:
    before = office.now().replace(microsecond=0)
    token = await office.works.stamp(DIGEST)
    facts = check(token, DIGEST, office.roots)
    assert before <= facts.time <= office.now()
    assert facts.authority
    with pytest.raises(EvidenceBroken):
        check(token, hashlib.sha256(b"another").digest(), office.roots)


async def test_no_two_tokens_are_the_same(office: Office) -> None:
    tokens = [await office.works.stamp(DIGEST) for _ in range(3)]
    assert len({check(token, DIGEST, office.roots).serial for token in tokens}) == 3


@pytest.mark.parametrize("algorithm", ["sha384", "sha512"])
async def test_a_larger_digest_is_stamped_under_its_own_name(office: Office, algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"a root").digest()
    facts = check(await office.works.stamp(digest), digest, office.roots)
    assert facts.path[-1] in office.roots
    assert facts.digest == "sha256"


async def test_a_stranger_s_root_does_not_vouch_for_it(office: Office) -> None:
    token = await office.works.stamp(DIGEST)
    with pytest.raises(EvidenceBroken):
        check(token, DIGEST, pki().stranger.roots)


@pytest.mark.parametrize("length", [0, 20, 31, 33, 63])
async def test_only_digests_of_known_lengths_are_stamped(office: Office, length: int) -> None:
    for authority in (office.works, office.away):
        with pytest.raises(InvalidValue):
            await authority.stamp(bytes(length))


async def test_an_authority_that_does_not_stamp_is_asked_again_later(office: Office) -> None:
    with pytest.raises(Unavailable) as caught:
        await office.away.stamp(DIGEST)
    assert not caught.value.permanent
    assert caught.value.detail


async def test_a_stamped_checkpoint_dates_the_receipts_under_it(office: Office) -> None:
    log = MemoryLog(LogRows(), pki().log())
    log.keep(log.grown([b'{"a":1}', b'{"a":2}']), FakeClock().now())
    found = log.unstamped()
    assert found is not None
    token = await office.works.stamp(checkpoint_digest(found[1]))
    log.keep_stamp(found[0], token)
    receipt = log.stamped_receipt(1)
    assert receipt is not None
    assert receipt.stamp == token
    assert check(receipt.stamp, checkpoint_digest(receipt.checkpoint), office.roots).time <= office.now()
