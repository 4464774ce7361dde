"""Incoming documents in the office: numbers without gaps, the way from arrival to done, who may do what."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.office import contents, numbers
from apps.office.finding.words import split, words_of
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.doubles import doubles
from apps.office.incoming.policy import Act, rows_of
from apps.office.incoming.policy import acts as offered
from apps.office.models import AssignmentState, Document, Number, NumberState, Role, Source
from apps.staff.models import Duty
from apps.staff.rights import root_of
from lienthong.errors import IllegalMove, InvalidValue
from unit.apps.office_made import PDF, Agency, undone

LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Viet Nam
FIRST_MINUTE = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def told(document: Document) -> list[str]:
    return [report.code for report in document.reports.order_by("order")]


def test_from_arrival_to_done_the_sender_hears_every_step(city: Agency) -> None:
    document = city.arrived()
    clerk, leader = city.deed(Duty.CLERK), city.deed(Duty.LEADER)
    head, officer = city.deed(Duty.UNIT_HEAD, city.room), city.deed(Duty.OFFICER, city.room)
    assert acts.register(clerk, document, city.book).written == "01"
    acts.direct(
        leader,
        document,
        "Giao Phòng Kinh tế chủ trì",
        [Recipient(city.room), Recipient(city.other_room, role=Role.COORDINATE)],
    )
    acts.forward(head, document, [Recipient(city.room, officer.person)], "Làm giúp")
    acts.start(officer, document)
    acts.complete(officer, document, "Đã báo cáo")
    document.refresh_from_db()
    assert told(document) == ["03", "04", "05", "06"]
    assert document.done is not None
    assert not document.assignments.exclude(state=AssignmentState.DONE).exists()
    whats = [event.what for event in document.events.all()]
    assert whats == ["arrived", "registered", "directed", "forwarded", "started", "completed"]


def test_a_second_clerk_gets_the_number_the_first_one_took(city: Agency) -> None:
    document = city.arrived()
    first = acts.register(city.deed(Duty.CLERK), document, city.book)
    again = acts.register(city.deed(Duty.CLERK, nth=1), document, city.book)
    assert first == again
    assert Number.objects.filter(book=city.book).count() == 1


def test_numbers_have_no_gaps_and_begin_anew_at_midnight_in_viet_nam(city: Agency) -> None:
    by = city.person(Duty.CLERK)
    one, two = (numbers.take(city.book, city.arrived(), by, LAST_MINUTE) for _ in range(2))
    kept = numbers.reserve(city.book, 2, by, LAST_MINUTE, "Giữ cho quyết định ký ngày 31/12")
    late = numbers.take_reserved(kept[0], city.arrived(), by, LAST_MINUTE)
    numbers.skip(kept[1], by, LAST_MINUTE, "Không ban hành")
    beside = numbers.take_between(city.book, 2, city.arrived(), by, LAST_MINUTE)
    new_year = numbers.take(city.book, city.arrived(), by, FIRST_MINUTE)
    assert [each.written for each in (one, two, late, beside, new_year)] == ["01", "02", "03", "02a", "01"]
    assert (late.year, new_year.year) == (2026, 2027)
    assert numbers.gaps(city.book, 2026) == []
    assert kept[1].state == NumberState.RESERVED  # the value at hand; the row says:
    assert Number.objects.get(pk=kept[1].pk).reason == "Không ban hành"


def test_an_act_undone_leaves_no_gap(city: Agency) -> None:
    document, book, by = city.arrived(), city.book, city.person(Duty.CLERK)
    with undone():
        assert numbers.take(book, document, by, LAST_MINUTE).number == 1
    assert numbers.take(book, document, by, LAST_MINUTE).number == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_number_is_not_kept_or_skipped_without_a_reason(city: Agency, reason: str) -> None:
    by = city.person(Duty.CLERK)
    with pytest.raises(InvalidValue):
        numbers.reserve(city.book, 1, by, LAST_MINUTE, reason)
    [kept] = numbers.reserve(city.book, 1, by, LAST_MINUTE, "Có lý do")
    with pytest.raises(InvalidValue):
        numbers.skip(kept, by, LAST_MINUTE, reason)


def test_a_used_number_is_never_used_again(city: Agency) -> None:
    by = city.person(Duty.CLERK)
    [kept] = numbers.reserve(city.book, 1, by, LAST_MINUTE, "Giữ trước")
    numbers.take_reserved(kept, city.arrived(), by, LAST_MINUTE)
    with pytest.raises(InvalidValue):
        numbers.take_reserved(kept, city.arrived(), by, LAST_MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Number.objects.create(book=city.book, year=2026, number=1, document=city.arrived(), by=by, at=LAST_MINUTE)


def test_refused_with_a_reason_and_never_without(city: Agency) -> None:
    document, clerk = city.arrived(), city.deed(Duty.CLERK)
    with pytest.raises(InvalidValue):
        acts.refuse(clerk, document, " ")
    acts.refuse(clerk, document, "Không thuộc thẩm quyền")
    assert told(document) == ["02"]
    with pytest.raises(IllegalMove):
        acts.register(clerk, document, city.book)
    assert not Number.objects.filter(document=document).exists()


def test_what_was_returned_waits_at_the_giver_again(city: Agency) -> None:
    document, officer = city.arrived(), city.deed(Duty.OFFICER, city.room)
    head = city.deed(Duty.UNIT_HEAD, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    acts.direct(city.deed(Duty.LEADER), document, "Giao phòng", [Recipient(city.room)])
    acts.forward(head, document, [Recipient(city.room, officer.person)])
    acts.give_back(officer, document, "Thuộc lĩnh vực của phòng khác")
    assert Act.FORWARD in offered(document, rows_of(document), head.standing)
    assert Act.COMPLETE not in offered(document, rows_of(document), officer.standing)


def test_a_remark_needs_exactly_one_lead(city: Agency) -> None:
    document = city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    for given in ([], [Recipient(city.room), Recipient(city.other_room)], [Recipient(city.room, role=Role.INFORM)]):
        with pytest.raises(InvalidValue):
            acts.direct(city.deed(Duty.LEADER), document, "Giao", given)
    assert told(document) == ["03"]


def test_strangers_and_the_wrong_duty_do_nothing(city: Agency) -> None:
    document, strangers = city.arrived(), Agency("G22")
    with pytest.raises(PermissionDenied):
        acts.register(city.deed(Duty.OFFICER, city.room), document, city.book)
    with pytest.raises(PermissionDenied):
        acts.register(strangers.deed(Duty.CLERK), document, city.book)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    with pytest.raises(PermissionDenied):
        acts.direct(strangers.deed(Duty.LEADER), document, "Giao", [Recipient(city.room)])
    with pytest.raises(InvalidValue):
        acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(root_of("G22"))])
    assert offered(document, rows_of(document), strangers.deed(Duty.CLERK).standing) == {}


def test_what_came_by_hand_tells_no_sender(city: Agency) -> None:
    document = city.arrived(source=Source.SCAN)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    assert told(document) == []


def test_doubles_are_seen_by_id_by_number_and_by_their_bytes_whatever_way_they_came(city: Agency) -> None:
    nameless = {"document_id": "", "number": "", "notation": ""}
    files = [PDF + bytes([n]) for n in range(5)]
    first = city.arrived(files[0])
    same_id = city.arrived(files[1], number="99", notation="X")
    same_number = city.arrived(files[2], document_id="khác")
    scanned = city.arrived(files[0], source=Source.SCAN, **nameless)
    brought = city.arrived(files[0], source=Source.FOLDER, **nameless)
    Agency("G22").arrived(files[0])
    contents.attach(city.arrived(files[3], **nameless), "phu-luc.pdf", "application/pdf", files[0])
    assert {one.document: one.why for one in doubles(first)} == {
        same_id: "cùng mã văn bản",
        same_number: "cùng số, ký hiệu, nơi gửi",
        scanned: "cùng một tệp",
        brought: "cùng một tệp",
    }
    assert {one.document for one in doubles(scanned)} == {first, brought}
    assert doubles(city.arrived(files[4], **nameless)) == []


def test_words_are_folded_and_split(city: Agency) -> None:
    document = city.arrived(number="1312", notation="A-1312/B", subject="Về Đường sắt đô thị")
    assert {"1312", "duong", "sat", "bo", "noi", "vu"} <= set(words_of(document).split())
    assert split("Đường-SẮT/1312") == ["duong", "sat", "1312"]


def test_a_file_is_kept_once_and_a_change_is_a_version(city: Agency) -> None:
    document = city.arrived()
    contents.attach(document, "van-ban.pdf", "application/pdf", b"khac")
    contents.attach(document, "van-ban.pdf", "application/pdf", b"khac")
    assert [file.version for file in document.files.order_by("version")] == [1, 2]
    [file] = contents.current(document)
    with file.content.body.open() as body:
        assert body.read() == b"khac"
