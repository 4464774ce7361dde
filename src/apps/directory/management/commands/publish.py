"""`python -m apps publish [--if-due] [--watch SECONDS]`: sign what was asked for and hand it out, where the key is.

Run it beside a page that does not hold the registry's key, by a user who does; or from a timer with `--if-due`.
"""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.directory import publishing
from apps.directory.press import press
from lienthong.errors import LienThongError


class Command(BaseCommand):
    """Publish the registry."""

    help = "Ký và phát hành danh bạ / sign and hand out the registry"

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or again and again."""
        parser.add_argument("--if-due", action="store_true")
        parser.add_argument("--watch", type=float, default=0)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One round, or many; a fault ends the one and is told in the other."""
        while True:
            try:
                self._round(if_due=options["if_due"])
            except LienThongError as error:
                if not options["watch"]:
                    raise CommandError(f"{error.sentence('vi')}\n{error.sentence('en')}") from error
                self.stderr.write(error.sentence("vi"))
            if not options["watch"]:
                return
            time.sleep(options["watch"])

    def _round(self, *, if_due: bool) -> None:
        registry = settings.CONFIG.registry
        if if_due and registry is not None and publishing.due():
            publishing.ask(None, registry.days)
        made = publishing.print_waiting(press())
        if made is not None:
            self.stdout.write(f"{made.version} {made.digest}")
