"""`python -m apps month`: play the sample month in the offices of the demo; again, it changes nothing."""

from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.demo.month.play import play
from lienthong.errors import LienThongError

PAUSE = 0.2
"""Seconds between two looks at what the worker brought."""


class Command(BaseCommand):
    """Every step a line; the site's worker has to run beside it."""

    help = "Diễn một tháng làm việc mẫu / play a sample month of work"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until the month is over."""
        try:
            played = play(self._say, lambda: sleep(PAUSE))
        except LienThongError as error:
            raise CommandError(
                f"{error.sentence('vi')} / {error.sentence('en')} ({error.code}: {error.detail})"
            ) from error
        if not played:
            self._say("Tháng mẫu đã có; không đổi gì. / The sample month is there; nothing was changed.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
