"""Signatures on a document's way out: who may put one now, and the signed file in the place of the very file shown."""

from __future__ import annotations

import hashlib

from apps.accounts.models import User
from apps.office.deed import deed_of
from apps.office.models import OPEN, Assignment, Document, Draft
from apps.office.models import Role as Step
from apps.office.outgoing import acts, routes, versions
from apps.office.outgoing.policy import Act, require
from apps.office.outgoing.policy import acts as offered
from apps.office.signing import signed, signer_of
from apps.ui.language import sentence_of, t
from lienthong.errors import IllegalMove, SignatureProblem, SigningEnded, VersionOutdated
from lienthong.signature import Role

ACTS = {Role.INITIALS: Act.APPROVE, Role.LEADER: Act.SIGN, Role.SEAL: Act.SEAL}
LAPSED = "anh/chị không còn quyền ký văn bản này; hệ thống sẽ trả lại người soạn để chọn người ký khác"


def check(draft: Draft, person: User, role: Role, seen: int | None = None) -> None:
    """Before a key is used. VersionOutdated, IllegalMove, PermissionDenied, SignatureProblem for a right that ended."""
    if draft.document is None:
        raise IllegalMove(t("Dự thảo chưa trình. Xin bấm “Trình” để văn bản đến người ký."))
    require(draft.document, deed_of(person).standing, ACTS[role])
    if role is Role.LEADER and not routes.may_sign(draft, person):
        raise _right_ended()
    if role is not Role.SEAL:
        versions.require_newest(draft.document, seen if seen is not None else _shown(draft, draft.document))


def lapsed(draft: Draft, person: User) -> str:
    """In words, before anything is tried, that whoever it waits for may sign it no more; nothing for anybody else."""
    waits = draft.document is not None and Act.SIGN in offered(draft.document, deed_of(person).standing)
    return sentence_of(_right_ended()) if waits and not routes.may_sign(draft, person) else ""


def initials_due(draft: Draft) -> Assignment | None:
    """The step of initials that a draft waits at."""
    rows = draft.document.assignments if draft.document else Assignment.objects.none()
    return rows.filter(role=Step.INITIAL, state__in=OPEN).select_related("unit").first()


def put(draft: Draft, person: User, role: Role, seen: int | None = None) -> None:
    """Sign or seal with the agency's key at its gateway. SignatureProblem without one, and as `check` and `keep`."""
    main, key = versions.page_of(draft), signer_of(draft.agency, role)
    if main is None:
        raise SignatureProblem(t("Chưa có tệp văn bản để ký."))
    if key is None:
        raise SignatureProblem(t("máy chủ bảo mật không có khóa ký của cơ quan, hoặc chưa trả lời"))
    check(draft, person, role, seen)
    before = bytes(main.content)
    pdf = signed(before, role, key, draft, person.name)
    keep(draft, person, role, hashlib.sha256(before).hexdigest(), pdf)


def keep(draft: Draft, person: User, role: Role, before: str, pdf: bytes) -> None:
    """Put the signed file in the place of the one with this SHA-256, and move its step on, or change nothing.

    SigningEnded when another file is there by now, VersionOutdated when there is a newer version of the draft.
    """

    def put() -> None:
        main = versions.page_of(Draft.objects.select_for_update().get(pk=draft.pk))
        if main is None or hashlib.sha256(bytes(main.content)).hexdigest() != before:
            raise SigningEnded
        main.content = pdf
        main.save()

    if draft.document is None:
        raise SigningEnded
    if role is Role.INITIALS:
        acts.initialled(deed_of(person), draft.document, _version_of(draft.document, before), pdf, put)
    elif role is Role.LEADER:
        acts.signed(deed_of(person), draft.document, _version_of(draft.document, before), put)
    else:
        acts.sealed(deed_of(person), draft.document, put)


def _right_ended() -> SignatureProblem:
    return SignatureProblem(t(LAPSED))


def _shown(draft: Draft, document: Document) -> int:
    page = versions.page_of(draft)
    return _version_of(document, hashlib.sha256(bytes(page.content)).hexdigest()) if page else 0


def _version_of(document: Document, page: str) -> int:
    """The version a page belongs to: what was looked at is the page."""
    found = document.versions.filter(page=page).last()
    if found is None:
        raise VersionOutdated
    return found.number
