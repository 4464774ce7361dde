"""'Phần của tôi' on an incoming document: in words what it asks of this person, until when, and the one next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from apps.accounts.models import User
from apps.office import words
from apps.office.books import books_of
from apps.office.incoming import policy
from apps.office.incoming.dialogs import DIALOGS, Dialog
from apps.office.incoming.policy import Act
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Lane, Role, Standing
from apps.office.words import Tag
from apps.staff.rights import Standing as Person
from apps.staff.rights import standing_of
from apps.ui.language import t
from apps.ui.times import near

State = AssignmentState
NEXT = (
    Act.AGREE, Act.REGISTER, Act.DIRECT, Act.ANSWER, Act.START, Act.SEEN, Act.PROPOSE, Act.COMPLETE,
)  # fmt: skip
BESIDE = (Act.DECLINE, Act.REFUSE, Act.REPLY, Act.FORWARD, Act.RETURN, Act.COMPLETE)
ANSWERS = {
    Act.AGREE: {1: "Đồng ý thu hồi", 2: "Đồng ý cập nhật", 3: "Đồng ý thay thế"},
    Act.DECLINE: {1: "Không đồng ý thu hồi", 2: "Không đồng ý cập nhật", 3: "Không đồng ý thay thế"},
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step this person may take, in whose name, and by which row."""

    dialog: Dialog
    row: Assignment
    principal: User | None = None

    @property
    def name(self) -> str:
        """In addresses and forms."""
        return str(self.dialog.act)


@dataclass(frozen=True, slots=True)
class Mine:
    """The sentences, the deadline, the one next step, at most one alternative, and the rest under ⋯."""

    sentences: list[str]
    due: Tag | None = None
    primary: Offer | None = None
    alternative: Offer | None = None
    rest: list[Offer] = field(default_factory=list)

    @property
    def offers(self) -> Mapping[str, Offer]:
        """All steps by name."""
        found = [self.primary, self.alternative, *self.rest]
        return {offer.name: offer for offer in found if offer is not None}


def my_part(document: Document, rows: Sequence[Assignment], person: Person) -> Mine:
    """What the document, with its rows of work (`policy.rows_of`), asks of a person now."""
    own = policy.mine(rows, person)
    offers = {offer.dialog.act: offer for offer in _offers(document, rows, person)}
    primary = next((offers[act] for act in NEXT if act in offers), None)
    beside = [act for act in BESIDE if act in offers and offers[act] is not primary]
    alternative = offers[beside[0]] if beside else None
    rest = [offer for offer in offers.values() if offer not in (primary, alternative)]
    return Mine(_told(document, own, rows), _deadline(document, own, person), primary, alternative, rest)


def _offers(document: Document, rows: Sequence[Assignment], person: Person) -> Iterator[Offer]:
    own = policy.acts(document, rows, person)
    for act, row in own.items():
        yield Offer(_named(document, DIALOGS[act]), row)
    for one in person.principals:
        found = policy.acts(document, rows, standing_of(one.giver.person))
        yield from (
            Offer(_named(document, DIALOGS[act]), row, one.giver.person)
            for act, row in found.items()
            if act in one.acts and act not in own
        )


def _named(document: Document, dialog: Dialog) -> Dialog:
    """An answer says what it answers; a single book needs no choice, so that registering is one click."""
    label = ANSWERS.get(dialog.act, {}).get(document.asked, dialog.label)
    if dialog.act == Act.REGISTER and len(books_of(document.agency, Lane.INCOMING)) == 1:
        return replace(dialog, books=False, asks="")
    return replace(dialog, label=label)


def _deadline(document: Document, own: Sequence[Assignment], person: Person) -> Tag | None:
    waiting = [row for row in own if row.state in OPEN and row.due]
    row = min(waiting, key=lambda each: each.due or each.given, default=None)
    due = row.due if row else document.due
    return words.deadline(due, person.calendar, finished=document.done is not None) if due else None


# ---------------------------------------------------------------- in words


def _told(document: Document, own: Sequence[Assignment], rows: Sequence[Assignment]) -> list[str]:
    if document.standing != Standing.IN_FORCE:
        return _standing(document)
    told = [_row(document, row, rows) for row in own] or [
        t("Văn bản này không giao cho anh/chị; anh/chị xem trong phạm vi vị trí công tác.")
    ]
    if document.done is not None and document.status != "02":
        told.append(t("Cả văn bản hoàn thành lúc {at}.", at=near(document.done)))
    return told


def _standing(document: Document) -> list[str]:
    if document.standing == Standing.FROZEN:
        event = document.events.filter(what="asked").last()
        reason = str(event.told.get("reason", "")) if event else ""
        asked = t(words.ASKED.get(document.asked, words.ASKED[1])) + "."
        paused = t("Văn bản tạm dừng xử lý cho đến khi cơ quan trả lời.")
        return [asked, *([t("Lý do: {reason}.", reason=reason.rstrip("."))] if reason else []), paused]
    gone = {"recalled": "Văn bản đã bị thu hồi, không còn hiệu lực ở cơ quan.", "replaced": "Văn bản đã bị thay thế."}
    return [t(gone[document.standing]), t("Dữ liệu và quá trình xử lý vẫn được giữ.")]


def _row(document: Document, row: Assignment, rows: Sequence[Assignment]) -> str:
    if row.parent_id is None:
        return _top(document, row, rows)
    giver = row.giver.name if row.giver else ""
    given = _as_what(row) + " " + t("{giver} giao lúc {at}.", giver=giver, at=near(row.given))
    if row.words and row.state != State.RETURNED:
        given += f" “{row.words}”"
    return f"{given} {_state(row, rows)}".strip()


def _as_what(row: Assignment) -> str:
    who = t("Anh/chị") if row.person_id is not None else row.unit.name
    sentences = {
        Role.LEAD: "{who} chủ trì.",
        Role.COORDINATE: "{who} phối hợp.",
        Role.INFORM: "{who} nhận để biết.",
        Role.OPINION: "{who} được xin ý kiến.",
    }
    return t(sentences[Role(row.role)], who=who)


def _top(document: Document, row: Assignment, rows: Sequence[Assignment]) -> str:
    number = document.used_numbers[0] if document.used_numbers else None
    said = "Số đến {number}." if document.lane == Lane.INCOMING else "Số {number}."
    registered = t(said, number=number.written) if number else t("Đã vào sổ ở phần mềm khác.")
    if row.state == State.ARRIVED:
        at = near(document.came)
        return t("Đến lúc {at}, chưa vào sổ. Cơ quan cần tiếp nhận hoặc từ chối trong ngày.", at=at)
    if row.state in {State.WAITING, State.WORKING}:
        return registered + " " + t("Chờ lãnh đạo bút phê.")
    if row.state == State.RETURNED:
        event = document.events.filter(what="refused").last()
        return t("Đã từ chối tiếp nhận. Lý do: {reason}", reason=event.told.get("reason", "–") if event else "–")
    return f"{registered} {_state(row, rows)}".strip()


def _state(row: Assignment, rows: Sequence[Assignment]) -> str:
    if row.state == State.FORWARDED:
        to = ", ".join(str(each.person or each.unit) for each in rows if each.parent_id == row.pk)
        return t("Đã chuyển cho {to}; đang theo dõi.", to=to)
    if row.state == State.RETURNED:
        return t("Đã trả lại. Lý do: {reason}", reason=row.words)
    if row.state == State.DONE and row.ended:
        return t("Xong lúc {at}.", at=near(row.ended))
    return ""
