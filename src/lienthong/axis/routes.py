"""The axis's wire: what gateways call. The token is judged first; it binds the digest of the body that is read then."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import HeaderParameter, Parameter
from litestar.response import Stream
from litestar.types import Scope

from lienthong.axis.doors import Doors
from lienthong.axis.gatekeeper import Call, Gatekeeper, claimed
from lienthong.delivery import (
    Accepted,
    Bell,
    Confirmation,
    Deferral,
    Hop,
    LegAnswer,
    MailItem,
    MailLane,
    News,
    NewsPage,
    Rung,
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
    freight_lane,
    hear,
    listen,
    mailbox,
    news_for,
    news_topic,
    part_for,
    trace_in,
    whereabouts,
    withdraw,
)
from lienthong.delivery.ports import Log
from lienthong.envelope import DEFAULT, Frame, ungroup
from lienthong.errors import Busy, LienThongError, PackageMalformed, RegistryStale
from lienthong.openapi import ALWAYS, RANGING, READING, TOKEN, WRITING, Problem, binary, body_of
from lienthong.ranges import Source, served
from lienthong.registry import Book
from lienthong.tus import Uploader, uploads

T = TypeVar("T")
LONGEST_WAIT = 30.0
NOTHING = hashlib.sha256().hexdigest()
JUDGED = "lienthong.judged"
"""Where a request's judged token waits for its body."""
ADMITTED = "lienthong.admitted"
"""Where a request with several packages is told how many of them the caller's rate lets in, if not all."""
HANDED_IN = ("/v1/packages", "/v1/groups", "/v1/uploads")
"""Addresses to which new packages come by POST and PATCH."""
WORDS = 32 * 2**20
"""Bytes that confirmations or news may take; a hundred with their receipts are about one million."""
Seconds = Annotated[float, Parameter(ge=0, le=LONGEST_WAIT, description="How long to wait for something, in seconds")]
Count = Annotated[int, Parameter(ge=0, le=2**53)]
Heard = Annotated[str, Parameter(max_length=200, description="What the last answer of the bell said")]
Large = Literal["whole", "named"]
Package = body_of("docs/protocol/package.md", {"application/octet-stream": binary()})
Group = body_of("docs/protocol/package.md#group", {"application/octet-stream": binary()})
PackageCount = Annotated[
    int, HeaderParameter(name="Package-Count", ge=1, le=DEFAULT.group, description="How many come")
]
Words = body_of(
    "docs/protocol/wire.md", {"application/json": Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.OBJECT))}
)


def _no_delta(_version: int, _newest: int) -> bytes | None:
    return None


def _problem(_path: str, error: Exception, trace: str) -> Problem:
    return Problem.of(error if isinstance(error, LienThongError) else LienThongError(), trace)


def _welcome() -> None:
    """A process alone is ready once it runs."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What the axis's faces stand on."""

    hop: Hop
    log: Log
    bell: Bell
    gatekeeper: Gatekeeper
    book: Book
    delta_from: Callable[[int, int], bytes | None] = _no_delta
    stand: Callable[[], None] = _welcome
    cursors: dict[str, int] = field(default_factory=dict)
    doors: Doors | None = None
    room: Callable[[], None] = lambda: None
    """Raises StorageFull while the disk has no room for new packages."""
    problem: Callable[[str, Exception, str], Problem] = _problem
    """What is told, at an address, of a package refused among others, under its trace."""

    async def learned(self, gateway: str, after: int) -> None:
        """A gateway that asks beyond a piece of news has kept it; forget it, once."""
        if after > self.cursors.get(gateway, 0):
            await forget(self.hop, gateway, after)
            self.cursors[gateway] = after


AnyRequest = Request[Any, Any, Any]


def _axis(state: State) -> Axis:
    axis: Axis = state.axis
    return axis


