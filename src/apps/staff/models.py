"""Units and the posts in them. A right comes from a post, on the days it is held; nothing else gives one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User


class Duty(models.TextChoices):
    """What a post is there to do (reference: roles and daily work of an office)."""

    LEADER = "leader", "Lãnh đạo cơ quan"
    OFFICE_HEAD = "office-head", "Lãnh đạo văn phòng"
    UNIT_HEAD = "unit-head", "Lãnh đạo đơn vị"
    OFFICER = "officer", "Chuyên viên"
    CLERK = "clerk", "Văn thư cơ quan"
    UNIT_CLERK = "unit-clerk", "Văn thư đơn vị"
    SECRETARY = "secretary", "Thư ký lãnh đạo"
    ADMINISTRATOR = "administrator", "Quản trị đơn vị"
    INSPECTOR = "inspector", "Kiểm tra"
    ARCHIVIST = "archivist", "Lưu trữ cơ quan"


class Unit(models.Model):
    """A unit of an agency; the one without a parent is the agency itself. `abbreviation` stands in notations (VP)."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    parent: models.ForeignKey[Unit | None, Unit | None] = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name: models.CharField[str, str] = models.CharField(max_length=200)
    abbreviation: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    order: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    closed: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        children: RelatedManager[Unit]
        parent_id: int | None

    class Meta:
        ordering = ["agency", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(parent=None), name="one-root-an-agency"),
        ]

    def __str__(self) -> str:
        return self.name


def held_on(day: date) -> Q:
    """Rows with `since` and `until` that hold on that day; an open end is no end."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


class Post(models.Model):
    """A person's place in a unit. One may hold several; `acting` when it stands in for a vacant one."""

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts"
    )
    unit: models.ForeignKey[Unit, Unit] = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title: models.CharField[str, str] = models.CharField(max_length=100)
    duty: models.CharField[str, str] = models.CharField(max_length=20, choices=Duty.choices)
    main: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    acting: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    since: models.DateField[date, date] = models.DateField()
    until: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        person_id: int
        unit_id: int

    class Meta:
        ordering = ["-main", "unit__order", "id"]
        indexes = [models.Index(fields=["person", "since"])]

    def __str__(self) -> str:
        return f"{self.person}, {self.title}"


class Delegation(models.Model):
    """Who may act for whom, in what, from when to when, by which paper. What is done so names both."""

    giver: models.ForeignKey[Post, Post] = models.ForeignKey(Post, models.PROTECT, related_name="given")
    receiver: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="received"
    )
    acts = models.JSONField(default=list)
    since: models.DateField[date, date] = models.DateField()
    until: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    basis: models.CharField[str, str] = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.receiver} ← {self.giver}"


class SpecialDay(models.Model):
    """A holiday, or a Saturday worked to make up for one. Without an agency it holds for all."""

    agency: models.CharField[str, str] = models.CharField(max_length=35, blank=True)
    day: models.DateField[date, date] = models.DateField()
    name: models.CharField[str, str] = models.CharField(max_length=100)
    working: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="one-saying-a-day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
