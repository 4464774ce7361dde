"""The number on the bell: what its list has unread, asked for once in a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from apps.office.lists import spoken
from apps.office.overview.notices import Notice, notices, unread
from apps.staff.rights import Standing

LASTS = 20
"""Seconds a number is kept for pages that show the bell alone; the list itself, and an act, ask anew."""


@dataclass(frozen=True, slots=True)
class Bell:
    """What the frame shows: how many, as words, empty for none; whether one is urgent. Nobody's `rings` not."""

    rings: bool = False
    count: str = ""
    urgent: bool = False


def bell_of(person: Standing) -> Bell:
    """Of an administrator alone, who has no documents, nothing."""
    if person.only_administers:
        return Bell()
    known: Bell | None = cache.get(_key(person))
    return known or counted(person, notices(person))


def counted(person: Standing, found: Iterable[Notice]) -> Bell:
    """What the bell shows on the page that lists these."""
    new = unread(found)
    told = Bell(rings=True, count=spoken(len(new)), urgent=any(one.urgent for one in new))
    cache.set(_key(person), told, LASTS)
    return told


def forget(person: Standing) -> None:
    """The next page asks anew."""
    cache.delete(_key(person))


def _key(person: Standing) -> str:
    return f"bell:{person.person.pk}"
