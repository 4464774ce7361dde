"""Books and their numbers: a series a book and year, without gaps; one not used says why (Decree 30/2020, Art. 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.office.models.document import Lane

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.document import Document
    from apps.staff.models import Unit


class Book(models.Model):
    """A register book. `kinds`: the kinds of documents with a series of their own here; empty takes all others."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    unit: models.ForeignKey[Unit | None, Unit | None] = models.ForeignKey(
        "staff.Unit", models.PROTECT, null=True, blank=True
    )
    lane: models.CharField[str, str] = models.CharField(max_length=10, choices=Lane.choices)
    name: models.CharField[str, str] = models.CharField(max_length=200)
    kinds = models.JSONField(default=list, blank=True)
    closed: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    if TYPE_CHECKING:
        numbers: RelatedManager[Number]

    class Meta:
        ordering = ["agency", "lane", "id"]
        constraints = [models.UniqueConstraint(fields=["agency", "unit", "lane", "name"], name="a-book-once")]

    def __str__(self) -> str:
        return self.name


class NumberState(models.TextChoices):
    """What became of a number."""

    USED = "used", "Đã cấp"
    RESERVED = "reserved", "Giữ trước"
    SKIPPED = "skipped", "Bỏ"


class Number(models.Model):
    """One number of a book's year. `suffix`: 12a after 12, when one was forgotten. A used one names its document."""

    book: models.ForeignKey[Book, Book] = models.ForeignKey(Book, models.PROTECT, related_name="numbers")
    year: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    number: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    suffix: models.CharField[str, str] = models.CharField(max_length=5, blank=True)
    state: models.CharField[str, str] = models.CharField(
        max_length=10, choices=NumberState.choices, default=NumberState.USED
    )
    document: models.ForeignKey[Document | None, Document | None] = models.ForeignKey(
        "office.Document", models.PROTECT, null=True, blank=True, related_name="numbers"
    )
    reason: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    by: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["book", "-year", "-number", "-suffix"]
        constraints = [
            models.UniqueConstraint(fields=["book", "year", "number", "suffix"], name="a-number-once"),
            models.UniqueConstraint(
                fields=["book", "document"], condition=Q(state="used"), name="a-document-once-a-book"
            ),
            models.CheckConstraint(
                condition=Q(state="used", document__isnull=False) | (~Q(state="used") & ~Q(reason="")),
                name="used-or-why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.written} ({self.year})"

    @property
    def written(self) -> str:
        """As printed: below ten with a nought (Annex I II.3)."""
        return f"{self.number:02d}{self.suffix}"
