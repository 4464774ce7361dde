"""Who may enter: a person bound to one agency and one role; and failed attempts, so that guessing is slow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from apps.accounts.roles import CONSOLE, Role

ATTEMPTS = 5
PAUSE = timedelta(minutes=5)


class UserManager(BaseUserManager["User"]):
    """Django's lookup of people by their login."""


class User(AbstractBaseUser):
    """A person. The agency decides which gateway token the person's acts go through; nothing else does.

    People of the console belong to no agency. `subject` is who the identity provider says they are, once they came in
    through one.
    """

    username: models.CharField[str, str] = models.CharField(max_length=100, unique=True)
    name: models.CharField[str, str] = models.CharField(max_length=200)
    agency: models.CharField[str, str] = models.CharField(max_length=35, blank=True)
    role: models.CharField[str, str] = models.CharField(max_length=20, choices=Role.choices, default=Role.CLERK)
    subject: models.CharField[str | None, str | None] = models.CharField(max_length=400, null=True, unique=True)  # noqa: DJ001 - NULLs are not equal
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "username"

    def __str__(self) -> str:
        return self.name

    @property
    def in_console(self) -> bool:
        """Whether the person works in the console: two steps in, an audit, no agency."""
        return self.role in CONSOLE

    @property
    def workplace(self) -> str:
        """The app whose frame the person works in."""
        if self.role == Role.AUTHORITY:
            return "authority"
        return "operator" if self.in_console else "office"


class Factor(models.Model):
    """A person's second factor: an authenticator app (RFC 6238), its secret encrypted (`accounts.factor`)."""

    user: models.OneToOneField[User, User] = models.OneToOneField(User, models.CASCADE, related_name="factor")
    secret: models.TextField[str, str] = models.TextField()
    confirmed: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    last_step: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user} · {self.confirmed}"


class RecoveryCode(models.Model):
    """A code on paper that stands in for the app once; kept as its digest."""

    user: models.ForeignKey[User, User] = models.ForeignKey(User, models.CASCADE, related_name="recovery")
    digest: models.CharField[str, str] = models.CharField(max_length=64)

    class Meta:
        unique_together = [("user", "digest")]

    def __str__(self) -> str:
        return self.digest[:8]


class Attempt(models.Model):
    """A failed login of one name from one address."""

    username: models.CharField[str, str] = models.CharField(max_length=100)
    address: models.CharField[str, str] = models.CharField(max_length=45)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["username", "address", "at"])]

    def __str__(self) -> str:
        return f"{self.username} · {self.at:%H:%M:%S}"


def blocked(username: str, address: str) -> bool:
    """Whether this name has failed too often from this address within the pause."""
    recent = Attempt.objects.filter(username=username[:100], address=address, at__gt=timezone.now() - PAUSE)
    return recent.count() >= ATTEMPTS


def remember_failure(username: str, address: str) -> None:
    """Note a failure and forget those nobody asks about any more."""
    Attempt.objects.filter(at__lt=timezone.now() - PAUSE).delete()
    Attempt.objects.create(username=username[:100], address=address)


def forget_failures(username: str, address: str) -> None:
    """A right password clears the name at that address."""
    Attempt.objects.filter(username=username[:100], address=address).delete()
