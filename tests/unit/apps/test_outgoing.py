"""Outgoing documents: from draft to issued, who may do what, versions, and numbers that come after the signature."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from apps.office import numbers
from apps.office.deed import deed_of
from apps.office.models import (
    Book,
    Document,
    Draft,
    DraftFile,
    Lane,
    Number,
    Role,
    Route,
    Standing,
    Version,
)
from apps.office.outgoing import acts, routes
from apps.office.outgoing.policy import Act, require
from apps.office.outgoing.policy import acts as offered
from apps.staff.handover import hand_over
from apps.staff.models import Duty
from lienthong.errors import IllegalMove, InvalidValue, NotAllowed, VersionOutdated
from unit.apps.office_made import Agency, undone

LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Viet Nam
FIRST_MINUTE = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


class City(Agency):
    """People on the way of a document out, and drafts."""

    def __init__(self) -> None:
        super().__init__()
        self.officer, self.head = self.deed(Duty.OFFICER, self.room), self.deed(Duty.UNIT_HEAD, self.room)
        self.clerk, self.leader = self.deed(Duty.CLERK), self.deed(Duty.LEADER)

    def draft(self, subject: str = "V/v báo cáo (văn bản mẫu)", kind: str = "Công văn") -> Draft:
        told = {
            "kind": kind,
            "notation": "UBND-KT",
            "subject": subject,
            "signer_name": "Nguyễn Văn Mẫu",
            "body": "Mẫu.",
        }
        draft = Draft.objects.create(agency=self.code, author=self.officer.person, fields=told)
        DraftFile.objects.create(draft=draft, main=True, name="a.pdf", media_type="application/pdf", content=b"%PDF-1")
        return draft

    def submitted(self, **told: str) -> Document:
        return acts.submit(self.officer, self.draft(**told), self.leader.person)

    def checked(self, **told: str) -> Document:
        document = self.submitted(**told)
        acts.approve(self.head, document, 1)
        acts.approve(self.clerk, document, 1)
        return document

    def signed(self, **told: str) -> Document:
        document = self.checked(**told)
        acts.signed(self.leader, document, 1, nothing)
        return document


def nothing(*_: object) -> None:
    """What is written on the page is another test's."""


def waits(document: Document) -> list[str]:
    return [row.role for row in document.assignments.filter(state__in=("waiting", "working")).order_by("id")]


def story(document: Document) -> list[str]:
    return [event.what for event in document.events.order_by("id")]


@pytest.fixture
def city() -> Iterator[City]:
    with undone():
        yield City()


def test_from_draft_to_issued(city: City) -> None:
    document = city.submitted()
    assert waits(document) == [Role.REVIEW]
    acts.approve(city.head, document, 1, "Đồng ý")
    assert waits(document) == [Role.FORM]
    acts.approve(city.clerk, document, 1)
    assert waits(document) == [Role.SIGN]
    acts.signed(city.leader, document, 1, nothing)
    assert waits(document) == [Role.ISSUE]
    assert acts.give_number(city.clerk, document, nothing).written == "01"
    acts.sealed(city.clerk, document, nothing)
    acts.issued(city.clerk, document, nothing)
    document.refresh_from_db()
    assert document.code == "01/UBND-KT"
    assert document.issued_at is not None
    assert not waits(document)
    assert story(document) == ["submitted", "approved", "approved", "signed", "numbered", "sealed", "issued"]
    assert [remark.text for remark in document.remarks.all()] == ["Đồng ý"]


def test_a_leader_does_not_sign_what_has_changed_since_he_looked(city: City) -> None:
    document = city.checked()
    acts.take_back(city.officer, document)
    draft = document.draft
    draft.fields = draft.fields | {"subject": "V/v nội dung khác (mẫu)"}
    draft.save()
    acts.submit(city.officer, draft, city.leader.person)
    for deed in (city.head, city.clerk):
        acts.approve(deed, document, 2)
    kept = []
    with pytest.raises(VersionOutdated) as refused:
        acts.signed(city.leader, document, 1, lambda: kept.append(1))
    assert "bản mới" in refused.value.sentence()
    assert not kept
    assert waits(document) == [Role.SIGN]
    acts.signed(city.leader, document, 2, lambda: kept.append(2))
    assert kept == [2]
    assert [version.fields["subject"] for version in document.versions.all()] == [
        "V/v báo cáo (văn bản mẫu)",
        "V/v nội dung khác (mẫu)",
    ]


