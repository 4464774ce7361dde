"""Who works in an office of the demo, and an act of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.office.deed import Deed
from apps.staff.models import Duty, Post, Unit
from apps.staff.rights import root_of, standing_of
from lienthong.errors import ConfigurationInvalid


@dataclass(frozen=True, slots=True)
class Room:
    """A unit, its head and its officer."""

    unit: Unit
    head: User
    officer: User


@dataclass(frozen=True, slots=True)
class Cast:
    """One office: leader, clerk and two units."""

    code: str
    leader: User
    clerk: User
    rooms: tuple[Room, Room]


def cast_of(code: str) -> Cast:
    """From the posts that `seed` gave. ConfigurationInvalid when one is not held."""
    root = root_of(code)
    first, second = Unit.objects.filter(agency=code, parent=root, closed=None).order_by("pk")[:2]
    return Cast(code, _holder(root, Duty.LEADER), _holder(root, Duty.CLERK), (_room(first), _room(second)))


def deed(who: User, at: datetime | None = None) -> Deed:
    """An act of this person, now; or at a moment of the month, for what carries no signature."""
    return Deed(who, standing_of(who), at or timezone.now())


def _room(unit: Unit) -> Room:
    return Room(unit, _holder(unit, Duty.UNIT_HEAD), _holder(unit, Duty.OFFICER))


def _holder(unit: Unit, duty: str) -> User:
    post = Post.objects.filter(unit=unit, duty=duty).select_related("person").first()
    if post is None:
        raise ConfigurationInvalid(f"{unit}: {duty}")
    return post.person
