"""Operators' addresses for watching a hop: numbers, gateways, what runs out, diagnostics; and for holding gateways."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.adapters.keys import load_certificates
from lienthong.adapters.metrics import Watched
from lienthong.adapters.operations import order_of, who_is
from lienthong.adapters.operators import Operators
from lienthong.adapters.space import free_bytes
from lienthong.delivery import Hop
from lienthong.delivery.oversight import Held, Hold, contact, days, held, hold, waiting_for
from lienthong.delivery.ports import View
from lienthong.document import VIETNAM
from lienthong.errors import LienThongError, NotFound, SealKeyExpired
from lienthong.openapi import READING, TOKEN, WRITING
from lienthong.registry import CertificateEntry, Directory, Gateway

AnyRequest = Request[Any, Any, Any]
Probe = Callable[[], Awaitable[None]]
"""Looks at one thing this hop stands on; raises what is wrong."""
Days = Annotated[int, QueryParameter(ge=1, le=60)]
SOON = timedelta(days=7)
ENDING = 200
"""Certificates listed at most, those that end first."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate and its last moment. `holder` as in the registry, or the name of a setting of this hop."""

    holder: str
    purpose: str
    thumbprint: str
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """One moment of a hop. `days`: steps by day in Vietnam and kind; `dead`: dead letters by cause."""

    hop: str
    version: str
    at: datetime
    registry: int
    registry_issued_at: datetime
    registry_expires_at: datetime
    waiting: int
    oldest_waiting: datetime | None
    dead: dict[str, int]
    unstamped_since: datetime | None
    free_bytes: int
    days: dict[str, dict[str, int]]
    ending: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class GatewayView:
    """One gateway as the axis knows it: registry, last contact, what waits for it, whether it is held."""

    id: str
    name: str
    kind: str
    operator: str
    tenants: int
    version: str
    last_contact: datetime | None
    waiting: int
    oldest_waiting: datetime | None
    hold: str
    held_at: datetime | None
    order: str


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """How, and why."""

    reason: str
    hold: Hold = Hold.PAUSED


@dataclass(frozen=True, slots=True)
class Reason:
    """Why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a hop stands on, and what is wrong with it; `code` is empty when nothing is."""

    name: str
    code: str
    vi: str
    en: str
    milliseconds: int


def watching(hop: Hop, operators: Operators, watched: Watched, probes: Mapping[str, Probe]) -> list[Any]:
    """The routes of any hop. `probes` by name: what its diagnostics look at."""

    @get("/v1/overview", summary="Numbers of now and by day, and what runs out", responses=READING, security=TOKEN)
    async def overview(request: AnyRequest, days: Days = 14) -> Overview:
        who_is(operators, request, acts=False)
        return await _overview(hop, watched, days)

    @get("/v1/diagnostics", summary="What this hop stands on, looked at now", responses=READING, security=TOKEN)
    async def diagnostics(request: AnyRequest) -> tuple[Check, ...]:
        who_is(operators, request, acts=False)
        return tuple(await asyncio.gather(*(_looked_at(name, probe) for name, probe in probes.items())))

    return [overview, diagnostics]


def holding(hop: Hop, operators: Operators, held_now: Callable[[Mapping[str, Held]], None]) -> list[Any]:
    """The routes of an axis about its gateways; `held_now` is told at once who is held."""

    @get(
        "/v1/gateways", summary="Every gateway of the registry, as the axis knows it", responses=READING, security=TOKEN
    )
    async def gateways(request: AnyRequest) -> tuple[GatewayView, ...]:
        who_is(operators, request, acts=False)
        return await hop.store.read(lambda view: _gateways(view, hop.directory(), hop.clock.now()))

    @get("/v1/waiting", summary="What waits for whom: undelivered legs by recipient", responses=READING, security=TOKEN)
    async def waiting(request: AnyRequest) -> dict[str, int]:
        who_is(operators, request, acts=False)
        return dict(await hop.store.read(lambda view: view.waiting_for()))

    @post(
        "/v1/gateways/{gateway:str}/hold", status_code=200, summary="Hold a gateway", responses=WRITING, security=TOKEN
    )
    async def hold_it(request: AnyRequest, gateway: FromPath[str], data: JSONBody[HoldOrder]) -> GatewayView:
        held_now(await hold(hop, order_of(operators, request, data.reason), gateway, data.hold))
        return await _one(gateway)

    @post("/v1/gateways/{gateway:str}/resume", status_code=200, summary="Let it go", responses=WRITING, security=TOKEN)
    async def let_go(request: AnyRequest, gateway: FromPath[str], data: JSONBody[Reason]) -> GatewayView:
        held_now(await hold(hop, order_of(operators, request, data.reason), gateway, None))
        return await _one(gateway)

    async def _one(gateway: str) -> GatewayView:
        found = await hop.store.read(lambda view: _gateways(view, hop.directory(), hop.clock.now(), gateway))
        if not found:
            raise NotFound(gateway)
        return found[0]

    return [gateways, waiting, hold_it, let_go]


