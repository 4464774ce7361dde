"""The console's rail: what the person's role opens, in sections, with what waits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.accounts.person import person
from apps.accounts.roles import may
from apps.operator.preferences import preference
from apps.ui.shape import Line


def rail(request: HttpRequest) -> dict[str, Any]:
    """The rail, asked only by pages that draw the console's frame; and what the site says on every page."""
    return {
        "console_rail": SimpleLazyObject(lambda: _rail(request)),
        "centre": SimpleLazyObject(lambda: preference("centre")),
        "site_notice": SimpleLazyObject(lambda: preference("notice")),
    }


def _rail(request: HttpRequest) -> list[dict[str, Any]]:
    open_to = [line for line in _lines() if may(person(request).role, line.right)]
    shown = [line for line in open_to if line.shown is None or line.shown(request)]
    places = {line.url: reverse(line.url) for line in shown}
    here = max((path for path in places.values() if request.path.startswith(path)), key=len, default="")
    sections = groupby(sorted(shown, key=_section), key=lambda line: line.section)
    return [
        {"title": title, "lines": [_drawn(line, places[line.url], here) for line in lines]} for title, lines in sections
    ]


def _lines() -> Iterator[Line]:
    for config in apps.get_app_configs():
        yield from getattr(config, "lines", ())


def _section(line: Line) -> int:
    """Sections in the order in which they first come."""
    return list(dict.fromkeys(each.section for each in _lines())).index(line.section)


def _drawn(line: Line, path: str, here: str) -> dict[str, Any]:
    return {"line": line, "path": path, "here": path == here, "count": line.count() if line.count else 0}
