"""That the sample month has been played, and until when: what people do later is a visitor's own."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Played(models.Model):
    """One row, once everything of the month is there; without it nothing is, or only a part."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
