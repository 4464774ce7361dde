"""A wire between two hops that we hold in our hands: carries, refuses, cuts, tears, slows, falls silent."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

PIECE = 64 << 10
NEVER = 1 << 60


@dataclass
class Wire:
    """One TCP proxy on a loopback port. Every mood is for what is sent from now on; `heal` ends them all.

    A connection that fell silent stays so until an end of it gives up, as when a firewall forgot about it.
    """

    name: str
    target: tuple[str, int]
    port: int = 0
    cut_now: bool = False
    tear_after: int = NEVER
    delay: float = 0.0
    silent: bool = False
    carried: int = 0
    broken: int = 0
    _open: set["_Connection"] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._open):
            connection.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted last is let go of in the next round

    def cut(self) -> None:
        """Reset what is open and refuse what comes."""
        self.cut_now = True
        for connection in tuple(self._open):
            connection.abort()

    def tear(self, after: int) -> None:
        """Let every connection carry so many bytes more, then end it there."""
        self.tear_after = after
        for connection in self._open:
            connection.left = after

    def slow(self, seconds: float) -> None:
        """Carry every piece so much later."""
        self.delay = seconds

    def fall_silent(self) -> None:
        """Carry nothing more on what is open or comes now, and tell nobody."""
        self.silent = True
        for connection in self._open:
            connection.silent = True

    def heal(self) -> None:
        """Carry again. What was silent stays silent; torn connections stay torn."""
        self.cut_now, self.tear_after, self.delay, self.silent = False, NEVER, 0.0, False
        for connection in self._open:
            connection.left = NEVER

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._meet(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut_now:
            _reset(writer)
            return
        try:
            onward = await asyncio.open_connection(*self.target)
        except OSError:
            _reset(writer)
            return
        connection = _Connection(self, writer, onward[1], self.tear_after, self.silent)
        self._open.add(connection)
        ways = [connection.carry(reader, onward[1]), connection.carry(onward[0], writer)]
        try:
            await asyncio.gather(*ways)
        finally:
            self._open.discard(connection)
            connection.end()


@dataclass(eq=False)
class _Connection:
    wire: Wire
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    left: int
    silent: bool

    def abort(self) -> None:
        """Both ends hear a reset."""
        for writer in (self.near, self.far):
            _reset(writer)

    def end(self) -> None:
        """Both ends hear that it is over; what was written before still arrives."""
        for writer in (self.near, self.far):
            writer.close()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One way, until it ends."""
        with suppress(OSError):
            while data := await reader.read(PIECE):
                if self.wire.delay:
                    await asyncio.sleep(self.wire.delay)
                if self.silent:
                    continue
                writer.write(data[: self.left])
                self.left -= len(data)
                self.wire.carried += len(data)
                if self.left <= 0:
                    await self._torn(writer)
                    return
                await writer.drain()
            if not self.silent and writer.can_write_eof():
                writer.write_eof()

    async def _torn(self, writer: asyncio.StreamWriter) -> None:
        """Half a body really arrives, and nothing after it."""
        await writer.drain()
        self.wire.broken += 1
        self.end()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once and let the other end hear a reset, not an end (SO_LINGER with zero seconds)."""
    if (found := writer.get_extra_info("socket")) is not None and found.fileno() >= 0:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
