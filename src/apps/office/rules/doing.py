"""What a rule does, each act by the same functions and policies as a person's own.

`then` of a rule, every part optional:

    book 3 · label "Đất đai" · case "uuid" · secretary "p7-1" · give "propose" | "direct" with lead "u2",
    coordinate ["u3"], days 5 · words "…" · people ["p4-2"]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.office.cases import acts as cases
from apps.office.deed import Deed
from apps.office.incoming import acts
from apps.office.incoming.choosing import Choices, choices_for
from apps.office.incoming.policy import may_see
from apps.office.labels import acts as labels
from apps.office.models import Book, CaseFile, Document, Lane, Message, Role, When
from apps.staff.calendar import VIETNAM
from apps.staff.models import Duty
from apps.staff.rights import standing_of
from apps.ui.language import t
from lienthong.errors import InvalidValue

Then = Mapping[str, Any]
Named = Callable[..., str]
"""Recipients by their values, as words."""
DIRECT, PROPOSE = "direct", "propose"
EARLY = frozenset({When.ARRIVED, When.REGISTERED})
"""When a document still stands before the agency's head: only then is it proposed, given, shown to a secretary."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a rule may do: the key in `then` that asks for it, whose rights it needs, when it is possible.

    `says` tells what it will do, with whom and what it names.
    """

    key: str
    label: str
    does: Callable[[Deed, Document, Then], str]
    says: Callable[[Then, Named], str]
    duties: frozenset[str] = frozenset({Duty.LEADER, Duty.OFFICE_HEAD, Duty.CLERK})
    at: frozenset[When] = frozenset(When)

    def asked(self, then: Then) -> bool:
        """Whether the rule wants it."""
        return bool(then.get(self.key))


def carry_out(deed: Deed, document: Document, then: Then) -> str:
    """Everything the rule asks for, in the order of ACTS; what was done, in words. What a policy refuses, raises."""
    return " ".join(act.does(deed, document, then) for act in needs(then))


def _register(deed: Deed, document: Document, then: Then) -> str:
    book = Book.objects.filter(pk=then["book"], agency=document.agency, lane=Lane.INCOMING, closed=False).first()
    if book is None:
        raise InvalidValue(t("Sổ của quy tắc không còn mở."))
    number = acts.register(deed, document, book)
    return t("Vào sổ, số đến {number}.", number=number.written)


def _label(deed: Deed, document: Document, then: Then) -> str:
    return t("Gắn nhãn “{label}”.", label=labels.put(deed, document, str(then["label"])))


def _file(deed: Deed, document: Document, then: Then) -> str:
    case = CaseFile.objects.filter(pk=then["case"], agency=document.agency).first()
    if case is None:
        raise InvalidValue(t("Hồ sơ của quy tắc không còn."))
    cases.put_in(deed, case, document)
    return t("Đưa vào hồ sơ {case}.", case=case.notation)


def _secretary(deed: Deed, document: Document, then: Then) -> str:
    one = _recipient(_choices(deed), str(then["secretary"]))
    acts.ask(deed, document, [acts.Recipient(one.unit, one.person)], _words(deed, then, "Chuẩn bị trình lãnh đạo"))
    return t("Chuyển thư ký {name}.", name=one.name)


def _give(deed: Deed, document: Document, then: Then) -> str:
    choices = _choices(deed)
    wanted = [(then.get("lead"), Role.LEAD), *((one, Role.COORDINATE) for one in then.get("coordinate", []))]
    found = [(_recipient(choices, str(who)), role) for who, role in wanted if who]
    due = None
    if days := int(then.get("days") or 0):
        due = choices.calendar.closes(choices.calendar.after(deed.at.astimezone(VIETNAM).date(), days))
    rows = [acts.Recipient(one.unit, one.person, role, due) for one, role in found]
    names = ", ".join(one.name for one in rows)
    if then["give"] == DIRECT:
        acts.direct(deed, document, _words(deed, then, "Giao xử lý"), rows)
        return t("Giao {to}.", to=names)
    acts.propose(deed, document, _words(deed, then, "Đề xuất phân công"), rows)
    return t("Trình, đề xuất giao {to}.", to=names)


def _tell(deed: Deed, document: Document, then: Then) -> str:
    found = [_recipient(_choices(deed), str(one)).person for one in then["people"]]
    people = [one for one in found if one is not None]
    blind = [one.name for one in people if not may_see(document, standing_of(one))]
    if blind:
        raise InvalidValue(t("{names} không được xem văn bản này nên không báo.", names=", ".join(blind)))
    told = {"document": document, "rule": deed.rule, "text": str(then.get("words", ""))[:300], "at": deed.at}
    Message.objects.bulk_create(Message(person=one, **told) for one in people)
    names = [one.name for one in people]
    deed.note(document, "people-told", to=names)
    return t("Báo cho {to}.", to=", ".join(names))


def _choices(deed: Deed) -> Choices:
    return choices_for(deed.standing, inside=False, also_self=True)


def _recipient(choices: Choices, value: str) -> acts.Recipient:
    found = choices.known.get(value)
    if found is None:
        raise InvalidValue(t("Một nơi nhận của quy tắc không còn trong cơ quan; xin chọn lại."))
    return found


def _words(deed: Deed, then: Then, otherwise: str) -> str:
    """A remark made by a rule says so, in the language of documents."""
    return f"{then.get('words') or otherwise} (theo quy tắc “{deed.rule}”)"


def _will_give(then: Then, named: Named) -> str:
    said = t("Giao {to}.") if then["give"] == DIRECT else t("Trình, đề xuất giao {to}.")
    days = " " + t("Hạn {n} ngày làm việc.", n=then["days"]) if then.get("days") else ""
    return said.format(to=named(then.get("lead", ""), *then.get("coordinate", []))) + days


HEADS = frozenset({Duty.LEADER, Duty.OFFICE_HEAD})
ACTS = (
    Act("book", "Vào sổ văn bản đến", _register, lambda _then, _named: t("Vào sổ văn bản đến") + ".",
        frozenset({Duty.CLERK}), frozenset({When.ARRIVED})),
    Act("label", "Gắn nhãn", _label, lambda then, _named: t("Gắn nhãn “{label}”.", label=then["label"])),
    Act("case", "Đưa vào hồ sơ công việc", _file, lambda _then, _named: t("Đưa vào hồ sơ công việc") + "."),
    Act("secretary", "Chuyển thư ký chuẩn bị", _secretary,
        lambda then, named: t("Chuyển thư ký {name}.", name=named(then["secretary"])), HEADS, EARLY),
    Act("give", "Trình hoặc giao xử lý", _give, _will_give, at=EARLY),
    Act("people", "Báo cho người", _tell, lambda then, named: t("Báo cho {to}.", to=named(*then["people"]))),
)  # fmt: skip


def needs(then: Then) -> list[Act]:
    """What the rule asks for, in the order in which it is done."""
    return [act for act in ACTS if act.asked(then)]


def spoken(then: Then, choices: Choices) -> list[str]:
    """What the rule will do, each thing in words."""

    def named(*values: str) -> str:
        return ", ".join(choices.known[one].name if one in choices.known else "–" for one in values)

    return [act.says(then, named) for act in needs(then)]


def able(then: Then, duties: frozenset[str]) -> bool:
    """Whether somebody with these duties may do all of it: proposing is the clerk's, giving is a head's."""
    gives = then.get("give")
    allowed = HEADS if gives == DIRECT else frozenset({Duty.CLERK, Duty.OFFICE_HEAD}) if gives else duties
    return not duties.isdisjoint(allowed) and all(not duties.isdisjoint(act.duties) for act in needs(then))
