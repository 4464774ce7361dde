"""The register fills by itself: from the page, and from the worker that goes round the agencies."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.office import contents, rounds
from apps.office.models import Assignment, AssignmentState, Document, Source
from apps.office.rounds import go_round
from lienthong.client import Entry, Taken
from lienthong.errors import Unavailable
from lienthong.testing.desk import Town
from lienthong.testing.desk.fake import FakeDesk


class Waiting(FakeDesk):
    """The city's incoming samples wait until they are acknowledged; the lock is the id."""

    done: set[str]

    def inbox(self, wait: float = 0, limit: int = 20, contents: Sequence[str] = ("edoc",)) -> tuple[Entry, ...]:
        self._reach()
        return tuple(each for each in self._mine() if each.lane == "in" and each.id not in self.done)[:limit]

    def take(self, id: str, _addressee: str) -> Taken:
        return Taken(id, self.town.now, self._entry(id))

    def acknowledge(self, id: str, _addressee: str, _lock: str) -> None:
        document = Document.objects.filter(agency=self.code, package=id).first()
        assert document is None or contents.current(document)  # in the register, with its files, before
        self.done.add(id)


@pytest.fixture(autouse=True)
def waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every desk of the page is one where documents wait."""
    monkeypatch.setattr(Waiting, "done", set(), raising=False)
    monkeypatch.setattr("lienthong.testing.desk.shared.FakeDesk", Waiting)


def kept() -> set[str]:
    return set(Document.objects.filter(agency="H29").values_list("package", flat=True))


def test_opening_the_inbox_brings_what_waits_into_the_register(clerk: Client) -> None:
    clerk.get("/den/cho-tiep-nhan/")
    found = Document.objects.filter(agency="H29")
    assert {each.source for each in found} == {Source.AXIS}
    for each in found:
        assert contents.current(each)[0].media_type == "application/pdf"
    waiting = Assignment.objects.filter(state=AssignmentState.ARRIVED)
    assert {row.document.number for row in waiting} == {"8107", "2411", "312"}  # the others were reported on before


def test_the_worker_takes_in_once() -> None:
    go_round(settings.CONFIG.agency)
    first = kept()
    assert first
    Waiting.done.clear()  # the gateway offers them again: the acknowledgement was lost
    go_round(settings.CONFIG.agency)
    assert kept() == first
    assert Document.objects.count() == len(first)


def test_a_verdict_that_comes_after_the_document_reaches_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway looks at signatures after it has delivered; until then nobody is told that there are none."""
    with monkeypatch.context() as unseen:
        unseen.setattr(Waiting, "document", lambda desk, known: replace(FakeDesk.document(desk, known), reports={}))
        go_round(settings.CONFIG.agency)
    found = Document.objects.filter(agency="H29")
    assert {each.verdict for each in found} == {""}
    found.update(came=timezone.now())
    go_round(settings.CONFIG.agency)
    assert {(each.verdict, each.signed) for each in found.all()} == {("valid", True)}


def test_a_gateway_that_is_away_holds_up_no_other_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(desk: Waiting) -> None:
        if desk.code == "G22":
            raise Unavailable("away")

    monkeypatch.setattr(Waiting, "_reach", reach)
    go_round(reversed(settings.CONFIG.agency))
    assert kept()


def test_a_gateway_that_is_away_stops_no_work_of_the_office_itself(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    did: list[str] = []
    for part, name in (
        (rounds.working, "go"), (rounds.lapsed, "give_back"), (rounds.watching, "tell_late"), (rounds.mailing, "send"),
        (rounds.index, "catch_up"), (rounds.reading, "read_some"),
    ):  # fmt: skip
        monkeypatch.setattr(part, name, lambda *_told, name=name: did.append(name))
    town.failure = Unavailable("away")
    go_round(settings.CONFIG.agency[:1])
    assert did == ["go", "give_back", "tell_late", "send", "catch_up", "read_some"]
    assert [(line.levelname, line.exc_info) for line in caplog.records] == [("WARNING", None)]


def test_the_worker_ends_cleanly_when_asked() -> None:
    code = """
import django; django.setup()
from apps.office.management.commands import work
work.go_round = lambda: print("round", flush=True)
from django.core.management import call_command
call_command("work", every=60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline().strip() == "round"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
