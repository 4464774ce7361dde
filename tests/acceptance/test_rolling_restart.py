"""Two processes of the axis and two of a gateway on PostgreSQL, replaced one after the other under load; then one dies.

Senders see no error, and every document they were given a yes for arrives.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4  # noqa: TID251  # any ids will do

import httpx
import pytest

from lienthong.cli.demo.build import build
from lienthong.cli.demo.country import BY_CODE
from lienthong.cli.demo.pairs import pair_up, twin
from lienthong.cli.demo.processes import Processes
from lienthong.cli.servers.postgres import Postgres
from lienthong.client import Desk, File, Metadata
from running_country import PDF, Country, until

pytestmark = pytest.mark.acceptance
SENDER, RECEIVER = "H29", "G09"
GATEWAY = BY_CODE[SENDER].gateway
ROLLED = ("axis", GATEWAY, twin("axis"), twin(GATEWAY))
OTHER = BY_CODE[RECEIVER].gateway


@pytest.fixture
def paired(tmp_path: Path, postgres: Postgres) -> Iterator[Country]:
    databases = {hop: postgres.new_database(hop.replace("-", "_")) for hop in ("axis", GATEWAY)}
    place = pair_up(build(tmp_path / "here"), databases)
    processes = Processes(place)
    names = ("ca", "axis", twin("axis"), GATEWAY, twin(GATEWAY), *({OTHER} - {GATEWAY}))
    country = Country(place, processes)
    try:
        for name in names:
            processes.launch(name)
        for name in names:
            processes.await_ready(name)
        yield country
    finally:
        country.close()
        processes.stop()


class Senders(threading.Thread):
    """Somebody who sends one document after another until told to stop."""

    def __init__(self, country: Country) -> None:
        super().__init__()
        self.country, self.done = country, threading.Event()
        self.sent: list[str] = []
        self.fault: BaseException | None = None

    def run(self) -> None:
        place = self.country.place
        urls = [place.url(GATEWAY), place.url(twin(GATEWAY))]
        try:
            with Desk(urls, self.country.token(SENDER), place.root) as desk:
                while not self.done.is_set():
                    told = Metadata(uuid4().hex[:8], "CV-MẪU", "Văn bản mẫu", (RECEIVER,))
                    sent = desk.send(told, [File("a.pdf", "application/pdf", PDF)], uuid4().hex)
                    self.sent.append(sent.entry.id)
                    self.done.wait(0.2)
        except BaseException as fault:  # noqa: BLE001  # told to the test
            self.fault = fault


def on_duty(country: Country, name: str) -> bool:
    """Whether it is this process that does the hop's background work."""
    text = httpx.get(country.place.url(f"{name}-ops") + "/metrics", timeout=30).text
    return "lienthong_on_duty 1.0" in text


def test_no_sender_sees_a_rolling_restart_nor_a_death(paired: Country) -> None:
    senders = [Senders(paired) for _ in range(2)]
    for sender in senders:
        sender.start()
    try:
        for name in ROLLED:
            before = [len(sender.sent) for sender in senders]
            assert paired.processes.end(name) == 0
            paired.processes.restart(name)
            until(lambda: all(len(s.sent) > n or s.fault for s, n in zip(senders, before, strict=True)), name)  # noqa: B023  # awaited within the round
        pair = {"axis", twin("axis")}
        dead = until(lambda: next((name for name in pair if on_duty(paired, name)), None), "one on duty")
        [heir] = pair - {dead}
        paired.processes.kill(dead)
        until(lambda: on_duty(paired, heir), "somebody else on duty")
        paired.processes.restart(dead)  # ready: it has a seat again
    finally:
        for sender in senders:
            sender.done.set()
        for sender in senders:
            sender.join()
    assert [sender.fault for sender in senders] == [None, None]
    sent = {package for sender in senders for package in sender.sent}
    assert sent
    place = paired.place
    with Desk(place.url(OTHER), paired.token(RECEIVER), place.root) as desk:
        arrived: set[str] = set()

        def look() -> bool:
            page = desk.incoming(limit=100)
            arrived.update(entry.id for entry in page.entries)
            while page.next:
                page = desk.incoming(after=page.next, limit=100)
                arrived.update(entry.id for entry in page.entries)
            return sent <= arrived

        until(look, "every document")
