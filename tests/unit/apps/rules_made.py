"""An agency with rules: one line makes a rule that is on, and the worker's part is one call."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.office.models import Content, Document, Rule
from apps.office.rules import working
from apps.staff.models import Duty
from unit.apps.office_made import Agency


class City(Agency):
    """Rules are answered for by whoever holds the duty."""

    def rule(self, when: str, then: dict[str, Any], duty: str = Duty.OFFICE_HEAD, **more: Any) -> Rule:
        number = Rule.objects.filter(agency=self.code).count()
        named = {"name": f"Quy tắc mẫu {number}", "order": number, "maker": self.person(Duty.ADMINISTRATOR)}
        told = named | {"on": True, "answers": self.person(duty)} | more
        return Rule.objects.create(agency=self.code, when=when, then=then, **told)

    def comes(self, **fields: Any) -> Document:
        document = self.arrived(**fields)
        Content.objects.filter(text=None).update(text="")
        return document

    def work(self, rounds: int = 3, after: timedelta = timedelta()) -> int:
        return sum(working.go(self.code, timezone.now() + after) for _ in range(rounds))

    def room_value(self) -> str:
        return f"u{self.room.pk}"
