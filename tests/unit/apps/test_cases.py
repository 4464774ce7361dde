"""Case files: the year's list, what is collected, closing; who may see and do what."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.office.cases import acts, catalogue
from apps.office.cases.acts import Counts
from apps.office.cases.catalogue import Planned
from apps.office.cases.policy import Act, visible
from apps.office.cases.policy import acts as offered
from apps.office.finding.results import reach
from apps.office.incoming.policy import may_see
from apps.office.models import CaseFile, CaseState, Catalogue, Document, Draft
from apps.staff.models import Duty
from lienthong.errors import IllegalMove, InvalidValue
from unit.apps.office_made import Agency

YEAR = 2026
ENDED = Counts(sheets=3, pages=12, end_note="Hồ sơ gồm 12 trang, đủ tài liệu.")


def line(city: Agency, title: str = "Hồ sơ mẫu về báo cáo", **more: object) -> Planned:
    told = {"unit": city.room, "keeper": city.person(Duty.OFFICER, city.room), "title": title, "years": 20}
    return Planned(**(told | more))  # type: ignore[arg-type]  # a table of fields


def opened(city: Agency, *documents: Document) -> CaseFile:
    """An officer's open file with these documents, put in by the head who sees them all."""
    case = acts.start(city.deed(Duty.OFFICER, city.room), YEAR, line(city))
    acts.share(city.deed(Duty.OFFICER, city.room), case, city.person(Duty.CLERK))
    for document in documents:
        acts.put_in(city.deed(Duty.CLERK), case, document)
    return case


def test_the_list_is_numbered_within_its_heading_and_taken_over(city: Agency) -> None:
    head = city.deed(Duty.UNIT_HEAD, city.room)
    first, second = (catalogue.plan(head, YEAR, line(city, title)) for title in ("Một", "Hai"))
    office = catalogue.plan(city.deed(Duty.CLERK), YEAR, line(city, unit=city.root, years=None))
    assert [case.notation for case in (first, second)] == ["01.KT", "02.KT"]
    assert office.number == 1
    assert first.code == "H29.2026.01.KT"
    assert catalogue.take_over(head, YEAR + 1) == 2
    assert catalogue.take_over(head, YEAR + 1) == 0
    assert catalogue.take_over(city.deed(Duty.CLERK), YEAR + 1) == 1
    taken = CaseFile.objects.filter(year=YEAR + 1, state=CaseState.PLANNED)
    assert {(case.title, case.years) for case in taken} == {("Một", 20), ("Hai", 20), ("Hồ sơ mẫu về báo cáo", None)}


def test_the_leader_approves_once_with_a_decision(city: Agency) -> None:
    leader = city.deed(Duty.LEADER)
    with pytest.raises(IllegalMove):
        catalogue.approve(leader, YEAR, "QĐ 01/QĐ-UBND")
    catalogue.plan(city.deed(Duty.CLERK), YEAR, line(city))
    with pytest.raises(InvalidValue):
        catalogue.approve(leader, YEAR, " ")
    with pytest.raises(PermissionDenied):
        catalogue.approve(city.deed(Duty.CLERK), YEAR, "QĐ 01/QĐ-UBND")
    catalogue.approve(leader, YEAR, "QĐ 01/QĐ-UBND")
    with pytest.raises(IllegalMove):
        catalogue.approve(leader, YEAR, "QĐ 02/QĐ-UBND")
    assert Catalogue.objects.get(agency="H29", year=YEAR).basis == "QĐ 01/QĐ-UBND"


