"""Signing with a key in a person's own hands: begun here, finished by what their browser or program brings back.

Everything is bound to the file as it was shown (SHA-256), the expected signer, the site's own origin and ten minutes;
each secret works once. What ends badly leaves the draft as it was.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import Draft, DraftFile, Signing
from apps.office.outgoing import signatures
from apps.office.signing import appearance
from apps.office.stages import main_of, stage_of
from apps.ui.language import t
from lienthong.errors import InvalidValue, LienThongError, SignatureProblem, SigningDiffers, SigningEnded
from lienthong.signature import Prepared, Role, complete, prepare
from lienthong.signature.session.model import LIFETIME
from lienthong.signature.session.returned import MOST_ADDED, Awaited, take
from lienthong.signature.session.signer import Signer, require_signer
from lienthong.signature.session.values import Algorithm, negotiated, settled

MOST_CERTIFICATE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser's helper is asked to sign; `nonce` comes back with the value."""

    signing: Signing
    nonce: str
    digest: str
    hash: str


def next_role(draft: Draft) -> Role:
    """Whose signature is due: a reviewer's initials, the leader's, then the agency's. SignatureProblem when none is."""
    if signatures.initials_due(draft):
        return Role.INITIALS
    step = stage_of(draft).next
    if step not in {Role.LEADER.value, Role.SEAL.value}:
        raise SignatureProblem(t("văn bản chưa có tệp, hoặc đã đủ chữ ký"))
    return Role(step)


def signer_of_draft(draft: Draft, role: Role, person: User) -> Signer:
    """Who is expected: the signer the draft names, the agency, or for initials the person whose step it is."""
    if role is Role.INITIALS:
        return Signer(role, person.name)
    agency = settings.CONFIG.of(draft.agency)
    name = draft.fields.get("signer_name", "") if role is Role.LEADER else agency.name if agency else ""
    return Signer(role, name)


# ---------------------------------------------------------------- in the browser


def ask_browser(draft: Draft, person: User, origin: str, certificate: str, offered: list[dict[str, str]]) -> Asked:
    """Prepare for the certificate a helper showed. SigningDiffers for somebody else's, AlgorithmNotAllowed."""
    role, main, leaf = next_role(draft), main_file(draft), _decoded(certificate)
    signer = signer_of_draft(draft, role, person)
    algorithm = negotiated(leaf, [_algorithm(each) for each in offered[:50]])
    require_signer(leaf, signer)
    pdf = bytes(main.content)
    agency = settings.CONFIG.of(draft.agency)
    look = appearance(pdf, role, signer.name, agency.name if agency else draft.agency, place_for(draft, role))
    made = prepare(pdf, role, leaf, (), look, timezone.now())
    nonce = secrets.token_urlsafe(32)
    signing = begin(draft, person, role, "browser", origin, pdf, {"nonce": nonce}, msgspec.json.encode(made))
    return Asked(signing, nonce, b64encode(made.digest).decode(), algorithm.hash)


def place_for(draft: Draft, role: Role) -> str:
    """Where a signature is drawn, as `signing.appearance` reads it.

    Initials of who answers for the content stand after the last words, of the agency's office after "Nơi nhận"; on a
    page that was not laid out here they are not drawn.
    """
    due = signatures.initials_due(draft) if role is Role.INITIALS else None
    if due is None:
        return str(draft.fields.get("sign_place", "middle"))
    return str(draft.fields.get("form_place" if due.unit.parent_id is None else "initials_place", "none"))


def finish_browser(signing: Signing, person: User, origin: str, nonce: str, value: str) -> None:
    """Put the value in its place and keep the signed file. SigningDiffers, SigningEnded."""
    if signing.person != person or signing.origin != origin or not _same(signing, "nonce", nonce):
        raise SigningDiffers(t("không phải phiên của trang này"))
    made = msgspec.json.decode(bytes(signing.prepared), type=Prepared)
    keep(signing, complete(made, settled(made.certificate, made.to_be_signed, _decoded(value))))


# ---------------------------------------------------------------- through the state's program


def ask_plugin(draft: Draft, person: User, origin: str) -> tuple[Signing, str, str]:
    """A session with two one-time secrets: one to fetch the file, one to hand it back signed."""
    role = next_role(draft)
    if role is Role.INITIALS:
        raise SignatureProblem(t("chương trình ký không biết ký nháy; xin ký bằng tiện ích trình duyệt"))
    down, up = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    tickets = {"fetch": down, "return": up}
    return begin(draft, person, role, "plugin", origin, bytes(main_file(draft).content), tickets), down, up


