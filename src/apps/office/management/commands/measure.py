"""`python -m apps measure`: questions by name, true for lists, on one line; then a name a line in, its cost out."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from apps.office.filling.asking import QUESTIONS, Asked


class Command(BaseCommand):
    """The measured side of `lienthong bench office`; it ends with its input."""

    help = "Trả lời từng câu hỏi đo tốc độ / answer questions of a measurement, one a line"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until the input ends."""
        asked = Asked()
        self._tell({name: question.is_list for name, question in QUESTIONS.items()})
        for line in sys.stdin:
            self._tell(asdict(asked.ask(line.strip())))

    def _tell(self, told: object) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        self.stdout.flush()
