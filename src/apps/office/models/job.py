"""One act on many documents, carried out by the worker: a row for the order, one for each document."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.document import Document


class Job(models.Model):
    """Who ordered which act (`office.jobs.KINDS`, or one of a dialog) in which box; `typed` is what it was told.

    `asked` documents in all; `ended` once none is left.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency: models.CharField[str, str] = models.CharField(max_length=35)
    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    act: models.CharField[str, str] = models.CharField(max_length=20)
    box: models.CharField[str, str] = models.CharField(max_length=40)
    typed = models.JSONField(default=dict)
    asked: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    begun: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        items: RelatedManager[JobItem]

    class Meta:
        ordering = ["begun"]
        indexes = [models.Index(fields=["begun"], condition=models.Q(ended=None), name="jobs-not-ended")]

    def __str__(self) -> str:
        return f"{self.act} {self.asked}"


class ItemState(models.TextChoices):
    """What became of one document of a job."""

    WAITING = "waiting", "Đang chờ"
    DONE = "done", "Làm được"
    REFUSED = "refused", "Không làm được"
    STOPPED = "stopped", "Dừng trước khi làm"


class JobItem(models.Model):
    """One document of a job: done or refused (`why`) in the same transaction as the act itself, so exactly once."""

    job: models.ForeignKey[Job, Job] = models.ForeignKey(Job, models.CASCADE, related_name="items")
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="+"
    )
    state: models.CharField[str, str] = models.CharField(
        max_length=10, choices=ItemState.choices, default=ItemState.WAITING
    )
    why: models.CharField[str, str] = models.CharField(max_length=300, blank=True)

    if TYPE_CHECKING:
        document_id: uuid.UUID

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "document"], name="a-document-once-a-job")]
        indexes = [models.Index(fields=["job", "state"])]

    def __str__(self) -> str:
        return f"{self.document} {self.state}"
