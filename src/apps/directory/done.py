"""An act of a person: carried out and kept in the audit together, or neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest

from apps.audit.record import record
from lienthong.errors import LienThongError

T = TypeVar("T")


def done(request: HttpRequest, deed: str, subject: str, work: Callable[[], T]) -> T:
    """What `work` gives. A refusal is kept in the audit as well, and raised."""
    try:
        with transaction.atomic():
            result = work()
            record(request, deed, subject[:200])
    except LienThongError as refusal:
        record(request, deed, subject[:200], outcome="refused", code=refusal.code)
        raise
    return result
