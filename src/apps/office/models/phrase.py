"""A phrase for remarks, reasons or opinions: of one person, or of the whole agency when it has no owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User


class Use(models.TextChoices):
    """What one writes with it."""

    REMARK = "remark", "Bút phê, lời trình, lời dặn"
    REASON = "reason", "Lý do từ chối, trả lại"
    OPINION = "opinion", "Ý kiến, kết quả"


class Phrase(models.Model):
    """One phrase; where it is used decides where it is offered."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    owner: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    use: models.CharField[str, str] = models.CharField(max_length=10, choices=Use.choices)
    text: models.CharField[str, str] = models.CharField(max_length=300)

    if TYPE_CHECKING:
        owner_id: int | None

    class Meta:
        ordering = ["use", "text", "id"]
        indexes = [models.Index(fields=["agency", "owner", "use"])]

    def __str__(self) -> str:
        return self.text
