"""What the screens keep: access tokens of officers, tables between preview and opening, changes that wait for a second
administrator. Everything else is the authority's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.utils import timezone

from apps.accounts.models import User


class Access(models.Model):
    """An officer's access token, encrypted (`door`): it lets in to look and ask, and decides nothing."""

    user: models.OneToOneField[User, User] = models.OneToOneField(User, models.CASCADE, related_name="ca_access")
    secret: models.TextField[str, str] = models.TextField()

    def __str__(self) -> str:
        return str(self.user)


class Sheet(models.Model):
    """An Excel table that was looked at and not opened yet. Its id is the batch, so that opening twice opens once."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid4)
    user: models.ForeignKey[User, User] = models.ForeignKey(User, models.CASCADE)
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    name: models.CharField[str, str] = models.CharField(max_length=200)
    content: models.BinaryField[bytes, bytes] = models.BinaryField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A registration authority or an officer as one administrator signed it; a second one must sign within minutes."""

    kind: models.CharField[str, str] = models.CharField(max_length=10)
    about: models.CharField[str, str] = models.CharField(max_length=80)
    body: models.JSONField[Any, Any] = models.JSONField()
    order: models.JSONField[Any, Any] = models.JSONField()
    user: models.ForeignKey[User, User] = models.ForeignKey(User, models.CASCADE)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
