"""The rail: a person's own work first, the rest folded away under a few headings that remember whether they are open.

A line is a box: its label, its address and its count come from one object. The browser keeps which headings are open
in a cookie, so that a page is drawn as it was left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.office.boxes import OUTGOING
from apps.office.desk import desk_of
from apps.office.drafts import begun_of
from apps.office.finding.saved import lines as saved_lines
from apps.office.incoming import inboxes as incoming
from apps.office.incoming import lists
from apps.office.incoming.inboxes import boxes_of
from apps.office.lists import COUNTED, counts, spoken, together, up_to
from apps.office.outgoing import inboxes as outgoing
from apps.office.rules.working import KEEPERS
from apps.staff.models import Duty
from apps.staff.rights import Standing
from apps.ui.shape import links
from lienthong.errors import LienThongError

COOKIE = "rail"
"""Keys of open headings, with dots between them; written by `app.js`."""
ESSENTIALS = 4
"""Lines of a telephone's bar; the fifth place opens the rest."""
MINE = (
    "cho-tiep-nhan", "cho-tra-loi", "cho-but-phe", "cho-ky", "cho-cap-so", "cho-toi-duyet", "cho-xu-ly",
    "xin-y-kien", "de-biet", "qua-han", "du-thao-cua-toi", "can-xem",
)  # fmt: skip
"""What asks for something, in the order in which a day begins; each stands in the rail of those whose work it is."""
GO = {
    "cho-tiep-nhan": "n", "cho-but-phe": "b", "cho-ky": "k", "cho-cap-so": "s", "cho-toi-duyet": "d",
    "cho-xu-ly": "x", "xin-y-kien": "y", "qua-han": "q", "du-thao-cua-toi": "u", "can-xem": "c", "da-phat-hanh": "p",
    "overview": "t", "drafts": "h", "cases": "f",
}  # fmt: skip
DRAFTS = "drafts"
CLERKS_ALONE = frozenset({"can-xem"})
DRAFTERS_ALONE = frozenset({"du-thao-cua-toi"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `key` is the box's; a label that is a person's own words is `told`, and shown as it is."""

    key: str
    path: str
    label: str
    icon: str
    count: str = ""
    here: bool = False
    told: bool = False

    @property
    def go(self) -> str:
        """The letter that leads here after `g`."""
        return GO.get(self.key, "")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; one that folds shows them only when it is open."""

    key: str
    label: str
    lines: tuple[Line, ...]
    folds: bool = True
    open: bool = False


@dataclass(frozen=True, slots=True)
class Rail:
    """All of it. `essentials` are the lines of a telephone's bar; `writes`: whether documents are made here."""

    sections: tuple[Section, ...]
    essentials: tuple[Line, ...]
    writes: bool


def rail_of(request: HttpRequest, who: Standing) -> Rail:
    """The rail of whoever asks; a gateway that is away costs its counts, never the page."""
    if who.only_administers:
        people = _people(request, who)
        lines = (*_brought(request), *people)
        return Rail((Section("viec", "", lines, folds=False),), people[:ESSENTIALS], writes=False)
    held = _counted(who)
    boxes = [*_incoming(request, who, held), *_steps(request, who, held), *_sent(request, who)]
    mine = tuple(sorted((one for one in boxes if _asks(one, who)), key=lambda one: MINE.index(one.key)))
    rest = [one for one in boxes if one not in mine]
    opened = frozenset(request.COOKIES.get(COOKIE, "").split("."))
    sections = (
        Section("them", "", _brought(request), folds=False),
        Section("viec", "Việc của tôi", mine, folds=False),
        Section("luu", "Cách tìm đã lưu", _saved(request, who), folds=False),
        _folding("den", "Văn bản đến", _under("/den/", rest), opened),
        _folding("di", "Văn bản đi", _under("/di/", rest) + _drafts(request, held), opened),
        _folding("ho-so", "Hồ sơ, sổ sách", _linked(request, FILES), opened),
        _folding("thiet-lap", "Thiết lập", _settings(request, who), opened),
    )
    essentials = (*mine, *_linked(request, FILES[:1]), *_under("/den/", rest)[::-1])[:ESSENTIALS]
    return Rail(tuple(one for one in sections if one.lines), essentials, writes=True)


def _asks(line: Line, who: Standing) -> bool:
    if line.key in CLERKS_ALONE:
        return who.has(Duty.CLERK)
    if line.key in DRAFTERS_ALONE:
        return who.has(Duty.OFFICER) or bool(line.count)
    return line.key in MINE


def _folding(key: str, label: str, lines: Iterable[Line], opened: frozenset[str]) -> Section:
    """Where the person is stays in sight, whatever was folded."""
    held = tuple(lines)
    return Section(key, label, held, open=key in opened or any(one.here for one in held))


def _under(path: str, lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(one for one in lines if one.path.startswith(path))


# ---------------------------------------------------------------- lines


def _counted(who: Standing) -> dict[str, int]:
    """All that the register itself counts for the rail, in one question."""
    asked = incoming.asked(boxes_of(who), who, timezone.now()) | outgoing.asked(who)
    return together(who.person, asked | {DRAFTS: up_to(COUNTED, begun_of(who.agency))})


def _incoming(request: HttpRequest, who: Standing, held: Mapping[str, int]) -> list[Line]:
    return [_box(request, one.key, f"/den/{one.key}/", one.label, one.icon, number)
            for one, number in lists.shown_to(who, held)]  # fmt: skip


def _steps(request: HttpRequest, who: Standing, held: Mapping[str, int]) -> list[Line]:
    return [_box(request, one.key, reverse("outgoing-box", args=[one.key]), one.label, one.icon, number)
            for one, number in outgoing.shown_to(who, held)]  # fmt: skip


def _sent(request: HttpRequest, who: Standing) -> list[Line]:
    known: Mapping[str, int] = {}
    with suppress(LienThongError):
        known = counts(desk_of(request), who.agency)
    return [_box(request, one.key, f"/di/{one.key}/", one.label, one.icon,
                 str(known.get(one.holds) or "") if one.counted else "") for one in OUTGOING]  # fmt: skip


def _box(request: HttpRequest, key: str, path: str, label: str, icon: str, count: str) -> Line:
    inside = request.GET.get("trong", "") == path.strip("/")
    return Line(key, path, label, icon, count, here=request.path == path or inside)


def _drafts(request: HttpRequest, held: Mapping[str, int]) -> tuple[Line, ...]:
    return (replace(_link(request, DRAFTS, "Bản nháp", "draft"), count=spoken(held[DRAFTS])),)


def _saved(request: HttpRequest, who: Standing) -> tuple[Line, ...]:
    return tuple(
        Line(f"luu-{one.view.pk}", one.path, one.view.label, "search", one.count, one.here, told=True)
        for one in saved_lines(request, who)
    )


FILES = (
    ("overview", "Tổng quan", "chart"),
    ("internal", "Văn bản nội bộ", "office"),
    ("cases", "Hồ sơ công việc", "folder"),
    ("handovers", "Nộp lưu", "archive"),
    ("copies", "Sổ sao văn bản", "copies"),
    ("registers", "Sổ đăng ký", "book"),
)


def _linked(request: HttpRequest, links: Iterable[tuple[str, str, str]]) -> tuple[Line, ...]:
    return tuple(_link(request, *one) for one in links)


def _link(request: HttpRequest, url: str, label: str, icon: str) -> Line:
    path = reverse(url)
    return Line(url, path, label, icon, here=request.path.startswith(path))


def _brought(request: HttpRequest) -> tuple[Line, ...]:
    """What other apps of the site add."""
    return _linked(request, [(one.url, one.label, one.icon) for one in links("office")])


def _settings(request: HttpRequest, who: Standing) -> tuple[Line, ...]:
    numbers = [("outgoing-numbers", "Số văn bản đi", "file")] if who.has(Duty.CLERK, Duty.OFFICE_HEAD) else []
    return _linked(request, [*numbers, ("phrases", "Mẫu câu", "answer")]) + _people(request, who)


def _people(request: HttpRequest, who: Standing) -> tuple[Line, ...]:
    """What those who keep an agency's ways and people have."""
    ways = [("rules", "Quy tắc tự động", "bolt")] if who.has(*KEEPERS) else []
    router = who.has(Duty.LEADER, Duty.OFFICE_HEAD, Duty.ADMINISTRATOR)
    routes = [("outgoing-steps", "Các bước duyệt", "redirect")] if router else []
    staff = [("staff", "Nhân sự", "person")] if who.has(Duty.ADMINISTRATOR) else []
    return _linked(request, [*staff, *routes, *ways, ("my-guide", "Hướng dẫn", "book")])
