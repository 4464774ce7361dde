"""Scans whose words are to be recognised: rows with a state and a moment, one for the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from apps.office.models.document import Content


class Recognition(models.Model):
    """Of a file with pages without words, or of one that cannot be read at all (`asked` 0).

    `pages` are still to be done, of `asked`; `failed` could not be; `why` says why not, or what is waited for. `due` is
    when to go on, none when there is nothing more to do; `tries` of the page that is next.
    """

    content: models.OneToOneField[Content, Content] = models.OneToOneField(
        "office.Content", models.CASCADE, primary_key=True, related_name="recognition"
    )
    pages = models.JSONField(default=list)
    asked: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    failed: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    why: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    tries: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="still-to-recognise")]

    def __str__(self) -> str:
        return f"{self.content} {len(self.pages)}/{self.asked}"
