"""A workplace: its first page, rail and search box. An app people work in says so in its `AppConfig`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.http import HttpRequest

from apps.accounts.roles import Right


@dataclass(frozen=True, slots=True)
class Frame:
    """`home` is an address, `rail` and `bell` are templates, `search` the name of the address that takes `q`."""

    home: str
    rail: str
    search: str
    find: str
    hint: str
    bell: str = ""


def frame_of(workplace: str) -> Frame:
    """The frame of that app."""
    frame: Frame = apps.get_app_config(workplace).frame  # type: ignore[attr-defined]  # apps people work in have one
    return frame


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the console's rail. An app adds its lines by a `lines` of its `AppConfig`, in the order of the apps.

    `url` is the name of an address, `right` what opens it (`accounts.roles`), `count` says how many wait there,
    `shown` whether whoever looks at this page has anything to do there.
    """

    label: str
    icon: str
    url: str
    right: Right
    section: str
    count: Callable[[], int] | None = None
    shown: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A line an app adds elsewhere by a `links` of its `AppConfig`: "office" is its rail, "door" where one signs in."""

    label: str
    icon: str
    url: str


def links(place: str) -> list[Link]:
    """What the apps of this site add there, in their order."""
    found = (getattr(config, "links", {}).get(place) for config in apps.get_app_configs())
    return [link for link in found if link is not None]