@pytest.mark.parametrize("wrong", [{"title": " "}, {"years": 0}, {"years": 100}, {"title": "Hồ sơ (TỐI MẬT)"}])
def test_a_line_that_may_not_be_is_refused(city: Agency, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        catalogue.plan(city.deed(Duty.CLERK), YEAR, line(city, **wrong))
    assert not CaseFile.objects.exists()


def test_a_document_lies_in_several_files_without_a_copy(city: Agency) -> None:
    document = city.arrived()
    one, other = opened(city, document), opened(city, document)
    acts.put_in(city.deed(Duty.CLERK), one, document)
    assert [one.documents.count(), other.documents.count()] == [1, 1]
    assert Document.objects.count() == 1


def test_a_file_opens_its_documents_to_who_works_in_it(city: Agency) -> None:
    document, officer = city.arrived(), city.deed(Duty.OFFICER, city.room)
    colleague = city.deed(Duty.OFFICER, city.other_room)
    assert not may_see(document, officer.standing)
    with pytest.raises(PermissionDenied):
        acts.put_in(officer, opened(city), document)
    case = opened(city, document)
    assert may_see(document, officer.standing)
    assert not may_see(document, colleague.standing)
    acts.share(officer, case, colleague.person)
    assert Document.objects.filter(reach(colleague.standing)).count() == 1
    acts.unshare(officer, case, colleague.person)
    assert not may_see(document, colleague.standing)


def test_taking_out_needs_a_reason_and_leaves_no_gap(city: Agency) -> None:
    first, second = city.arrived(), city.arrived()
    case, clerk = opened(city, first, second), city.deed(Duty.CLERK)
    row = case.documents.get(document=first)
    with pytest.raises(InvalidValue):
        acts.take_out(clerk, case, row, "")
    acts.take_out(clerk, case, row, "Thuộc hồ sơ khác")
    assert [(row.order, row.document) for row in case.documents.all()] == [(1, second)]
    assert Document.objects.filter(pk=first.pk).exists()
    assert case.events.filter(what="taken-out", told__reason="Thuộc hồ sơ khác").exists()


def test_work_is_given_done_and_must_be_done_before_the_end(city: Agency) -> None:
    case, officer = opened(city, city.arrived()), city.deed(Duty.OFFICER, city.room)
    colleague = city.deed(Duty.OFFICER, city.other_room)
    task = acts.give_task(officer, case, "Tổng hợp số liệu", colleague.person)
    assert Act.DISCUSS in offered(case, colleague.standing)
    with pytest.raises(IllegalMove):
        acts.close(officer, case, ENDED)
    with pytest.raises(PermissionDenied):
        acts.finish_task(city.deed(Duty.CLERK), case, task, "xong")
    acts.finish_task(colleague, case, task, "Đã tổng hợp")
    acts.say(city.deed(Duty.LEADER), case, "Đồng ý")
    acts.close(officer, case, ENDED)
    case.refresh_from_db()
    assert (case.state, case.pages, case.sheets) == (CaseState.CLOSED, 12, 3)
    assert case.due is not None
    assert case.closed is not None
    assert (case.due - case.closed).days == 365


def test_closing_puts_documents_in_the_order_of_time(city: Agency) -> None:
    late, early = city.arrived(issued=date(2026, 5, 1), pages=2), city.arrived(issued=date(2026, 1, 2), pages=3)
    case, officer = opened(city, late, early), city.deed(Duty.OFFICER, city.room)
    for wrong in (Counts(), Counts(end_note="  ")):
        with pytest.raises(InvalidValue):
            acts.close(officer, case, wrong)
    acts.close(officer, case, Counts(end_note="Đủ"))
    case.refresh_from_db()
    assert [row.document for row in case.documents.all()] == [early, late]
    assert case.pages == 5
    with pytest.raises(IllegalMove):
        acts.put_in(officer, case, late)
    acts.reopen(officer, case, "Có văn bản mới")
    acts.put_in(city.deed(Duty.CLERK), case, city.arrived())


def test_an_empty_file_is_not_closed(city: Agency) -> None:
    with pytest.raises(IllegalMove):
        acts.close(city.deed(Duty.OFFICER, city.room), opened(city), ENDED)


def test_strangers_see_and_do_nothing(city: Agency) -> None:
    case, stranger = opened(city), Agency("G22").deed(Duty.CLERK)
    outsider = city.deed(Duty.OFFICER, city.other_room)
    for who in (stranger, outsider):
        assert offered(case, who.standing) == frozenset()
        assert not visible(who.standing).exists()
        with pytest.raises(PermissionDenied):
            acts.say(who, case, "Ý kiến")
    with pytest.raises(InvalidValue):
        acts.share(city.deed(Duty.OFFICER, city.room), case, stranger.person)


def test_a_draft_is_collected_with_the_papers(city: Agency) -> None:
    case, officer = opened(city), city.deed(Duty.OFFICER, city.room)
    own = Draft.objects.create(agency="H29", author=officer.person, fields={"subject": "Dự thảo mẫu"})
    foreign = Draft.objects.create(agency="G22", author=officer.person)
    acts.put_draft_in(officer, case, own)
    acts.put_draft_in(officer, case, own)
    with pytest.raises(PermissionDenied):
        acts.put_draft_in(officer, case, foreign)
    assert [row.draft for row in case.drafts.all()] == [own]


def test_a_draft_that_was_issued_lies_in_the_file_as_a_document(city: Agency) -> None:
    case, officer = opened(city, city.arrived()), city.deed(Duty.OFFICER, city.room)
    issued = city.arrived(issued_at=timezone.now())
    draft = Draft.objects.create(agency="H29", author=officer.person, document=issued)
    acts.put_draft_in(officer, case, draft)
    acts.close(officer, case, ENDED)
    assert {row.document for row in case.documents.all()} >= {issued}
    assert [row.order for row in case.documents.all()] == [1, 2]


def test_opening_needs_a_plan_and_happens_once(city: Agency) -> None:
    case = catalogue.plan(city.deed(Duty.UNIT_HEAD, city.room), YEAR, line(city))
    officer = city.deed(Duty.OFFICER, city.room)
    catalogue.amend(officer, case, line(city, "Tên mới"))
    acts.open_(officer, case)
    case.refresh_from_db()
    assert (case.title, case.opened) == ("Tên mới", timezone.localdate())
    with pytest.raises(IllegalMove):
        acts.open_(officer, case)
    with pytest.raises(IllegalMove):
        catalogue.amend(officer, case, line(city, "Tên khác"))