class Callers:
    """Who calls the wire, judged by the header alone; the judged token waits in the scope for its body.

    `behind_proxy`: TLS ended at a proxy, which tells in a header whose certificate it saw; else that header means
    nothing.
    """

    def __init__(self, axis: Axis, *, behind_proxy: bool = False) -> None:
        self._axis, self._behind_proxy = axis, behind_proxy

    def claimed(self, scope: Scope) -> str:
        """Whom the token names, unproved."""
        return claimed(header(scope, b"authorization"))

    def caller(self, scope: Scope) -> str:
        """The calling gateway. Raises TokenInvalid, TokenReplayed, ClockSkewed, GatewayHeld."""
        told, now = cast("dict[str, Any]", scope), self._axis.hop.clock.now()
        call = self._axis.gatekeeper.call(header(scope, b"authorization"), told["method"], told["path"], now)
        if self._behind_proxy:
            self._axis.gatekeeper.showed(call.gateway, header(scope, b"x-client-certificate"), now)
        if self._axis.doors is not None:
            takes = told["method"] in {"POST", "PATCH"} and told["path"].startswith(HANDED_IN)
            self._axis.doors.enter(call.gateway, told["path"], header(scope, b"user-agent"), takes=takes)
        told[JUDGED] = call
        return call.gateway


def header(scope: Scope, wanted: bytes) -> str:
    """The first header of that name, or empty."""
    return next((value for name, value in scope["headers"] if name == wanted), b"").decode("latin-1")


def _call(request: AnyRequest, state: State) -> Call:
    judged: Call | None = cast("dict[str, Any]", request.scope).get(JUDGED)
    if judged is not None:
        return judged
    axis = _axis(state)
    authorization = request.headers.get("authorization", "")
    return axis.gatekeeper.call(authorization, request.method, request.url.path, axis.hop.clock.now())


def _caller(request: AnyRequest, state: State) -> str:
    """Who calls without a body."""
    return _call(request, state).fits(NOTHING)


async def _said(request: AnyRequest, state: State) -> tuple[str, bytes]:
    """Who calls, and the body, hashed as it comes: nothing of it is read for a token that opens nothing."""
    call, digest, pieces = _call(request, state), hashlib.sha256(), []
    async for piece in request.stream():
        digest.update(piece)
        pieces.append(piece)
    return call.fits(digest.hexdigest()), b"".join(pieces)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PackageMalformed(str(error)) from error


@post(
    "/v1/packages",
    status_code=201,
    summary="Submit a sealed package; answered once durable, with its receipt",
    operation_class=Package,
    responses=WRITING,
    security=TOKEN,
    opt={"takes": True},
)
async def submit(request: AnyRequest, state: State) -> Accepted:
    """A repeat of an accepted package is answered with the same stored receipt."""
    return await accept(_axis(state).hop, *await _said(request, state))


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one package of a group: the axis's yes, or the problem document it would have got alone."""

    accepted: Accepted | None = None
    problem: Problem | None = None


@post(
    "/v1/groups",
    status_code=200,
    summary="Submit several small packages in one request; an answer for each, in order, once all that are taken are "
    "durable",
    operation_class=Group,
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=DEFAULT.group_bytes,
    opt={"takes": True, "groups": DEFAULT.group},
)
async def submit_all(request: AnyRequest, state: State, count: PackageCount) -> tuple[Reply, ...]:
    """Each is taken or refused as if it had come alone; what the caller's rate does not let in is told `busy`."""
    axis, (gateway, body) = _axis(state), await _said(request, state)
    frames = ungroup(body, axis.hop.limits)
    if len(frames) != count:
        raise PackageMalformed(f"Package-Count: {count} ≠ {len(frames)}")
    many, late = cast("dict[str, Any]", request.scope).get(ADMITTED, (count, Busy()))
    answers = [*await accept_all(axis.hop, gateway, frames[:many]), *[late] * (count - many)]
    return tuple(_reply(axis, *each) for each in zip(frames, answers, strict=True))


def _reply(axis: Axis, frame: Frame, answer: Accepted | Exception) -> Reply:
    if isinstance(answer, Accepted):
        return Reply(answer)
    return Reply(problem=axis.problem("/v1/groups", answer, trace_in(frame)))


