"""A document in an agency's register, its files, its links and the story of what became of it.

Nothing here is ever deleted (Decree 30/2020, Annex VI): a recall changes what a document is worth, a correction is a
new version of a file.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.assignment import Assignment, Remark
    from apps.office.models.book import Number
    from apps.office.models.bringing import Brought
    from apps.office.models.dispatch import Dispatch
    from apps.office.models.draft import Draft
    from apps.office.models.record import Record
    from apps.office.models.report import Report
    from apps.office.models.rule import Label
    from apps.office.models.version import Version
    from apps.office.models.words import Words


class Lane(models.TextChoices):
    """Which way a document goes, seen from the agency."""

    INCOMING = "in", "Văn bản đến"
    OUTGOING = "out", "Văn bản đi"
    INTERNAL = "internal", "Văn bản nội bộ"
    COPY = "copy", "Bản sao"


class Source(models.TextChoices):
    """How a document came."""

    AXIS = "axis", "Trục liên thông"
    SCAN = "scan", "Quét, tải lên"
    FOLDER = "folder", "Thư mục quét"
    MAIL = "mail", "Thư điện tử"
    OWN = "own", "Cơ quan soạn"


class Standing(models.TextChoices):
    """What a document is worth (Annex VI I.9): frozen while a recall waits, then cancelled or in force again."""

    IN_FORCE = "in-force", "Còn hiệu lực"
    FROZEN = "frozen", "Tạm dừng"
    RECALLED = "recalled", "Đã thu hồi"
    REPLACED = "replaced", "Đã bị thay thế"


class Document(models.Model):
    """One line of the register. Fields follow Annex VI II; lists read this row alone.

    `package` is the document's id on every hop, empty for what never travelled; `verdict` on the signatures as it came;
    `asked` the business type of the sender's request that waits for our answer (1 recall, 2 update, 3 replacement, 0
    none). What a search looks in stands beside it (`Words`).
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency: models.CharField[str, str] = models.CharField(max_length=35)
    lane: models.CharField[str, str] = models.CharField(max_length=10, choices=Lane.choices)
    source: models.CharField[str, str] = models.CharField(max_length=10, choices=Source.choices)
    package: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    document_id: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    issuer_code: models.CharField[str, str] = models.CharField(max_length=35, blank=True)
    issuer: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    number: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    notation: models.CharField[str, str] = models.CharField(max_length=60, blank=True)
    kind: models.CharField[str, str] = models.CharField(max_length=100, blank=True)
    subject: models.CharField[str, str] = models.CharField(max_length=2000)
    issued: models.DateField[date | None, date | None] = models.DateField(null=True, blank=True)
    signer: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    signer_title: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    urgency: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    pages: models.PositiveIntegerField[int | None, int | None] = models.PositiveIntegerField(null=True, blank=True)
    copies: models.PositiveIntegerField[int | None, int | None] = models.PositiveIntegerField(null=True, blank=True)
    note: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    standing: models.CharField[str, str] = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.IN_FORCE
    )
    asked: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    verdict: models.CharField[str, str] = models.CharField(max_length=12, blank=True)
    signed: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    paper: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    status: models.CharField[str, str] = models.CharField(max_length=2, blank=True)
    came: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    issued_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    done: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        files: RelatedManager[File]
        events: RelatedManager[Event]
        assignments: RelatedManager[Assignment]
        remarks: RelatedManager[Remark]
        numbers: RelatedManager[Number]
        links: RelatedManager[Link]
        linked: RelatedManager[Link]
        reports: RelatedManager[Report]
        labels: RelatedManager[Label]
        records: RelatedManager[Record]
        versions: RelatedManager[Version]
        dispatches: RelatedManager[Dispatch]
        draft: Draft
        words: Words
        brought: RelatedManager[Brought]

    class Meta:
        ordering = ["-came", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "lane", "package"], condition=~Q(package=""), name="a-package-comes-once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "lane", "-came"]),
            models.Index(fields=["agency", "lane", "issuer_code", "number"]),
            models.Index(fields=["agency", "document_id"]),
            models.Index(fields=["agency", "standing"]),
            models.Index(fields=["agency", "due"], condition=Q(done=None), name="still-due"),
            models.Index(fields=["agency", "urgency"], condition=Q(done=None), name="still-urgent"),
        ]

    def __str__(self) -> str:
        return self.code or self.subject

    @property
    def code(self) -> str:
        """Number and notation as printed."""
        return "/".join(filter(None, (self.number, self.notation)))

    @property
    def page(self) -> str:
        """The id under which its page opens: what was sent is followed by its package."""
        return self.package if self.lane == Lane.OUTGOING and self.package else str(self.pk)

    @cached_property
    def worn(self) -> list[str]:
        """Its labels, asked for once a page."""
        return list(self.labels.values_list("text", flat=True))

    @cached_property
    def used_numbers(self) -> list[Number]:
        """Its numbers in the agency's books, asked for once a page."""
        return list(self.numbers.filter(state="used").select_related("book"))


class Content(models.Model):
    """Bytes by their SHA-256, kept once however many documents hold them."""

    sha256: models.CharField[str, str] = models.CharField(max_length=64, primary_key=True)
    size: models.PositiveBigIntegerField[int, int] = models.PositiveBigIntegerField()
    body = models.FileField(upload_to="contents", max_length=200)
    text: models.TextField[str | None, str | None] = models.TextField(null=True, blank=True)  # noqa: DJ001 - NULL: not read yet

    def __str__(self) -> str:
        return self.sha256[:12]


class File(models.Model):
    """A file of a document. A corrected one is a new version of the same name; the old one stays."""

    document: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT, related_name="files")
    content: models.ForeignKey[Content, Content] = models.ForeignKey(Content, models.PROTECT, related_name="files")
    name: models.CharField[str, str] = models.CharField(max_length=255)
    media_type: models.CharField[str, str] = models.CharField(max_length=100)
    main: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    order: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    version: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=1)
    by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        content_id: str
        document_id: uuid.UUID

    class Meta:
        ordering = ["-main", "order", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["document", "name", "version"], name="a-version-once"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkKind(models.TextChoices):
    """How one document speaks of another."""

    ANSWERS = "answers", "Trả lời"
    BASED_ON = "based-on", "Căn cứ"
    REPLACES = "replaces", "Thay thế"
    AMENDS = "amends", "Sửa đổi, bổ sung"
    CORRECTS = "corrects", "Đính chính"
    COPIES = "copies", "Sao"
    REMINDS = "reminds", "Đôn đốc"
    RELATED = "related", "Liên quan"


class Link(models.Model):
    """One document speaks of another."""

    source: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT, related_name="links")
    target: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT, related_name="linked")
    kind: models.CharField[str, str] = models.CharField(max_length=10, choices=LinkKind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="a-link-once")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"


class Event(models.Model):
    """What happened to a document here: who did what, in whose name, with which words. Append-only.

    `what` names a sentence of `apps.office.story`, `told` fills its places.
    """

    document: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT, related_name="events")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_whom: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    what: models.CharField[str, str] = models.CharField(max_length=30)
    told = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%d/%m %H:%M} {self.what}"
