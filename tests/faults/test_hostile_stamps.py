"""Hostile requests to the time-stamping service, hostile answers to its client."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from asn1crypto import cms, core, tsp
from hypothesis import given
from hypothesis import strategies as st

from ca_process import CaProcess, ca_process
from lienthong.adapters.timestamps import TsaClient
from lienthong.ca import Stamper, answer
from lienthong.ca.tsa import Failure, rejection
from lienthong.errors import InvalidValue, Unavailable
from lienthong.evidence import stamp
from lienthong.testing.pki import MOMENT, pki

pytestmark = pytest.mark.faults
DIGEST = hashlib.sha256(b"x").digest()
GOOD = stamp.request(DIGEST, 77)
QUERY = {"Content-Type": "application/timestamp-query"}
TSA = pki().tsa()
STAMPER = Stamper(TSA.key, TSA.certificate, TSA.chain)


class Response(core.Sequence):
    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def status(body: bytes) -> str:
    found: str = Response.load(body, strict=True)["status"]["status"].native
    return found


# ---------------------------------------------------------------- the service


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(body: bytes):
    assert status(answer(body, STAMPER, MOMENT, lambda: 1)) == "rejection"


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_gets_an_answer(place: int, value: int):
    body = GOOD[:place] + bytes([value]) + GOOD[place + 1 :]
    found = answer(body, STAMPER, MOMENT, lambda: 1)
    assert status(found) in {"granted", "rejection"}


@pytest.mark.parametrize(
    "body",
    [
        b"\x30" * 4000,
        b"\x30\x80" * 2000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x88" + b"\xff" * 8,
        b"\xa0\x80" * 1500,
        b"\x1f" + b"\xff" * 200,
        b"\x30\x06\x02\x01\x01\x30\x80\x00",
    ],
)
def test_deep_and_lying_lengths(body: bytes):
    assert status(answer(body, STAMPER, MOMENT, lambda: 1)) == "rejection"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (QUERY, b"", 200),
        (QUERY, b"garbage", 200),
        (QUERY, GOOD + b"more", 200),
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "text/html; charset=utf-8"}, GOOD, 415),
        ({"Content-Type": ""}, GOOD, 415),
        (QUERY, b"\x30" * 5000, 413),
        (QUERY, b"\x00" * 20_000, 413),
    ],
)
async def test_every_refusal_is_a_response_of_the_protocol(
    ca: CaProcess, headers: dict[str, str], body: bytes, code: int
):
    async with aiohttp.ClientSession() as session, session.post(f"{ca.url}/tsa", data=body, headers=headers) as found:
        assert (found.status, found.content_type) == (code, "application/timestamp-reply")
        assert status(await found.read()) == "rejection"


ENDLESS = 64 * 2**20
"""Bytes; far more than the buffers between two processes hold."""


async def pour(writer: asyncio.StreamWriter) -> int:
    """Sends a request that goes on and on; returns how many bytes of it went before the other side hung up."""
    head = (
        f"POST /tsa HTTP/1.1\r\nHost: ca\r\nContent-Type: {QUERY['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    sent = 0
    with suppress(ConnectionError):
        writer.write(head.encode())
        while sent < ENDLESS:
            writer.write(b"3e8\r\n" + b"\x30" * 1000 + b"\r\n")
            sent += 1000
            await writer.drain()
        writer.write(b"0\r\n\r\n")
    return sent


async def test_a_body_of_unknown_length_is_bounded_as_well(ca: CaProcess):
    """It is refused in words, or hung up on in the middle of what nobody waits for; never read to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(ca.url).port)
    pouring = asyncio.create_task(pour(writer))
    try:
        with suppress(ConnectionError):
            assert (await reader.readline()).split()[1:2] in ([b"413"], [])
    finally:
        writer.transport.abort()  # what is still to be sent would keep a closing connection open
    assert await pouring < ENDLESS


async def test_it_still_stamps_afterwards(ca: CaProcess):
    async with aiohttp.ClientSession() as session:
        assert await TsaClient(f"{ca.url}/tsa", session).stamp(DIGEST)


# ---------------------------------------------------------------- the client


@asynccontextmanager
async def authority(handler: Any, nonce: int = 77) -> AsyncIterator[TsaClient]:
    """A client of a server that answers as the test says."""
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession() as session:
            yield TsaClient(f"http://127.0.0.1:{port}/", session, timeout=5.0, nonce=lambda: nonce)
    finally:
        await runner.cleanup()


def replying(body: bytes, kind: str = "application/timestamp-reply", code: int = 200) -> Any:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, status=code)

    return handler


def granted(request: bytes) -> bytes:
    return answer(request, STAMPER, MOMENT, lambda: 1)


async def test_a_good_answer_is_taken():
    async with authority(replying(granted(GOOD))) as client:
        assert stamp.check(await client.stamp(DIGEST), DIGEST, pki().roots).time == MOMENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"\x30" * 3000,
        rejection(Failure.BAD_ALG, "no"),
        granted(stamp.request(DIGEST, 78)),
        granted(stamp.request(DIGEST)),
        granted(stamp.request(hashlib.sha256(b"y").digest(), 77)),
        granted(GOOD)[:-1],
        granted(GOOD) + b"\x00",
        b"\x30" * 100_000,
    ],
)
async def test_a_bad_answer_is_no_stamp(body: bytes):
    async with authority(replying(body)) as client:
        with pytest.raises(Unavailable):
            await client.stamp(DIGEST)


async def test_another_media_type_is_no_stamp():
    async with authority(replying(granted(GOOD), "text/html")) as client:
        with pytest.raises(Unavailable, match="text/html"):
            await client.stamp(DIGEST)


async def test_a_redirect_is_not_followed():
    async def handler(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:9/")

    async with authority(handler) as client:
        with pytest.raises(Unavailable, match="307"):
            await client.stamp(DIGEST)


async def test_a_cut_connection_is_unavailable():
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with authority(handler) as client:
        with pytest.raises(Unavailable):
            await client.stamp(DIGEST)


async def test_nobody_there_is_unavailable():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Unavailable):
            await TsaClient("http://127.0.0.1:9/", session).stamp(DIGEST)


@pytest.mark.parametrize("size", [0, 20, 31, 65])
async def test_only_digests_of_the_sha2_family_are_stamped(size: int):
    async with authority(replying(granted(GOOD))) as client:
        with pytest.raises(InvalidValue):
            await client.stamp(b"\x00" * size)
