"""Operators' addresses, the same on axis and gateway: find a message, see every step and its evidence, act on it.

Never content: no subject, no file, no name of a file. Every call needs an operator's token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.adapters.operators import Operator, Operators
from lienthong.delivery import (
    AXIS,
    Content,
    Hop,
    Leg,
    Order,
    Package,
    Search,
    Step,
    Trouble,
    Troubles,
    Work,
    cancel,
    close,
    expire_now,
    requeue,
    requeue_cause,
    sweep,
    wish,
)
from lienthong.delivery.journey import UNDELIVERED
from lienthong.delivery.ports import View
from lienthong.delivery.whereabouts import Informer
from lienthong.document import VIETNAM
from lienthong.errors import IllegalMove, LienThongError, NotFound, by_code
from lienthong.openapi import READING, TOKEN, WRITING

AnyRequest = Request[Any, Any, Any]
Text = Annotated[str, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
After = Annotated[int, QueryParameter(ge=0, le=2**53)]
Day = Annotated[date | None, QueryParameter(description="Ngày ghi nhận ở Việt Nam / day of the record in Vietnam")]
Kind = Annotated[Content, QueryParameter(description="edoc, status")]
Shown = Annotated[
    Literal["dead", "all"], QueryParameter(description="all: cả việc còn tự thử lại / also what is still tried")
]
PAGES = 50
"""How many pages of a list one search by date may read."""
SWEEPS = 100
"""How many pages one call may reconcile."""


@dataclass(frozen=True, slots=True)
class LegView:
    """One addressee's journey at this hop."""

    lane: str
    addressee: str
    recipient: str
    next_hop: str
    state: str
    since: datetime
    due: datetime
    attempts: int
    refusal: str
    detail: str
    standing: str
    status: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its content."""

    id: str
    sender: str
    message_id: str
    content: str
    document_id: str
    number: str
    urgency: int
    size: int
    digest: str
    came_from: str
    recorded_at: datetime
    expires_at: datetime
    legs: tuple[LegView, ...]


@dataclass(frozen=True, slots=True)
class Messages:
    """A page; `next` is the cursor of the following one, empty at the end."""

    entries: tuple[Message, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `receipt` proves it (JSON), empty when nothing does."""

    at: datetime
    hop: str
    kind: str
    lane: str
    addressee: str
    code: str
    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What cannot go on by itself. `next_try` is none while nobody tries; `acts` is what an operator can do."""

    key: str
    work: str
    package: str
    lane: str
    addressee: str
    code: str
    vi: str
    en: str
    detail: str
    since: datetime
    last_try: datetime
    attempts: int
    next_try: datetime | None
    dead: bool
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """A page of them; `next` is the number to ask beyond, 0 at the end."""

    entries: tuple[DeadLetter, ...]
    next: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """A message with everything this hop knows of its way."""

    message: Message
    steps: tuple[StepView, ...]
    troubles: tuple[DeadLetter, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Why, and on whose leg; on all of them when no addressee is named."""

    reason: str
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class ByCause:
    """Everything with one cause, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ByKey:
    """One entry of the list, and why."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """How many were touched."""

    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What reconciling found, page after page until the end, or until `whole` says there is more."""

    findings: tuple[dict[str, Any], ...]
    seen: int
    whole: bool


def operations(hop: Hop, operators: Operators, axis: Informer | None = None) -> list[Any]:
    """The routes. `axis`: whom a gateway asks when it reconciles; None at the axis itself."""

    return [*_looking(hop, operators), *_ending(hop, operators), *_restarting(hop, operators, axis)]


def _who(operators: Operators, request: AnyRequest, *, acts: bool) -> Operator:
    return operators.caller(request.headers.get("authorization", ""), acts=acts)


def _order(operators: Operators, request: AnyRequest, reason: str) -> Order:
    return Order(_who(operators, request, acts=True).name, reason)


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
        after: Text = "",
        limit: Limit = 50,
    ) -> Messages:
        _who(operators, request, acts=False)
        wanted = Search(party=agency, content=content, text=text, after=after, limit=limit)
        return await _found(hop, wanted, since, until)

    @get(
        "/v1/messages/{package_id:str}",
        summary="One message: legs, steps with evidence, troubles",
        responses=READING,
        security=TOKEN,
    )
    async def message(request: AnyRequest, package_id: FromPath[str]) -> Whole:
        _who(operators, request, acts=False)
        return await _whole(hop, package_id)

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
        _who(operators, request, acts=False)
        wanted = Troubles(package=package, code=code, dead=None if show == "all" else True, after=after, limit=limit)
        found = await hop.store.read(lambda view: [_letter(view, hop, each) for each in view.troubles(wanted)])
        last = await hop.store.read(lambda view: view.troubles(wanted))
        return DeadLetters(tuple(found), last[-1].seq if len(last) == limit else 0)

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
        return Done(await requeue(hop, _order(operators, request, data.reason), package_id, data.addressee))

    @post(
        "/v1/dead-letters/requeue",
        status_code=200,
        summary="Try everything with one cause again now",
        responses=WRITING,
        security=TOKEN,
    )
    async def again_all(request: AnyRequest, data: JSONBody[ByCause]) -> Done:
        return Done(await requeue_cause(hop, _order(operators, request, data.reason), data.code))

    @post(
        "/v1/dead-letters/close",
        status_code=200,
        summary="Take an entry off the list",
        responses=WRITING,
        security=TOKEN,
    )
    async def closed(request: AnyRequest, data: JSONBody[ByKey]) -> Done:
        await close(hop, _order(operators, request, data.reason), data.key)
        return Done(1)

    @post(
        "/v1/reconcile",
        status_code=200,
        summary="Look at everything now, from where the last sweep ended",
        responses=WRITING,
        security=TOKEN,
    )
    async def reconciled(request: AnyRequest) -> Report:
        _who(operators, request, acts=True)
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
        by = _order(operators, request, data.reason)
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
        return Done(await expire_now(hop, _order(operators, request, data.reason), package_id, data.addressee))

    return [stop, end]