def fetched(ticket: str) -> DraftFile:
    """The file to sign, once. SigningEnded for a used, late or unknown ticket."""
    return main_file(_spend("fetch", ticket).draft)


def room_for(ticket: str) -> int:
    """How many bytes may come back on a ticket, which stays unused. SigningEnded."""
    return main_file(_find("return", ticket).draft).size + MOST_ADDED


def handed_back(ticket: str, pdf: bytes) -> None:
    """Judge a returned file, once, and keep it if nothing speaks against it. SigningDiffers, SigningEnded."""
    signing = _spend("return", ticket)
    role = Role(signing.role)
    original = bytes(main_file(signing.draft).content)
    awaited = Awaited(original, signer_of_draft(signing.draft, role, signing.person), signing.created, signing.expires)
    try:
        taken = take(pdf, awaited)
        keep(signing, taken.pdf)
    except LienThongError as problem:
        end(signing, "refused", problem.sentence())
        raise
    known = signing.draft.fields.get("signers", {}) | {_sha256(taken.certificate): role.value}
    signing.draft.fields = signing.draft.fields | {"signers": known}
    signing.draft.save()


# ---------------------------------------------------------------- their life


def end(signing: Signing, state: str, problem: str = "") -> None:
    """Close a session that waits; an ended one stays as it ended."""
    waiting = Signing.objects.filter(pk=signing.pk, state="waiting")
    waiting.update(state=state, problem=problem[:500], tickets={}, prepared=b"")


def find(signing: UUID, person: User) -> Signing:
    """A session of this person. SigningEnded otherwise."""
    found = Signing.objects.filter(pk=signing, person=person).select_related("draft").first()
    return found or _ended()


def state_of(signing: Signing) -> str:
    """As kept, but a waiting session ends by its time."""
    late = signing.state == "waiting" and signing.expires <= timezone.now()
    return "expired" if late else signing.state


def begin(
    draft: Draft,
    person: User,
    role: Role,
    way: str,
    origin: str,
    pdf: bytes,
    tickets: dict[str, str],
    kept: bytes = b"",
) -> Signing:
    """A new session, in the place of one that waits. Raises as `signatures.check`."""
    now = timezone.now()
    signatures.check(draft, person, role)
    Signing.objects.filter(draft=draft, state="waiting").update(state="cancelled", tickets={}, prepared=b"")
    hashes = {name: _sha256(each.encode()) for name, each in tickets.items()}
    return Signing.objects.create(
        draft=draft,
        person=person,
        role=role.value,
        way=way,
        origin=origin,
        original=_sha256(pdf),
        prepared=kept,
        tickets=hashes,
        created=now,
        expires=now + LIFETIME,
    )


def _find(name: str, ticket: str) -> Signing:
    known = {f"tickets__{name}": _sha256(ticket.encode())}
    found = Signing.objects.filter(state="waiting", expires__gt=timezone.now(), **known)
    return found.select_related("draft").first() or _ended()


def _spend(name: str, ticket: str) -> Signing:
    """Take a ticket out; of two who come at once, one is too late (SQLite's writers stand in a row)."""
    with transaction.atomic():
        signing = _find(name, ticket)
        signing.tickets = {key: value for key, value in signing.tickets.items() if key != name}
        signing.save(update_fields=["tickets"])
    if _sha256(bytes(main_file(signing.draft).content)) != signing.original:
        end(signing, "cancelled")
        _ended()
    return signing


def keep(signing: Signing, pdf: bytes) -> None:
    """The signed file takes the place of the very file that was shown, or nothing changes."""
    with transaction.atomic():
        if state_of(signing) != "waiting":
            _ended()
        signatures.keep(signing.draft, signing.person, Role(signing.role), signing.original, pdf)
        end(signing, "signed")


def main_file(draft: Draft) -> DraftFile:
    """The file that is signed. SignatureProblem without one."""
    main = main_of(draft)
    if main is None:
        raise SignatureProblem(t("Chưa có tệp văn bản để ký."))
    return main


def _same(signing: Signing, name: str, ticket: str) -> bool:
    return secrets.compare_digest(signing.tickets.get(name, ""), _sha256(ticket.encode()))


def _decoded(text: str) -> bytes:
    try:
        if len(text) > MOST_CERTIFICATE:
            raise InvalidValue("base64")
        return b64decode(text, validate=True)
    except ValueError as problem:
        raise InvalidValue("base64") from problem


def _algorithm(said: Any) -> Algorithm:
    try:
        return Algorithm(
            str(said["cryptoAlgorithm"]), str(said["hashFunction"]), str(said.get("paddingScheme", "NONE"))
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise InvalidValue("supportedSignatureAlgorithms") from problem


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _ended() -> NoReturn:
    raise SigningEnded
