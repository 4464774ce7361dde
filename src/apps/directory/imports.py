"""A table is kept, looked at as a whole, and taken in or not at all; what is taken in is what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.directory import book, models, tables
from apps.directory.scope import require
from apps.ui.language import t
from lienthong.errors import InvalidValue
from lienthong.registry import Difference, Intake, bearer, digest_of, levels, same_facts, table_of, take_in

COLUMN_TITLES = tuple(next(table_of(())))
"""The heading an import knows best."""
SHOWN = 500
"""Findings and differences a page shows; the file of them has all."""


def bring(person: User, name: str, content: bytes, day: date) -> models.Import:
    """Keep a table and what it would do. Raises InvalidValue for what is no table, NotAllowed for foreign codes."""
    kept = models.Import(name=name[:200], content=content, day=day, person=person)
    found = looked_at(kept)
    require(person, map(str, found.after))
    kept.rows, kept.faults = found.rows, len(found.findings)
    kept.findings = [[each.row, each.column, each.vi, each.en] for each in found.findings[:SHOWN]]
    kept.differing = sum(1 for _ in differing(found))
    kept.digest = digest(found)
    kept.save()
    return kept


def looked_at(kept: models.Import) -> Intake:
    """What the table does to the directory as it is now."""
    return take_in(tables.read(kept.name, bytes(kept.content)), book.whole(), levels(), kept.day)


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
