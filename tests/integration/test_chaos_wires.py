"""The proxy between two hops: what it carries, and every way it breaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from lienthong.cli.chaos.proxy import Wire

pytestmark = pytest.mark.integration


class Echo(asyncio.Protocol):
    """Sends everything back."""

    gone: list[asyncio.Future[None]] = []  # noqa: RUF012  # whom the end of a test waits for

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.over = transport, asyncio.get_running_loop().create_future()
        self.gone.append(self.over)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set_result(None)


@asynccontextmanager
async def echoing() -> AsyncIterator[Wire]:
    """A wire to somebody who sends everything back."""
    Echo.gone.clear()
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    async with Wire("test", server.sockets[0].getsockname()[:2]) as wire:
        yield wire
    server.close()
    await asyncio.gather(*Echo.gone)


@asynccontextmanager
async def line(wire: Wire) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection through the wire."""
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def said(wire: Wire, data: bytes) -> bytes:
    """What comes back; OSError when the connection is reset."""
    async with line(wire) as (reader, writer):
        writer.write(data)
        writer.write_eof()
        return await reader.read()


async def test_it_carries() -> None:
    async with echoing() as wire:
        assert await said(wire, b"xin chao") == b"xin chao"


async def test_cut_and_healed() -> None:
    async with echoing() as wire, line(wire) as (reader, writer):
        writer.write(b"a")
        assert await reader.read(1) == b"a"
        wire.cut()
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        with pytest.raises(OSError):  # reset while writing or while reading
            await said(wire, b"b")
        wire.heal()
        assert await said(wire, b"c") == b"c"


async def test_torn_in_the_middle() -> None:
    async with echoing() as wire:
        wire.tear(5)
        assert len(await said(wire, b"0123456789" * 100)) < 1000
        assert wire.broken == 1


async def test_silent_tells_nobody() -> None:
    async with echoing() as wire, line(wire) as (reader, writer):
        writer.write(b"a")
        assert await reader.read(1) == b"a"
        wire.fall_silent()
        writer.write(b"b")
        wire.heal()
        assert await said(wire, b"new") == b"new"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
