"""What a document is found by, beside its row, so that lists never carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    import uuid

    from apps.office.models.document import Document


class Words(models.Model):
    """The words of one document as `apps.office.finding` makes them; the database keeps its full-text index.

    `id` is when the document came, in milliseconds since 1970, or the first free number after: the index is walked
    newest first by it. `text` is what the document says, `facts` where it stands and who sees it.
    """

    id: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    document: models.OneToOneField[Document, Document] = models.OneToOneField(
        "office.Document", models.CASCADE, related_name="words"
    )
    text: models.TextField[str, str] = models.TextField()
    facts: models.TextField[str, str] = models.TextField()

    if TYPE_CHECKING:
        document_id: uuid.UUID

    def __str__(self) -> str:
        return self.text[:60]
