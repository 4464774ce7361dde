"""Where in a list a document was opened, so that next and previous keep the list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from apps.accounts.models import User
from apps.office.boxes import Box, box_of
from apps.office.finding.language import LONGEST
from apps.office.finding.results import look
from apps.office.lists import listing
from apps.staff.rights import standing_of
from lienthong.client import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """The list, and the ids before and after; empty at its ends."""

    query: str
    back: str
    label: str
    previous: str = ""
    next: str = ""


def place_of(asked: QueryDict, desk: Desk, person: User, package: str) -> Place | None:
    """From the address: `trong` (box) with `sau` (cursor), or `tim` (search); nothing when it was opened directly."""
    if "tim" in asked:
        return _in_search(asked, desk, person, package)
    lane, _, key = asked.get("trong", "").partition("/")
    box = box_of(lane, key)
    return _in_box(asked, desk, package, box, f"/{lane}/{key}/") if box else None


def _in_search(asked: QueryDict, desk: Desk, person: User, package: str) -> Place:
    text, after = asked.get("tim", "")[:LONGEST], asked.get("sau", "")
    cursor = {"sau": after} if after else {}
    back = "/tim/?" + urlencode({"q": text, **cursor})
    found = look(desk, standing_of(person), text, after).packages
    return _between(found, package, urlencode({"tim": text, **cursor}), back, "Tìm văn bản")


def _in_box(asked: QueryDict, desk: Desk, package: str, box: Box, path: str) -> Place:
    after = asked.get("sau", "")
    query = {"trong": path.strip("/")} | ({"sau": after} if after else {})
    back = path + ("?" + urlencode({"sau": after}) if after else "")
    entries = listing(desk, box, after).entries
    found = _between([entry.id for entry in entries], package, urlencode(query), back, box.label)
    gone = not any(entry.id == package for entry in entries)
    if gone and entries:  # an act moved it to another box: the list goes on with its first
        return Place(found.query, back, box.label, "", entries[0].id)
    return found


def _between(ids: list[str], package: str, query: str, back: str, label: str) -> Place:
    at = ids.index(package) if package in ids else -1
    before = ids[at - 1] if at > 0 else ""
    after = ids[at + 1] if 0 <= at < len(ids) - 1 else ""
    return Place(query, back, label, before, after)
