"""A hand-over of files to the agency's archive [giao nộp hồ sơ]: its minutes (Decree 30/2020, Annex V V)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.case import CaseFile
    from apps.staff.models import Unit


class HandoverState(models.TextChoices):
    """Where a hand-over stands."""

    OFFERED = "offered", "Chờ lưu trữ nhận"
    ACCEPTED = "accepted", "Đã nhận"
    RETURNED = "returned", "Đã trả lại"


class Handover(models.Model):
    """Files that a unit gives to the archive together. `boxes` and `metres` of paper are said by people.

    `listed` keeps the codes of what was given, also when it came back and its files went on.
    """

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    unit: models.ForeignKey[Unit, Unit] = models.ForeignKey("staff.Unit", models.PROTECT, related_name="handovers")
    year: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    number: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    title: models.CharField[str, str] = models.CharField(max_length=300)
    basis: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    condition: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    boxes: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    metres: models.DecimalField[float, float] = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    state: models.CharField[str, str] = models.CharField(
        max_length=10, choices=HandoverState.choices, default=HandoverState.OFFERED
    )
    giver: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    receiver: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    reason: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    listed = models.JSONField(default=list)

    if TYPE_CHECKING:
        cases: RelatedManager[CaseFile]
        unit_id: int
        giver_id: int
        receiver_id: int | None

    class Meta:
        ordering = ["-given", "-id"]
        constraints = [models.UniqueConstraint(fields=["agency", "year", "number"], name="a-hand-over-number-once")]
        indexes = [models.Index(fields=["agency", "state", "-given"])]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.year} {self.title}"
