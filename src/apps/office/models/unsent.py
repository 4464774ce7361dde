"""What a person has typed in a dialog and not sent: kept until the act is done, whatever happens to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import User
    from apps.office.models.document import Document


class Unsent(models.Model):
    """The fields of one act on one document as one person left them; `fields` maps a name to its values.

    The document may be one that is to be: the form that makes it has its id already.
    """

    person: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    document: models.ForeignKey[Document, Document] = models.ForeignKey(
        "office.Document", models.CASCADE, related_name="unsent", db_constraint=False
    )
    act: models.CharField[str, str] = models.CharField(max_length=20)
    fields = models.JSONField(default=dict)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "document", "act"], name="one-unsent-an-act")]

    def __str__(self) -> str:
        return f"{self.person} {self.act} {self.document}"
