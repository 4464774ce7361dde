"""What `make demo` opens on: the month of six offices by real processes, once, and the tour through it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.country import OFFICES
from lienthong.cli.demo.offices import OpenPlay
from lienthong.cli.demo.processes import Processes

pytestmark = pytest.mark.acceptance
TOUR = "/dao-mot-vong/"
IN_BOOKS = "office_number n JOIN office_book b ON b.id = n.book_id WHERE b.lane = ? AND b.agency = ?"


@dataclass
class Stage:
    """The country after the performance."""

    place: Place
    processes: Processes
    play: OpenPlay

    def count(self, of: str, *told: str) -> int:
        """How many rows of the site's register: tables and conditions."""
        with closing(sqlite3.connect(self.place.folder / "web" / "apps.sqlite3")) as register:
            [[found]] = register.execute(f"SELECT COUNT(*) FROM {of}", told)  # noqa: S608 - this file's own words
            return int(found)

    def visitor(self) -> httpx.Client:
        """A browser without a script."""
        return httpx.Client(base_url=self.place.url("web"), follow_redirects=True, timeout=60)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    place = build(tmp_path_factory.mktemp("open") / "country")
    processes = Processes(place, web=True)
    play = OpenPlay(place, processes=processes)
    try:
        processes.start()
        play.perform()
        yield Stage(place, processes, play)
    finally:
        play.end()
        processes.stop()


def test_the_month_ends_as_it_should(stage: Stage) -> None:
    counted = stage.play.reckoning()
    assert (counted.lost, counted.duplicates, counted.receipts_broken) == (0, 0, 0)
    assert (counted.refused, counted.redirected, counted.expired) == (2, 1, 1)
    assert counted.recalled == 3
    assert counted.replaced == 1  # the other one waits for the city's clerk
    for office in OFFICES:
        assert stage.count(IN_BOOKS, "in", office) > 10
        assert stage.count(IN_BOOKS, "out", office) > 0
    assert stage.count("office_document WHERE agency = 'H29' AND asked = 3") == 1
    assert stage.count("office_link WHERE kind = 'answers'") == 1
    assert stage.count("office_dispatch WHERE way = 'paper' AND reason <> '' AND sent NOT NULL") == 1
    assert stage.count("office_document WHERE lane = 'internal'") == len(OFFICES)
    assert stage.count("office_casefile WHERE state = 'open'") == len(OFFICES)


def test_nothing_signed_is_dated_back(stage: Stage) -> None:
    sent = "office_document d JOIN office_number n ON n.document_id = d.id WHERE d.lane = 'out'"
    assert stage.count(f"{sent} AND d.issued <> date(n.at, '+7 hours')") == 0
    built = (stage.place.folder / "ports.json").stat().st_mtime
    assert stage.count(f"{sent} AND n.at < datetime(?, 'unixepoch')", str(int(built))) == 0
    assert stage.count("office_document WHERE source = 'scan' AND (signed OR verdict <> '')") == 0


def test_it_is_played_once(stage: Stage) -> None:
    tables = ("office_document", "office_number", "office_casefile", "office_dispatch")  # stories go on by themselves
    before = [stage.count(table) for table in tables]
    assert any("nothing was changed" in line for line in stage.processes.tell_web("month"))
    assert [stage.count(table) for table in tables] == before


@pytest.mark.parametrize(("who", "stops"), [("vanthu.h29", 6), ("lanhdao.h29", 5), ("truongphong.h29", 3),
                                            ("chuyenvien.h29", 5)])  # fmt: skip
def test_the_tour_leads_every_role_to_something_to_do(stage: Stage, who: str, stops: int) -> None:
    with stage.visitor() as visitor:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(TOUR).text)
        assert token
        page = visitor.post(TOUR + "vao/", data={"username": who, "csrfmiddlewaretoken": token[1]})
        assert page.url.path == TOUR
        found = re.findall(r'<li>.*?<b><a href="([^"]+)"', page.text, re.DOTALL)
        listed = [
            address.replace("&amp;", "&")
            for address in found
            if "van-ban" in address or "/di/" in address or "?" in address
        ]
        assert f">0/{stops}<" in page.text
        assert listed
        assert all(visitor.get(address).status_code == 200 for address in listed)
