"""Signing with a key at the gateway that answers by itself: a telephone's SIM, a signing service, a token.

The gateway prepares the signature, asks the carrier, the service or the token, and checks what comes; here the session
is begun, followed and its file taken, by the page that waits or, when that is closed, by the worker's next round.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import msgspec
from django.utils import timezone

from apps.accounts.models import User
from apps.office import hands
from apps.office.desk import desk_at
from apps.office.models import Draft, Signing
from apps.office.signing import best_level, keys_of, paper_of
from apps.ui.language import english, sentence_of
from lienthong.client import Desk, SigningKeyView
from lienthong.errors import LienThongError, SignatureProblem, SigningDiffers, SigningEnded, Unavailable
from lienthong.signature import Role
from lienthong.signature.session.signer import Signer, require_signer

WAY = "gateway"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a key of some kind is offered; one that `asks` wants a PIN or a code of the moment."""

    name: str
    button: str
    icon: str
    asks: bool = True


KINDS = {
    "phone": Kind("Điện thoại của người ký (SIM)", "Ký bằng điện thoại", "phone", asks=False),
    "remote": Kind("Dịch vụ ký số từ xa", "Ký từ xa", "globe"),
    "token": Kind("Thiết bị ký tại máy chủ bảo mật", "Ký bằng thiết bị", "key"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that may make the signature that is due."""

    id: str
    owner: str
    kind: Kind


class Waiting(msgspec.Struct):
    """What is remembered of a session at the gateway: its id there, and the code that stands on both screens."""

    session: str
    code: str
    name: str


def offered(draft: Draft, role: Role, person: User) -> list[Offered]:
    """The gateway's answering keys of whoever is expected to sign, telephones first; none for initials."""
    if role is Role.INITIALS:
        return []
    signer = hands.signer_of_draft(draft, role, person)
    keys = [key for key in keys_of(draft.agency) if key.kind in KINDS and _is_of(key, signer)]
    found = [Offered(key.id, key.name, KINDS[key.kind]) for key in keys]
    return sorted(found, key=lambda each: list(KINDS.values()).index(each.kind))


def ask(draft: Draft, person: User, origin: str, key: str, secret: str) -> Signing:
    """Begin with that key. SignatureProblem for no such key; what the gateway refuses with, and nothing is changed."""
    role = hands.next_role(draft)
    known = {each.id: each for each in keys_of(draft.agency)}
    if key not in {each.id for each in offered(draft, role, person)}:
        raise SignatureProblem(key[:100])
    pdf = bytes(hands.main_file(draft).content)
    signing = hands.begin(draft, person, role, WAY, origin, pdf, {})
    try:
        _put(desk_at(draft.agency), signing, known[key], secret, pdf)
    except LienThongError as problem:
        hands.end(signing, "refused", sentence_of(problem))
        raise
    return follow(signing)


def follow(signing: Signing) -> Signing:
    """Take what the gateway has by now. A gateway that is away changes nothing; who comes second finds it done."""
    if signing.way != WAY or signing.state != "waiting" or not signing.prepared:
        return signing
    with suppress(Unavailable):
        _settle(desk_at(signing.draft.agency), signing)
    signing.refresh_from_db()
    return signing


def waiting(signing: Signing) -> Waiting | None:
    """What stands on the page while it waits."""
    return msgspec.json.decode(bytes(signing.prepared), type=Waiting) if signing.prepared else None


def give_up(signing: Signing) -> None:
    """The person thought better of it: the telephone's question is taken back, too, as far as it still can be."""
    told = waiting(signing)
    hands.end(signing, "cancelled")
    if told is not None:
        with suppress(LienThongError):
            desk_at(signing.draft.agency).cancel_signature(told.session)


def follow_all(agency: str) -> None:
    """What was confirmed after its page was closed."""
    open_ones = Signing.objects.filter(draft__agency=agency, way=WAY, state="waiting", expires__gt=timezone.now())
    for signing in open_ones.select_related("draft"):
        follow(signing)


def _is_of(key: SigningKeyView, signer: Signer) -> bool:
    try:
        require_signer(key.certificate, signer)
    except SigningDiffers:
        return False
    return True


def _put(desk: Desk, signing: Signing, key: SigningKeyView, secret: str, pdf: bytes) -> None:
    """Prepared and remembered, then asked: whoever dies in between finds it again, or it runs out unasked."""
    role = Role(signing.role)
    signer = key.name if role is Role.LEADER else signing.person.name
    paper = paper_of(pdf, role, signing.draft)
    (session,) = desk.prepare_signature(
        [paper], role.value, signer[:200], key=key.id, level=best_level(key), id=signing.id.hex
    )
    signing.prepared = msgspec.json.encode(Waiting(session.id, session.code, key.name))
    signing.save(update_fields=["prepared"])
    desk.complete_signature(session.id, secret=secret)


def _settle(desk: Desk, signing: Signing) -> None:
    told = waiting(signing)
    if told is None:
        return
    session = desk.signing_session(told.session)
    if session.state == "signed":
        _take(signing, desk.signed_document(session.id))
    elif session.over:
        hands.end(signing, "refused", session.problem_en if english() else session.problem_vi)


def _take(signing: Signing, pdf: bytes) -> None:
    try:
        hands.keep(signing, pdf)
    except SigningEnded:
        signing.refresh_from_db()
        if signing.state == "waiting":  # the draft has another file by now: this signature is of none
            hands.end(signing, "cancelled")
    except LienThongError as problem:
        hands.end(signing, "refused", sentence_of(problem))
