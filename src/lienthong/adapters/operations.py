"""Operators' addresses, the same on axis and gateway: find a message, see every step and its evidence, act on it.

Never content: no subject, no file, no name of a file. Every call needs an operator's token.
"""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.adapters.operations_looking import found, letter, waiting_of, whole
from lienthong.adapters.operations_values import (
    Act,
    ByCause,
    ByKey,
    DeadLetters,
    Done,
    Messages,
    Report,
    Whole,
)
from lienthong.adapters.operators import Operator, Operators
from lienthong.delivery import (
    AXIS,
    Content,
    Hop,
    Order,
    Search,
    Troubles,
    cancel,
    close,
    expire_now,
    requeue,
    requeue_cause,
    sweep,
    wish,
)
from lienthong.delivery.ports import View
from lienthong.delivery.whereabouts import Informer
from lienthong.errors import IllegalMove
from lienthong.openapi import READING, TOKEN, WRITING

AnyRequest = Request[Any, Any, Any]
Text = Annotated[str, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
After = Annotated[int, QueryParameter(ge=0, le=2**53)]
Day = Annotated[date | None, QueryParameter(description="Ngày ghi nhận ở Việt Nam / day of the record in Vietnam")]
Kind = Annotated[Content, QueryParameter(description="edoc, status")]
Waiting = Annotated[bool, QueryParameter(description="Chỉ gói còn nơi chờ giao / only those that wait for somebody")]
Shown = Annotated[
    Literal["dead", "all"], QueryParameter(description="all: cả việc còn tự thử lại / also what is still tried")
]
PERSON = "lienthong-person"
"""The header in which a console names the person who acts, percent-encoded; the token alone decides what is allowed."""
SWEEPS = 100
"""How many pages one call may reconcile."""


def operations(hop: Hop, operators: Operators, axis: Informer | None = None) -> list[Any]:
    """The routes. `axis`: whom a gateway asks when it reconciles; None at the axis itself."""

    return [*_looking(hop, operators), *_ending(hop, operators), *_restarting(hop, operators, axis)]


def who_is(operators: Operators, request: AnyRequest, *, acts: bool) -> Operator:
    """Whose token it is. A console, whose token stands for many, names the person beside it."""
    return operators.caller(request.headers.get("authorization", ""), acts=acts)


def order_of(operators: Operators, request: AnyRequest, reason: str) -> Order:
    """The caller's order with its reason. Raises `InvalidValue` without one."""
    name, person = who_is(operators, request, acts=True).name, unquote(request.headers.get(PERSON, ""))[:60]
    return Order(f"{name[:38]}/{person}" if person else name, reason)


def _looking(hop: Hop, operators: Operators) -> list[Any]:
    @get(
        "/v1/messages",
        summary="Messages by any id, number, agency or day, newest first",
        responses=READING,
        security=TOKEN,
    )
    async def search(
        request: AnyRequest,
        text: Text = "",
        agency: Text = "",
        since: Day = None,
        until: Day = None,
        content: Kind = Content.EDOC,
        waiting: Waiting = False,  # noqa: FBT002 - a word of the query
        after: Text = "",
        limit: Limit = 50,
    ) -> Messages:
        who_is(operators, request, acts=False)
        wanted = Search(party=agency, content=content, text=text, after=after, limit=limit)
        if waiting:
            wanted = waiting_of(hop, wanted)
        return await found(hop, wanted, since, until)

    @get(
        "/v1/messages/{package_id:str}",
        summary="One message: legs, steps with evidence, troubles",
        responses=READING,
        security=TOKEN,
    )
    async def message(request: AnyRequest, package_id: FromPath[str]) -> Whole:
        who_is(operators, request, acts=False)
        return await whole(hop, package_id)

    @get(
        "/v1/dead-letters",
        summary="What cannot go on by itself, with its cause and what can be done",
        responses=READING,
        security=TOKEN,
    )
    async def dead(
        request: AnyRequest,
        code: Text = "",
        package: Text = "",
        show: Shown = "dead",
        after: After = 0,
        limit: Limit = 50,
    ) -> DeadLetters:
        who_is(operators, request, acts=False)
        wanted = Troubles(package=package, code=code, dead=None if show == "all" else True, after=after, limit=limit)

        def look(view: View) -> DeadLetters:
            found = view.troubles(wanted)
            letters = tuple(letter(view, hop, each) for each in found)
            return DeadLetters(letters, found[-1].seq if len(found) == limit else 0)

        return await hop.store.read(look)

    return [search, message, dead]


def _restarting(hop: Hop, operators: Operators, axis: Informer | None) -> list[Any]:
    @post(
        "/v1/messages/{package_id:str}/requeue",
        status_code=200,
        summary="Try again now",
        responses=WRITING,
        security=TOKEN,
    )
    async def again(request: AnyRequest, package_id: FromPath[str], data: JSONBody[Act]) -> Done:
        return Done(await requeue(hop, order_of(operators, request, data.reason), package_id, data.addressee))

    @post(
        "/v1/dead-letters/requeue",
        status_code=200,
        summary="Try everything with one cause again now",
        responses=WRITING,
        security=TOKEN,
    )
    async def again_all(request: AnyRequest, data: JSONBody[ByCause]) -> Done:
        return Done(await requeue_cause(hop, order_of(operators, request, data.reason), data.code))

    @post(
        "/v1/dead-letters/close",
        status_code=200,
        summary="Take an entry off the list",
        responses=WRITING,
        security=TOKEN,
    )
    async def closed(request: AnyRequest, data: JSONBody[ByKey]) -> Done:
        await close(hop, order_of(operators, request, data.reason), data.key)
        return Done(1)

    @post(
        "/v1/reconcile",
        status_code=200,
        summary="Look at everything now, from where the last sweep ended",
        responses=WRITING,
        security=TOKEN,
    )
    async def reconciled(request: AnyRequest) -> Report:
        who_is(operators, request, acts=True)
        return await reconcile(hop, axis)

    return [again, again_all, closed, reconciled]


def _ending(hop: Hop, operators: Operators) -> list[Any]:
    @post(
        "/v1/messages/{package_id:str}/cancel",
        status_code=200,
        summary="Stop what is not delivered",
        responses=WRITING,
        security=TOKEN,
    )
    async def stop(request: AnyRequest, package_id: FromPath[str], data: JSONBody[Act]) -> Done:
        by = order_of(operators, request, data.reason)
        if hop.name == AXIS:
            return Done(await cancel(hop, by, package_id, data.addressee))
        if data.addressee:
            raise IllegalMove("cả gói tin / the whole package")
        return Done(await wish(hop, by, package_id))

    @post(
        "/v1/messages/{package_id:str}/expire",
        status_code=200,
        summary="End the time to live now (axis)",
        responses=WRITING,
        security=TOKEN,
    )
    async def end(request: AnyRequest, package_id: FromPath[str], data: JSONBody[Act]) -> Done:
        return Done(await expire_now(hop, order_of(operators, request, data.reason), package_id, data.addressee))

    return [stop, end]


async def reconcile(hop: Hop, axis: Informer | None) -> Report:
    """Sweep until the end is reached, at most `SWEEPS` pages."""
    findings: list[dict[str, Any]] = []
    seen, ended = 0, False
    for _ in range(SWEEPS):
        page = await sweep(hop, axis)
        findings += [_told(each) for each in page.findings]
        seen, ended = seen + page.seen, page.whole
        if ended:
            break
    return Report(tuple(findings), seen, ended)


def _told(finding: Any) -> dict[str, Any]:
    names = ("code", "package", "lane", "addressee", "detail", "since", "mended")
    return {name: getattr(finding, name) for name in names}