def test_nobody_decides_on_an_outdated_version(city: City) -> None:
    document = city.submitted()
    draft = document.draft
    draft.fields = draft.fields | {"body": "Trưởng phòng sửa."}
    draft.save()
    assert acts.revise(city.head, draft, document).number == 2
    with pytest.raises(VersionOutdated):
        acts.approve(city.head, document, 1)
    acts.approve(city.head, document, 2)
    assert waits(document) == [Role.FORM], "a step's own change asks nobody anew"


def test_back_with_a_reason_and_on_from_where_it_stood(city: City) -> None:
    document = city.submitted()
    acts.approve(city.head, document, 1)
    with pytest.raises(InvalidValue):
        acts.give_back(city.clerk, document, 1, "  ")
    acts.give_back(city.clerk, document, 1, "Sai thể thức phần nơi nhận")
    assert waits(document) == [Role.DRAFT]
    acts.submit(city.officer, document.draft, city.leader.person)
    assert waits(document) == [Role.FORM], "unchanged, it goes where it was not yet approved"
    acts.give_back(city.clerk, document, 1, "Vẫn sai")
    draft = document.draft
    draft.fields = draft.fields | {"to_places": "Như trên"}
    draft.save()
    acts.submit(city.officer, draft, city.leader.person)
    assert waits(document) == [Role.REVIEW], "changed, everybody sees it again"


def test_a_signed_page_that_comes_back_is_kept_and_signed_anew(city: City) -> None:
    document = city.signed()
    page = document.draft.files.get()
    page.content = b"%PDF-1 signed"
    page.save()
    acts.give_back(city.clerk, document, 1, "Sai tên người ký")
    assert not document.draft.files.exists()
    assert [(version.way, version.page is not None) for version in document.versions.all()] == [
        ("typed", True),
        ("signed", True),
    ]
    assert waits(document) == [Role.DRAFT]
    assert not Number.objects.filter(document=document).exists()


def test_each_step_is_its_holders_alone(city: City) -> None:
    document = city.submitted()
    other = city.deed(Duty.UNIT_HEAD, city.other_room)
    for deed, act in ((city.clerk, Act.APPROVE), (city.leader, Act.SIGN), (city.officer, Act.APPROVE)):
        with pytest.raises(IllegalMove):
            require(document, deed.standing, act)
    for deed in (other, deed_of(Agency("G22").person(Duty.LEADER))):
        with pytest.raises(PermissionDenied):
            require(document, deed.standing, Act.APPROVE)
        assert not offered(document, deed.standing)
    assert set(offered(document, city.head.standing)) == {Act.APPROVE, Act.RETURN, Act.REVISE}
    assert set(offered(document, city.officer.standing)) == {Act.TAKE_BACK}


def test_nobody_signs_for_another(city: City) -> None:
    document = city.checked()
    acting = replace(city.leader, for_whom=city.leader.person)
    with pytest.raises(NotAllowed):
        acts.signed(acting, document, 1, nothing)
    with pytest.raises(InvalidValue, match="thẩm quyền"):
        acts.submit(city.officer, city.draft(), city.head.person)


def test_who_moves_away_leaves_drafts_and_steps_to_an_heir(city: City) -> None:
    """Handed on or not, the draft is the heir's: what is returned comes to somebody who is there."""
    document, heir = city.submitted(), city.deed(Duty.OFFICER, city.room, 1)
    hand_over(city.person(Duty.ADMINISTRATOR), city.officer.person, city.room, heir.person)
    acts.give_back(city.head, document, 1, "Sửa căn cứ")
    assert Act.SUBMIT in offered(document, heir.standing)
    assert Act.SUBMIT not in offered(document, city.officer.standing)
    acts.submit(heir, Draft.objects.get(document=document), city.leader.person)
    hand_over(city.person(Duty.ADMINISTRATOR), heir.person, city.room, None)
    acts.take_back(city.head, document)
    assert "handed-over" in story(document)


def test_a_leader_who_leaves_strands_nothing(city: City) -> None:
    """Nobody signs in another's place: the drafter takes it back and hands it on for another leader."""
    document, other = city.checked(), city.deed(Duty.LEADER, nth=1)
    hand_over(city.person(Duty.ADMINISTRATOR), city.leader.person, city.root, None)
    acts.take_back(city.officer, document)
    acts.submit(city.officer, Draft.objects.get(document=document), other.person)
    assert waits(document) == [Role.SIGN]
    acts.signed(other, document, 1, nothing)


