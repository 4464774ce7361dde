"""The acts on an incoming document. Each asks the policy, changes rows, tells story and sender, or does nothing.

arrived ─ register ─► waiting ─ direct ─► rows for units and people ─ start, reply, forward, ask, return, complete
   └──── refuse ─► the sender is told 02          (frozen by the sender's request ─ agree, decline)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from apps.accounts.models import User
from apps.office import numbers
from apps.office.deed import Deed, changing
from apps.office.incoming.policy import Act, may_see, require
from apps.office.models import (
    OPEN,
    Assignment,
    AssignmentState,
    Book,
    Document,
    Draft,
    Link,
    LinkKind,
    Number,
    Remark,
    Role,
    Source,
    Standing,
)
from apps.office.outgoing.withdrawing import ABOUT
from apps.office.reporting import tell
from apps.staff.models import Unit
from apps.staff.rights import CLERKS
from lienthong.errors import InvalidValue

State = AssignmentState
UNFINISHED = (*OPEN, State.FORWARDED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a document is given: a unit, or a person in it; as what, until when, and whether in writing."""

    unit: Unit
    person: User | None = None
    role: str = Role.LEAD
    due: datetime | None = None
    wants_answer: bool = False

    @property
    def name(self) -> str:
        """Of the person, or of the unit."""
        return str(self.person or self.unit)


def register(deed: Deed, document: Document, book: Book, note: str = "") -> Number:
    """Give it the next arrival number and tell the sender 03. A second clerk gets the number the first one took."""
    with changing(document) as held:
        known = held.numbers.filter(book=book, state="used").first()
        if known is not None and deed.standing.has(*CLERKS) and may_see(held, deed.standing):
            return known
        row = require(held, deed.standing, Act.REGISTER)
        number = numbers.take(book, held, deed.person, deed.at)
        _move(row, State.WAITING)
        deed.note(held, "registered", number=number.written, book=book.name, note=note)
        tell(held, "03", deed.at, note or f"Số đến {number.written}", deed.person.name)
        return number


def refuse(deed: Deed, document: Document, reason: str) -> None:
    """Send it back with a reason (02); it stays in the register of refusals."""
    _need(reason, "lý do / reason")
    with changing(document) as held:
        row = require(held, deed.standing, Act.REFUSE)
        _move(row, State.RETURNED, deed.at)
        held.done = deed.at
        held.save(update_fields=["done"])
        deed.note(held, "refused", reason=reason)
        tell(held, "02", deed.at, reason, deed.person.name)


def propose(deed: Deed, document: Document, text: str, recipients: Sequence[Recipient]) -> Remark:
    """Put it before the leader with a proposal, which the leader's own dialog then begins with."""
    _need(text, "nội dung trình / what is proposed")
    with changing(document) as held:
        row = require(held, deed.standing, Act.PROPOSE)
        _inside(held, recipients)
        remark = _remark(deed, held, row, text)
        told = [proposed(each) for each in recipients]
        deed.note(held, "proposed", text=text, recipients=told, to=_named(recipients))
        return remark


def direct(deed: Deed, document: Document, text: str, recipients: Sequence[Recipient]) -> Remark:
    """The remark [bút phê] and what it orders, together; the sender hears 04.

    One lead, others to coordinate or to know. A head of a unit does the same inside it. Raises InvalidValue without
    exactly one lead.
    """
    leads = [each for each in recipients if each.role == Role.LEAD]
    if len(leads) != 1:
        raise InvalidValue("phải có đúng một nơi chủ trì / exactly one lead is needed")
    _need(text, "nội dung bút phê / the remark")
    with changing(document) as held:
        row = require(held, deed.standing, Act.DIRECT)
        remark = _remark(deed, held, row, text, directs=True)
        _give(deed, held, row, recipients, text)
        _move(row, State.FORWARDED)
        lead = leads[0]
        deed.note(held, "directed", text=text, lead=lead.name, to=_named(recipients))
        tell(held, "04", deed.at, text, lead.name)
        return remark


