"""`python -m apps work`: what the site does by itself (`apps.ui.rounds`), until it is asked to stop."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.ui.rounds import go_round

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    """Take in what arrives, hand on what waits, carry out what was ordered."""

    help = "Nhận văn bản đến, báo trạng thái đi, làm việc nền / take in documents, hand reports on, background work"

    def add_arguments(self, parser: CommandParser) -> None:
        """How often, in seconds."""
        parser.add_argument("--every", type=float, default=3.0)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Go round until SIGTERM or SIGINT; what is begun is ended first."""
        asked = Event()
        before = [signal.signal(each, lambda *_: asked.set()) for each in SIGNALS]
        try:
            while not asked.is_set():
                go_round()
                asked.wait(options["every"])
        finally:
            for each, handler in zip(SIGNALS, before, strict=True):
                signal.signal(each, handler)
