"""What is typed in a dialog of an incoming document and not sent."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict

from apps.accounts.models import User
from apps.office import unsent
from apps.office.incoming.policy import Act
from apps.unsent import keeping

OURS = keeping.OURS | {"more", "phrase", "insert", "act", "forget"}
"""Fields of a dialog that nobody types in."""
ACTS = frozenset({*Act, "scan", "describe"})


def keep_typed(writer: User, typed: QueryDict, number: UUID, act: str) -> None:
    """What stands in a dialog, whatever became of the session."""
    if act not in ACTS:
        return
    unsent.keep(writer, number, act, {name: values for name, values in typed.lists() if name not in OURS})


keeps_typing = keeping.keeps_itself(keep_typed)
