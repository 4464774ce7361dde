"""Rules "when … then …" of an agency, what they wait for, and what became of it; labels and words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.document import Document
    from apps.office.models.view import View


class When(models.TextChoices):
    """What a rule waits for."""

    ARRIVED = "arrived", "Văn bản đến cơ quan"
    REGISTERED = "registered", "Văn bản đến được vào sổ"
    ASSIGNED = "assigned", "Văn bản được giao, chuyển xử lý"
    NEAR = "near", "Còn số ngày làm việc đã chọn là đến hạn"
    OVERDUE = "overdue", "Văn bản quá hạn"
    ISSUED = "issued", "Văn bản của cơ quan được ban hành"
    REFUSED = "refused", "Văn bản gửi đi bị nơi nhận từ chối"


class Rule(models.Model):
    """One rule. `then` says what is done (`apps.office.rules.doing`), the condition is `query` or a view of the agency.

    `answers` is who switched it on and in whose rights it acts (decision 0070); nobody while it is off. `stop`: rules
    after it do not look at a document it acted on.
    """

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    name: models.CharField[str, str] = models.CharField(max_length=100)
    order: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    when: models.CharField[str, str] = models.CharField(max_length=10, choices=When.choices)
    days: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    query: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    view: models.ForeignKey[View | None, View | None] = models.ForeignKey(
        "office.View", models.PROTECT, null=True, blank=True, related_name="rules"
    )
    then = models.JSONField(default=dict)
    stop: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    on: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    answers: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    maker: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    if TYPE_CHECKING:
        runs: RelatedManager[Run]
        answers_id: int | None
        view_id: int | None

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="a-rule-once"),
            models.CheckConstraint(condition=Q(on=False) | Q(answers__isnull=False), name="on-by-somebody"),
        ]
        indexes = [models.Index(fields=["agency", "on", "when"])]

    def __str__(self) -> str:
        return self.name

    @property
    def asks(self) -> str:
        """The condition, in the search's language; empty for every document."""
        return self.view.query if self.view else self.query


class Occasion(models.Model):
    """Something that rules wait for has happened to a document, at that moment; `days` before its deadline, if near.

    `origin` is the first of a chain: what a rule did set this one off.
    """

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.CASCADE, related_name="occasions"
    )
    what: models.CharField[str, str] = models.CharField(max_length=10, choices=When.choices)
    days: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    origin: models.ForeignKey[Occasion | None, Occasion | None] = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+"
    )
    handled: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        document_id: UUID
        origin_id: int | None

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "what", "days", "at"], name="an-occasion-once"),
        ]
        indexes = [models.Index(fields=["agency", "id"], condition=Q(handled=None), name="occasions-waiting")]

    def __str__(self) -> str:
        return f"{self.document} {self.what}"


class RunState(models.TextChoices):
    """How a rule fared with a document."""

    DONE = "done", "Làm xong"
    FAILED = "failed", "Chưa làm được"


class Run(models.Model):
    """A rule acted, or could not, on a document; once in a chain of occasions."""

    rule: models.ForeignKey[Rule, Rule] = models.ForeignKey(Rule, models.CASCADE, related_name="runs")
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.CASCADE, related_name="rule_runs"
    )
    occasion: models.ForeignKey[Occasion, Occasion] = models.ForeignKey(Occasion, models.CASCADE, related_name="runs")
    origin: models.ForeignKey[Occasion, Occasion] = models.ForeignKey(Occasion, models.CASCADE, related_name="+")
    state: models.CharField[str, str] = models.CharField(max_length=10, choices=RunState.choices)
    told: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["rule", "origin"], name="a-rule-once-a-chain")]
        indexes = [models.Index(fields=["rule", "state"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.document} {self.state}"


class Label(models.Model):
    """A word of the agency on a document [nhãn]; found with `nhan:`."""

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.CASCADE, related_name="labels"
    )
    text: models.CharField[str, str] = models.CharField(max_length=40)

    class Meta:
        ordering = ["text"]
        constraints = [models.UniqueConstraint(fields=["document", "text"], name="a-label-once")]

    def __str__(self) -> str:
        return self.text


class Message(models.Model):
    """A rule's word to a person about a document."""

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.CASCADE, related_name="+"
    )
    rule: models.CharField[str, str] = models.CharField(max_length=100)
    text: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.document}"
