"""What a scan folder or a mailbox brings: where it is looked at, and each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from apps.office.models.document import Source

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.office.models.document import Document


class Inlet(models.Model):
    """A folder or a mailbox of an agency's configuration (`way`, `place`), as the worker last found it.

    `due` is when it is looked at again; `problem` what kept the worker from looking, `failures` how often in a row.
    """

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    way: models.CharField[str, str] = models.CharField(max_length=10)
    place: models.CharField[str, str] = models.CharField(max_length=500)
    due: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    looked: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    problem: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    failures: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        brought: RelatedManager[Brought]

    class Meta:
        ordering = ["agency", "way", "place"]
        constraints = [models.UniqueConstraint(fields=["agency", "way", "place"], name="one-inlet-a-place")]

    def __str__(self) -> str:
        return self.place

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return str(Source(self.way).label)


class Brought(models.Model):
    """A file of a folder, or a document of a letter: it comes once (`key`), as a document, or refused with a reason.

    `told` holds what the letter said of itself: sender, subject, day. None of it is proved.
    """

    inlet: models.ForeignKey[Inlet, Inlet] = models.ForeignKey(Inlet, models.PROTECT, related_name="brought")
    key: models.CharField[str, str] = models.CharField(max_length=140)
    name: models.CharField[str, str] = models.CharField(max_length=255)
    told = models.JSONField(default=dict)
    document: models.ForeignKey[Document | None, Document | None] = models.ForeignKey(
        "office.Document", models.PROTECT, null=True, blank=True, related_name="brought"
    )
    why: models.CharField[str, str] = models.CharField(max_length=1000, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["inlet", "key"], name="comes-once")]
        indexes = [models.Index(fields=["inlet", "-at"])]

    def __str__(self) -> str:
        return self.name
