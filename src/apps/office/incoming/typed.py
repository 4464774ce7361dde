"""What is typed in a dialog of an incoming document and not sent."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from apps.accounts.models import User
from apps.office import unfinished, unsent

OURS = frozenset({"csrfmiddlewaretoken", unfinished.NOTE, "more", "phrase", "insert", "act", "forget"})
"""Fields of a dialog that nobody types in."""


def keep_typed(writer: User, typed: QueryDict, number: UUID, act: str) -> None:
    """What stands in a dialog, whatever became of the session."""
    unsent.keep(writer, number, act, {name: values for name, values in typed.lists() if name not in OURS})


def _dialog(number: UUID, act: str) -> str:
    return f"{reverse('incoming', args=[number])}?lam={act}"


keeps_typing = unfinished.keeps_typing(keep_typed, _dialog)
