"""`python -m apps begin_directory`: enter the level-1 codes with their past; what is known stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from apps.audit.record import record_system
from apps.directory import book
from lienthong.registry import level1_histories


class Command(BaseCommand):
    """Begin the directory."""

    help = "Nạp danh mục mã định danh cấp 1 / enter the level-1 codes of Decision 20/2020 and what became of them"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """All that is not known yet, in one piece."""
        with transaction.atomic():
            known = book.whole()
            new = {code: told for code, told in level1_histories().items() if code not in known}
            if new:
                book.put(book.begin(None, "begin", "level1"), new)
                record_system("directory-begun", str(len(new)))
        self.stdout.write(str(len(new)))
