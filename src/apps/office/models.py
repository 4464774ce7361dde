"""What the page itself keeps: drafts, so that nothing typed and no file is lost between two tries."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """A document being prepared. Its id is the message id of the sending, so a repeat can't send twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    replaces = models.CharField(max_length=32, blank=True)
    fields = models.JSONField(default=dict)
    recipients = models.JSONField(default=list)
    sent = models.CharField(max_length=32, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "sent", "-changed"])]

    def __str__(self) -> str:
        return str(self.fields.get("subject") or self.id)


class DraftFile(models.Model):
    """A file of a draft, kept whole; the main one carries the signatures."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    main = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    place = models.JSONField(default=dict)

    class Meta:
        ordering = ["-main", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)
