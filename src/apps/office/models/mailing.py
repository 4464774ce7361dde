"""Where somebody wants notices by e-mail, and which urgent ones have gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from apps.accounts.models import User
    from apps.office.models.assignment import Assignment


class Mailing(models.Model):
    """A person's wish: once a day what is new (`digested`: the last day it went), at once what is urgent."""

    person: models.OneToOneField[User, User] = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailing"
    )
    address: models.EmailField[str, str] = models.EmailField()
    digest: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    urgent: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    digested: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address


class Mailed(models.Model):
    """An urgent row that its holder was written about; it is not written about again."""

    assignment: models.OneToOneField[Assignment, Assignment] = models.OneToOneField(
        "office.Assignment", models.CASCADE, related_name="mailed"
    )
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.assignment} {self.at:%d/%m %H:%M}"
