"""Finding in the register: any order, prefixes, split numbers, fields; nothing of others, nothing out of reach."""

from datetime import date, timedelta
from typing import Self

import pytest
from django.test import Client
from django.utils import timezone

from apps.office import contents
from apps.office.finding import index
from apps.office.finding.language import EXAMPLES, read
from apps.office.finding.reading import read_some
from apps.office.finding.results import look, matching
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.policy import may_see
from apps.office.models import Content, Document, Words
from apps.staff.models import Duty
from apps.staff.rights import Standing
from lienthong.adapters.reading import Read
from lienthong.errors import Unavailable
from lienthong.testing.desk import Town
from lienthong.testing.desk.fake import FakeDesk
from unit.apps.office_made import Agency


@pytest.fixture
def paper(city: Agency) -> Document:
    return city.arrived(
        number="1312",
        notation="A-1312/B",
        subject="Về Đường sắt đô thị",
        kind="Quyết định",
        signer="Nguyễn Văn Mẫu",
        issued=date(2026, 11, 20),
        urgency=3,
    )


def found(text: str, person: Standing) -> set[Document]:
    return set(matching(read(text, person), person))


@pytest.mark.parametrize(
    "text",
    [
        "1312", "A-1312/B", "duong sat", "sắt ĐƯỜNG", "thi 1312 do", "duo", "Nội vụ", "van-ban.pdf",
        "so:1312", "số:1312/A", "ky-hieu:A", "ký-hiệu:a", "nam:2026", "tu:20/11/2026", "đến:20/11/2026",
        "loai:quyet", 'loại:"quyết định"', "khan:hoa-toc", "khẩn:có", 'nguoi-ky:"Văn Mẫu"', "người-ký:mau",
        "co-quan:noi-vu", "tu:2026-11-01 den:30/11/2026 sat", "khong-phai-truong: duong",
    ],
)  # fmt: skip
def test_is_found_by(city: Agency, paper: Document, text: str) -> None:
    other = city.arrived(number="7", notation="X", issued=date(2025, 1, 1), issuer="Bộ Y tế", issuer_code="G18")
    results = found(text.replace("khong-phai-truong:", ""), city.deed(Duty.CLERK).standing)
    assert paper in results
    assert (other in results) == (text in {"van-ban.pdf", "đến:20/11/2026"})


@pytest.mark.parametrize(
    "text",
    ["1313", "sat thuy", "so:131", "so:13", "nam:2025", "tu:21/11/2026", "den:19/11/2026", "loai:cong-van",
     "khan:khan", "nguoi-ky:duong", "toi:cho", "chu-tri:KT", "han:qua"],
)  # fmt: skip
def test_is_not_found_by(city: Agency, paper: Document, text: str) -> None:
    assert paper not in found(text, city.deed(Duty.CLERK).standing)


@pytest.mark.parametrize("text", ["tu:32/13", "nam:abc", "han:<", "khan:xyz", "toi:ai", "so:", "loai:-"])
def test_what_is_not_understood_says_so_and_is_left_out(city: Agency, text: str) -> None:
    [term] = read(text, city.deed(Duty.CLERK).standing)
    assert not term.understood
    assert not look(FakeDesk(Town(timezone.now()), "H29"), city.deed(Duty.CLERK).standing, text).documents


@pytest.mark.parametrize("text", ['" OR 1', "a* NEAR b", "' & !x", "so:\"1' OR", "%_\\", "\x00", "(((", "^a -b :*"])
def test_signs_of_the_databases_languages_are_only_signs(city: Agency, paper: Document, text: str) -> None:
    found(text, city.deed(Duty.CLERK).standing)


def test_deadlines_are_counted_in_working_days(city: Agency) -> None:
    person, now = city.deed(Duty.CLERK).standing, timezone.now()
    late, soon, far = (city.arrived(due=now + timedelta(days)) for days in (-1, 1, 60))
    assert found("han:qua", person) == {late}
    assert found("hạn:<3ngay", person) == {soon}
    assert far in found("han:<90ngay", person)
    Document.objects.filter(pk=late.pk).update(done=now)
    assert found("han:qua", person) == set()


def test_my_part_and_who_leads(city: Agency, paper: Document) -> None:
    officer, head = city.deed(Duty.OFFICER, city.room), city.deed(Duty.UNIT_HEAD, city.room)
    acts.register(city.deed(Duty.CLERK), paper, city.book)
    acts.direct(city.deed(Duty.LEADER), paper, "Giao", [Recipient(city.room)])
    acts.forward(head, paper, [Recipient(city.room, officer.person)])
    for text in ("toi:", "tôi:chờ", "toi:chu-tri", "chu-tri:KT", 'chủ-trì:"kinh te"'):
        assert found(text, officer.standing) == {paper}, text
    assert found("toi:phoi-hop", officer.standing) == set()
    assert found("toi:", head.standing) == set()


