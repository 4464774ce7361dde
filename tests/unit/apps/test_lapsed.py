"""Who was to sign and may sign no more: the draft comes back with a word on why, once, and goes on with another signer."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.office.deed import deed_of
from apps.office.models import Document, Draft, Role, Signing
from apps.office.outgoing import acts, lapsed
from apps.office.outgoing.policy import Act
from apps.office.outgoing.policy import acts as offered
from apps.office.outgoing.signatures import LAPSED
from apps.office.overview.notices import notices
from apps.office.story import sentence
from apps.staff.handover import hand_over
from apps.staff.models import Duty, Post
from apps.staff.rights import standing_of
from lienthong.testing.plugin import foreign_signature
from unit.apps.counted import now_of
from unit.apps.office_made import entered, undone
from unit.apps.test_compose import pdf
from unit.apps.test_outgoing import City, nothing, story, waits
from unit.apps.test_outgoing_flow import TEXT, Office
from unit.apps.test_signing_page import PERSON, back, content, home, plugin, show, waiting

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(1)
Ending = Callable[[User], object]


@pytest.fixture
def city() -> Iterator[Office]:
    with undone():
        made = Office()
        made.deed(Duty.LEADER, nth=1)
        yield made


def ran_out(who: User) -> None:
    Post.objects.filter(person=who).update(until=YESTERDAY)


def closed(who: User) -> None:
    User.objects.filter(pk=who.pk).update(is_active=False)


def gone_elsewhere(who: User) -> None:
    User.objects.filter(pk=who.pk).update(agency="G22")


def round_of(city: City) -> int:
    return lapsed.give_back(city.code, timezone.now())


def keeper(document: Document) -> User | None:
    return document.assignments.get(role=Role.DRAFT).person


def by_order(city: City, capacity: str) -> Document:
    """A head of a unit signs in the name of the leader, in an acting post that has a last day."""
    head = city.deed(Duty.UNIT_HEAD, city.other_room)
    Post.objects.filter(person=head.person).update(acting=True, until=TODAY)
    draft = city.draft()
    draft.fields = draft.fields | {"signer_competence": capacity}
    draft.save()
    document = acts.submit(city.officer, draft, head.person)
    for deed in (city.head, city.clerk):
        acts.approve(deed, document, 1)
    return document


# ---------------------------------------------------------------- what ends a right, and what does not


@pytest.mark.parametrize("ends", [ran_out, closed, gone_elsewhere])
def test_it_comes_back_with_a_word_and_everything_that_was_written(city: City, ends: Ending) -> None:
    document = city.checked()
    before = Draft.objects.get(document=document)
    ends(city.leader.person)
    assert round_of(city) == 1
    assert waits(document) == [Role.DRAFT]
    assert keeper(document) == city.officer.person
    after = Draft.objects.get(document=document)
    assert (after.fields, after.recipients, after.signer) == (before.fields, before.recipients, before.signer)
    assert after.files.count() == document.versions.count() == 1
    told = document.events.latest("at")
    assert told.by is None
    assert sentence(told) == (
        f"Ông/Bà {city.leader.person.name} không còn quyền ký từ ngày {TODAY:%d/%m/%Y}; "
        f"văn bản được trả lại cho {city.officer.person.name} để chọn người ký khác."
    )


def test_another_signer_is_chosen_and_it_goes_on_from_where_it_stood(city: City) -> None:
    document, other = city.checked(), city.deed(Duty.LEADER, nth=1)
    ran_out(city.leader.person)
    round_of(city)
    [notice] = notices(now_of(city.officer.person))
    assert (notice.kind, notice.address) == ("returned", f"/di/van-ban/{document.pk}/")
    assert f"{city.leader.person.name} không còn quyền ký từ ngày {TODAY:%d/%m/%Y}" in notice.text
    acts.submit(city.officer, Draft.objects.get(document=document), other.person)
    assert waits(document) == [Role.SIGN], "the same version is approved already"
    assert notices(now_of(city.officer.person)) == []
    assert round_of(city) == 0
    acts.signed(other, document, 1, nothing)


def test_a_second_round_finds_nothing_to_do(city: City) -> None:
    document = city.checked()
    ran_out(city.leader.person)
    assert [round_of(city), round_of(city)] == [1, 0]
    assert story(document).count("lapsed") == 1
    assert len(notices(now_of(city.officer.person))) == 1


@pytest.mark.parametrize("capacity", ["TL. Chủ tịch", "TUQ. Chủ tịch"])
def test_who_signs_by_order_may_as_long_as_the_headship_lasts(city: City, capacity: str) -> None:
    document = by_order(city, capacity)
    assert round_of(city) == 0
    ran_out(city.person(Duty.UNIT_HEAD, city.other_room))
    assert round_of(city) == 1
    assert waits(document) == [Role.DRAFT]


def test_a_head_may_not_sign_what_is_no_more_by_order(city: City) -> None:
    document = by_order(city, "TL. Chủ tịch")
    draft = document.draft
    draft.fields = draft.fields | {"signer_competence": "KT. Chủ tịch"}
    draft.save()
    assert round_of(city) == 1


def test_a_deputy_who_stood_in_until_a_day_signs_until_that_day(city: City) -> None:
    document = city.checked(kind="Quyết định")
    Post.objects.filter(person=city.leader.person).update(acting=True, until=TODAY)
    assert round_of(city) == 0
    Post.objects.filter(person=city.leader.person).update(until=TODAY - timedelta(9))
    assert round_of(city) == 1
    assert document.events.latest("at").told["day"] == f"{TODAY - timedelta(8):%d/%m/%Y}"


def test_who_moves_and_leads_on_keeps_what_waits(city: City) -> None:
    """Also out of the very unit whose draft it is: a signature is not handed over with the rest."""
    document, leader = city.checked(), city.leader.person
    Post.objects.filter(person=leader).update(unit=city.room)
    Post.objects.create(person=leader, unit=city.other_room, title="Phó Chủ tịch", duty=Duty.LEADER, since=TODAY)
    Post.objects.filter(person=leader, unit=city.room).update(until=YESTERDAY)
    hand_over(city.person(Duty.ADMINISTRATOR), leader, city.room, None)
    assert round_of(city) == 0
    assert document.assignments.get(role=Role.SIGN).person == leader
    acts.signed(city.leader, document, 1, nothing)


def test_a_signature_that_once_went_to_nobody_comes_back_too(city: City) -> None:
    document = city.checked()
    document.assignments.filter(role=Role.SIGN).update(person=None)
    assert round_of(city) == 1
    assert document.events.latest("at").told["name"] == city.leader.person.name


def test_other_agencies_and_other_steps_stay_as_they_are(city: City) -> None:
    document, issuing = city.submitted(), city.signed()
    ran_out(city.leader.person)
    assert round_of(city) == 0
    assert (waits(document), waits(issuing)) == ([Role.REVIEW], [Role.ISSUE])
    acts.approve(city.head, document, 1)
    acts.approve(city.clerk, document, 1)
    assert lapsed.give_back("G22", timezone.now()) == 0
    assert round_of(city) == 1


# ---------------------------------------------------------------- to whom


def test_without_its_drafter_it_goes_to_the_head_of_the_unit(city: City) -> None:
    document = city.checked()
    for who in (city.leader.person, city.officer.person):
        ran_out(who)
    round_of(city)
    assert keeper(document) == city.head.person
    assert [one.kind for one in notices(now_of(city.head.person))] == ["returned"]
    box = entered(city.head.person).get("/di/viec/du-thao-cua-toi/").content.decode()
    assert document.subject in box
    acts.submit(city.head, Draft.objects.get(document=document), city.person(Duty.LEADER, nth=1))


def test_without_a_head_it_goes_to_the_clerk_who_can_hand_it_on(city: City) -> None:
    document = city.checked()
    for who in (city.leader.person, city.officer.person, city.head.person):
        closed(who)
    round_of(city)
    clerk = keeper(document)
    assert clerk is not None
    assert standing_of(clerk).has(Duty.CLERK)
    acts.submit(deed_of(clerk), Draft.objects.get(document=document), city.person(Duty.LEADER, nth=1))


def test_while_nobody_is_there_it_waits_for_the_units_next_head(city: City) -> None:
    document = city.checked()
    User.objects.filter(agency=city.code).update(is_active=False)
    assert round_of(city) == 1
    assert (waits(document), keeper(document)) == ([Role.DRAFT], None)
    assert round_of(city) == 0
    head = city.deed(Duty.UNIT_HEAD, city.room, nth=1)
    assert document.subject in entered(head.person).get("/di/viec/du-thao-cua-toi/").content.decode()
    assert Act.SUBMIT in offered(document, head.standing)


# ---------------------------------------------------------------- while it is being signed


def test_nothing_is_given_back_while_a_signature_is_under_way_and_that_one_counts(city: City) -> None:
    draft = waiting(city)
    asked = plugin(entered(city.leader.person), draft)
    ran_out(city.leader.person)
    assert round_of(city) == 0
    assert back(asked, foreign_signature(pdf(), PERSON)).json()["Status"] == 0
    document = Draft.objects.get(pk=draft).document
    assert document is not None  # it was handed on
    assert waits(document) == [Role.ISSUE]
    assert round_of(city) == 0


@pytest.mark.parametrize("over", [{"state": "cancelled"}, {"expires": timezone.now() - timedelta(seconds=1)}])
def test_once_it_has_ended_without_a_signature_it_comes_back(city: City, over: dict[str, object]) -> None:
    draft = waiting(city)
    asked = plugin(entered(city.leader.person), draft)
    ran_out(city.leader.person)
    Signing.objects.update(**over)
    assert round_of(city) == 1
    assert back(asked, foreign_signature(pdf(), PERSON)).status_code == 410
    assert content() == pdf()


def test_the_signing_page_refuses_in_words_and_offers_no_way(city: City) -> None:
    """In the moments before the next round, by every way of signing; who may sign sees the page as ever."""
    draft, leader = waiting(city), entered(city.leader.person)
    path = f"/soan/{draft}/ky/"
    assert LAPSED not in leader.get(path).content.decode()
    ran_out(city.leader.person)
    page = leader.get(path).content.decode()
    assert LAPSED in page
    assert "Cách ký" not in page
    answer = leader.post(path)
    assert (answer.status_code, LAPSED in answer.content.decode()) == (409, True)
    assert LAPSED in show(leader, draft).json()["problem"]
    assert LAPSED in leader.post(f"{path}chuong-trinh/").json()["problem"]
    answer = leader.post(home(draft), {"act": "sign", "version": 1})
    assert (answer.status_code, LAPSED in answer.content.decode()) == (409, True)
    assert LAPSED in leader.post("/nhap/ky/", {"draft": draft}).content.decode()
    assert LAPSED not in entered(city.clerk.person).get(path).content.decode()
    assert not Signing.objects.exists()
    assert content() == pdf()


# ---------------------------------------------------------------- the page, and what it costs


def test_the_page_says_why_and_leads_on(city: Office) -> None:
    draft = city.typed()
    document = city.through(draft)
    ran_out(city.leader.person)
    round_of(city)
    officer, address, form = entered(city.officer.person), f"/di/van-ban/{document.pk}/", f"/soan/{draft.pk}/"
    page = officer.get(address).content.decode()
    assert page.count("để chọn người ký khác") == 2, "beside the next step, and in the story"
    assert "Sửa và trình lại" in page
    officer.post("/ngon-ngu/", {"language": "en"})
    assert officer.get(address).content.decode().count("may sign no more since") == 2
    assert f'value="{city.leader.person.pk}"' not in officer.get(form).content.decode()
    other = {"signer": city.person(Duty.LEADER, nth=1).pk, "signer_name": "Lê Thị Mẫu"}
    assert officer.post(form, TEXT | other | {"act": "submit"})["Location"] == address
    assert waits(document) == [Role.REVIEW], "another name on the page is another version"
    assert officer.get(address).content.decode().count("may sign no more since") == 1, "in the story alone"


def test_a_round_asks_once_however_many_wait(city: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert round_of(city) == 0
        return len(found)

    for _ in range(2):
        city.checked()
    assert asked() == 1
    by_order(city, "TL. Chủ tịch")
    few = asked()
    for _ in range(3):
        by_order(city, "TUQ. Chủ tịch")
        city.checked()
    assert asked() == few == 2
