"""Reading one element's children by local name, with every repair noted."""

import re
from datetime import date, datetime

from lienthong.document import (
    DocumentId,
    DocumentNumber,
    OrganisationCode,
    edxml_date,
    edxml_time,
    is_absent,
    nfc,
    read_date,
    read_time,
)
from lienthong.envelope.node import Node
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable, InvalidValue

# Fields that strict writers leave empty when there is nothing to say: their emptiness is no news.
_OFTEN_EMPTY = frozenset({
    "organizationincharge", "organadd", "email", "telephone", "fax", "website", "place", "content", "competence",
    "position", "duedate", "typernotation", "sphereofpromulgation", "bussinessdocreason", "description", "department",
    "departmentid", "staff", "staffid", "mobile", "timestamp", "codenumber", "codenotation", "promulgationdate",
    "typename", "fullname", "organname", "subject", "appendix", "replyfors", "referencecodes",
})  # fmt: skip
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_NONE: list[Node] = []
_TRUE, _FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})


class Fields:
    """The children of one element. Asking for a name marks it known; what nobody asked for is `unknown`."""

    def __init__(self, node: Node, where: str, repairs: Repairs) -> None:
        self.node = node
        self.where = where
        self.repairs = repairs
        self._asked: set[str] = set()
        self._children: dict[str, list[Node]] = {}
        for child in node.children:
            self._children.setdefault(child.key, []).append(child)

    def note(self, code: str, name: str = "") -> None:
        """Note a warning at this element or a child of it."""
        self.repairs.note(code, f"{self.where}/{name}" if name else self.where)

    def knows(self, key: str) -> bool:
        """Whether a child of this name was asked for: one that strayed here from elsewhere would gain a meaning."""
        return key in self._asked

    def has(self, *names: str) -> bool:
        """Whether a child of any of these names stands here."""
        return bool(self._all(names))

    def texts(self, *names: str) -> tuple[str, ...]:
        """The values of all children of these names, absent ones left out."""
        return tuple(filter(None, map(self._text, self._all(names))))

    def text(self, *names: str) -> str:
        """The value of the first such child on one line, or empty."""
        child = self._first(names)
        value = self._text(child) if child else ""
        return " ".join(value.split()) if value else ""

    def lines(self, *names: str) -> str:
        """The value of the first such child with its line breaks, or empty."""
        child = self._first(names)
        return self._text(child) if child else ""

    def required(self, *names: str) -> str:
        """As `text`; its absence is noted."""
        value = self.text(*names)
        if not value:
            self.note("value-missing", names[0])
        return value

    def group(self, *names: str) -> "Fields":
        """The first such child as a group; an empty group when there is none."""
        child = self._first(names)
        return self._group(child or Node(names[0]))

    def groups(self, *names: str) -> tuple["Fields", ...]:
        """All such children that hold something; empty ones are noted and left out (V12)."""
        found = []
        for child in self._all(names):
            if child.children:
                found.append(self._group(child))
            else:
                self.note("empty-element", child.name)
        return tuple(found)

    def code(self, *names: str) -> OrganisationCode | None:
        """An organisation code, or None with a note when it is none."""
        text = self.text(*names)
        try:
            return OrganisationCode.parse(text) if text else None
        except InvalidValue:
            self.note("value-unreadable", names[0])
            return None

    def document_id(self, *names: str) -> DocumentId | None:
        """A document id, or None with a note when it cannot be one."""
        text = self.text(*names)
        try:
            return DocumentId(text) if text else None
        except InvalidValue:
            self.note("value-unreadable", names[0])
            return None

    def number(self) -> DocumentNumber:
        """Number and notation: `Code` with two children, or `15/QĐ-BNV` in one string."""
        code = self.group("code")
        if code.has("codenumber", "codenotation"):
            return DocumentNumber(code.text("codenumber"), code.text("codenotation"))
        return DocumentNumber.parse(self.text("code"))

    def date(self, *names: str) -> date | None:
        """A day in any known form; an unusual form and an impossible day are noted."""
        text = self.text(*names)
        day = read_date(text) if text else None
        self._note_form(names[0], text, edxml_date(day) if day else None)
        return day

    def time(self, *names: str) -> datetime | None:
        """A moment in any known form; an unusual form and an impossible one are noted."""
        text = self.text(*names)
        moment = read_time(text) if text else None
        self._note_form(names[0], text, edxml_time(moment) if moment else None)
        return moment

    def _note_form(self, name: str, text: str, regular: str | None) -> None:
        if text and regular is None:
            self.note("value-unreadable", name)
        elif text and text != regular:
            self.note("date-form", name)

    def integer(self, *names: str) -> int | None:
        """A whole number of at most nine digits, or None."""
        text = self.text(*names)
        if not text or _NUMBER.fullmatch(text):
            return int(text) if text else None
        self.note("value-unreadable", names[0])
        return None

    def flag(self, *names: str) -> bool | None:
        """`1`, `0`, `true` or `false`, or None."""
        text = self.text(*names).lower()
        if not text or text in _TRUE | _FALSE:
            return text in _TRUE if text else None
        self.note("value-unreadable", names[0])
        return None

    def unknown(self) -> tuple[Node, ...]:
        """Children nobody asked for that hold anything; each is noted."""
        strange = tuple(
            child
            for child in self.node.children
            if child.key not in self._asked and (child.text or child.children or child.attributes)
        )
        for child in strange:
            self.note("unknown-element", child.name)
        return strange

    def once(self, *names: str) -> None:
        """Refuse a message in which one of these stands twice: two readers could choose differently."""
        for name in names:
            if len(self._children.get(name, ())) > 1:
                raise EnvelopeUnreadable(f"{self.where}/{name}: lặp lại / repeated")

    def _all(self, names: tuple[str, ...]) -> list[Node]:
        """Children of these names, all of the first name before those of the next, which is a legacy one."""
        if len(names) == 1:
            self._asked.add(names[0])
            return self._children.get(names[0], _NONE)
        self._asked.update(names)
        return [child for name in names for child in self._children.get(name, _NONE)]

    def _first(self, names: tuple[str, ...]) -> Node | None:
        found = self._all(names)
        if not found:
            return None
        if len(found) > 1:
            self.note("repeated-element", found[0].name)
        return found[0]

    def _text(self, child: Node) -> str:
        if not child.text:
            if not child.children and child.key not in _OFTEN_EMPTY:
                self.note("empty-element", child.name)
            return ""
        value = nfc(child.text)
        if not is_absent(value):
            return value
        self.note("null-text", child.name)
        return ""

    def _group(self, child: Node) -> "Fields":
        return Fields(child, f"{self.where}/{child.name}", self.repairs)
