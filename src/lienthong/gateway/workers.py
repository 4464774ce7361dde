"""What a gateway does by itself: forward, fetch, settle, learn, tell, keep its registry, look at signatures."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from lienthong.delivery import (
    AXIS,
    Concern,
    Hop,
    Lane,
    Package,
    Rung,
    Troubles,
    Work,
    carry,
    forward,
    freight_lane,
    haul,
    learn,
    news_topic,
    pull,
    relearn,
    settle,
    sweep_uploads,
    tell,
)
from lienthong.delivery.forward import Uplink
from lienthong.delivery.isolation import began, counted
from lienthong.delivery.outbox import Listener
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.pull import Mailbox
from lienthong.delivery.withdrawal import Withdrawer, withdraw_all
from lienthong.envelope import Edoc
from lienthong.errors import LienThongError, NotFound, SnapshotUntrusted, Unavailable
from lienthong.gateway.desk import Gateway, edoc_of, files_of
from lienthong.gateway.forming import LOOKED_AT, TOO_LARGE, annex
from lienthong.gateway.hooking import call_all
from lienthong.ranges import Source, opened
from lienthong.registry import Book
from lienthong.signature import Report

PDF = b"%PDF"
UNDECIDED = "chưa biết tình trạng thu hồi / nothing is known of revocation yet"
AWAITED = frozenset({"revocation-unknown", "revocation-stale"})
ASKED_AGAIN = timedelta(days=7)
"""So long a report that waits for news of revocation is made again, with growing pauses."""
IDLE = 1.0
"""Seconds after which a worker looks again even if no bell rang (clocks move, locks run out, retries fall due)."""
SELDOM = 600.0
"""The same for who asks the axis, whose bell tells by itself of what lies there."""


"""Gathers the facts of a file, in a child with limits where there is one."""
Judge = Callable[[bytes], Awaitable[Report]]


class Axis(Uplink, Mailbox, Listener, Withdrawer, Protocol):
    """The axis as a gateway's workers need it."""

    async def listen(self, heard: str, wait: float) -> Rung:
        """Up to so many seconds, until something concerns this gateway that it has not heard."""
        ...

    async def snapshot(self, version: int, *, deltas: bool = False) -> bytes | None:
        """The signed registry if newer than that version: all of it, or a delta if one is taken and there is one."""
        ...


class Kept(Protocol):
    """Where the registry is kept for the days without a centre."""

    def crowded(self) -> bool:
        """Whether all of it should come next."""
        ...

    def keep(self, version: int, signed: bytes) -> None:
        """Remember to write it."""
        ...

    def flush(self) -> None:
        """Write what waits; StorageFull, Unavailable."""
        ...

    def refused(self, version: int, error: SnapshotUntrusted) -> None:
        """Report that what came was not taken in place of this version."""
        ...


async def _until_idle(gateway: Gateway, topic: str, job: Callable[[], Awaitable[int]], idle: float = IDLE) -> None:
    """Work until nothing is left, then sleep until the bell rings."""
    heard = gateway.bell.rings(topic)
    if not await job():
        await gateway.bell.wait({topic: heard}, idle)
        if gateway.bell.closed:  # nobody waits any more: that is no reason to ask without a pause
            await gateway.hop.clock.sleep(IDLE)


def _came(concern: str) -> str:
    return f"came:{concern}"


@dataclass(slots=True)
class Ear:
    """What this process heard of the axis's bell."""

    heard: str = ""


async def listening(gateway: Gateway, axis: Axis, ear: Ear, wait: float) -> None:
    """Sleep at the axis's bell and wake who is meant: one connection, however much is waited for."""
    try:
        rung = await axis.listen(ear.heard, wait)
    except NotFound:  # an axis older than its bell
        await gateway.hop.clock.sleep(wait)
        rung = Rung("", tuple(Concern))
    ear.heard = rung.heard
    gateway.bell.ring(_came(concern) for concern in rung.concerns)


async def forwarding(gateway: Gateway, axis: Axis) -> None:
    """Ask about what desks took back, then submit what they handed in."""
    await withdraw_all(gateway.hop, axis)
    await _until_idle(gateway, AXIS, lambda: forward(gateway.hop, axis))


async def fetching(gateway: Gateway, axis: Axis) -> None:
    """Fetch what waits at the axis and have it confirmed."""
    await _until_idle(gateway, _came(Concern.MAIL), lambda: _confirmed(gateway, axis, pull), SELDOM)


async def _confirmed(gateway: Gateway, axis: Axis, fetch: Callable[[Hop, Mailbox], Awaitable[int]]) -> int:
    if moved := await fetch(gateway.hop, axis):
        await settle(gateway.hop, axis)
    return moved


async def carrying(gateway: Gateway, axis: Axis) -> None:
    """Bring large parts to the axis and submit what has them, a turn at a time."""
    await _until_idle(gateway, freight_lane(AXIS), lambda: carry(gateway.hop, axis))


async def hauling(gateway: Gateway, axis: Axis) -> None:
    """Fetch what has large parts, a turn at a time, and have it confirmed."""
    await _until_idle(gateway, _came(Concern.FREIGHT), lambda: _confirmed(gateway, axis, haul), SELDOM)


async def sweeping(gateway: Gateway) -> None:
    """Drop uploads that ran out."""
    await sweep_uploads(gateway.hop)


async def settling(gateway: Gateway, axis: Axis) -> None:
    """Heal: confirm again what was stored but not confirmed, hear again what was set aside."""
    await settle(gateway.hop, axis)
    await relearn(gateway.hop)


