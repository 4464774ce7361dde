"""A form as somebody left it unsent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import User


class Form(models.Model):
    """`page` is where it stood, with its query; `address` is where it goes; `sealed` its fields (`keeping`)."""

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="unsent_forms"
    )
    page: models.CharField[str, str] = models.CharField(max_length=500)
    address: models.CharField[str, str] = models.CharField(max_length=500)
    digest: models.CharField[str, str] = models.CharField(max_length=64)
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="one-unsent-form-a-text")]

    def __str__(self) -> str:
        return f"{self.person} {self.address}"
