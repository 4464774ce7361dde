"""Who somebody is today: posts held, posts acted for, and the units they reach. The one source of every right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.person import person
from apps.staff.calendar import Calendar, calendar_of
from apps.staff.models import Delegation, Duty, Post, Unit, held_on
from lienthong.errors import InvalidValue

WHOLE_AGENCY = frozenset({Duty.LEADER, Duty.OFFICE_HEAD, Duty.CLERK, Duty.INSPECTOR})
WHOLE_UNIT = frozenset({Duty.UNIT_HEAD, Duty.UNIT_CLERK})
CLERKS = frozenset({Duty.CLERK, Duty.UNIT_CLERK})
HEADS = frozenset({Duty.LEADER, Duty.OFFICE_HEAD, Duty.UNIT_HEAD})


@dataclass(frozen=True)
class Standing:
    """A person today. `units` are those whose papers are this person's to see whole; `principals` whom they act for."""

    person: User
    agency: str
    duties: frozenset[str]
    posts: tuple[Post, ...]
    units: frozenset[int]
    principals: tuple[Delegation, ...] = ()

    @property
    def home(self) -> int | None:
        """The unit of the main post."""
        return self.posts[0].unit_id if self.posts else None

    @cached_property
    def calendar(self) -> Calendar:
        """Working days of the agency, asked for once a standing."""
        return calendar_of(self.agency)

    def has(self, *duties: str) -> bool:
        """Whether one of these duties is held today."""
        return not self.duties.isdisjoint(duties)

    @property
    def only_administers(self) -> bool:
        """An administrator keeps people and units, and reads no document by that."""
        return self.duties == {Duty.ADMINISTRATOR}

    def may_act_for(self, person: int, act: str) -> Delegation | None:
        """The delegation by which this person does the act for another, if there is one today."""
        return next((one for one in self.principals if one.giver.person_id == person and act in one.acts), None)


def standing_of(person: User, day: date | None = None) -> Standing:
    """What a person is on a day, today's if none is named. Somebody without a post sees nothing."""
    day = day or timezone.localdate()
    posts = tuple(Post.objects.filter(held_on(day), person=person, unit__agency=person.agency).select_related("unit"))
    acting = Delegation.objects.filter(held_on(day), receiver=person, giver__unit__agency=person.agency)
    principals = tuple(acting.select_related("giver__person", "giver__unit"))
    return Standing(
        person=person,
        agency=person.agency,
        duties=frozenset(post.duty for post in posts),
        posts=posts,
        units=_reached(person.agency, posts),
        principals=principals,
    )


def asking(request: HttpRequest) -> Standing:
    """The standing of who asks, looked up once a request. PermissionDenied for nobody."""
    known: Standing | None = getattr(request, "standing", None)
    if known is None:
        known = standing_of(person(request))
        request.standing = known  # type: ignore[attr-defined]  # Django's own middleware hangs things here, too
    return known


def _reached(agency: str, posts: Iterable[Post]) -> frozenset[int]:
    roots = [post.unit_id for post in posts if post.duty in WHOLE_UNIT]
    whole = any(post.duty in WHOLE_AGENCY for post in posts)
    parents = dict(Unit.objects.filter(agency=agency).values_list("id", "parent_id"))
    return frozenset(parents) if whole else frozenset(unit for unit in parents if _under(unit, roots, parents))


def _under(unit: int | None, roots: Iterable[int], parents: dict[int, int | None]) -> bool:
    seen: set[int] = set()
    while unit is not None and unit not in seen:
        if unit in roots:
            return True
        seen.add(unit)
        unit = parents.get(unit)
    return False


def root_of(agency: str) -> Unit:
    """The unit that is the agency itself, made when it is first needed."""
    known = settings.CONFIG.of(agency)
    name = known.name[:200] if known else agency
    found, _ = Unit.objects.get_or_create(agency=agency, parent=None, defaults={"name": name})
    return found


def first_post(person: User, duty: str, unit: str = "", title: str = "") -> None:
    """The post of somebody who never had one, in the unit of that name or the agency itself. InvalidValue: no duty."""
    if duty not in Duty:
        raise InvalidValue(f"{person.username}: {duty}")
    if not Post.objects.filter(person=person).exists():
        place, today = _named(person.agency, unit), timezone.localdate()
        Post.objects.create(person=person, unit=place, title=title or Duty(duty).label, duty=duty, since=today)


def _named(agency: str, name: str) -> Unit:
    root = root_of(agency)
    known = Unit.objects.filter(agency=agency, name=name, closed=None).first() if name else root
    return known or Unit.objects.create(agency=agency, parent=root, name=name)
