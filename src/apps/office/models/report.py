"""What is to be told to a sender: kept with the act that caused it, sent by a worker until the gateway has it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime

    from apps.office.models.document import Document


class Report(models.Model):
    """One status for the sender of a document. Its id is the message's, so a repeat tells once.

    `tried` is when it last could not go; `stopped` the gateway's code when it will never take it (the document was
    recalled meanwhile).
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="reports"
    )
    order: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    code: models.CharField[str, str] = models.CharField(max_length=2)
    words: models.TextField[str, str] = models.TextField(blank=True)
    staff: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    sent: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    tried: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    stopped: models.CharField[str, str] = models.CharField(max_length=40, blank=True)

    if TYPE_CHECKING:
        document_id: uuid.UUID

    class Meta:
        ordering = ["at", "order"]
        constraints = [models.UniqueConstraint(fields=["document", "order"], name="reports-in-order")]
        indexes = [models.Index(fields=["at"], condition=Q(sent=None, stopped=""), name="reports-to-send")]

    def __str__(self) -> str:
        return f"{self.document} {self.code}"
