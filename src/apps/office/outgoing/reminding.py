"""Recipients elsewhere that have not registered or not answered are reminded by an official letter [công văn đôn đốc].

The exchange has no message of its own for it, and an agency is reminded by a document like any other (decision 0070):
drafted here, linked to the first, on its usual way; the story of the first tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid5

from apps.office import drafting
from apps.office.boxes import FAILED
from apps.office.deed import Deed, changing
from apps.office.models import Document, Draft, Event, LinkKind
from apps.office.outgoing.policy import may_see
from apps.office.outgoing.withdrawing import ABOUT
from apps.office.words import REGISTERED
from apps.staff.calendar import VIETNAM, Calendar, calendar_of
from apps.staff.models import Duty
from apps.staff.rights import Standing, root_of
from apps.ui.language import t
from apps.ui.times import read_day
from lienthong.client import Document as Told
from lienthong.client import Recipient
from lienthong.errors import InvalidValue, NotAllowed

PATIENCE, MOST_PATIENCE = 3, 60
"""Working days after which somebody is reminded, unless the page says otherwise."""
ANSWER_IN = 5
"""Working days the letter gives for the answer."""
WRITERS = frozenset(Duty) - {Duty.ADMINISTRATOR, Duty.INSPECTOR}
NAMED_IN_FULL = 10
SUBJECT = "V/v đôn đốc tiếp nhận, xử lý {kind} số {code}"
BODY = (
    "Ngày {sent}, {agency} đã gửi {kind} số {code} ({subject}) đến quý cơ quan qua Trục liên thông văn bản quốc gia.",
    "Đến ngày {today}, theo trạng thái trên trục, văn bản chưa được quý cơ quan tiếp nhận hoặc chưa có kết quả xử lý.",
    "{agency} đề nghị quý cơ quan tiếp nhận, xử lý và trả lời trước ngày {due}.",
)
"""The letter by paragraphs, in the language of documents."""


@dataclass(frozen=True, slots=True)
class Laggard:
    """A recipient one waits for: for what, since how many working days."""

    code: str
    name: str
    said: str
    days: int


def may_remind(document: Document, person: Standing) -> bool:
    """Whether this person drafts such a letter: whoever sees the document and writes documents at all."""
    return person.has(*WRITERS) and may_see(document, person)


def laggards(document: Document, told: Told, now: datetime, patience: int = PATIENCE) -> list[Laggard]:
    """Who has not registered it after so many working days, or not ended it so long after its deadline; slowest first.

    Who refused it, and who has it no more, is not reminded.
    """
    calendar, due = calendar_of(document.agency), read_day(told.entry.due)
    found = [_late(one, told.entry.recorded_at, due, calendar, now) for one in told.entry.recipients]
    return sorted((one for one in found if one and one.days >= patience), key=lambda one: -one.days)


def begin(deed: Deed, document: Document, told: Told, codes: Iterable[str]) -> Draft:
    """The letter begun, once a day to the same recipients; the story tells it. NotAllowed; InvalidValue for nobody."""
    if not may_remind(document, deed.standing):
        raise NotAllowed(str(document))
    wanted = set(codes)
    chosen = [one for one in laggards(document, told, deed.at, 0) if one.code in wanted]
    if not chosen:
        raise InvalidValue(t("Chưa chọn nơi nhận nào cần nhắc; nơi vừa tiếp nhận hay trả lời thì không nhắc nữa."))
    day = deed.at.astimezone(VIETNAM).date()
    key = uuid5(document.pk, f"{LinkKind.REMINDS} {day} {sorted(one.code for one in chosen)}")
    with changing(document) as held:
        draft, made = Draft.objects.get_or_create(
            pk=key, defaults={"agency": held.agency, "author": deed.person, **_written(held, chosen, deed.at)}
        )
        if made:
            deed.note(held, "urging", to=_names(one.name for one in chosen))
        return draft


def issued(letter: Document, draft: Draft, at: datetime) -> None:
    """The letter has been issued: the document it is about tells so."""
    letter.refresh_from_db(fields=["number", "notation"])  # given since the caller read it
    told = {"number": letter.code, "to": _names(row["name"] or row["code"] for row in draft.recipients)}
    for link in letter.links.filter(kind=LinkKind.REMINDS).select_related("target"):
        Event.objects.create(document=link.target, at=at, what="urged", told=told)


def _late(one: Recipient, sent: datetime, due: date | None, calendar: Calendar, now: datetime) -> Laggard | None:
    if one.state in FAILED or one.status in {"02", "06"} or one.standing != "in-force":
        return None
    today, name = now.astimezone(VIETNAM).date(), one.name or one.recipient
    if one.status not in REGISTERED:
        days = calendar.between(sent.astimezone(VIETNAM).date(), today)
        return Laggard(one.recipient, name, t("chưa tiếp nhận sau {n} ngày làm việc", n=days), days)
    if due is None or due >= today:
        return None
    days = calendar.between(due, today)
    return Laggard(one.recipient, name, t("quá hạn trả lời {n} ngày làm việc", n=days), days)


def _written(document: Document, chosen: Sequence[Laggard], at: datetime) -> dict[str, object]:
    today = at.astimezone(VIETNAM).date()
    due = calendar_of(document.agency).after(today, ANSWER_IN)
    said = {
        "agency": root_of(document.agency).name,
        "kind": document.kind or "Văn bản",
        "code": document.code,
        "subject": document.subject,
        "sent": f"{(document.issued_at or document.came).astimezone(VIETNAM):%d/%m/%Y}",
        "today": f"{today:%d/%m/%Y}",
        "due": f"{due:%d/%m/%Y}",
    }
    fields = drafting.fresh() | {
        "kind": "Công văn",
        "subject": SUBJECT.format(**said),
        "body": "\n".join(BODY).format(**said),
        "due": due.isoformat(),
        ABOUT: f"{LinkKind.REMINDS.value}:{document.pk}",
    }
    return {"fields": fields, "recipients": [{"code": one.code, "name": one.name, "state": "open"} for one in chosen]}


def _names(names: Iterable[str]) -> list[str]:
    known = list(names)
    rest = len(known) - NAMED_IN_FULL
    return [*known[:NAMED_IN_FULL], f"… (+{rest})"] if rest > 0 else known
