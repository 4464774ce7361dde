"""Signatures on a document's way out: who may put one now, and the signed file in the place of the very file shown."""

from __future__ import annotations

import hashlib

from django.db import transaction

from apps.accounts.models import User
from apps.office.deed import deed_of
from apps.office.models import Document, Draft
from apps.office.outgoing import acts, routes, versions
from apps.office.outgoing.policy import Act, require
from apps.ui.language import t
from lienthong.errors import IllegalMove, SigningEnded, VersionOutdated
from lienthong.signature import Role

ACTS = {Role.LEADER: Act.SIGN, Role.SEAL: Act.SEAL}


def check(draft: Draft, person: User, role: Role, seen: int | None = None) -> None:
    """Before a key is used. VersionOutdated, IllegalMove, PermissionDenied.

    A draft nobody handed on is signed the short way, where the agency has asked for no steps.
    """
    if draft.document is None:
        if routes.has_route(draft.agency):
            raise IllegalMove(t("Cơ quan đã quy định các bước duyệt; xin bấm “Trình” để văn bản đi đúng quy trình."))
        return
    require(draft.document, deed_of(person).standing, ACTS[role])
    if role is Role.LEADER:
        versions.require_newest(draft.document, seen if seen is not None else _shown(draft, draft.document))


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
        with transaction.atomic():
            put()
    elif role is Role.LEADER:
        acts.signed(deed_of(person), draft.document, _version_of(draft.document, before), put)
    else:
        acts.sealed(deed_of(person), draft.document, put)


def _shown(draft: Draft, document: Document) -> int:
    page = versions.page_of(draft)
    return _version_of(document, hashlib.sha256(bytes(page.content)).hexdigest()) if page else 0


def _version_of(document: Document, page: str) -> int:
    """The version a page belongs to: what was looked at is the page."""
    found = document.versions.filter(page=page).last()
    if found is None:
        raise VersionOutdated
    return found.number
