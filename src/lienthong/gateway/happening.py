"""Events of an agency's documents: one feed, read from the timelines, heard in three ways.

    long poll     GET /v1/events                       asks beyond a number
    stream        GET /v1/events/stream                the same as server-sent events
    webhook       the gateway calls, and remembers up to which number it was heard (`hooking`)

An event is a hint: it names the document and what happened, and whoever wants to know more asks for the document.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthong.delivery import Package, Step, events_topic
from lienthong.errors import InvalidValue
from lienthong.evidence import EventKind
from lienthong.gateway.desk import Gateway

KINDS = frozenset({*EventKind, "asked", "status"})
HEARTBEAT = 15.0
"""Seconds of silence after which a stream says that it lives."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a document of the agency's; `id` is the feed's cursor behind it."""

    id: str
    type: str
    at: datetime
    lane: str
    document: str
    message_id: str
    document_id: str
    content: str
    addressee: str
    code: str


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the feed; ask again with `after` set to `next`, whether or not there were any."""

    events: tuple[Event, ...]
    next: str


def event_of(step: Step, package: Package) -> Event:
    """A step as the feed tells it."""
    return Event(
        id=str(step.seq),
        type=f"document.{step.kind}",
        at=step.at,
        lane=step.lane,
        document=package.id,
        message_id=package.message_id,
        document_id=package.head.document_id,
        content=package.head.content,
        addressee=step.addressee,
        code=step.code,
    )


def place(cursor: str) -> int:
    """The number behind which to ask; without a cursor only what is still to come. InvalidValue."""
    if not cursor:
        return -1
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < len(str(2**63))):
        raise InvalidValue(f"cursor {cursor[:40]!r}")
    return int(cursor)


async def page(gateway: Gateway, tenant: str, after: int, limit: int) -> tuple[tuple[Event, ...], int]:
    """Events beyond a number, and the number to ask beyond next."""
    found, told = await gateway.hop.store.read(lambda view: view.happenings(tenant, after, limit))
    return tuple(event_of(*each) for each in found), told


async def listened(gateway: Gateway, tenant: str, after: int, limit: int, seconds: float) -> Events:
    """The next events; waits up to so many seconds for one."""
    deadline = gateway.now() + timedelta(seconds=seconds)
    while True:
        heard = gateway.bell.rings(events_topic(tenant))
        found, told = await page(gateway, tenant, after, limit)
        left = (deadline - gateway.now()).total_seconds()
        if found or left <= 0 or gateway.bell.closed:
            return Events(found, str(told))
        after, behind = told, told != max(after, 0)
        if not behind:  # all is read: wait for more
            await gateway.bell.wait({events_topic(tenant): heard}, left)


async def streamed(gateway: Gateway, tenant: str, after: int, seconds: float) -> AsyncIterator[Event | int]:
    """Events as they come, for so many seconds; a number says up to where all is told, and that the stream lives."""
    deadline = gateway.now() + timedelta(seconds=seconds)
    while True:
        left = (deadline - gateway.now()).total_seconds()
        found = await listened(gateway, tenant, after, 100, max(min(HEARTBEAT, left), 0))
        after = int(found.next)
        for event in found.events:
            yield event
        if not found.events:
            yield after
        if left <= 0 or gateway.bell.closed:
            return