async def learning(gateway: Gateway, axis: Axis) -> None:
    """Hear what became of what we sent."""
    await _until_idle(gateway, _came(Concern.NEWS), lambda: learn(gateway.hop, axis), SELDOM)


async def telling(gateway: Gateway, axis: Axis) -> None:
    """Report hand-overs."""
    await _until_idle(gateway, news_topic(AXIS), lambda: tell(gateway.hop, axis))


async def hooking(gateway: Gateway) -> None:
    """Call webhooks until nothing more is to be told."""
    while await call_all(gateway):
        pass


async def registering(gateway: Gateway, axis: Axis, book: Book, kept: Kept, idle: float) -> None:
    """Ask for a newer registry when the axis's bell tells of one, and after so many seconds anyway."""
    await _until_idle(gateway, _came(Concern.REGISTRY), lambda: renew(gateway, axis, book, kept), idle)


async def renew(gateway: Gateway, axis: Axis, book: Book, kept: Kept) -> int:
    """Fetch a newer registry, by deltas where it can be, take it into force, keep it for the days without a centre.

    A delta that does not fit is answered by asking for all of it. Returns how many versions were taken.
    """
    taken = 0
    signed = await axis.snapshot(book.version, deltas=not kept.crowded())
    while signed is not None and await _taken(gateway, book, kept, signed):
        taken += 1
        signed = await axis.snapshot(book.version, deltas=not kept.crowded())
    await asyncio.to_thread(kept.flush)  # also what a full disk refused before
    return taken


async def _taken(gateway: Gateway, book: Book, kept: Kept, signed: bytes) -> bool:
    """A country takes seconds to read: not in the loop that answers desks."""
    try:
        if not await asyncio.to_thread(book.offer, signed, gateway.now()):
            return False
    except SnapshotUntrusted as error:
        kept.refused(book.version, error)
        raise
    kept.keep(book.version, signed)
    await asyncio.to_thread(kept.flush)
    return True


async def looking(gateway: Gateway, judge: Judge) -> None:
    """Judge the signatures inside delivered documents, off the request path."""
    due = Troubles(work=Work.SIGNATURES, due=gateway.now(), limit=20)
    for trouble in await gateway.hop.store.read(lambda view: view.troubles(due)):
        package = await gateway.hop.store.read(partial(_package, trouble.package))
        if package is not None:
            await _look(gateway, judge, package)
    for package in await gateway.hop.store.read(lambda view: view.unreported(20)):
        await _look(gateway, judge, package)


def _package(package_id: str, view: View) -> Package | None:
    return view.package(package_id)


async def _look(gateway: Gateway, judge: Judge, package: Package) -> None:
    """One we fail on leaves the queue without a report and is tried again behind the others' back."""
    begun = began(Work.SIGNATURES, gateway.now(), package.id, Lane.IN)
    try:
        await counted(gateway.hop, begun, lambda: _report(gateway, judge, package, begun.key))
    except LienThongError as error:
        if error.detail == UNDECIDED:
            return  # there is a report; it is made again until it says more
        if not error.permanent:
            raise
        await gateway.hop.store.write(partial(_keep_reports, package.id, {"": "{}"}))
    except Exception:  # noqa: BLE001  the border around one package; its fault is counted
        await gateway.hop.store.write(partial(_keep_reports, package.id, {"": "{}"}))


async def _report(gateway: Gateway, judge: Judge, package: Package, key: str) -> None:
    """Raises Unavailable, with the reports kept, while nothing is known of a certificate's revocation."""
    reports, first = {}, True
    message = await edoc_of(gateway, package) if gateway.form.on else None
    for name, source in await files_of(gateway, package):
        if not await _is_pdf(gateway, source):
            continue
        if source.size > LOOKED_AT:
            reports[name] = _encoded(TOO_LARGE)
        else:
            data = b"".join([block async for block in opened(gateway.hop.objects, source)])
            reports[name] = await _judged(gateway, judge, message, (name, data), first=first)
        first = False
    await gateway.hop.store.write(partial(_keep_reports, package.id, reports or {"": "{}"}))
    if any(map(_undecided, reports.values())):
        trouble = await gateway.hop.store.read(lambda view: view.trouble(key))
        if trouble is None or gateway.now() - trouble.since < ASKED_AGAIN:
            raise Unavailable(UNDECIDED)


def _undecided(report: str) -> bool:
    """Whether it waits for news of revocation."""
    told: dict[str, Any] = json.loads(report)
    return any(each.get("reason") in AWAITED for each in told.get("signatures", ()))


async def _judged(gateway: Gateway, judge: Judge, message: Edoc | None, file: tuple[str, bytes], *, first: bool) -> str:
    """With the form check the report comes with its findings."""
    if message is None:
        return _encoded(await judge(file[1]))
    expected = gateway.form.expected(message, gateway.now())
    looked = await gateway.form.one(*file, expected if first else annex(expected))
    return looked.to_json()


async def _is_pdf(gateway: Gateway, source: Source) -> bool:
    if source.media_type == "application/pdf":
        return True
    first = b"".join([block async for block in opened(gateway.hop.objects, source, len(PDF))])
    return first == PDF


def _encoded(report: Report) -> str:
    return json.dumps(report.as_dict(), ensure_ascii=False)


def _keep_reports(package_id: str, reports: Mapping[str, str], tx: Transaction) -> None:
    for name, report in reports.items():
        tx.put_report(package_id, name, report)
