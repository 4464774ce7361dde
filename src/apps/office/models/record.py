"""What people say of a picture or a recording in the register, for its description in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from apps.accounts.models import User
    from apps.office.models.document import Document


class Colour(models.TextChoices):
    """Codes of Circular 05/2025/TT-BNV, Annex III II.2."""

    COLOURED = "01", "Màu"
    BLACK_AND_WHITE = "02", "Đen trắng"


class Language(models.TextChoices):
    """Codes of the same, of which a recording gets one."""

    VIETNAMESE = "01", "Tiếng Việt"
    ENGLISH = "02", "Tiếng Anh"
    FRENCH = "03", "Tiếng Pháp"
    RUSSIAN = "04", "Tiếng Nga"
    CHINESE = "05", "Tiếng Trung"
    OTHER = "11", "Khác"


class Record(models.Model):
    """A picture or recording among a document's files, by the file's name; a new version of it stays described.

    Lengths are the circular's. `colour` and `size` are of pictures; `length`, `language`, `quality` of recordings.
    """

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="records"
    )
    name: models.CharField[str, str] = models.CharField(max_length=255)
    title: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    event: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    author: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    place: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    day: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    colour: models.CharField[str, str] = models.CharField(max_length=2, choices=Colour.choices, blank=True)
    size: models.CharField[str, str] = models.CharField(max_length=30, blank=True)
    length: models.CharField[str, str] = models.CharField(max_length=8, blank=True)
    language: models.CharField[str, str] = models.CharField(max_length=2, choices=Language.choices, blank=True)
    quality: models.CharField[str, str] = models.CharField(max_length=50, blank=True)
    number: models.CharField[str, str] = models.CharField(max_length=50, blank=True)
    note: models.CharField[str, str] = models.CharField(max_length=400, blank=True)
    by: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="a-record-once")]

    def __str__(self) -> str:
        return self.title or self.name
