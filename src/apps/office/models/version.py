"""What a document was before it was issued: every version of its draft, and the steps an agency asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import User
    from apps.office.models.document import Content, Document


class Version(models.Model):
    """A draft as it was handed on: its fields, whom it goes to, its page. None is changed or deleted (Annex VI I.6).

    `way` is how it came: typed here, brought back from a word processor, or an uploaded page.
    """

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="versions"
    )
    number: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    fields = models.JSONField()
    recipients = models.JSONField(default=list)
    page: models.ForeignKey[Content | None, Content | None] = models.ForeignKey(
        "office.Content", models.PROTECT, null=True, blank=True, related_name="+"
    )
    way: models.CharField[str, str] = models.CharField(max_length=10, default="typed")
    by: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    if TYPE_CHECKING:
        page_id: str | None

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="versions-in-order")]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"


class Route(models.Model):
    """The steps before the leader's signature that an agency asks for, for one kind of document or, empty, all others.

    `steps` is a list of {"role": review | form | initial, "unit": "own" (the drafter's) | "agency" | a unit's id}.
    """

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    kind: models.CharField[str, str] = models.CharField(max_length=100, blank=True)
    steps = models.JSONField(default=list)

    class Meta:
        ordering = ["agency", "kind"]
        constraints = [models.UniqueConstraint(fields=["agency", "kind"], name="a-route-a-kind")]

    def __str__(self) -> str:
        return f"{self.agency} {self.kind}"
