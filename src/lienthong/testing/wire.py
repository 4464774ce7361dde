"""The wire's twin: the axis as one gateway reaches it, without a network."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec

from lienthong.delivery import (
    Accepted,
    Confirmation,
    Deferral,
    Hop,
    LegAnswer,
    MailItem,
    MailLane,
    News,
    NewsPage,
    Whereabouts,
    Withdrawal,
    Withdrawn,
    accept,
    accept_all,
    collect,
    confirm,
    dated_receipts,
    defer,
    forget,
    hear,
    mailbox,
    news_for,
    part_for,
    uploads,
    whereabouts,
    withdraw,
)
from lienthong.delivery.ports import Log
from lienthong.envelope import group, ungroup
from lienthong.errors import LienThongError, Unavailable
from lienthong.testing.mishaps import Crash

T = TypeVar("T")


class InProcessWire:
    """`Uplink`, `Mailbox`, `Listener` and `Dater` of delivery, and the registry.

    What is said goes through JSON as on the real wire. If the axis's process dies while it answers, the caller hears
    that the line is dead. Nobody waits here: what is not there yet is asked for again.
    """

    def __init__(
        self,
        axis: Callable[[], Hop],
        gateway: str,
        died: Callable[[], None],
        log: Callable[[], Log],
        signed: Callable[[], bytes],
    ) -> None:
        self._axis, self._gateway, self._died, self._log, self._signed = axis, gateway, died, log, signed
        self._cursor = 0

    async def submit(self, frame: bytes) -> Accepted:
        accepted: Accepted = _wired(Accepted, await self._answer(accept(self._axis(), self._gateway, frame)))
        return accepted

    async def submit_all(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        answers = await self._answer(accept_all(self._axis(), self._gateway, ungroup(group(frames))))
        return [_wired(Accepted, each) if isinstance(each, Accepted) else _told(each) for each in answers]

    async def begin(self, size: int, sha256: str) -> tuple[str, int]:
        upload, offset = await self._answer(uploads.begin(self._axis(), self._gateway, size, sha256))
        return upload.id, offset

    async def extend(self, upload: str, offset: int, piece: bytes) -> int:
        taken = uploads.receive(self._axis(), self._gateway, upload, offset, _pieces(piece))
        return (await self._answer(taken))[1]

    async def news(self, after: int) -> NewsPage:
        page: NewsPage = _wired(NewsPage, await self._answer(self._news(after)))
        return page

    async def _news(self, after: int) -> NewsPage:
        if after > self._cursor:
            await forget(self._axis(), self._gateway, after)
            self._cursor = after
        return await news_for(self._axis(), self._gateway, after)

    async def hear(self, news: tuple[News, ...]) -> None:
        await self._answer(hear(self._axis(), self._gateway, _wired(tuple[News, ...], news)))

    async def mailbox(self) -> Sequence[MailItem]:
        return tuple(_wired(tuple[MailItem, ...], await self._answer(self._mail(MailLane.QUICK))))

    async def freight(self) -> Sequence[MailItem]:
        return tuple(_wired(tuple[MailItem, ...], await self._answer(self._mail(MailLane.FREIGHT))))

    def _mail(self, lane: MailLane) -> Awaitable[tuple[MailItem, ...]]:
        return mailbox(self._axis(), self._gateway, lane=lane)

    async def collect(self, package_id: str) -> bytes:
        return await self._answer(collect(self._axis(), self._gateway, package_id))

    async def part(self, package_id: str, sha256: str, start: int, stop: int) -> bytes:
        return await self._answer(self._part(package_id, sha256, start, stop))

    async def _part(self, package_id: str, sha256: str, start: int, stop: int) -> bytes:
        hop = self._axis()
        part, small = await part_for(hop, self._gateway, package_id, sha256)
        if small is not None:
            return small[start:stop]
        return b"".join([block async for block in hop.objects.read(part.sha256, start, stop)])

    async def dated(self, package_id: str) -> tuple[str, ...]:
        return await self._answer(dated_receipts(self._axis(), self._log(), self._gateway, package_id))

    async def confirm(self, words: Sequence[Confirmation]) -> Sequence[LegAnswer]:
        told = _wired(tuple[Confirmation, ...], tuple(words))
        answers = await self._answer(confirm(self._axis(), self._gateway, told))
        return tuple(_wired(tuple[LegAnswer, ...], answers))

    async def withdraw(self, withdrawal: Withdrawal) -> Withdrawn:
        asked = _wired(Withdrawal, withdrawal)
        answer: Withdrawn = _wired(Withdrawn, await self._answer(withdraw(self._axis(), self._gateway, asked)))
        return answer

    async def whereabouts(self, packages: Sequence[str]) -> Sequence[Whereabouts]:
        answers = await self._answer(whereabouts(self._axis(), self._gateway, packages))
        return tuple(_wired(tuple[Whereabouts, ...], answers))

    async def defer(self, deferrals: Sequence[Deferral]) -> None:
        await self._answer(defer(self._axis(), self._gateway, _wired(tuple[Deferral, ...], tuple(deferrals))))

    async def snapshot(self, version: int, *, deltas: bool = False) -> bytes | None:
        del deltas  # the twin has none at hand: all of it is always a right answer
        return self._signed() if self._axis().directory().snapshot.version > version else None

    async def _answer(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except Crash as crash:
            self._died()
            raise Unavailable(str(crash)) from crash


def _told(error: Exception) -> LienThongError:
    return error if isinstance(error, LienThongError) else LienThongError()


async def _pieces(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


def _wired(kind: Any, value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value), type=kind)
