"""Recipients beyond the axis: who is on the list, and the clerk's note that paper or a mail has gone."""

from __future__ import annotations

from apps.office.deed import Deed, changing
from apps.office.models import Dispatch, Document, Draft, Group, Way
from apps.office.outgoing.policy import may_see
from apps.staff.models import Duty
from apps.staff.rights import Standing
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, NotAllowed

LONGEST = 300
MOST = 200


def may_note(person: Standing) -> bool:
    """Whether this person sends paper: a clerk, or the head of the office."""
    return person.has(Duty.CLERK, Duty.OFFICE_HEAD)


def note_sent(deed: Deed, document: Document, line: str, note: str = "") -> None:
    """Paper or a mail has gone to this recipient, at this moment, by this person. InvalidValue, NotAllowed."""
    if not may_note(deed.standing) or not may_see(document, deed.standing):
        raise NotAllowed(deed.person.name)
    with changing(document) as held:
        waiting = held.dispatches.filter(way__in=(Way.PAPER, Way.MAIL), sent=None)
        found = waiting.filter(pk=read_number(line)).first()
        if found is None:
            raise InvalidValue(t("Nơi nhận này không còn chờ gửi."))
        found.sent, found.by, found.note = deed.at, deed.person, note[:LONGEST]
        found.save(update_fields=["sent", "by", "note"])
        deed.note(held, "noted-sent", to=found.name, way=t(str(Way(found.way).label)), note=note)


def send_again(deed: Deed, document: Document) -> None:
    """Let the worker try what the gateway refused once more, as after the directory was put right. NotAllowed."""
    if not may_note(deed.standing) or not may_see(document, deed.standing):
        raise NotAllowed(deed.person.name)
    with changing(document) as held:
        held.dispatches.filter(way=Way.AXIS, sent=None).exclude(stopped="").update(stopped="")
        deed.note(held, "sent-again")


def add_beyond(draft: Draft, way: str, name: str, address: str = "", reason: str = "", code: str = "") -> None:
    """One more recipient who gets it on paper or by mail. Paper beside the axis needs a reason. Raises InvalidValue."""
    if way not in {Way.PAPER, Way.MAIL} or not name.strip() or len(draft.beyond) >= MOST:
        raise InvalidValue(t("Cần ghi tên nơi nhận ngoài trục và cách gửi."))
    if code and not reason.strip():
        raise InvalidValue(t("Gửi bản giấy song song với bản điện tử cần ghi lý do."))
    told = {"way": way, "name": name, "address": address, "reason": reason, "code": code}
    line = {key: value.strip()[:LONGEST] for key, value in told.items()}
    if not any((known["way"], known["name"]) == (line["way"], line["name"]) for known in draft.beyond):
        draft.beyond = [*draft.beyond, line]
        draft.save()


def keep_group(draft: Draft, name: str) -> Group:
    """The agencies of this draft as a group of that name, in the place of an older one. Raises InvalidValue."""
    if not name.strip() or not draft.recipients:
        raise InvalidValue(t("Cần có nơi nhận và tên nhóm."))
    members = [{"code": row["code"], "name": row["name"]} for row in draft.recipients]
    kept, _ = Group.objects.update_or_create(
        agency=draft.agency, name=name.strip()[:100], defaults={"members": members}
    )
    return kept


def papers_beside(agency: str) -> int:
    """How often paper went beside the axis: what Decision 28/2018 wants rare."""
    return Dispatch.objects.filter(document__agency=agency, way=Way.PAPER).exclude(code="").count()
