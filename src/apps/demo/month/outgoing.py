"""A letter on its way out: written, handed on, checked, signed at the gateway, numbered, sealed, issued."""

from __future__ import annotations

from django.utils import timezone

from apps.demo.month.cast import Cast, deed
from apps.demo.month.script import LETTERHEADS, Letter, Step, body_of
from apps.office import drafting
from apps.office.choosing import named, row_of
from apps.office.desk import desk_at
from apps.office.models import Document, Draft, Role, Way
from apps.office.outgoing import acts, dispatching, flow, routes, signatures
from apps.office.outgoing.versions import newest
from apps.staff.calendar import calendar_of
from lienthong.client import Desk
from lienthong.layout import notation_of
from lienthong.signature import Role as SignatureRole

SENT_BACK = "Cần ghi rõ thời gian, thành phần và nơi tổ chức lớp tập huấn."


def write(letter: Letter, cast: Cast, replaces: str = "") -> Document | None:
    """The letter as far as the script has it; nothing for one that is only typed. `replaces`: a package."""
    known = Draft.objects.filter(pk=letter.id).select_related("document").first()
    if known is not None:
        return known.document
    draft = Draft.objects.create(
        id=letter.id,
        agency=cast.code,
        author=cast.rooms[letter.room].officer,
        fields=fields_of(letter),
        recipients=_recipients(desk_at(cast.code), letter.recipients),
        replaces=replaces,
    )
    if letter.paper[0]:
        [beside] = [row for row in draft.recipients if row["code"] == letter.paper[0]]
        dispatching.add_beyond(draft, Way.PAPER, beside["name"], reason=letter.paper[1], code=beside["code"])
    return None if letter.to == Step.TYPED else lead_on(draft, cast, letter)


def lead_on(draft: Draft, cast: Cast, letter: Letter) -> Document:
    """From the drafter's desk through the steps of the route."""
    room, to = cast.rooms[letter.room], letter.to
    document = flow.submit(deed(room.officer), draft, cast.leader, "Kính trình.")
    if to == Step.SENT_BACK:
        acts.give_back(deed(room.head), document, _version(document), SENT_BACK)
    elif to > Step.REVIEW:
        _check(document, cast, letter)
    if to >= Step.NUMBER:
        _sign(document, cast, SignatureRole.LEADER)
    if to == Step.SENT:
        _issue(document, cast)
    return document


def fields_of(letter: Letter) -> dict[str, str]:
    """What the drafter types."""
    head = LETTERHEADS[letter.sender]
    due = calendar_of(letter.sender).after(timezone.localdate(), letter.due).isoformat() if letter.due else ""
    [leader] = routes.signers(letter.sender, head.authority)
    return drafting.fresh() | {
        "kind": letter.kind,
        "subject": letter.subject,
        "notation": notation_of(letter.kind, head.sign, "TH"),
        "agency_sign": head.sign,
        "place": head.place,
        "parent": head.parent,
        "body": "\n".join(body_of(letter)),
        "to_places": "Như trên;\nLưu: VT.",
        "signer_name": leader.name,
        "signer_position": head.position,
        "signer_competence": head.authority,
        "urgency": str(letter.urgency),
        "due": due,
        "reason": "Thay số liệu tại phụ lục" if letter.replaces else "",
    }


def _recipients(desk: Desk, codes: tuple[str, ...]) -> list[dict[str, str]]:
    return list(map(row_of, codes, named(desk, codes)))


def _check(document: Document, cast: Cast, letter: Letter) -> None:
    """Every check of the route up to the leader, or to the clerk's for the form."""
    head = cast.rooms[letter.room].head
    people = {Role.REVIEW: head, Role.FORM: cast.clerk, Role.INITIAL: head}
    for step in routes.read(document.draft.steps):
        if letter.to == Step.FORM and step.role == Role.FORM:
            return
        acts.approve(deed(people[Role(step.role)]), document, _version(document), "Đồng ý trình.")


def _sign(document: Document, cast: Cast, role: SignatureRole) -> None:
    who = cast.leader if role is SignatureRole.LEADER else cast.clerk
    signatures.put(Draft.objects.get(document=document), who, role, _version(document))


def _issue(document: Document, cast: Cast) -> None:
    """The clerk's part, on the day of the signature."""
    flow.give_number(deed(cast.clerk), document)
    _sign(Document.objects.get(pk=document.pk), cast, SignatureRole.SEAL)
    issued = Document.objects.get(pk=document.pk)
    flow.issue(deed(cast.clerk), issued)
    for line in issued.dispatches.filter(way=Way.PAPER, sent=None):
        dispatching.note_sent(deed(cast.clerk), issued, str(line.pk), "Gửi bưu chính công ích")


def _version(document: Document) -> int:
    found = newest(document)
    return found.number if found else 0
