"""Words of scans, page by page: once for the same bytes, on from where a worker died, in words on the document's page."""

from datetime import timedelta
from typing import Self

import pytest
from django.test import Client
from django.utils import timezone

from apps.office import contents
from apps.office.finding import recognising
from apps.office.finding.language import read
from apps.office.finding.reading import read_some
from apps.office.finding.recognising import go_round, state
from apps.office.finding.results import matching
from apps.office.models import Content, Document, File, Recognition
from apps.staff.models import Duty
from lienthong.adapters.reading import Read
from lienthong.adapters.recognising import Failing, Recognised
from unit.apps.office_made import Agency

SCAN = b"%PDF-1.7\nscan\n"


class Scanner:
    """Every file has three pages without words; the script says what each is, or what befalls who looks at it."""

    recognises = True
    script: list[Recognised | BaseException]
    looked: list[int]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, pdf: bytes) -> Read:
        return Read("", (0, 1, 2)) if pdf == SCAN else Read("nguyen van ban")

    def recognise(self, _pdf: bytes, page: int) -> Recognised:
        Scanner.looked.append(page)
        told = Scanner.script.pop(0)
        if isinstance(told, BaseException):
            raise told
        return told


@pytest.fixture(autouse=True)
def scanner(monkeypatch: pytest.MonkeyPatch) -> type[Scanner]:
    monkeypatch.setattr(Scanner, "script", [Recognised(f"trang {n}") for n in ("mot", "hai", "ba")], raising=False)
    monkeypatch.setattr(Scanner, "looked", [], raising=False)
    monkeypatch.setattr(recognising, "SPELL", 3600.0)  # however slow the machine
    monkeypatch.setattr(Scanner, "recognises", True)
    monkeypatch.setattr("lienthong.adapters.reading.Reader", Scanner)
    return Scanner


@pytest.fixture
def scanned(city: Agency) -> Document:
    document = city.arrived(number="88")
    contents.attach(document, "quet.pdf", "application/pdf", SCAN)
    read_some("H29")
    return document


def row() -> Recognition:
    return Recognition.objects.get()


def found(city: Agency, text: str) -> set[Document]:
    person = city.deed(Duty.CLERK).standing
    return set(matching(read(text, person), person))


def due_now() -> None:
    Recognition.objects.update(due=timezone.now())


def test_each_page_once_for_all_documents_with_these_bytes(city: Agency, scanned: Document) -> None:
    other = Agency("G22").arrived()
    contents.attach(other, "quet.pdf", "application/pdf", SCAN)
    assert state(row()) == "Đang nhận dạng chữ trong bản quét: còn 3 trong 3 trang."
    go_round()
    go_round()
    read_some("H29")
    assert Scanner.looked == [0, 1, 2]
    assert found(city, "ba trang hai mot") == {scanned}
    assert found(Agency("G22"), "trang ba") == {other}
    assert state(row()) == "Đã nhận dạng chữ trong bản quét (3 trang)."


def test_killed_on_a_page_it_goes_on_with_that_page(city: Agency, scanned: Document) -> None:
    Scanner.script.insert(1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        go_round()
    assert found(city, "trang mot") == {scanned}
    go_round()
    assert Scanner.looked == [0, 1]  # still the other worker's, as far as anybody knows
    due_now()
    go_round()
    assert Scanner.looked == [0, 1, 1, 2]
    assert row().content.text.split() == ["trang", "mot", "trang", "hai", "trang", "ba"]


def test_a_page_that_kills_every_worker_is_left_out(scanned: Document) -> None:
    Scanner.script = [*[KeyboardInterrupt()] * 3, *Scanner.script[1:]]
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            go_round()
        due_now()
    go_round()
    assert Scanner.looked == [0, 0, 0, 1, 2]
    assert state(row()).startswith("Đã nhận dạng 2 trong 3 trang; còn lại không được: quá thời gian")


def test_a_page_that_cannot_be_read_is_tried_again_later_and_then_told(scanned: Document) -> None:
    Scanner.script = [Recognised(why=Failing.UNREADABLE)] * 9
    for _ in range(9):
        go_round()
        assert row().due is None or row().due > timezone.now() + timedelta(seconds=30)
        if row().pages:
            due_now()
    assert Scanner.looked == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert state(row()) == "Không nhận dạng được chữ: tệp hỏng hoặc không vẽ được trang."


def test_a_spell_ends_and_the_rest_comes_next_time(scanned: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "SPELL", 0.0)
    go_round()
    assert Scanner.looked == [0]
    go_round()
    assert Scanner.looked == [0, 1]


def test_a_store_that_is_away_costs_no_try(scanned: Document) -> None:
    body = row().content.body.name
    Content.objects.filter(pk=row().pk).update(body="khong/co")
    for _ in range(5):
        go_round()
        due_now()
    assert (Scanner.looked, row().tries) == ([], 0)
    Content.objects.filter(pk=row().pk).update(body=body)
    go_round()
    assert Scanner.looked == [0, 1, 2]


def test_without_tesseract_the_office_works_and_says_so(city: Agency, scanned: Document) -> None:
    Scanner.recognises = False
    go_round()
    clerk = Client()
    clerk.force_login(city.person(Duty.CLERK))
    file = File.objects.get(document=scanned, name="quet.pdf")
    text = clerk.get(f"/van-ban/{scanned.pk}/?tep={file.pk}").content.decode()
    assert "Chưa nhận dạng được chữ trong bản quét: máy chủ chưa cài tesseract với tiếng Việt." in text
    Scanner.recognises = True
    go_round()
    text = clerk.get(f"/van-ban/{scanned.pk}/?tep={file.pk}").content.decode()
    assert "Đã nhận dạng chữ trong bản quét (3 trang)." in text


def test_what_cannot_be_read_says_why(city: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scanner, "read", lambda _self, _pdf: Read(why=Failing.LOCKED))
    city.arrived()
    read_some("H29")
    assert state(row()) == "Không nhận dạng được chữ: tệp có mật khẩu."
    go_round()
    assert Scanner.looked == []
