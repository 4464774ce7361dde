"""Documents that may be another come twice: told before one is taken into the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from apps.office.models import Document, File
from apps.ui.language import t

MOST = 5


@dataclass(frozen=True, slots=True)
class Double:
    """A document that may be the same, and by what, in words."""

    document: Document
    why: str


def doubles(document: Document) -> list[Double]:
    """Of the same agency: by id, or number, notation and issuer (Annex VI I.2), or the bytes of the main file, by
    whatever way each came."""
    alike = _of_the_same_file(document)
    same = Q(pk__in=alike)
    if document.document_id:
        same |= Q(document_id=document.document_id)
    if document.number and document.notation:
        same |= Q(number=document.number, notation=document.notation, issuer_code=document.issuer_code)
    others = Document.objects.filter(same, agency=document.agency, lane=document.lane).exclude(pk=document.pk)
    return [Double(other, _why(document, other, alike)) for other in others[:MOST]]


def _of_the_same_file(document: Document) -> list[UUID]:
    """Asked for by themselves: a million documents are not looked through for one file."""
    contents = list(document.files.filter(main=True).values_list("content", flat=True))
    found = File.objects.filter(
        content__in=contents, main=True, document__agency=document.agency, document__lane=document.lane
    )
    return list(found.exclude(document=document).order_by("-pk").values_list("document", flat=True)[:MOST])


def _why(document: Document, other: Document, alike: Sequence[UUID]) -> str:
    if document.document_id and other.document_id == document.document_id:
        return t("cùng mã văn bản")
    return t("cùng một tệp") if other.pk in alike else t("cùng số, ký hiệu, nơi gửi")
