"""The tables of onboarding: an application with what was decided, and the keys its gateway made.

Nothing here counts for the exchange: what does is written to the directory when certificates are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import User

    Text = models.CharField[str, str]
    Moment = models.DateTimeField[datetime | None, datetime | None]
    Person = models.ForeignKey[User | None, User | None]


class Letter(models.TextChoices):
    """What the signature room said of the signed letter."""

    MISSING = "missing", "chưa có"
    UNCHECKED = "unchecked", "chưa kiểm được chữ ký"
    VALID = "valid", "chữ ký hợp lệ"
    INVALID = "invalid", "chữ ký không hợp lệ"
    OPEN = "open", "chữ ký chưa kết luận được"


class CaseState(models.TextChoices):
    """How a case stands at the authority (docs/protocol/ca-api.md), and what is not there yet."""

    ASKED = "asked", "đang gửi CA"
    ERROR = "error", "CA không nhận"
    RECEIVED = "received", "CA đã tiếp nhận"
    RETURNED = "returned", "CA trả lại để bổ sung"
    EXAMINED = "examined", "CA đã thẩm tra"
    APPROVED = "approved", "CA đã duyệt"
    ISSUING = "issuing", "CA đang cấp"
    ISSUED = "issued", "CA đã cấp"
    DELIVERED = "delivered", "đã bàn giao"
    DONE = "done", "đã thực hiện"
    REFUSED = "refused", "CA từ chối"
    WITHDRAWN = "withdrawn", "đã rút"
    STOPPED = "stopped", "trung ương dừng"


class Application(models.Model):
    """Who wants to join, with what gateway, and how far it has come. `link` is what the applicant follows it by."""

    link: Text = models.CharField(max_length=43, unique=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)
    code: Text = models.CharField(max_length=35)
    name: Text = models.CharField(max_length=500)
    level: Text = models.CharField(max_length=40)
    parent: Text = models.CharField(max_length=35, blank=True)
    gateway: Text = models.CharField(max_length=60)
    gateway_name: Text = models.CharField(max_length=300)
    shared: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    hosts: Text = models.CharField(max_length=300, blank=True)
    contact: Text = models.CharField(max_length=200)
    email: Text = models.CharField(max_length=200)
    phone: Text = models.CharField(max_length=40, blank=True)
    address: Text = models.CharField(max_length=45)
    letter: models.BinaryField[bytes | None, bytes | None] = models.BinaryField(null=True)
    letter_name: Text = models.CharField(max_length=200, blank=True)
    letter_verdict: Text = models.CharField(max_length=12, choices=Letter.choices, default=Letter.MISSING)
    letter_words: models.TextField[str, str] = models.TextField(blank=True)
    letter_signer: Text = models.CharField(max_length=400, blank=True)
    examined_by: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    examined_at: Moment = models.DateTimeField(null=True)
    approved_by: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at: Moment = models.DateTimeField(null=True)
    refused_at: Moment = models.DateTimeField(null=True)
    reason: Text = models.CharField(max_length=500, blank=True)
    code_digest: Text = models.CharField(max_length=64, blank=True)
    code_until: Moment = models.DateTimeField(null=True)
    joined_at: Moment = models.DateTimeField(null=True)
    joined_from: Text = models.CharField(max_length=45, blank=True)
    ticket: Text = models.CharField(max_length=64, blank=True)
    vkey: Text = models.CharField(max_length=300, blank=True)
    listed_at: Moment = models.DateTimeField(null=True)
    reached_at: Moment = models.DateTimeField(null=True)
    seen_at: Moment = models.DateTimeField(null=True)
    seen_problem: Text = models.CharField(max_length=20, blank=True)
    echoed_at: Moment = models.DateTimeField(null=True)
    problem: Text = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.gateway}"


class Request(models.Model):
    """A certificate request of the gateway; the key never left it. `spki`: SHA-256 of the public key, never twice.

    `case_…`: how the authority's case stands, where one is asked.
    """

    application: models.ForeignKey[Application, Application] = models.ForeignKey(
        Application, models.CASCADE, related_name="requests"
    )
    purpose: Text = models.CharField(max_length=20)
    holder: Text = models.CharField(max_length=80)
    csr: models.TextField[str, str] = models.TextField()
    spki: Text = models.CharField(max_length=64, unique=True)
    certificate: models.TextField[str, str] = models.TextField(blank=True)
    case_state: Text = models.CharField(max_length=20, choices=CaseState.choices, blank=True)
    case_words: Text = models.CharField(max_length=400, blank=True)
    case_at: Moment = models.DateTimeField(null=True)
    case_attempt: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.holder} {self.purpose}"
