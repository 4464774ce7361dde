"""Looking for operators: messages by any id and day, one message with its way, what is stuck and what can be done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from lienthong.adapters import searching
from lienthong.adapters.operations_values import DeadLetter, LegView, Message, Messages, StepView, Whole
from lienthong.delivery import (
    AXIS,
    Having,
    Hop,
    JourneyState,
    Lane,
    Leg,
    Package,
    Search,
    Step,
    Trouble,
    Troubles,
    Work,
)
from lienthong.delivery.journey import UNDELIVERED
from lienthong.delivery.ports import View
from lienthong.document import VIETNAM
from lienthong.errors import LienThongError, NotFound, by_code

PAGES = 20
"""How many pages one search may read for one that it shows."""


async def found(hop: Hop, wanted: Search, since: date | None, until: date | None) -> Messages:
    """The next page of the list that shows something; days of the record in Vietnam, the last one included."""
    first, after = _midnight(since), _midnight(until + timedelta(days=1) if until else None)
    wanted = replace(wanted, recorded=(first, after))
    for _ in range(PAGES):
        page = await hop.store.read(lambda view, asked=wanted: view.listing(asked))  # type: ignore[misc]  # bound now
        shown = tuple(_message(package, legs) for package, legs in page.entries if _named(wanted, package))
        if shown or not page.next:
            return Messages(shown, page.next)
        wanted = replace(wanted, after=page.next)
    return Messages((), wanted.after)


def waiting_of(hop: Hop, wanted: Search) -> Search:
    """The same of messages that wait here to be delivered, or forwarded, to somebody; their waiting lane alone."""
    axis = hop.name == AXIS
    lane, state = (Lane.THROUGH, JourneyState.ACCEPTED) if axis else (Lane.OUT, JourneyState.RECORDED)
    return replace(wanted, lane=lane, having=(Having(frozenset({state})),))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), VIETNAM) if day else None


def _named(wanted: Search, package: Package) -> bool:
    """Whether the words stand outside the subject: asking again and again must not tell what a document says."""
    text = searching.named_text(package)
    return all(word in text for word in searching.words(wanted))


async def whole(hop: Hop, package_id: str) -> Whole:
    def look(view: View) -> tuple[Package | None, Sequence[Leg], Sequence[Step], list[DeadLetter]]:
        troubles = [letter(view, hop, each) for each in view.troubles(Troubles(package=package_id, limit=200))]
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


def letter(view: View, hop: Hop, trouble: Trouble) -> DeadLetter:
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
