"""One code through time: periods without gap or overlap, each an `Organisation` with what was true of its bearer then.

A period's dates are its own; the last one's end is the closing of the code, and its successors are the code's. What was
believed when (the other time) is the business of whoever keeps the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from lienthong.document.codes import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry.model import Organisation, Status

History = tuple[Organisation, ...]
Histories = Mapping[OrganisationCode, History]
_DAY = timedelta(days=1)


def lay(history: Sequence[Organisation], period: Organisation) -> History:
    """The history with this period laid over it: what it covers is replaced, what lies outside stays.

    Raises InvalidValue for a period that begins after the code was closed (a code is never used again), ends before it
    begins, or would leave a gap.
    """
    begin, end = period.valid_from, period.valid_to
    if begin and end and end < begin:
        raise InvalidValue(f"{period.code}: {begin} > {end}")
    closed = history[-1].valid_to if history else None
    if closed and begin and begin > closed + _DAY:
        raise InvalidValue(f"{period.code}: mã đã đóng từ / closed since {closed + _DAY}, never used again")
    before = [_cut(each, end=begin - _DAY) for each in history if begin and _begins(each) < begin]
    after = [_cut(each, begin=end + _DAY) for each in history if end and _ends(each) > end]
    laid = (*before, period, *after)
    if any(_ends(first) + _DAY != second.valid_from for first, second in pairwise(laid)):
        raise InvalidValue(f"{period.code}: khoảng trống giữa hai thời kỳ / a gap between two periods")
    return _joined([*(replace(each, successors=()) for each in laid[:-1]), laid[-1]])


def _joined(periods: Sequence[Organisation]) -> History:
    """Two periods that say the same are one."""
    joined: list[Organisation] = []
    for each in periods:
        if joined and same_facts(joined[-1], each):
            joined[-1] = replace(each, valid_from=joined[-1].valid_from)
        else:
            joined.append(each)
    return tuple(joined)


def same_facts(first: Organisation, second: Organisation) -> bool:
    """Whether two periods say the same of the bearer, each of its own days."""
    dates = {"valid_from": None, "valid_to": None, "successors": ()}
    return replace(first, **dates) == replace(second, **dates)  # type: ignore[arg-type]  # each by its own name


def close(history: History, day: date, successors: tuple[OrganisationCode, ...] = ()) -> History:
    """The history of a code that is out of use from that day on, taken over by `successors`.

    Raises InvalidValue for a code that is not in force the day before.
    """
    kept = [each for each in history if _begins(each) < day]
    if not kept or _ends(kept[-1]) < day - _DAY:
        code = history[0].code if history else "–"
        raise InvalidValue(f"{code}: không có hiệu lực trước / not in force before {day}")
    return (*kept[:-1], replace(kept[-1], valid_to=day - _DAY, successors=successors))


def bearer(history: Sequence[Organisation], day: date) -> Organisation | None:
    """Who had the code that day."""
    return next((each for each in history if _begins(each) <= day <= _ends(each)), None)


def row(history: History, day: date) -> Organisation:
    """What a snapshot published that day says of the code: the facts of the day, the dates of its whole life.

    Before its first day the first facts, after its last the last ones.
    """
    first, last = history[0], history[-1]
    told = bearer(history, day) or (first if day < _begins(first) else last)
    closed = last.valid_to is not None and last.valid_to < day
    return replace(
        told,
        valid_from=first.valid_from,
        valid_to=last.valid_to,
        successors=last.successors,
        status=Status.CLOSED if closed else told.status,
    )


def _cut(period: Organisation, begin: date | None = None, end: date | None = None) -> Organisation:
    """The part of a period from, or up to, a day."""
    if begin is not None:
        return replace(period, valid_from=max(begin, _begins(period)))
    return replace(period, valid_to=end if end is None else min(end, _ends(period)))


def _begins(period: Organisation) -> date:
    return period.valid_from or date.min


def _ends(period: Organisation) -> date:
    return period.valid_to or date.max