def start(deed: Deed, document: Document) -> None:
    """The holder begins; the sender hears 05."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.START)
        _move(row, State.WORKING)
        deed.note(held, "started")
        tell(held, "05", deed.at, staff=deed.person.name)


def reply(deed: Deed, document: Document) -> Draft:
    """Begin the answer as a document of one's own; asked again, the same one. The sender hears 05."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.REPLY)
        draft, made = Draft.objects.get_or_create(
            pk=reply_of(held), defaults={"agency": held.agency, "author": deed.person, **_answering(held)}
        )
        if made:
            deed.note(held, "replying")
        if row.state != State.WORKING:
            _move(row, State.WORKING)
        tell(held, "05", deed.at, staff=deed.person.name)
        return draft


def reply_of(document: Document) -> UUID:
    """The id of the draft that answers a document: there is one."""
    return uuid5(document.pk, "reply")


def reply_to(document: Document) -> Document | None:
    """The document of our own that answers it, once it has been issued."""
    link = document.linked.filter(kind=LinkKind.ANSWERS).select_related("source").first()
    draft = Draft.objects.filter(pk=reply_of(document), document__issued_at__isnull=False).first()
    return link.source if link else draft.document if draft else None


def _answering(document: Document) -> dict[str, object]:
    subject = f"V/v trả lời văn bản số {document.code}" if document.code else f"V/v trả lời: {document.subject[:200]}"
    known = {"code": document.issuer_code, "name": document.issuer, "state": "open"}
    about = f"{LinkKind.ANSWERS.value}:{document.pk}"
    return {
        "fields": {"subject": subject, ABOUT: about},
        "recipients": [known] if document.source == Source.AXIS else [],
    }


def forward(deed: Deed, document: Document, recipients: Sequence[Recipient], words: str = "") -> None:
    """Hand the work on; what was forwarded is not done and comes back when it is returned."""
    if not recipients:
        raise InvalidValue("chưa chọn nơi nhận / nobody chosen")
    with changing(document) as held:
        row = require(held, deed.standing, Act.FORWARD)
        _give(deed, held, row, recipients, words)
        _move(row, State.FORWARDED)
        deed.note(held, "forwarded", to=_named(recipients), words=words)
        tell(held, "05", deed.at, staff=deed.person.name)


def ask(deed: Deed, document: Document, recipients: Sequence[Recipient], words: str) -> None:
    """Ask for opinions; one's own work goes on."""
    _need(words, "điều cần hỏi / the question")
    if not recipients:
        raise InvalidValue("chưa chọn người cho ý kiến / nobody chosen")
    with changing(document) as held:
        row = require(held, deed.standing, Act.ASK)
        asked = [Recipient(each.unit, each.person, Role.OPINION, each.due) for each in recipients]
        _give(deed, held, row, asked, words)
        deed.note(held, "opinion-asked", to=_named(asked), words=words)


def answer(deed: Deed, document: Document, words: str) -> None:
    """Give the opinion that was asked for."""
    _need(words, "ý kiến / the opinion")
    with changing(document) as held:
        row = require(held, deed.standing, Act.ANSWER)
        _remark(deed, held, row, words)
        _move(row, State.DONE, deed.at)
        deed.note(held, "opinion-given", words=words)


def give_back(deed: Deed, document: Document, reason: str) -> None:
    """Return it to whoever gave it, who has it to do again at once."""
    _need(reason, "lý do / reason")
    with changing(document) as held:
        row = require(held, deed.standing, Act.RETURN)
        _move(row, State.RETURNED, deed.at, reason)
        giver = row.parent
        if giver is not None and row.role == Role.LEAD:
            _move(giver, State.WAITING)
        deed.note(held, "returned", reason=reason)


def complete(deed: Deed, document: Document, result: str = "", reply: Document | None = None) -> None:
    """The holder's part is done. A lead's end ends the giver's row and the siblings', at the top the document: 06."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.COMPLETE)
        if reply is not None:
            Link.objects.get_or_create(source=reply, target=held, kind=LinkKind.ANSWERS)
        deed.note(held, "completed", result=result, reply=str(reply or ""))
        _finish(row, deed.at)
        if row.role == Role.LEAD and not held.assignments.filter(parent=None, state__in=UNFINISHED).exists():
            held.done = deed.at
            held.save(update_fields=["done"])
            tell(held, "06", deed.at, result or (f"Văn bản trả lời: {reply}" if reply else ""), deed.person.name)


def seen(deed: Deed, document: Document) -> None:
    """What was only to be known is known."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.SEEN)
        _move(row, State.DONE, deed.at)


