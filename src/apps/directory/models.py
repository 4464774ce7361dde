"""The directory's tables. Rows are never overwritten: each says what was believed from one change until another.

Change ──< Period           one code's facts from day to day (valid time), believed from change to change
       ──< Representation   the same of who speaks for whom
       ──< Gateway, Certificate, LogKey
Import, Plan                what people prepare; nothing of it counts before it is carried out
Publication, Statement      what was signed and handed out; who signs
Key                         an access key for scripts, of one person
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date, datetime

    from apps.accounts.models import User

    Text = models.CharField[str, str]
    Day = models.DateField[date | None, date | None]
    Moment = models.DateTimeField[datetime, datetime]
    Person = models.ForeignKey[User | None, User | None]


class Change(models.Model):
    """One act that changed the directory. Its number is the directory's revision."""

    at: Moment = models.DateTimeField(default=timezone.now)
    person: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    kind: Text = models.CharField(max_length=20)
    subject: Text = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Recorded(models.Model):
    """A row that holds from one change (`begun`) until another (`ended`), or still."""

    begun: models.ForeignKey[Change, Change] = models.ForeignKey(Change, models.PROTECT, related_name="+")
    ended: models.ForeignKey[Change | None, Change | None] = models.ForeignKey(
        Change, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True


class Period(Recorded):
    """What is true of one code from a day through another (both inclusive); `folded` is what search looks in."""

    code: Text = models.CharField(max_length=35)
    legacy_code: Text = models.CharField(max_length=35, blank=True)
    name: Text = models.CharField(max_length=500)
    name_en: Text = models.CharField(max_length=500, blank=True)
    level: Text = models.CharField(max_length=40)
    parent: Text = models.CharField(max_length=35, blank=True)
    kind: Text = models.CharField(max_length=10)
    status: Text = models.CharField(max_length=10)
    valid_from: Day = models.DateField(null=True)
    valid_to: Day = models.DateField(null=True)
    successors = models.JSONField(default=list)
    contact = models.JSONField(null=True)
    folded: models.TextField[str, str] = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "ended"]),
            models.Index(fields=["parent", "ended"]),
            models.Index(fields=["legacy_code"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=models.Q(ended=None), name="one_period_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from or '…'}"


class Gateway(Recorded):
    """A secure server."""

    name_id: Text = models.CharField(max_length=60)
    name: Text = models.CharField(max_length=300)
    operator: Text = models.CharField(max_length=35)
    kind: Text = models.CharField(max_length=10)
    endpoint: Text = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_id"], condition=models.Q(ended=None), name="one_gateway_a_name")
        ]

    def __str__(self) -> str:
        return self.name_id


class Representation(Recorded):
    """A gateway speaks for an organisation."""

    gateway: Text = models.CharField(max_length=60)
    organisation: Text = models.CharField(max_length=35)
    valid_from: Day = models.DateField(null=True)
    valid_to: Day = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "ended"]), models.Index(fields=["gateway", "ended"])]

    def __str__(self) -> str:
        return f"{self.gateway} → {self.organisation}"


class Certificate(Recorded):
    """A certificate as it is published; validity and thumbprint are read from it."""

    thumbprint: Text = models.CharField(max_length=43)
    certificate: models.BinaryField[bytes, bytes] = models.BinaryField()
    holder: Text = models.CharField(max_length=80)
    purpose: Text = models.CharField(max_length=20)
    valid_from: Moment = models.DateTimeField()
    valid_to: Moment = models.DateTimeField()
    revoked_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    revocation_reason: Text = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["holder", "ended"])]
        constraints = [
            models.UniqueConstraint(fields=["thumbprint"], condition=models.Q(ended=None), name="one_row_a_certificate")
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.purpose}"


class LogKey(Recorded):
    """Whose evidence log is whose."""

    origin: Text = models.CharField(max_length=200)
    vkey: Text = models.CharField(max_length=300)
    hop: Text = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin"], condition=models.Q(ended=None), name="one_key_a_log")]

    def __str__(self) -> str:
        return self.origin


