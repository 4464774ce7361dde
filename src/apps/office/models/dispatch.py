"""To whom an issued document goes: over the axis, on paper, by mail, to people inside; and saved groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import User
    from apps.office.models.document import Document


class Way(models.TextChoices):
    """How one recipient gets it."""

    AXIS = "axis", "Trục liên thông"
    PAPER = "paper", "Bản giấy"
    MAIL = "mail", "Thư điện tử"
    PERSON = "person", "Trong cơ quan"


class Dispatch(models.Model):
    """One recipient of an issued document. `sent` when the gateway has it, or when the clerk noted it as sent.

    `code` is the organisation's where it has one; `reason` says why paper goes beside the axis (Decision 28/2018,
    Art. 5 and 7). `stopped` is the gateway's code when it will never take it.
    """

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="dispatches"
    )
    way: models.CharField[str, str] = models.CharField(max_length=10, choices=Way.choices)
    code: models.CharField[str, str] = models.CharField(max_length=35, blank=True)
    name: models.CharField[str, str] = models.CharField(max_length=300)
    address: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    person: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    sent: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    stopped: models.CharField[str, str] = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "way", "code", "name"], name="a-recipient-once-a-way"),
        ]
        indexes = [models.Index(fields=["way", "document"], condition=Q(sent=None, stopped=""), name="to-be-sent")]

    def __str__(self) -> str:
        return f"{self.name} ({self.way})"


class Group(models.Model):
    """Agencies one often writes to together: `members` are {"code", "name"}."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    name: models.CharField[str, str] = models.CharField(max_length=100)
    members = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="a-group-once")]

    def __str__(self) -> str:
        return self.name
