"""One timeline of a file: what was done and said in it, and what happened to its documents, with links."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.office.cases import acts
from apps.office.cases.story import Line, own, story
from apps.office.models import CaseFile, Document, Draft, Lane
from apps.staff.models import Duty
from unit.apps.office_made import Agency, undone
from unit.apps.test_case_pages import entered
from unit.apps.test_cases import opened


@pytest.fixture
def city() -> Iterator[Agency]:
    with undone():
        agency = Agency()
        assert agency.room != agency.other_room
        yield agency


def lines(city: Agency, case: CaseFile) -> list[Line]:
    found, older = story(case, city.deed(Duty.OFFICER, city.room).standing)
    assert not older
    return found


def test_acts_opinions_and_documents_stand_in_one_line_of_time(city: Agency) -> None:
    document = city.arrived(subject="Báo cáo mẫu")
    case = opened(city, document)
    acts.say(city.deed(Duty.OFFICER, city.room), case, "Cần số liệu của quý III")
    city.deed(Duty.LEADER).note(document, "directed", text="Giao tham mưu", lead="Phòng Kinh tế", to=[])
    told = [line.text for line in lines(city, case)]
    assert "Giao tham mưu" in told[0]
    assert "cho ý kiến: Cần số liệu của quý III" in told[1]
    assert "đưa văn bản vào hồ sơ." in told[2]
    assert "Văn bản đến" in told[-1]  # its own story begins before the file's
    assert [line.text for line in own(case)][-1] == told[1]


def test_sentences_lead_to_the_documents(city: Agency) -> None:
    document = city.arrived(subject="Báo cáo mẫu")
    case, officer = opened(city, document), city.deed(Duty.OFFICER, city.room)
    address = f"/van-ban/{document.pk}/"
    about = {line.text: (line.about, line.address) for line in lines(city, case)}
    (collected,) = (place for text, place in about.items() if "đưa văn bản vào" in text)
    assert collected == ("15/BNV-VP Báo cáo mẫu", address)
    page = entered(officer.person).get(f"/ho-so/{case.pk}/").content.decode()
    assert page.count(f'<a href="{address}">') == len([1 for _, to in about.values() if to == address]) + 1
    acts.take_out(officer, case, case.documents.get(), "Nhầm hồ sơ")
    newest = lines(city, case)[0]
    assert ("Nhầm hồ sơ" in newest.text, newest.about, newest.address) == (True, "15/BNV-VP Báo cáo mẫu", "")
    assert not any(line.address for line in lines(city, case))


def test_a_drafts_steps_are_told_to_whom_may_see_it(city: Agency) -> None:
    case, officer, leader = opened(city), city.deed(Duty.OFFICER, city.room), city.deed(Duty.LEADER)
    document = Document.objects.create(agency="H29", lane=Lane.OUTGOING, subject="Tờ trình mẫu", came=officer.at)
    draft = Draft.objects.create(agency="H29", author=officer.person, document=document, fields={"subject": "Tờ trình"})
    acts.put_draft_in(officer, case, draft)
    leader.note(document, "submitted", version=1, words="Xin ý kiến")
    mine, theirs = (story(case, one.standing)[0] for one in (officer, leader))
    assert [line.address for line in mine if "dự thảo" in line.text] == [f"/soan/{draft.pk}/"]
    assert [any("Xin ý kiến" in line.text for line in each) for each in (mine, theirs)] == [False, True]


def test_a_long_story_begins_with_its_newest_lines(city: Agency) -> None:
    case, officer = opened(city), city.deed(Duty.OFFICER, city.room)
    for number in range(5):
        acts.say(officer, case, f"Lần {number}")
    newest, older = story(case, officer.standing, 3)
    assert ([line.text[-1] for line in newest], older) == (["4", "3", "2"], True)
    assert "Lần 0" in entered(officer.person).get(f"/ho-so/{case.pk}/?nhat-ky=het").content.decode()


def test_it_asks_as_often_for_many_documents_as_for_few(city: Agency) -> None:
    case, officer = opened(city, city.arrived()), city.deed(Duty.OFFICER, city.room)
    asked = []
    for more in (0, 6):
        for number in range(more):
            document = city.arrived(number=str(20 + number), document_id=f"G09,2026/11/22,{20 + number}/BNV")
            acts.put_in(city.deed(Duty.CLERK), case, document)
        with CaptureQueriesContext(connection) as found:
            story(case, officer.standing)
        asked.append(len(found))
    assert asked[0] == asked[1] <= 4
