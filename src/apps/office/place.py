"""Where in a list a document was opened, so that next and previous keep the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from apps.office import boxes
from apps.office.boxes import Box
from apps.office.finding.language import LONGEST
from apps.office.finding.results import look
from apps.office.incoming import inboxes, lists
from apps.office.lists import listing
from apps.office.outgoing import inboxes as steps
from apps.staff.rights import Standing
from lienthong.client import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """The list, and the ids before and after; empty at its ends. `page` is the address under which they open."""

    query: str
    back: str
    label: str
    previous: str = ""
    next: str = ""
    page: str = "document"


def place_of(asked: QueryDict, desk: Desk, who: Standing, here: str) -> Place | None:
    """From the address: `trong` (box) with `sau` (cursor), or `tim` (search); nothing when it was opened directly.

    `here` is the id under which the document's page opens.
    """
    if "tim" in asked:
        return _in_search(asked, desk, who, here)
    lane, _, key = asked.get("trong", "").partition("/")
    if lane == "den":
        inbox = inboxes.box_of(key)
        return _in_inbox(asked, inbox, who, here) if inbox else None
    step = steps.box_of(key.removeprefix("viec/")) if asked.get("trong", "").startswith("di/viec/") else None
    if step is not None:
        pages = [str(document.pk) for document in steps.listed(step, who)]
        return replace(_in_list(pages, here, f"/di/viec/{step.key}/", "", step.label), page="outgoing")
    box = boxes.box_of(lane, key)
    return _in_box(asked, desk, here, box, f"/{lane}/{key}/") if box else None


def _in_search(asked: QueryDict, desk: Desk, who: Standing, here: str) -> Place:
    text, after = asked.get("tim", "")[:LONGEST], asked.get("sau", "")
    cursor = {"sau": after} if after else {}
    back = "/tim/?" + urlencode({"q": text, **cursor})
    found = look(desk, who, text, after).pages
    return _between(found, here, urlencode({"tim": text, **cursor}), back, "Tìm văn bản")


def _in_inbox(asked: QueryDict, box: inboxes.Box, who: Standing, here: str) -> Place:
    after = asked.get("sau", "")
    pages = lists.documents(box, who, after)
    return _in_list(pages, here, f"/den/{box.key}/", after, box.label)


def _in_box(asked: QueryDict, desk: Desk, here: str, box: Box, path: str) -> Place:
    after = asked.get("sau", "")
    pages = [entry.id for entry in listing(desk, box, after).entries]
    return _in_list(pages, here, path, after, box.label)


def _in_list(pages: list[str], here: str, path: str, after: str, label: str) -> Place:
    cursor = {"sau": after} if after else {}
    back = path + ("?" + urlencode(cursor) if cursor else "")
    found = _between(pages, here, urlencode({"trong": path.strip("/"), **cursor}), back, label)
    if pages and here not in pages:  # an act moved it to another box: the list goes on with its first
        return Place(found.query, back, label, "", pages[0])
    return found


def _between(pages: list[str], here: str, query: str, back: str, label: str) -> Place:
    at = pages.index(here) if here in pages else -1
    before = pages[at - 1] if at > 0 else ""
    after = pages[at + 1] if 0 <= at < len(pages) - 1 else ""
    return Place(query, back, label, before, after)
