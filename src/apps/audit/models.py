"""The audit's tables: entries that the database itself keeps from being changed, and the Merkle log over them."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Entry(models.Model):
    """One act. `leaf` is its canonical JSON, the bytes that the log covers; the columns beside it are for searching."""

    index: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    actor: models.CharField[str, str] = models.CharField(max_length=100)
    role: models.CharField[str, str] = models.CharField(max_length=20)
    address: models.CharField[str, str] = models.CharField(max_length=45)
    act: models.CharField[str, str] = models.CharField(max_length=60)
    subject: models.CharField[str, str] = models.CharField(max_length=200)
    outcome: models.CharField[str, str] = models.CharField(max_length=20)
    leaf: models.TextField[str, str] = models.TextField()
    hash: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-index"]),
            models.Index(fields=["act", "-index"]),
            models.Index(fields=["subject", "-index"]),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.act}"


class Tile(models.Model):
    """The root of a tile that became full (`evidence.tree`); written once."""

    level: models.IntegerField[int, int] = models.IntegerField()
    index: models.BigIntegerField[int, int] = models.BigIntegerField()
    hash: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)

    class Meta:
        unique_together = [("level", "index")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Head(models.Model):
    """Where the log stands: one row, locked by whoever appends; and its newest signed checkpoint."""

    size: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)
    frontier: models.BinaryField[bytes, bytes] = models.BinaryField(default=b"")
    note: models.TextField[str, str] = models.TextField(default="")

    def __str__(self) -> str:
        return str(self.size)