def agree(deed: Deed, document: Document, words: str = "") -> None:
    """Cancel it at the sender's wish (15). What stood in the register stays there, with who had it."""
    with changing(document) as held:
        require(held, deed.standing, Act.AGREE)
        ends = {1: Standing.RECALLED, 3: Standing.REPLACED}
        held.standing, held.asked = ends.get(held.asked, Standing.IN_FORCE), 0
        held.save(update_fields=["standing", "asked"])
        deed.note(held, "agreed", words=words, standing=held.standing)
        tell(held, "15", deed.at, words, deed.person.name)


def decline(deed: Deed, document: Document, reason: str) -> None:
    """Keep it in force against the sender's wish (16), with the reason the sender is owed."""
    _need(reason, "lý do / reason")
    with changing(document) as held:
        require(held, deed.standing, Act.DECLINE)
        held.standing, held.asked = Standing.IN_FORCE, 0
        held.save(update_fields=["standing", "asked"])
        deed.note(held, "declined", reason=reason)
        tell(held, "16", deed.at, reason, deed.person.name)


def opened(deed: Deed, rows: Iterable[Assignment]) -> None:
    """Remember when a row's holder first looked; a giver sees who has read."""
    new = [row for row in rows if row.person_id == deed.person.pk and row.opened is None]
    for row in new:
        row.opened = deed.at
    if new:
        Assignment.objects.filter(pk__in=[row.pk for row in new], opened=None).update(opened=deed.at)


def _give(deed: Deed, document: Document, row: Assignment, recipients: Sequence[Recipient], words: str) -> None:
    _inside(document, recipients)
    for each in recipients:
        Assignment.objects.create(
            document=document,
            agency=document.agency,
            lane=document.lane,
            unit=each.unit,
            person=each.person,
            role=each.role,
            state=State.WAITING,
            due=each.due or row.due,
            parent=row,
            giver=deed.person,
            wants_answer=each.wants_answer,
            words=words,
            given=deed.at,
        )


def _inside(document: Document, recipients: Sequence[Recipient]) -> None:
    for each in recipients:
        if each.unit.agency != document.agency or (each.person is not None and each.person.agency != document.agency):
            raise InvalidValue(f"{each.unit}: ngoài cơ quan / outside the agency")


def _named(recipients: Sequence[Recipient]) -> list[str]:
    return [each.name for each in recipients]


def proposed(each: Recipient) -> dict[str, object]:
    """A recipient as the story keeps it, for the leader's dialog to begin with."""
    due = each.due.isoformat() if each.due else ""
    person = each.person.pk if each.person else None
    return {"unit": each.unit.pk, "person": person, "role": each.role, "due": due, "answer": each.wants_answer}


def _remark(deed: Deed, document: Document, row: Assignment, text: str, *, directs: bool = False) -> Remark:
    return Remark.objects.create(
        document=document,
        assignment=row,
        author=deed.person,
        for_whom=deed.for_whom,
        text=text,
        directs=directs,
        at=deed.at,
    )


def _finish(row: Assignment, at: datetime) -> None:
    """End a row; a lead's end ends what it was given beside, what it gave on, and the row above."""
    _move(row, State.DONE, at)
    _end(row.children.filter(state__in=UNFINISHED), at)
    if row.role == Role.LEAD and row.parent is not None:
        _end(row.parent.children.filter(state__in=UNFINISHED).exclude(role=Role.INFORM), at)
        _finish(row.parent, at)


def _end(rows: Iterable[Assignment], at: datetime) -> None:
    for row in rows:
        _move(row, State.DONE, at)
        _end(row.children.filter(state__in=UNFINISHED), at)


def _move(row: Assignment, state: str, ended: datetime | None = None, words: str = "") -> None:
    row.state, row.ended = state, ended
    row.words = words or row.words
    row.save(update_fields=["state", "ended", "words"])


def _need(text: str, what: str) -> None:
    if not text.strip():
        raise InvalidValue(f"thiếu {what} is missing")
