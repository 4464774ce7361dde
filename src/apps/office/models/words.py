"""What a document is found by, beside its row, so that lists never carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from apps.office.models.document import Document


class Words(models.Model):
    """The words of one document as `apps.office.finding.words` makes them; the database keeps its full-text index."""

    document: models.OneToOneField[Document, Document] = models.OneToOneField(
        "office.Document", models.CASCADE, related_name="words"
    )
    text: models.TextField[str, str] = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]
