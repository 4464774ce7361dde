"""The sandbox's counterpart in the running country: for each keyword what the vendor's desk sees of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from lienthong.cli.demo.build import admit
from lienthong.cli.demo.processes import Processes
from lienthong.cli.sandbox.town import OTHER, OWN, counterpart, desk_of, system_of
from lienthong.client import Desk, Entry, File, Metadata, take_in
from lienthong.errors import Unavailable
from running_country import PDF, Country, until

pytestmark = pytest.mark.acceptance
NUMBERS = count(9000)


@dataclass
class Vendor:
    """The vendor's software: sends, takes what comes."""

    desk: Desk
    told: list[str]

    def send(self, keyword: str) -> str:
        number = str(next(NUMBERS))
        said = Metadata(number, OWN.notation, f"V/v thử {keyword} số {number}", (OTHER.code,))
        sent = self.desk.send(said, [File("van-ban.pdf", "application/pdf", PDF)])
        return sent.entry.id

    def ends(self, package: str, status: str) -> None:
        def seen() -> bool:
            return self.desk.document(package).entry.recipients[0].status == status

        until(seen, f"status {status}")

    def comes(self, words: str, business: int = 0) -> Entry:
        """A document of the counterpart about these words, taken in."""

        def seen() -> Entry | None:
            take_in(self.desk, lambda _: None)
            rows = self.desk.incoming(limit=200).entries
            mine = (row for row in rows if words in row.subject and row.business == business)
            return next((row for row in mine if row.recipients[0].state == "handed-over"), None)

        return until(seen, words)  # type: ignore[return-value]  # waited for

    def number(self, package: str) -> str:
        return self.desk.document(package).entry.number


@pytest.fixture(scope="module")
def vendor(country: Country) -> Iterator[Vendor]:
    version = admit(country.place, [OWN, OTHER])
    country.await_registry(version)
    told: list[str] = []
    with desk_of(country.place, OWN) as desk:
        other = counterpart(country.place, lambda vi, _: told.append(vi))
        worker = threading.Thread(target=other.work, daemon=True)
        worker.start()
        yield Vendor(desk, told)
        other.stop.set()
        worker.join()
        other.desk.close()


@pytest.mark.parametrize(
    ("keyword", "status"),
    [("", "06"), ("[đến]", "01"), ("[register]", "03"), ("[từ chối]", "02"), ("[trễ 1]", "06")],
)
def test_statuses_come_as_the_subject_says(vendor: Vendor, keyword: str, status: str) -> None:
    vendor.ends(vendor.send(keyword), status)


def test_a_refusal_has_its_reason(vendor: Vendor) -> None:
    package = vendor.send("[refuse]")
    vendor.ends(package, "02")
    assert "từ khóa" in vendor.desk.document(package).statuses[-1].description


def test_silence_leaves_it_waiting_and_others_go_on(vendor: Vendor) -> None:
    silent, usual = vendor.send("[im lặng]"), vendor.send("")
    vendor.ends(usual, "06")
    assert vendor.desk.document(silent).entry.recipients[0].state in {"accepted", "arrived", "delivered"}


def test_an_answer_names_what_it_answers(vendor: Vendor) -> None:
    package = vendor.send("[trả lời]")
    assert vendor.comes(f"Trả lời {vendor.number(package)}/")


def test_documents_come_when_asked_for(vendor: Vendor) -> None:
    number = vendor.number(vendor.send("[gửi 2]"))
    assert vendor.comes(f"Văn bản thử 1 theo yêu cầu {number}")
    assert vendor.comes(f"Văn bản thử 2 theo yêu cầu {number}")
    number = vendor.number(vendor.send("[khẩn]"))
    assert vendor.comes(f"hỏa tốc theo yêu cầu {number}").urgency == 3


def test_a_large_file_comes(vendor: Vendor) -> None:
    came = vendor.comes(f"tệp lớn theo yêu cầu {vendor.number(vendor.send('[lớn 9]'))}")
    assert max(part.size for part in vendor.desk.document(came.id).parts) > 9 * 2**20 - 1000


def test_odd_edxml_comes_with_what_was_repaired(vendor: Vendor) -> None:
    came = vendor.comes(f"lệch mẫu theo yêu cầu {vendor.number(vendor.send('[mẫu cũ]'))}")
    found = vendor.desk.document(came.id)
    assert {each.code for each in found.repairs} >= {"junk-before-prolog", "date-form", "unzipped-unannounced"}


@pytest.mark.parametrize(("keyword", "words"), [("[recall]", "sẽ bị thu hồi"), ("[update]", "sẽ rút nơi nhận")])
def test_what_it_takes_back_asks_for_an_answer(vendor: Vendor, keyword: str, words: str) -> None:
    number = vendor.number(vendor.send(keyword))
    came = vendor.comes(f"{words}, theo yêu cầu {number}")
    until(lambda: vendor.desk.document(came.id).entry.recipients[0].asked, "to be asked")
    vendor.desk.report(came.id, "15")


def test_a_replacement_comes(vendor: Vendor) -> None:
    assert vendor.comes(f"thay thế, theo yêu cầu {vendor.number(vendor.send('[thay thế]'))}", business=3)


@pytest.mark.parametrize(("keyword", "standing"), [("", "recalled"), ("[giữ lại]", "in-force")])
def test_a_recall_by_the_vendor_is_answered(vendor: Vendor, keyword: str, standing: str) -> None:
    package = vendor.send(keyword)
    vendor.ends(package, "06")
    vendor.desk.recall(package, "Thử thu hồi")
    until(lambda: vendor.desk.document(package).entry.recipients[0].standing == standing, standing)


def test_software_on_the_sdk_gets_a_system_once(vendor: Vendor, country: Country) -> None:
    system, secret = system_of(country.place)
    assert system_of(country.place) == (system, secret)
    assert len(secret) >= 32


def test_the_terminal_tells_what_was_done(vendor: Vendor) -> None:
    vendor.ends(vendor.send("[đến]"), "01")
    assert any("báo 01" in line for line in vendor.told)


def test_a_second_one_does_not_lean_on_the_first(country: Country) -> None:
    """It would end with the other's terminal."""
    second = Processes(country.place)
    with pytest.raises(Unavailable, match="runs already"):
        second.start()
    assert not any(map(second.alive, second.names()))
