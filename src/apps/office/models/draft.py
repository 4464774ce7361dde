"""What the page itself keeps: drafts, so that nothing typed and no file is lost between two tries."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from apps.accounts.models import User
    from apps.office.models.document import Document


class Draft(models.Model):
    """A document being prepared. Its id is the message id of the sending, so a repeat can't send twice.

    `recipients` are agencies on the axis, `beyond` whoever gets it another way: {"way", "name", "code", "address",
    "person", "reason"}. Once handed on it has its `document`, the `signer` who was asked, and the `steps` of its route
    as they were then.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency: models.CharField[str, str] = models.CharField(max_length=35)
    author: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    document: models.OneToOneField[Document | None, Document | None] = models.OneToOneField(
        "office.Document", models.PROTECT, null=True, blank=True, related_name="draft"
    )
    signer: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    steps = models.JSONField(default=list)
    replaces: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    fields = models.JSONField(default=dict)
    recipients = models.JSONField(default=list)
    beyond = models.JSONField(default=list)
    sent: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    created: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    changed: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    if TYPE_CHECKING:
        document_id: uuid.UUID | None
        files: RelatedManager[DraftFile]

    class Meta:
        indexes = [models.Index(fields=["agency", "sent", "-changed"])]

    def __str__(self) -> str:
        return str(self.fields.get("subject") or self.id)


class DraftFile(models.Model):
    """A file of a draft, kept whole; the main one carries the signatures."""

    draft: models.ForeignKey[Draft, Draft] = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    main: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    name: models.CharField[str, str] = models.CharField(max_length=200)
    media_type: models.CharField[str, str] = models.CharField(max_length=100)
    content: models.BinaryField[bytes, bytes] = models.BinaryField()

    class Meta:
        ordering = ["-main", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


class Signing(models.Model):
    """One signature under way: in the browser, through the state's program, or by a key that answers at the gateway.

    `original` is the SHA-256 of the file as shown, `prepared` what a browser signs or what is awaited, `tickets` the
    SHA-256 of one-time secrets by what they are for: a used one is gone.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft: models.ForeignKey[Draft, Draft] = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="signings")
    person: models.ForeignKey[User, User] = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role: models.CharField[str, str] = models.CharField(max_length=10)
    way: models.CharField[str, str] = models.CharField(max_length=10)
    origin: models.CharField[str, str] = models.CharField(max_length=300)
    original: models.CharField[str, str] = models.CharField(max_length=64)
    prepared: models.BinaryField[bytes, bytes] = models.BinaryField(default=b"")
    tickets = models.JSONField(default=dict)
    state: models.CharField[str, str] = models.CharField(max_length=10, default="waiting")
    problem: models.TextField[str, str] = models.TextField(blank=True)
    created: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    expires: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.way} {self.role} {self.state}"
