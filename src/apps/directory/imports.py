"""A table is kept, looked at as a whole, and taken in or not at all; what is taken in is what was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.directory import book, models, tables
from apps.directory.organisations import told
from apps.directory.scope import require
from apps.ui.language import t
from lienthong.errors import InvalidValue
from lienthong.registry import Difference, Intake, bearer, digest_of, levels, same_facts, table_of, take_in

COLUMN_TITLES = tuple(next(table_of(())))
"""The heading an import knows best."""
LARGE = 1_000_000
"""Bytes beyond which a page leaves a table to the worker: some ten thousand rows, a second or two."""
SHOWN = 500
"""Findings and differences a page shows; the file of them has all."""


def bring(person: User, name: str, content: bytes, day: date) -> models.Import:
    """Keep a table and what it would do. Raises InvalidValue for what is no table, NotAllowed for foreign codes."""
    kept = models.Import(name=name[:200], content=content, day=day, person=person)
    look(kept)
    return kept


def leave(person: User, name: str, content: bytes, day: date) -> models.Import:
    """Keep a large table for the worker to look at. Raises InvalidValue for one that is too large."""
    tables.bounded(content)
    work = models.Work.LOOK
    return models.Import.objects.create(name=name[:200], content=content, day=day, person=person, work=work)


def look(kept: models.Import, heard: Callable[[int], None] | None = None) -> None:
    """Look at a table as a whole and keep what it would do; `heard` is told each row. As `bring` raises."""
    found = looked_at(kept, heard)
    require(kept.person, map(str, found.after))
    if heard is not None:
        kept.read = max(1, found.rows)
        kept.shown = [told(each) for each in islice(differing(found), SHOWN)]
    kept.rows, kept.faults = found.rows, len(found.findings)
    kept.findings = [[each.row, each.column, each.vi, each.en] for each in found.findings[:SHOWN]]
    kept.differing = sum(1 for _ in differing(found))
    kept.digest = digest(found)
    kept.save()


def looked_at(kept: models.Import, heard: Callable[[int], None] | None = None) -> Intake:
    """What the table does to the directory as it is now."""
    table = _counted(tables.read(kept.name, bytes(kept.content)), heard or (lambda _: None))
    return take_in(table, book.whole(), levels(), kept.day)


def _counted(table: Iterator[Sequence[Any]], heard: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    for number, line in enumerate(table):
        heard(number)
        yield line


def take(person: User, kept: models.Import) -> models.Change:
    """Take it in, all or nothing. Raises InvalidValue with faults, and when the directory has changed meanwhile."""
    with transaction.atomic():
        change = book.begin(person, "import", kept.name)
        kept = models.Import.objects.select_for_update().get(pk=kept.pk)
        if kept.taken is not None:
            raise InvalidValue(t("Bảng này đã được đưa vào danh bạ."))
        found = looked_at(kept)
        require(person, map(str, found.after))
        if found.findings:
            raise InvalidValue(t("Bảng còn {faults} lỗi. Chưa có gì thay đổi.", faults=len(found.findings)))
        if digest(found) != kept.digest:
            raise InvalidValue(
                t("Danh bạ đã thay đổi từ khi xem bảng này. Đưa tệp lên lại để xem. Chưa có gì thay đổi.")
            )
        if not book.put(change, found.after):
            raise InvalidValue(t("Bảng không có gì khác danh bạ. Chưa có gì thay đổi."))
        kept.taken = change
        kept.save()
    return change


def differing(found: Intake) -> Iterator[Difference]:
    """What differs, period by period: of each code those that are new, beside what was true on their first day."""
    for code, after in found.after.items():
        before = found.before.get(code, ())
        for period in (each for each in after if each not in before):
            old = bearer(before, period.valid_from or date.min)
            shortened = old is not None and same_facts(old, period) and period is not after[-1]
            if not shortened:
                yield Difference(old, period)


def digest(found: Intake) -> str:
    """Of everything the table touches, before and after."""
    sides = [(found.before.get(code, ()), found.after[code]) for code in sorted(found.after)]
    return digest_of(each for before, after in sides for each in (*before, None, *after, None))
