"""What is new for somebody: work given, steps of drafts, flash documents, tasks, files for the archive, a rule's word.

Notices are questions about the rows themselves, so none is left over when the work is done and none is sent for it.
The page, the bell and both kinds of e-mail ask here, and nowhere else: a number is counted by what its list is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from apps.office.lists import COUNTED, Counted, together
from apps.office.models import Assignment, Channel, Kind, Mailing, ReadNotice
from apps.office.overview.kinds import SOURCES, Walk
from apps.staff.rights import Standing

MOST = 500
"""Notices of one person; whoever has more sees these first."""
ENOUGH = 25
"""Lines that make a page."""
SETTLED = timedelta(minutes=1)
"""What is older was there for whoever opened the list: no act takes so long to be seen."""
ALL = tuple(Kind)
_ORDER = ("read", "-urgent", "-since", "key")
_NONE = Walk(Assignment.objects.none(), "row-", "given")


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to do or to know: since when, in words, where. `key` names it for good; `read` by this person."""

    kind: str
    key: str
    at: datetime
    text: str
    address: str
    urgent: bool = False
    read: bool = False


class Head(NamedTuple):
    """What the database tells of a notice of any kind, by which it is sorted and found."""

    kind: str
    key: str
    pk: int
    since: datetime
    urgent: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of notices; `next` is the cursor of the following one."""

    lines: list[Notice] = field(default_factory=list)
    next: str = ""


def listing(person: Standing, after: str = "", most: int = ENOUGH) -> Listing:
    """One page of `notices`, and where the next begins: what is read or done meanwhile moves nothing."""
    found = _told(_heads(person, wishes_of(person).kinds(Channel.PAGE), most + 1, _after(after)))
    return Listing(found[:most], _cursor(found[most - 1]) if len(found) > most else "")


def notices(person: Standing, most: int = MOST) -> list[Notice]:
    """What the person wants on the page: unread before read, urgent first, then the newest."""
    return everything(person, wishes_of(person).kinds(Channel.PAGE), most)


def everything(person: Standing, kinds: Collection[Kind] = ALL, most: int = MOST) -> list[Notice]:
    """The same of these kinds, whatever the person wishes for the page."""
    return _told(_heads(person, kinds, most, Q()))


def named(person: Standing, key: str) -> Notice | None:
    """The notice of this key, as long as it is one."""
    found = _in_one(person, ALL, lambda kind, walk: walk.heads(kind, person).filter(key=key).values_list(*Head._fields))
    return next(iter(_told(found)), None)


def unread(found: Iterable[Notice]) -> list[Notice]:
    """Those not read yet."""
    return [one for one in found if not one.read]


def count(person: Standing) -> tuple[int, bool]:
    """How many `notices` are unread, up to COUNTED, and whether one of all these is urgent, in one question."""
    kinds = wishes_of(person).kinds(Channel.PAGE)
    new = _in_one(person, kinds, lambda _kind, walk: walk.unread(person).values("pk"))
    urgent = _in_one(person, kinds, lambda _kind, walk: walk.urgent(person).values("pk"))
    told = together(person.person, {"new": Counted(new[:COUNTED]), "urgent": Counted(urgent[:1])})
    return told["new"], bool(told["urgent"])


def wishes_of(person: Standing) -> Mailing:
    """How the person wants to hear of it, asked once a page; everything by every way until said otherwise."""
    known: Mailing | None = getattr(person.person, "mailing", None)
    return known or Mailing(person_id=person.person.pk)


def mark_read(person: Standing, keys: Iterable[str], shown: datetime | None = None) -> None:
    """These have been read, and all that was on the page's list when it was `shown`; what is no notice is forgotten."""
    ReadNotice.objects.filter(person=person.person).exclude(key__in=_keys(person)).delete()
    read = {*_keys(person, key__in=set(keys)), *(_unread_before(person, shown - SETTLED) if shown else ())}
    ReadNotice.objects.bulk_create([ReadNotice(person=person.person, key=key) for key in read], ignore_conflicts=True)


def _keys(person: Standing, **which: object) -> QuerySet[Any]:
    """Of all notices, or of some."""
    return _in_one(person, ALL, lambda _kind, walk: walk.keyed().filter(**which).values_list("key", flat=True))


def _unread_before(person: Standing, moment: datetime) -> QuerySet[Any]:
    """The keys of those on the page."""
    kinds = wishes_of(person).kinds(Channel.PAGE)
    return _in_one(
        person, kinds, lambda _kind, walk: walk.unread(person).filter(since__lt=moment).values_list("key", flat=True)
    )


def _heads(person: Standing, kinds: Collection[Kind], most: int, where: Q) -> QuerySet[Any]:
    """The first so many that `where` leaves."""
    found = _in_one(person, kinds, lambda kind, walk: walk.heads(kind, person).filter(where).values_list(*Head._fields))
    return found.order_by(*_ORDER)[:most]


def _cursor(last: Notice) -> str:
    return f"{last.read:d}_{last.urgent:d}_{last.at.isoformat()}_{last.key}"


def _after(cursor: str) -> Q:
    """What follows a cursor in the order of the list; everything for one that is none."""
    try:
        read, urgent, told, key = cursor.split("_", 3)
        since = datetime.fromisoformat(told)
    except ValueError:
        return Q()
    if since.tzinfo is None:
        return Q()
    at = Q(read=read == "1")
    found = at & Q(urgent=urgent == "1") & (Q(since__lt=since) | Q(since=since, key__gt=key))
    found |= at & Q(urgent=False) if urgent == "1" else Q()
    return found | Q(read=True) if read != "1" else found


def _in_one(person: Standing, kinds: Iterable[Kind], asks: Callable[[Kind, Walk], QuerySet[Any]]) -> QuerySet[Any]:
    """All walks of these kinds as one question."""
    walks = [asks(kind, walk) for kind in kinds for walk in SOURCES[kind].walks(person)]
    return asks(Kind.WORK, _NONE).union(*walks, all=True)


def _told(found: Iterable[tuple[Any, ...]]) -> list[Notice]:
    """In their order and in words: the rows of each kind are read together."""
    heads, wanted = [Head(*each) for each in found], defaultdict[Kind, list[int]](list)
    for head in heads:
        wanted[Kind(head.kind)].append(head.pk)
    rows = {(kind, pk): row for kind, pks in wanted.items() for pk, row in SOURCES[kind].rows.in_bulk(pks).items()}
    return [
        Notice(head.kind, head.key, head.since, *SOURCES[Kind(head.kind)].said(row), head.urgent, head.read)
        for head in heads
        if (row := rows.get((Kind(head.kind), head.pk)))
    ]
