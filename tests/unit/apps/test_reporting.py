"""Statuses on their way to the sender: in order, once, and what the gateway will never take is said."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.office import reporting
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.models import Document, Report
from apps.staff.models import Duty
from lienthong.errors import Busy, IllegalMove, LienThongError, Unavailable
from unit.apps.office_made import Agency, undone


class Gateway:
    """Takes reports, or refuses as told."""

    def __init__(self, refuses: dict[str, LienThongError] | None = None) -> None:
        self.refuses, self.heard = refuses or {}, list[str]()

    def report(self, _package: str, code: str, **_told: str) -> None:
        if code in self.refuses:
            raise self.refuses[code]
        self.heard.append(code)


def gateway(**refuses: LienThongError) -> Any:
    return Gateway({code.strip("_"): error for code, error in refuses.items()})


@pytest.fixture
def city() -> Iterator[Agency]:
    with undone():
        made = Agency()
        document = made.arrived()
        acts.register(made.deed(Duty.CLERK), document, made.book)
        acts.direct(made.deed(Duty.LEADER), document, "Giao phòng", [Recipient(made.room)])
        yield made


def test_told_in_order_and_once(city: Agency) -> None:
    heard = gateway()
    assert reporting.send(heard, city.code) == 2
    assert reporting.send(heard, city.code) == 0
    assert heard.heard == ["03", "04"]


def test_what_cannot_go_now_waits_and_holds_what_follows(city: Agency) -> None:
    away = gateway(_03=Unavailable("away"))
    assert reporting.send(away, city.code) == 0
    assert away.heard == []
    back = gateway()
    reporting.send(back, city.code)
    assert back.heard == ["03", "04"]


def test_what_will_never_be_taken_is_stopped_with_its_code(city: Agency) -> None:
    recalled = gateway(_03=IllegalMove("recalled"))
    assert reporting.send(recalled, city.code) == 1
    assert list(Report.objects.values_list("code", "stopped")) == [("03", "illegal-move"), ("04", "")]


def test_documents_that_cannot_move_do_not_starve_the_others(city: Agency) -> None:
    stuck = {str(city.arrived(number=str(n)).pk) for n in range(3)}
    for document in Document.objects.filter(pk__in=stuck):
        document.package = "dung-" + document.number
        document.save()
        reporting.tell(document, "03", document.came)  # older than all others, and tried before them

    class Half(Gateway):
        def report(self, package: str, code: str, **told: str) -> None:
            if package.startswith("dung-"):
                raise Busy("cannot take it now")
            super().report(package, code, **told)

    heard: Any = Half()
    for _ in range(3):
        reporting.send(heard, city.code, limit=2)
    assert heard.heard == ["03", "04"]
    assert Report.objects.filter(sent=None, stopped="").count() == len(stuck)


def test_another_agencys_reports_are_not_touched(city: Agency) -> None:
    assert reporting.send(gateway(), "G22") == 0
    assert Report.objects.filter(sent=None).count() == 2
