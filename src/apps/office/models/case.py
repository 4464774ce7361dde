"""Case files [hồ sơ công việc]: a line of the year's list, then what collects documents, then what the archive keeps.

One row from plan to archive, so that the list of files, the file and the lists of a hand-over cannot drift apart
(Decree 30/2020, Art. 28 to 31, Annex V and VI).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.document import Document
    from apps.office.models.draft import Draft
    from apps.office.models.handover import Handover
    from apps.staff.models import Unit


class CaseState(models.TextChoices):
    """Where a file stands."""

    PLANNED = "planned", "Dự kiến"
    OPEN = "open", "Đang mở"
    CLOSED = "closed", "Đã kết thúc"
    OFFERED = "offered", "Đang giao nộp"
    ARCHIVED = "archived", "Đã vào lưu trữ"


class Use(models.TextChoices):
    """Who may read an archived file: codes of Circular 05/2025/TT-BNV. Secret files are not kept here."""

    PUBLIC = "01", "Công khai"
    CONDITIONAL = "02", "Sử dụng có điều kiện"


class Catalogue(models.Model):
    """The list of files of a year [danh mục hồ sơ]. Its lines are the files; this says who approved them, by what."""

    agency: models.CharField[str, str] = models.CharField(max_length=35)
    year: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    basis: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    approved: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="one-list-a-year")]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"


class CaseFile(models.Model):
    """One file. `years` it is kept, None for ever; `sheets`, `pages`, `end_note` are counted when it is closed."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency: models.CharField[str, str] = models.CharField(max_length=35)
    unit: models.ForeignKey[Unit, Unit] = models.ForeignKey("staff.Unit", models.PROTECT, related_name="cases")
    keeper: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="kept_cases"
    )
    members: models.ManyToManyField[User, User] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="shared_cases", blank=True
    )
    year: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    number: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    sign: models.CharField[str, str] = models.CharField(max_length=15)
    title: models.CharField[str, str] = models.CharField(max_length=500)
    years: models.PositiveSmallIntegerField[int | None, int | None] = models.PositiveSmallIntegerField(null=True)
    use: models.CharField[str, str] = models.CharField(max_length=2, choices=Use.choices, default=Use.PUBLIC)
    keyword: models.CharField[str, str] = models.CharField(max_length=100, blank=True)
    note: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    state: models.CharField[str, str] = models.CharField(
        max_length=10, choices=CaseState.choices, default=CaseState.PLANNED
    )
    added: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    opened: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    closed: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    sheets: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    pages: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    paper_code: models.CharField[str, str] = models.CharField(max_length=100, blank=True)
    end_note: models.TextField[str, str] = models.TextField(blank=True)
    due: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    handover: models.ForeignKey[Handover | None, Handover | None] = models.ForeignKey(
        "office.Handover", models.PROTECT, null=True, blank=True, related_name="cases"
    )

    if TYPE_CHECKING:
        documents: RelatedManager[CaseDocument]
        drafts: RelatedManager[CaseDraft]
        opinions: RelatedManager[CaseOpinion]
        tasks: RelatedManager[CaseTask]
        events: RelatedManager[CaseEvent]
        keeper_id: int
        unit_id: int
        handover_id: int | None

    class Meta:
        ordering = ["agency", "year", "sign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "sign", "number"], name="a-file-code-once"),
        ]
        indexes = [
            models.Index(fields=["agency", "unit", "state"]),
            models.Index(fields=["agency", "state", "due"]),
            models.Index(fields=["keeper", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.notation} {self.title}"

    @property
    def notation(self) -> str:
        """Number and notation as printed, `01.TCCB` (Annex V I.2)."""
        return f"{self.number:02d}.{self.sign}"

    @property
    def code(self) -> str:
        """Code of the file: agency, year, number and notation (`G09.2021.01.TCCB`, Circular 05/2025, Annex III)."""
        return f"{self.agency}.{self.year}.{self.notation}"


class CaseDocument(models.Model):
    """A document in a file. One document may be in several files; `order` is its place, from 1, without gaps."""

    case: models.ForeignKey[CaseFile, CaseFile] = models.ForeignKey(CaseFile, models.PROTECT, related_name="documents")
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.PROTECT, related_name="in_cases"
    )
    order: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    by: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    if TYPE_CHECKING:
        case_id: uuid.UUID
        document_id: uuid.UUID

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["case", "document"], name="a-document-once-a-file")]

    def __str__(self) -> str:
        return f"{self.order} {self.document}"


class CaseDraft(models.Model):
    """A draft that belongs to a file before it is a document."""

    case: models.ForeignKey[CaseFile, CaseFile] = models.ForeignKey(CaseFile, models.PROTECT, related_name="drafts")
    draft: models.ForeignKey[Draft, Draft] = models.ForeignKey("office.Draft", models.CASCADE, related_name="in_cases")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "draft"], name="a-draft-once-a-file")]

    def __str__(self) -> str:
        return str(self.draft)


class CaseOpinion(models.Model):
    """An opinion given on the matter of a file, beside those on its documents."""

    case: models.ForeignKey[CaseFile, CaseFile] = models.ForeignKey(CaseFile, models.PROTECT, related_name="opinions")
    author: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    text: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class CaseTask(models.Model):
    """A piece of work in a file: who, until when, with which result."""

    case: models.ForeignKey[CaseFile, CaseFile] = models.ForeignKey(CaseFile, models.PROTECT, related_name="tasks")
    text: models.CharField[str, str] = models.CharField(max_length=500)
    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_tasks"
    )
    giver: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    done: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    result: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    if TYPE_CHECKING:
        case_id: uuid.UUID
        person_id: int
        giver_id: int

    class Meta:
        ordering = ["done", "due", "id"]
        indexes = [models.Index(fields=["person", "due"], condition=Q(done=None), name="tasks-to-do")]

    def __str__(self) -> str:
        return self.text


class CaseEvent(models.Model):
    """What happened to a file, append-only; `what` names a sentence, `told` fills its places."""

    case: models.ForeignKey[CaseFile, CaseFile] = models.ForeignKey(CaseFile, models.PROTECT, related_name="events")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what: models.CharField[str, str] = models.CharField(max_length=30)
    told = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%d/%m %H:%M} {self.what}"