@get(
    "/v1/bell",
    summary="Wait for whatever concerns the calling gateway: one wait for mail of both lanes and for news",
    responses=READING,
    security=TOKEN,
)
async def bell(request: AnyRequest, state: State, heard: Heard = "", seconds: Seconds = 0.0) -> Rung:
    """`heard` is what the last answer said; without it everything is told to be looked at, at once."""
    axis, gateway = _axis(state), _caller(request, state)
    return await listen(axis.hop, axis.bell, gateway, heard, seconds)


@get(
    "/v1/mailbox",
    summary="What waits for the calling gateway, the most urgent first",
    responses=READING,
    security=TOKEN,
)
async def waiting(
    request: AnyRequest, state: State, seconds: Seconds = 0.0, lane: MailLane = MailLane.ALL
) -> tuple[MailItem, ...]:
    """Looks at once, then waits up to `seconds` for something to come. A lane holds only what has no, or has, large
    parts."""
    axis, gateway = _axis(state), _caller(request, state)
    topic = freight_lane(gateway) if lane is MailLane.FREIGHT else gateway
    heard = axis.bell.rings(topic)
    if found := await mailbox(axis.hop, gateway, lane=lane):
        return found
    await axis.bell.wait({topic: heard}, seconds)
    return await mailbox(axis.hop, gateway, lane=lane)


@get(
    "/v1/packages/{package_id:str}",
    media_type="application/octet-stream",
    summary="Seal and parts of a package",
    responses=READING,
    security=TOKEN,
)
async def fetch(request: AnyRequest, state: State, package_id: str, large: Large = "whole") -> bytes:
    """Only for a gateway that one of its legs goes to. `large=named`: large parts come apart."""
    return await collect(_axis(state).hop, _caller(request, state), package_id, whole=large == "whole")


@get(
    "/v1/packages/{package_id:str}/parts/{sha256:str}",
    media_type="application/octet-stream",
    summary="A part of a package, by ranges",
    responses=RANGING | {206: ResponseSpec(bytes, description="Một khoảng · a range", media_type="*/*")},
    security=TOKEN,
)
async def part(request: AnyRequest, state: State, package_id: str, sha256: str) -> Stream:
    """For whom the package is; a broken transfer goes on with `Range`."""
    hop, gateway = _axis(state).hop, _caller(request, state)
    found, small = await part_for(hop, gateway, package_id, sha256)
    return await served(request, hop.objects, Source("application/octet-stream", found.size, sha256, small))


@get(
    "/v1/packages/{package_id:str}/receipts",
    summary="The axis's time-stamped receipts of a package",
    responses=READING,
    security=TOKEN,
)
async def receipts(request: AnyRequest, state: State, package_id: str) -> tuple[str, ...]:
    """For the gateway that sent it and those that receive it; empty until a checkpoint after it was stamped."""
    axis = _axis(state)
    return await dated_receipts(axis.hop, axis.log, _caller(request, state), package_id)


@post(
    "/v1/confirmations",
    status_code=200,
    summary="What became of pulled legs, proved by the gateway's own receipts",
    operation_class=Words,
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=WORDS,
)
async def confirmations(request: AnyRequest, state: State) -> tuple[LegAnswer, ...]:
    """One answer a word; the axis alone decides between delivered and expired."""
    gateway, body = await _said(request, state)
    return await confirm(_axis(state).hop, gateway, _decoded(body, tuple[Confirmation, ...]))


@post(
    "/v1/withdrawals",
    status_code=200,
    summary="Never accept a package, if it is not accepted yet",
    operation_class=Words,
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=WORDS,
)
async def withdrawals(request: AnyRequest, state: State) -> Withdrawn:
    """Proved by the gateway's own receipt of the order; answered with what stands."""
    gateway, body = await _said(request, state)
    return await withdraw(_axis(state).hop, gateway, _decoded(body, Withdrawal))


@post(
    "/v1/whereabouts",
    status_code=200,
    summary="What became of the calling gateway's own packages, with receipts",
    operation_class=Words,
    responses=READING,
    security=TOKEN,
    request_max_body_size=WORDS,
)
async def standing(request: AnyRequest, state: State) -> tuple[Whereabouts, ...]:
    """At most a hundred ids; of another gateway's packages as little is said as of unknown ones."""
    gateway, body = await _said(request, state)
    return await whereabouts(_axis(state).hop, gateway, _decoded(body, tuple[str, ...]))


