"""Organisations from a table that people keep (Excel, CSV): every fault by its row, and what would come of it.

The first row names the columns, in Vietnamese or English, in any order. Each further row is a period of one code, laid
over what is known of it; a row without a first day begins on the day of the import.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from lienthong.document.codes import OrganisationCode
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue
from lienthong.registry.findings import Finding, check_organisations
from lienthong.registry.history import Histories, History, bearer, lay, row
from lienthong.registry.model import Contact, Level, Organisation, OrganisationKind, Status

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("Mã định danh", "Mã", "code"),
    "legacy_code": ("Mã cũ", "Mã định danh cũ", "legacy_code"),
    "name": ("Tên cơ quan", "Tên", "Tên đơn vị", "name"),
    "name_en": ("Tên tiếng Anh", "name_en"),
    "level": ("Cấp", "level"),
    "parent": ("Mã cấp trên", "Cơ quan cấp trên", "parent"),
    "kind": ("Loại", "kind"),
    "status": ("Tình trạng", "status"),
    "valid_from": ("Hiệu lực từ", "valid_from"),
    "valid_to": ("Hiệu lực đến", "valid_to"),
    "successors": ("Mã kế thừa", "Cơ quan kế thừa", "successors"),
    "email": ("Thư điện tử", "email"),
    "phone": ("Điện thoại", "phone"),
    "fax": ("Fax", "fax"),
    "address": ("Địa chỉ", "address"),
    "website": ("Trang web", "website"),
}
"""What each column may be called; the first is what an export writes."""

NEEDED = ("code", "name", "level")
CONTACT = ("email", "phone", "fax", "address", "website")
MOST_CHARACTERS = 500
_QUOTED = ("=", "+", "-", "@")
"""What spreadsheets would run, were there no quote before it."""
_KINDS = {"Cơ quan": OrganisationKind.AGENCY, "Đơn vị": OrganisationKind.UNIT, "agency": OrganisationKind.AGENCY,
          "unit": OrganisationKind.UNIT, "": OrganisationKind.AGENCY}  # fmt: skip
_STATUSES = {"Đang hoạt động": Status.ACTIVE, "Tạm khóa": Status.LOCKED, "Đã đóng": Status.CLOSED, "": Status.ACTIVE,
             "active": Status.ACTIVE, "locked": Status.LOCKED, "closed": Status.CLOSED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What is wrong, in which row of the table (1 is the heading) and column; row 0 is the table or the directory."""

    row: int
    column: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A table that was read: its periods by row, and the whole histories of the codes it touches, before and after."""

    rows: int
    before: Mapping[OrganisationCode, History]
    after: Mapping[OrganisationCode, History]
    findings: tuple[RowFinding, ...]


def take_in(table: Iterable[Sequence[Any]], known: Histories, levels: Sequence[Level], day: date) -> Intake:
    """Read a table against the whole directory as known. Nothing may be taken from it unless there is no finding."""
    lines = enumerate(table, 1)
    _, heading = next(lines, (1, ()))
    places, findings = _places(heading)
    read = _Read(known, {each.id: each for each in levels}, day, findings)
    if not findings:
        for number, cells in lines:
            if any(_text(cell) for cell in cells):
                read.take(number, {name: _text(cells[at]) for name, at in places.items() if at < len(cells)})
    read.finish()
    before = {code: known[code] for code in read.after if code in known}
    return Intake(read.count, before, read.after, tuple(sorted(read.findings, key=lambda each: each.row)))


def _places(heading: Sequence[Any]) -> tuple[dict[str, int], list[RowFinding]]:
    wanted = {folded(word): name for name, words in COLUMNS.items() for word in words}
    places: dict[str, int] = {}
    findings = []
    for at, cell in enumerate(heading):
        title = _text(cell).strip("\ufeff* ")
        name = wanted.get(folded(title))
        if title and (name is None or name in places):
            vi, en = ("cột lạ", "unknown column") if name is None else ("cột lặp lại", "column given twice")
            findings.append(RowFinding(1, title, vi, en))
        elif name is not None:
            places[name] = at
    findings += [
        RowFinding(1, COLUMNS[name][0], "thiếu cột", "column missing") for name in NEEDED if name not in places
    ]
    return places, findings


class _Read:
    """Rows laid one by one over what is known."""

    def __init__(self, known: Histories, levels: Mapping[str, Level], day: date, findings: list[RowFinding]) -> None:
        self.known, self.levels, self.day, self.findings = known, levels, day, findings
        self._level_names = {name: each.id for each in levels.values() for name in (each.vi, each.en, each.id)}
        self.after: dict[OrganisationCode, History] = {}
        self.rows_of: defaultdict[OrganisationCode, list[tuple[int, Organisation]]] = defaultdict(list)
        self.count = 0

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        self.count += 1
        faults = len(self.findings)
        period = self._period(number, cells)
        if period is None or len(self.findings) > faults:
            return
        if not self._apart(number, period):
            return
        try:
            laid = lay(self._known(period.code), period)
        except InvalidValue as error:
            self._fault(number, "code", error.detail, error.detail)
            return
        self.after[period.code] = laid
        self.rows_of[period.code].append((number, period))

    def finish(self) -> None:
        """What only the whole directory shows: orphans, loops, codes given twice."""
        whole = {**self.known, **self.after}
        rows = tuple(row(history, self.day) for history in whole.values())
        places: dict[str, int] = {}
        for number, period in (each for given in self.rows_of.values() for each in given):
            places[f"organisation {period.code}"] = places[f"organisation {period.legacy_code}"] = number
        found = check_organisations(rows, tuple(self.levels.values()))
        self.findings += [_by_row(each, places) for each in found]

    def _fault(self, number: int, name: str, vi: str, en: str) -> None:
        self.findings.append(RowFinding(number, COLUMNS[name][0], vi, en))

    def _apart(self, number: int, period: Organisation) -> bool:
        """Two rows of one code must not speak of the same day."""
        for other, theirs in self.rows_of[period.code]:
            if _overlap(theirs, period):
                vi, en = f"trùng thời gian với dòng {other}", f"overlaps row {other}"
                self._fault(number, "code", vi, en)
                return False
        return True

    def _period(self, number: int, cells: Mapping[str, str]) -> Organisation | None:
        """The period of a row. A column the table lacks leaves what is known; an empty cell takes it away."""
        for name in NEEDED:
            if not cells.get(name):
                self._fault(number, name, "bỏ trống", "is empty")
        for name, text in cells.items():
            if len(text) > MOST_CHARACTERS or any(ord(sign) < 32 for sign in text):
                self._fault(number, name, "quá dài hoặc có ký tự lạ", "is too long or has control characters")
        codes = self._codes(number, cells)
        if codes is None:
            return None
        code = codes["code"][0]
        begin, end = self._days(number, cells, code)
        known = self._known(code)
        base = bearer(known, begin or date.min) or (known[-1] if known else Organisation(code, "", ""))
        status = self._one_of(number, "status", _STATUSES, cells, base.status)
        if status is Status.CLOSED and end is None:
            self._fault(number, "valid_to", "đã đóng nhưng thiếu ngày đóng", "is closed without a closing day")
        return Organisation(
            code=code,
            name=cells.get("name", ""),
            level=self._one_of(number, "level", self._level_names, cells, "") or "",
            legacy_code=_first(codes["legacy_code"]) if "legacy_code" in cells else base.legacy_code,
            name_en=cells["name_en"] or None if "name_en" in cells else base.name_en,
            parent=_first(codes["parent"]) if "parent" in cells else base.parent,
            kind=self._one_of(number, "kind", _KINDS, cells, base.kind) or OrganisationKind.AGENCY,
            valid_from=begin,
            valid_to=end,
            status=Status.LOCKED if status is Status.LOCKED else Status.ACTIVE,
            successors=codes["successors"] if "successors" in cells else base.successors,
            contact=_contact(cells, base.contact),
        )

    def _days(self, number: int, cells: Mapping[str, str], code: OrganisationCode) -> tuple[date | None, date | None]:
        """First and last day. One who only says when a code ended speaks of its last period."""
        begin, end = self._day(number, "valid_from", cells), self._day(number, "valid_to", cells)
        known = self._known(code)
        if "valid_to" not in cells and known and (known[-1].valid_to or date.max) >= self.day:
            end = known[-1].valid_to
        if begin is not None:
            return begin, end
        if end is not None and end < self.day:
            return (known[-1].valid_from if known else None), end
        begun = known[0].valid_from if known else None
        return (max(begun, self.day) if begun else self.day), end

    def _known(self, code: OrganisationCode) -> History:
        return self.after.get(code) or self.known.get(code, ())

    def _codes(self, number: int, cells: Mapping[str, str]) -> dict[str, tuple[OrganisationCode, ...]] | None:
        found = {}
        for name in ("code", "legacy_code", "parent", "successors"):
            texts = re.split(r"[\s,;]+", cells.get(name, "")) if name == "successors" else [cells.get(name, "")]
            try:
                found[name] = tuple(OrganisationCode.parse(text) for text in texts if text)
            except InvalidValue as error:
                self._fault(number, name, f"sai dạng: {error.detail}", f"malformed: {error.detail}")
        return found if len(found) == 4 and found["code"] else None

    def _day(self, number: int, name: str, cells: Mapping[str, str]) -> date | None:
        text = cells.get(name, "")
        if not text:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  a day, whatever the zone
            except ValueError:
                continue
        self._fault(number, name, f"không phải ngày: {text}", f"is not a day: {text}")
        return None

    def _one_of(self, number: int, name: str, known: Mapping[str, Any], cells: Mapping[str, str], absent: Any) -> Any:
        if name not in cells:
            return absent
        text = cells[name]
        found = known[text] if text in known else _named(text, tuple(known.items()))
        if found is None and text:
            allowed = ", ".join(filter(None, known))
            self._fault(number, name, f"không có giá trị {text}; có: {allowed}", f"unknown {text}; known: {allowed}")
        return found


def _overlap(first: Organisation, second: Organisation) -> bool:
    begins = max(first.valid_from or date.min, second.valid_from or date.min)
    return begins <= min(first.valid_to or date.max, second.valid_to or date.max)


@lru_cache(1024)
def _named(text: str, known: tuple[tuple[str, Any], ...]) -> Any:
    """The value whose word it is, case and accents aside."""
    return next((value for word, value in known if folded(word) == folded(text)), None)


def _first(codes: Sequence[OrganisationCode]) -> OrganisationCode | None:
    return codes[0] if codes else None


def _contact(cells: Mapping[str, str], base: Contact | None) -> Contact | None:
    known = base or Contact()
    told = Contact(**{name: cells.get(name, getattr(known, name)) for name in CONTACT})
    return told if told != Contact() else None


def _by_row(found: Finding, rows: Mapping[str, int]) -> RowFinding:
    return RowFinding(rows.get(found.where, 0), found.where, found.vi, found.en)


def _text(cell: Any) -> str:
    """A cell as people mean it: days in ISO form, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _QUOTED else text


def table_of(organisations: Iterable[Organisation]) -> Iterator[tuple[str, ...]]:
    """Organisations as such a table, heading first; what `take_in` reads again."""
    yield tuple(words[0] for words in COLUMNS.values())
    for each in organisations:
        contact = each.contact or Contact()
        yield (
            str(each.code), str(each.legacy_code or ""), each.name, each.name_en or "", each.level,
            str(each.parent or ""), each.kind, each.status, _iso(each.valid_from), _iso(each.valid_to),
            " ".join(map(str, each.successors)), *(getattr(contact, name) for name in CONTACT),
        )  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
