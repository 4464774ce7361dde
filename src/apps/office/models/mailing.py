"""How a person wants to hear of what is new, what was read, and what was written about by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from apps.accounts.models import User


class Kind(models.TextChoices):
    """What a notice is about."""

    WORK = "work", "Việc được giao, được chuyển"
    STEP = "step", "Dự thảo chờ duyệt, chờ ký, chờ cấp số"
    RETURNED = "returned", "Dự thảo được trả lại"
    FLASH = "flash", "Văn bản hỏa tốc chờ tiếp nhận, chờ bút phê"
    TASK = "task", "Việc trong hồ sơ công việc"
    HANDOVER = "handover", "Hồ sơ giao nộp lưu trữ"
    TOLD = "told", "Quy tắc của cơ quan báo"


class Channel(models.TextChoices):
    """By which way one hears of it."""

    PAGE = "page", "Trên trang"
    AT_ONCE = "at-once", "Thư ngay khi hỏa tốc"
    DIGEST = "digest", "Thư mỗi sáng"


class Mailing(models.Model):
    """A person's wishes. `off` holds what is not wanted, "digest:task"; without an address nothing goes by e-mail.

    `digested` is the last day on which the morning's message went.
    """

    person: models.OneToOneField[User, User] = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailing"
    )
    address: models.EmailField[str, str] = models.EmailField(blank=True)
    off = models.JSONField(default=list)
    digested: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        person_id: int

    def __str__(self) -> str:
        return self.address

    def wants(self, channel: str, kind: str) -> bool:
        """Whether this kind comes by this way."""
        return f"{channel}:{kind}" not in self.off

    def kinds(self, channel: str) -> list[Kind]:
        """Which kinds come by this way."""
        return [kind for kind in Kind if self.wants(channel, kind)]


class Mailed(models.Model):
    """An urgent notice that went to somebody by e-mail; it is not written about again."""

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    key: models.CharField[str, str] = models.CharField(max_length=40)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="mailed-once")]

    def __str__(self) -> str:
        return f"{self.person} {self.key}"


class ReadNotice(models.Model):
    """A notice that its person has read, by the notice's key."""

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    key: models.CharField[str, str] = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="read-once")]

    def __str__(self) -> str:
        return f"{self.person} {self.key}"
