"""Finding drafts: an agency sees its own alone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.office.models import Draft


def drafts_of(agency: str) -> QuerySet[Draft]:
    """What the agency is preparing, newest first."""
    return Draft.objects.filter(agency=agency, sent="").order_by("-changed")


def begun_of(agency: str) -> QuerySet[Draft]:
    """Of those, the ones nobody has handed on."""
    return drafts_of(agency).filter(document=None)


def find_draft(agency: str, draft: UUID) -> Draft | None:
    """One of the agency's drafts, sent ones too."""
    return Draft.objects.filter(agency=agency, pk=draft).first()