async def _overview(hop: Hop, watched: Watched, number: int) -> Overview:
    now, directory = hop.clock.now(), hop.directory()
    today = now.astimezone(VIETNAM).date()
    waiting, dead, by_day = await hop.store.read(lambda view: _counted(view, today, number))
    unstamped = await watched.log.unstamped_since() if watched.stamped else None
    snapshot = directory.snapshot
    return Overview(
        hop.name,
        version("lienthong"),
        now,
        snapshot.version,
        snapshot.issued_at,
        snapshot.expires_at,
        sum(count for count, _ in waiting.values()),
        min((since for _, since in waiting.values()), default=None),
        dead,
        unstamped,
        await asyncio.to_thread(free_bytes, watched.folder),
        by_day,
        await asyncio.to_thread(_ending, directory, watched, now),
    )


def _counted(view: View, today: date, number: int) -> tuple[Any, dict[str, int], dict[str, dict[str, int]]]:
    by_day = {str(day): dict(told) for day, told in days(view, today, number).items()}
    return view.waiting(), dict(view.dead_letters()), by_day


def _ending(directory: Directory, watched: Watched, now: datetime) -> tuple[Ending, ...]:
    """Those not revoked that end first, in the registry and of this hop."""
    listed = [
        Ending(each.holder, each.purpose.value, each.thumbprint, each.valid_to)
        for each in _by_end(directory)
        if each.valid_to > now
    ][:ENDING]
    return tuple(sorted([*listed, *_own(watched)], key=lambda each: each.valid_to))


@lru_cache(maxsize=2)
def _by_end(directory: Directory) -> list[CertificateEntry]:
    rows = (each for each in directory.snapshot.certificates if each.revoked_at is None)
    return sorted(rows, key=lambda each: each.valid_to)


def _own(watched: Watched) -> list[Ending]:
    found = [(name, load_certificates(path)) for name, path in watched.certificates.items() if path is not None]
    return [Ending(name, "own", "", min(each.not_valid_after_utc for each in chain)) for name, chain in found]


def _gateways(view: View, directory: Directory, now: datetime, only: str = "") -> tuple[GatewayView, ...]:
    waiting, holds = view.waiting(), held(view)
    listed = [each for each in directory.snapshot.gateways if only in {"", each.id}]
    return tuple(_gateway(view, directory, each, waiting, holds.get(each.id), now) for each in listed)


def _gateway(
    view: View, directory: Directory, gateway: Gateway, waiting: Any, known: Held | None, now: datetime
) -> GatewayView:
    came, waits = contact(view, gateway.id), waiting_for(waiting, gateway.id)
    return GatewayView(
        gateway.id,
        gateway.name,
        gateway.kind.value,
        str(gateway.operator),
        len(directory.represented_by(gateway.id, now)),
        came.version if came else "",
        came.at if came else None,
        waits.count,
        waits.since,
        known.hold.value if known else "",
        known.at if known else None,
        known.order if known else "",
    )


async def _looked_at(name: str, probe: Probe) -> Check:
    began = asyncio.get_running_loop().time()
    code = vi = en = ""
    try:
        async with asyncio.timeout(PATIENCE):
            await probe()
    except LienThongError as error:
        code, vi, en = error.code, error.sentence("vi"), error.sentence("en")
    except TimeoutError:
        code, vi, en = "unavailable", f"không trả lời trong {PATIENCE:.0f} giây", f"no answer in {PATIENCE:.0f} s"
    return Check(name, code, vi, en, round((asyncio.get_running_loop().time() - began) * 1000))


PATIENCE = 10.0
"""Seconds one look may take."""


def basic_probes(hop: Hop, watched: Watched, room: Callable[[], None]) -> dict[str, Probe]:
    """What every hop stands on: a store that writes, a fresh registry, room, certificates with a week to go."""

    async def store() -> None:
        await hop.store.write(lambda tx: tx.set_mark("ready", ""))

    async def registry() -> None:
        hop.fresh_directory(hop.clock.now())

    async def disk() -> None:
        await asyncio.to_thread(room)

    async def certificates() -> None:
        soon = hop.clock.now() + SOON
        ending = [each.holder for each in await asyncio.to_thread(_own, watched) if each.valid_to < soon]
        if ending:
            raise SealKeyExpired(", ".join(ending))

    return {"store": store, "registry": registry, "disk": disk, "certificates": certificates}
