"""Large tables are looked at and taken in by the worker (`python -m apps work`): their rows say what is to be done.

Killed at any point, a table is looked at again; one that is taken in is taken in whole, once.
"""

from __future__ import annotations

from apps.audit.record import keep
from apps.directory import imports
from apps.directory.models import Import, Work
from lienthong.errors import LienThongError

EVERY = 5_000
"""Rows between two words of progress."""


def go_round() -> None:
    """Every table that waits, the oldest first."""
    for kept in Import.objects.exclude(work="").select_related("person").order_by("pk"):
        try:
            _do(kept)
        except LienThongError as refusal:
            _over(kept, refusal.detail or refusal.sentence())
            _told(kept, "refused", {"code": refusal.code})


def _do(kept: Import) -> None:
    if kept.work == Work.LOOK:
        imports.look(kept, heard=lambda rows: _progress(kept, rows))
        _over(kept)
        return
    if kept.taken is None:  # else it was taken in, and the worker died before it could say so
        imports.take(kept.person, kept)
    _over(kept)
    _told(kept, "done", {})


def _progress(kept: Import, rows: int) -> None:
    if rows % EVERY == 0:
        Import.objects.filter(pk=kept.pk).update(read=rows)


def _over(kept: Import, problem: str = "") -> None:
    Import.objects.filter(pk=kept.pk).update(work="", problem=problem)


def _told(kept: Import, outcome: str, detail: dict[str, str]) -> None:
    act = "table-brought" if kept.work == Work.LOOK else "table-taken"
    keep(kept.person.username, kept.person.role, "", act, kept.name, outcome, detail)