def test_an_agency_chooses_its_steps_for_each_kind(city: City) -> None:
    Route.objects.create(agency=city.code, kind="Giấy mời", steps=[])
    office = {"role": Role.INITIAL, "unit": routes.AGENCY}
    Route.objects.create(agency=city.code, steps=[{"role": Role.REVIEW, "unit": routes.OWN}, office])
    assert waits(city.submitted(kind="Giấy mời")) == [Role.SIGN]
    office_head, document = city.deed(Duty.OFFICE_HEAD), city.submitted()
    acts.approve(city.head, document, 1)
    assert waits(document) == [Role.INITIAL]
    acts.approve(office_head, document, 1)
    assert waits(document) == [Role.SIGN]
    assert story(document)[-1] == "initials-noted"


def test_a_step_nobody_holds_is_told_before_a_draft_is_lost_in_it(city: City) -> None:
    draft = city.draft()
    lonely = city.deed(Duty.OFFICER, city.other_room)
    with pytest.raises(InvalidValue, match="Chưa ai giữ bước"):
        acts.submit(lonely, draft, city.leader.person)
    assert not Version.objects.exists()
    draft.refresh_from_db()
    assert draft.document is None


def test_who_drafts_and_alone_holds_a_step_passes_it_by_handing_on(city: City) -> None:
    draft = city.draft()
    document = acts.submit(city.head, draft, city.leader.person)
    assert waits(document) == [Role.FORM]


def test_a_draft_given_up_stays_and_takes_no_number(city: City) -> None:
    document = city.submitted()
    acts.take_back(city.officer, document)
    acts.drop(city.officer, document, "Không cần nữa")
    document.refresh_from_db()
    assert document.standing == Standing.RECALLED
    assert document.versions.count() == 1
    assert not offered(document, city.officer.standing)


def test_what_fails_while_the_number_is_written_leaves_no_gap(city: City) -> None:
    document, other = city.signed(), city.signed()

    def full(*_: object) -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        acts.give_number(city.clerk, document, full)
    document.refresh_from_db()
    assert (document.number, waits(document)) == ("", [Role.ISSUE])
    assert acts.give_number(city.clerk, other, nothing).number == 1
    assert acts.give_number(city.clerk, document, nothing).number == 2
    assert not numbers.gaps(Book.objects.get(agency=city.code, lane=Lane.OUTGOING), document.came.year)


def test_a_year_ends_at_viet_nams_midnight(city: City) -> None:
    first, second, third = city.signed(), city.signed(), city.signed()
    before, after = replace(city.clerk, at=LAST_MINUTE), replace(city.clerk, at=FIRST_MINUTE)
    given = [acts.give_number(deed, document, nothing) for deed, document in
             ((after, first), (before, second), (after, third))]  # fmt: skip
    assert [(each.year, each.number) for each in given] == [(2027, 1), (2026, 1), (2027, 2)]
    for document in (first, second):
        document.refresh_from_db()
    assert (str(first.issued), str(second.issued)) == ("2027-01-01", "2026-12-31")


def test_a_number_kept_before_is_used_and_told_with_its_reason(city: City) -> None:
    book = Book.objects.create(agency=city.code, lane=Lane.OUTGOING, name="Sổ mẫu", kinds=["Công văn"])
    kept, unused = numbers.reserve(book, 2, city.clerk.person, city.clerk.at, "Họp báo (mẫu)")
    document = city.signed()
    assert acts.give_number(city.clerk, document, nothing, reserved=kept).written == "01"
    numbers.skip(unused, city.clerk.person, city.clerk.at, "Không dùng (mẫu)")
    assert acts.give_number(city.clerk, city.signed(), nothing).number == 3
    assert not numbers.gaps(book, city.clerk.at.astimezone(acts.VIETNAM).year)


def test_after_the_number_nothing_goes_back(city: City) -> None:
    document = city.signed()
    acts.give_number(city.clerk, document, nothing)
    document.refresh_from_db()
    assert set(offered(document, city.clerk.standing)) == {Act.SEAL, Act.ISSUE}


def test_the_day_of_signing_is_the_day_of_sending(city: City) -> None:
    document = city.checked()
    friday = datetime(2026, 11, 20, 9, 55, tzinfo=UTC)  # 16:55 in Viet Nam
    acts.signed(replace(city.leader, at=friday), document, 1, nothing)
    due = document.assignments.get(role=Role.ISSUE).due
    assert due == datetime(2026, 11, 23, 5, 0, tzinfo=UTC), "the next working morning ends at noon"
