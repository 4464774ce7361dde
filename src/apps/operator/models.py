"""What people set in the console itself."""

from __future__ import annotations

from django.db import models


class Setting(models.Model):
    """One setting that differs from its default (`operator.preferences`)."""

    name: models.CharField[str, str] = models.CharField(max_length=60, primary_key=True)
    value: models.TextField[str, str] = models.TextField()

    def __str__(self) -> str:
        return self.name
