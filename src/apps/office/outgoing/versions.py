"""Versions of a draft: what each person saw when they decided. A new one is made when a draft is handed on changed."""

from __future__ import annotations

from apps.office import contents
from apps.office.deed import Deed
from apps.office.models import Document, Draft, DraftFile, Version
from lienthong.errors import VersionOutdated

NEITHER_TEXT = frozenset({"sign_place", "initials_place", "form_place", "signers", "ttl_hours"})
"""Fields of a draft that are about its page and its way, not about what it says."""


def keep(deed: Deed, document: Document, draft: Draft, way: str = "typed") -> Version:
    """The draft as it is now as the document's next version; the last one, if nothing changed since."""
    last, file = newest(document), page_of(draft)
    content = contents.keep(bytes(file.content)) if file else None
    told = text_of(draft)
    page = content.pk if content else None
    if last and (last.fields, last.recipients, last.page_id) == (told, everyone(draft), page):
        return last
    return Version.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        fields=told,
        recipients=everyone(draft),
        page=content,
        way=way,
        by=deed.person,
        at=deed.at,
    )


def text_of(draft: Draft) -> dict[str, object]:
    """The fields that say something, as a version keeps them."""
    return {name: value for name, value in draft.fields.items() if name not in NEITHER_TEXT}


def everyone(draft: Draft) -> list[dict[str, object]]:
    """Whom it goes to, by whatever way."""
    return [*draft.recipients, *draft.beyond]


def initialled(version: Version, pdf: bytes) -> None:
    """The page of a version with one more person's initials: what it says is the same."""
    version.page = contents.keep(pdf)
    version.save(update_fields=["page"])


def put_away(deed: Deed, document: Document, draft: Draft) -> None:
    """Take a page that was signed and will not go out from the draft; it stays as a version of its own."""
    keep(deed, document, draft, "signed")
    draft.files.filter(main=True).delete()


def newest(document: Document) -> Version | None:
    """The version that counts."""
    return document.versions.last()


def require_newest(document: Document, seen: int) -> Version:
    """Refuse a decision on a version that somebody has replaced meanwhile. Raises VersionOutdated."""
    last = newest(document)
    if last is None or last.number != seen:
        raise VersionOutdated(f"{seen} < {last.number if last else 0}")
    return last


def page_of(draft: Draft) -> DraftFile | None:
    """The file that becomes the document, once there is one."""
    return draft.files.filter(main=True).first() if draft.created else None
