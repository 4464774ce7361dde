"""The next page of a list, for `ui/more.html`."""

from __future__ import annotations

from django.http import QueryDict


def onward(asked: QueryDict, name: str, place: object) -> str:
    """The same question, its answer to begin at a place; nothing where there is no place to go on from."""
    if not place:
        return ""
    again = asked.copy()
    again[name] = str(place)
    return again.urlencode()