async def reconcile(hop: Hop, axis: Informer | None) -> Report:
    """Sweep until the end is reached, at most `SWEEPS` pages."""
    findings: list[dict[str, Any]] = []
    seen, whole = 0, False
    for _ in range(SWEEPS):
        page = await sweep(hop, axis)
        findings += [_told(each) for each in page.findings]
        seen, whole = seen + page.seen, page.whole
        if whole:
            break
    return Report(tuple(findings), seen, whole)


def _told(finding: Any) -> dict[str, Any]:
    names = ("code", "package", "lane", "addressee", "detail", "since", "mended")
    return {name: getattr(finding, name) for name in names}


async def _found(hop: Hop, wanted: Search, since: date | None, until: date | None) -> Messages:
    """Pages of the list until one holds something of those days, or is past them."""
    for _ in range(PAGES):
        page = await hop.store.read(lambda view, asked=wanted: view.listing(asked))  # type: ignore[misc]  # bound now
        days = [package.recorded_at.astimezone(VIETNAM).date() for package, _ in page.entries]
        inside = [
            _message(package, legs)
            for (package, legs), day in zip(page.entries, days, strict=True)
            if (since is None or day >= since) and (until is None or day <= until)
        ]
        past = since is not None and bool(days) and days[-1] < since
        if inside or past or not page.next:
            return Messages(tuple(inside), "" if past else page.next)
        wanted = Search(wanted.lane, wanted.party, wanted.content, wanted.states, wanted.text, page.next, wanted.limit)
    return Messages((), wanted.after)


async def _whole(hop: Hop, package_id: str) -> Whole:
    def look(view: View) -> tuple[Package | None, Sequence[Leg], Sequence[Step], list[DeadLetter]]:
        troubles = [_letter(view, hop, each) for each in view.troubles(Troubles(package=package_id, limit=200))]
        return view.package(package_id), view.legs(package_id), view.steps(package_id), troubles

    package, legs, steps, troubles = await hop.store.read(look)
    if package is None:
        raise NotFound(package_id)
    shown = [await _step(hop, step) for step in steps]
    return Whole(_message(package, legs), tuple(shown), tuple(troubles))


def _message(package: Package, legs: Sequence[Leg]) -> Message:
    head = package.head
    return Message(
        id=package.id,
        sender=package.sender,
        message_id=package.message_id,
        content=head.content,
        document_id=head.document_id,
        number="/".join(filter(None, (head.number, head.notation))),
        urgency=head.urgency,
        size=package.size,
        digest=package.digest,
        came_from=package.came_from,
        recorded_at=package.recorded_at,
        expires_at=package.expires_at,
        legs=tuple(map(_leg, legs)),
    )


def _leg(leg: Leg) -> LegView:
    return LegView(
        leg.lane,
        leg.addressee,
        leg.recipient,
        leg.next_hop,
        leg.state,
        leg.since,
        leg.due,
        leg.attempts,
        leg.refusal,
        leg.detail,
        leg.standing,
        leg.status,
    )


async def _step(hop: Hop, step: Step) -> StepView:
    receipt = step.receipt
    if step.index is not None:
        try:
            receipt = (await hop.store.receipt(step.index)).to_json()
        except LienThongError:  # the reconciler lists it
            receipt = ""
    # a reason a clerk wrote may quote the document
    text = step.text if step.kind not in {"asked", "status"} else ""
    return StepView(step.at, step.hop, step.kind, step.lane, step.addressee, step.code, text, receipt)


def _letter(view: View, hop: Hop, trouble: Trouble) -> DeadLetter:
    cause = by_code(trouble.code)
    return DeadLetter(
        key=trouble.key,
        work=trouble.work,
        package=trouble.package,
        lane=trouble.lane,
        addressee=trouble.addressee,
        code=trouble.code,
        vi=cause.vi,
        en=cause.en,
        detail=trouble.detail,
        since=trouble.since,
        last_try=trouble.at,
        attempts=trouble.attempts,
        next_try=None if trouble.parked else trouble.due,
        dead=trouble.dead,
        acts=_acts(view, hop, trouble),
    )


def _acts(view: View, hop: Hop, trouble: Trouble) -> tuple[str, ...]:
    again = ("requeue",) if trouble.work is not Work.JOURNEY and trouble.package else ()
    waiting = any(leg.state in UNDELIVERED for leg in view.legs(trouble.package)) if trouble.package else False
    here = ("cancel", "expire") if hop.name == AXIS else ("cancel",) if trouble.lane == "out" else ()
    ends = here if waiting else ()
    return (*again, *ends, *(("close",) if trouble.parked else ()))
