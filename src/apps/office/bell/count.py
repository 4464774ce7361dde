"""The number on the bell: what its list has unread, asked for once in a while."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from apps.office.lists import spoken
from apps.office.overview import notices
from apps.staff.rights import Standing

LASTS = 20
"""Seconds a number is kept; the list itself, and an act, ask anew."""


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
    return known or _counted(person)


def forget(person: Standing) -> None:
    """The next page, or the rest of this one, asks anew."""
    cache.delete(_key(person))


def _counted(person: Standing) -> Bell:
    new, urgent = notices.count(person)
    told = Bell(rings=True, count=spoken(new), urgent=urgent)
    cache.set(_key(person), told, LASTS)
    return told


def _key(person: Standing) -> str:
    return f"bell:{person.person.pk}"