def test_agencies_and_units_are_apart_as_the_policy_says(city: Agency, paper: Document) -> None:
    strangers = Agency("G22")
    theirs = strangers.arrived(subject="Về Đường sắt đô thị")
    acts.register(city.deed(Duty.CLERK), paper, city.book)
    acts.direct(city.deed(Duty.LEADER), paper, "Giao", [Recipient(city.room)])
    people = [
        city.deed(Duty.CLERK), city.deed(Duty.LEADER), city.deed(Duty.OFFICE_HEAD), city.deed(Duty.INSPECTOR),
        city.deed(Duty.ADMINISTRATOR), city.deed(Duty.UNIT_HEAD, city.room), city.deed(Duty.UNIT_HEAD, city.other_room),
        city.deed(Duty.OFFICER, city.room), strangers.deed(Duty.CLERK), strangers.deed(Duty.ADMINISTRATOR),
    ]  # fmt: skip
    for deed in people:
        seen = found("duong sat", deed.standing)
        assert seen == {each for each in (paper, theirs) if may_see(each, deed.standing)}, deed.person
        assert found("nam:2026", deed.standing) <= {each for each in (paper, theirs) if may_see(each, deed.standing)}


def test_pages_follow_one_another(city: Agency) -> None:
    for n in range(27):
        city.arrived(number=str(n))
    person = city.deed(Duty.CLERK).standing
    desk = FakeDesk(Town(timezone.now()), "H29")
    first = look(desk, person, "loai:cong-van")
    second = look(desk, person, "loai:cong-van", first.next)
    assert [len(each.documents) for each in (first, second)] == [25, 2]
    assert second.next == ""
    assert not {each.pk for each in first.documents} & {each.pk for each in second.documents}


def test_documents_without_words_get_them(city: Agency, paper: Document) -> None:
    Words.objects.filter(document=paper).delete()
    person = city.deed(Duty.CLERK).standing
    assert found("1312", person) == set()
    assert index.catch_up("H29") == 1
    assert found("1312", person) == {paper}
    Document.objects.filter(pk=paper.pk).update(subject="Về cầu cảng")
    index.keep(Document.objects.get(pk=paper.pk))
    assert found("sat", person) == set()
    assert found("cau cang", person) == {paper}


def test_chips_take_one_term_away_each(clerk: Client) -> None:
    text = clerk.get("/tim/?q=báo+số:15+tu:32/13").content.decode()
    assert "không hiểu, đã bỏ qua" in text
    assert 'href="?q=b%C3%A1o+tu%3A32%2F13"' in text
    assert 'href="?q=s%E1%BB%91%3A15+tu%3A32%2F13"' in text
    for example in EXAMPLES:
        assert clerk.get("/tim/", {"q": example}).status_code == 200


def test_the_register_answers_while_the_gateway_is_away(clerk: Client, town: Town) -> None:
    town.failure = Unavailable()
    assert "Máy chủ bảo mật đang không trả lời" in clerk.get("/tim/?q=báo").content.decode()


class Reading:
    """Reads what stands behind the first line; keeps count."""

    asked: list[bytes]
    recognises = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, pdf: bytes) -> Read:
        Reading.asked.append(pdf)
        return Read(pdf.partition(b"\n")[2].decode())


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> type[Reading]:
    monkeypatch.setattr(Reading, "asked", [], raising=False)
    monkeypatch.setattr("lienthong.adapters.reading.Reader", Reading)
    return Reading


def test_the_worker_reads_each_file_once_and_all_its_documents_are_found(city: Agency, reading: type[Reading]) -> None:
    first, second, theirs = city.arrived(), city.arrived(), Agency("G22").arrived()
    data = "%PDF-1.7\nGiải phóng mặt bằng\0".encode()
    for document in (first, second, theirs):
        contents.attach(document, "phu-luc.pdf", "application/pdf", data)
        contents.attach(document, "bang.xlsx", "application/x", b"PK khong doc")
    person = city.deed(Duty.CLERK).standing
    assert found("mat bang", person) == set()
    while read_some("H29"):
        pass
    assert found("bằng mặt", person) == {first, second}
    assert found("mat bang", Agency("G22").deed(Duty.CLERK).standing) == {theirs}
    assert [each for each in reading.asked if each == data] == [data]
    assert not any(each.startswith(b"PK") for each in reading.asked)


def test_a_file_that_cannot_be_had_holds_up_no_other(
    city: Agency, reading: type[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = city.arrived()
    gone = contents.attach(document, "mat.pdf", "application/pdf", b"%PDF-1.7\nthat lac").content
    Content.objects.filter(pk=gone.pk).update(body="khong/co")
    while read_some("H29"):
        pass
    assert Content.objects.get(pk=contents.current(document)[0].content_id).text is not None
    assert Content.objects.get(pk=gone.pk).text is None
