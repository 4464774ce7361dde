"""Who has a document, as what, until when. Inboxes are questions about these rows; nothing else says where it is."""

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
    from apps.staff.models import Unit


class Role(models.TextChoices):
    """As what one gets a document: to work on what came, or as a step on the way of what goes out."""

    LEAD = "lead", "Chủ trì"
    COORDINATE = "coordinate", "Phối hợp"
    INFORM = "inform", "Nhận để biết"
    OPINION = "opinion", "Cho ý kiến"
    DRAFT = "draft", "Soạn thảo"
    REVIEW = "review", "Duyệt nội dung"
    FORM = "form", "Kiểm tra thể thức"
    INITIAL = "initial", "Ký nháy"
    SIGN = "sign", "Ký ban hành"
    ISSUE = "issue", "Cấp số, đóng dấu, phát hành"


class AssignmentState(models.TextChoices):
    """Where one recipient stands. Forwarded is not done; returned waits at the giver again."""

    ARRIVED = "arrived", "Chờ tiếp nhận"
    WAITING = "waiting", "Chờ xử lý"
    WORKING = "working", "Đang xử lý"
    FORWARDED = "forwarded", "Đã chuyển"
    RETURNED = "returned", "Đã trả lại"
    DONE = "done", "Đã hoàn thành"
    WITHDRAWN = "withdrawn", "Đã thu lại"


OPEN = (AssignmentState.ARRIVED, AssignmentState.WAITING, AssignmentState.WORKING)
"""States in which the holder has something to do."""


class Assignment(models.Model):
    """One recipient of a document inside the agency: a unit, or a person in it. `agency` is the document's, for lists.

    `parent` is the row out of which it was given; returning wakes that one, completing the lead completes it. `version`
    is the version of a draft that was approved, initialled or signed. Indexes that hold what is not null alone keep
    databases from taking "has no person" or "has no parent", half of all rows, for a quick way to a few.
    """

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="assignments"
    )
    agency: models.CharField[str, str] = models.CharField(max_length=35)
    lane: models.CharField[str, str] = models.CharField(max_length=10)
    unit: models.ForeignKey[Unit, Unit] = models.ForeignKey("staff.Unit", models.PROTECT, related_name="assignments")
    person: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="assignments"
    )
    role: models.CharField[str, str] = models.CharField(max_length=10, choices=Role.choices)
    state: models.CharField[str, str] = models.CharField(max_length=10, choices=AssignmentState.choices)
    due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    parent: models.ForeignKey[Assignment | None, Assignment | None] = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, related_name="children"
    )
    giver: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="given_assignments"
    )
    version: models.PositiveSmallIntegerField[int | None, int | None] = models.PositiveSmallIntegerField(
        null=True, blank=True
    )
    wants_answer: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    words: models.TextField[str, str] = models.TextField(blank=True)
    given: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    opened: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    ended: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        children: RelatedManager[Assignment]
        document_id: UUID
        parent_id: int | None
        person_id: int | None
        unit_id: int

    class Meta:
        ordering = ["given", "id"]
        indexes = [
            models.Index(
                fields=["person", "state", "-given"], condition=Q(person__isnull=False), name="rows-of-people"
            ),
            models.Index(fields=["unit", "state", "-given"], condition=Q(person=None), name="rows-of-units"),
            models.Index(fields=["agency", "-given"], condition=Q(parent=None), name="rows-at-the-top"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="rows-below"),
            models.Index(fields=["person", "role"], condition=Q(ended=None), name="rows-not-ended"),
            models.Index(
                fields=["person", "state"], condition=Q(opened=None, person__isnull=False), name="rows-not-opened"
            ),
            models.Index(
                fields=["person", "state", "due"],
                condition=Q(person__isnull=False, due__isnull=False),
                name="due-of-people",
            ),
            models.Index(fields=["unit", "state", "due"], condition=Q(due__isnull=False), name="due-of-units"),
            models.Index(fields=["agency", "role", "state"]),
            models.Index(fields=["agency", "state", "due"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(role="lead", parent=None) & ~Q(state="withdrawn"),
                name="one-lead-at-the-top",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.unit} {self.role} {self.state}"


class Remark(models.Model):
    """A leader's remark [bút phê], or an opinion: the words as they were said, beside the rows they made."""

    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="remarks"
    )
    assignment: models.ForeignKey[Assignment | None, Assignment | None] = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    author: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    for_whom: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text: models.TextField[str, str] = models.TextField()
    directs: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