@post(
    "/v1/deferrals",
    status_code=204,
    summary="Legs the gateway fails on, not to be offered to it for a while",
    operation_class=Words,
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=WORDS,
)
async def deferrals(request: AnyRequest, state: State) -> None:
    """At most an hour each; they stand in the axis's list of troubles meanwhile, with the gateway's code."""
    gateway, body = await _said(request, state)
    await defer(_axis(state).hop, gateway, _decoded(body, tuple[Deferral, ...]))


@get(
    "/v1/news",
    summary="What happened to the calling gateway's packages, with receipts",
    responses=READING,
    security=TOKEN,
)
async def news(request: AnyRequest, state: State, after: Count = 0, seconds: Seconds = 0.0) -> NewsPage:
    """Beyond the cursor `after`; a gateway keeps the cursor together with what it learned."""
    axis, gateway = _axis(state), _caller(request, state)
    heard = axis.bell.rings(news_topic(gateway))
    await axis.learned(gateway, after)
    page = await news_for(axis.hop, gateway, after)
    if page.news:
        return page
    await axis.bell.wait({news_topic(gateway): heard}, seconds)
    return await news_for(axis.hop, gateway, after)


@post(
    "/v1/news",
    status_code=204,
    summary="Report hand-overs, with the gateway's own receipts",
    operation_class=Words,
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=WORDS,
)
async def report(request: AnyRequest, state: State) -> None:
    """Repeats are harmless."""
    gateway, body = await _said(request, state)
    await hear(_axis(state).hop, gateway, _decoded(body, tuple[News, ...]))


@get(
    "/v1/registry",
    media_type="application/octet-stream",
    summary="The signed registry snapshot, if newer",
    responses=READING | {204: ResponseSpec(None, description="Bản đang có là mới nhất · nothing newer")},
    security=TOKEN,
)
async def registry(
    request: AnyRequest, state: State, newer_than: Count = 0, *, deltas: bool = False
) -> Response[bytes]:
    """204 when the caller's version is the newest; with `deltas` the signed delta to the next one, if there is one."""
    _caller(request, state)
    book = _axis(state).book
    if book.version <= newer_than:
        return Response(b"", status_code=204)
    change = await asyncio.to_thread(_axis(state).delta_from, newer_than, book.version) if deltas else None
    if change is not None:
        return Response(change, media_type="application/octet-stream")
    return Response(book.signed, media_type="application/octet-stream")


@get("/health/live", media_type=MediaType.TEXT, summary="The process runs")
async def live() -> str:
    """Always yes."""
    return "ok"


@get("/health/startup", media_type=MediaType.TEXT, summary="The process has what it starts with", responses=ALWAYS)
async def startup(state: State) -> str:
    """Its store is open, or this face would not answer; RegistryStale until it has had a registry."""
    if not _axis(state).book.version:
        raise RegistryStale
    return "ok"


@get("/health/ready", summary="The process can take packages", responses=ALWAYS)
async def ready(state: State) -> dict[str, int | str]:
    """Registry fresh, disk with room, store writable. Raises RegistryStale, StorageFull, Unavailable, Busy."""
    _axis(state).stand()
    hop = _axis(state).hop
    directory = hop.fresh_directory(hop.clock.now())
    _axis(state).room()
    await hop.store.write(lambda tx: tx.set_mark("ready", ""))
    counts = await hop.store.read(lambda view: view.counts())
    return {"registry": directory.snapshot.version, **counts}


def _uploader(request: AnyRequest, state: State) -> Uploader:
    call = _call(request, state)
    return Uploader(_axis(state).hop, call.gateway, call.body)


WIRE = [
    submit,
    submit_all,
    bell,
    waiting,
    fetch,
    part,
    receipts,
    confirmations,
    withdrawals,
    standing,
    deferrals,
    news,
    report,
    registry,
    *uploads(_uploader),
]
OPERATIONS = [live, startup, ready]
