"""A saved view: its label, its query and its count are one object, so that they cannot drift apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.rule import Rule


class View(models.Model):
    """A query kept in the rail: of one person, or of the whole agency when it has no owner."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    owner: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    label: models.CharField[str, str] = models.CharField(max_length=60)
    query: models.CharField[str, str] = models.CharField(max_length=200)

    if TYPE_CHECKING:
        owner_id: int | None
        rules: RelatedManager[Rule]

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "query"], name="a-query-once-a-person"),
            models.UniqueConstraint(fields=["agency", "query"], condition=Q(owner=None), name="a-query-once-an-agency"),
        ]
        indexes = [models.Index(fields=["agency", "owner"])]

    def __str__(self) -> str:
        return self.label