class Work(models.TextChoices):
    """What the worker is still to do with a large table."""

    LOOK = "look", "Đang xem bảng"
    TAKE = "take", "Đang đưa vào danh bạ"


class Import(models.Model):
    """A table somebody brought: kept as it came, looked at, then taken in or not.

    A large one is left to the worker: `work` is what it is to do, `read` how many rows it has read, `problem` why it
    could not; `shown` are the first differences it found. Of one looked at within a request `read` is 0.
    """

    name: Text = models.CharField(max_length=200)
    content: models.BinaryField[bytes, bytes] = models.BinaryField()
    day: models.DateField[date, date] = models.DateField()
    person: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created: Moment = models.DateTimeField(default=timezone.now)
    rows: models.IntegerField[int, int] = models.IntegerField(default=0)
    findings = models.JSONField(default=list)
    faults: models.IntegerField[int, int] = models.IntegerField(default=0)
    differing: models.IntegerField[int, int] = models.IntegerField(default=0)
    digest: Text = models.CharField(max_length=64, blank=True)
    work: Text = models.CharField(max_length=4, choices=Work.choices, blank=True)
    read: models.IntegerField[int, int] = models.IntegerField(default=0)
    problem: models.TextField[str, str] = models.TextField(blank=True)
    shown = models.JSONField(default=list)
    taken: models.ForeignKey[Change | None, Change | None] = models.ForeignKey(Change, models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.name


class PlanState(models.TextChoices):
    """How far a plan is."""

    DRAFT = "draft", "Đang soạn"
    PROPOSED = "proposed", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    CARRIED_OUT = "carried-out", "Đã thực hiện"
    WITHDRAWN = "withdrawn", "Đã rút"


class Plan(models.Model):
    """A reorganisation being prepared. `digest` is of what was last shown: what is approved is what is carried out."""

    title: Text = models.CharField(max_length=300)
    day: models.DateField[date, date] = models.DateField()
    basis: Text = models.CharField(max_length=300, blank=True)
    steps = models.JSONField(default=list)
    state: Text = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    digest: Text = models.CharField(max_length=64, blank=True)
    author: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="plans"
    )
    approver: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="approved")
    created: Moment = models.DateTimeField(default=timezone.now)
    changed: Moment = models.DateTimeField(auto_now=True)
    approved: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    result: models.ForeignKey[Change | None, Change | None] = models.ForeignKey(Change, models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.title


class Publication(models.Model):
    """One version that was asked for, and signed once `version` is set. `signed` and `delta` are the very files."""

    asked: Moment = models.DateTimeField(default=timezone.now)
    person: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    day: models.DateField[date, date] = models.DateField()
    days: models.IntegerField[int, int] = models.IntegerField(default=7)
    version: models.IntegerField[int | None, int | None] = models.IntegerField(null=True, unique=True)
    revision: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)
    digest: Text = models.CharField(max_length=64, blank=True)
    published: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    expires: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    signed: models.BinaryField[bytes, bytes] = models.BinaryField(default=b"")
    delta: models.BinaryField[bytes, bytes] = models.BinaryField(default=b"")
    problem: models.TextField[str, str] = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.version or "–")


class Statement(models.Model):
    """By this the registry's old key named the next one (`registry.succession`)."""

    at: Moment = models.DateTimeField(default=timezone.now)
    person: Person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    text: models.TextField[str, str] = models.TextField()

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y}"


class Key(models.Model):
    """An access key for scripts: it can do what its person may. Kept as its SHA-256."""

    person: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name: Text = models.CharField(max_length=100)
    digest: Text = models.CharField(max_length=64, unique=True)
    created: Moment = models.DateTimeField(default=timezone.now)
    expires: Moment = models.DateTimeField()
    used: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
