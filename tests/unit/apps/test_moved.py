"""Moved to another unit while typing: a clear sentence, every word kept, nothing done, the open work where it was sent."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from lxml import html

from apps.accounts.models import User
from apps.office.cases import acts as cases
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.models import Assignment, Draft, Remark, Unsent, Version
from apps.staff.models import Duty, Post, Unit
from apps.staff.rights import standing_of
from unit.apps.office_made import assert_known_to_searches, entered, founded
from unit.apps.test_cases import opened
from unit.apps.test_outgoing import City

WORDS = "Đã làm xong mục 1, còn chờ số liệu của Sở Mẫu"
Begun = tuple[User, str, str, Duty]
"""Who writes, the page, the name of the field, and what an heir must be."""


@pytest.fixture
def city() -> Iterator[City]:
    with founded(City) as made:
        yield made


def form_with(client: Client, page: str, field: str) -> tuple[str, html.FormElement]:
    """The form of a page that has the field: its address, and itself as a browser has it."""
    forms = html.fromstring(client.get(page).content).forms
    form = next(one for one in forms if one.method == "POST" and field in one.fields)
    return urljoin(page, form.action or page), form


def sent(form: html.FormElement, **typed: str) -> dict[str, list[str]]:
    """What the browser sends of it: all its fields, and the button that is pressed."""
    for name, value in typed.items():
        form.fields[name] = value
    told: dict[str, list[str]] = {}
    for name, value in form.form_values():
        told.setdefault(name, []).append(value)
    button = next(one for one in form.iter("button") if "formnovalidate" not in one.attrib)
    return told | ({button.get("name"): [button.get("value")]} if button.get("name") else {})


def move(city: City, who: User, heir: User, to: Unit) -> None:
    """The administrator's own page: the form under the person's one post."""
    admin = entered(city.person(Duty.ADMINISTRATOR))
    address, form = form_with(admin, f"/nhan-su/nguoi/{who.pk}/", "unit")
    told = sent(form, unit=str(to.pk), **({"heir": str(heir.pk)} if "heir" in form.fields else {}))
    assert admin.post(address, told).status_code == 302
    assert standing_of(who).home == to.pk


def completing(city: City) -> Begun:
    """An officer tells what came of a document."""
    document, officer = city.arrived(), city.officer.person
    acts.register(city.deed(Duty.CLERK), document, city.book)
    acts.direct(city.leader, document, "Giao", [Recipient(city.room, officer)])
    return officer, f"/van-ban/{document.pk}/?lam=complete", "text", Duty.OFFICER


def returning(city: City) -> Begun:
    """A head of unit says why a draft goes back."""
    document = city.submitted()
    return city.head.person, f"/di/van-ban/{document.pk}/", "words", Duty.UNIT_HEAD


def drafting(city: City) -> Begun:
    """An officer mends a draft that was sent back."""
    document = city.submitted()
    entered(city.head.person).post(f"/di/van-ban/{document.pk}/", {"act": "return", "version": 1, "words": "Sửa lại"})
    return city.officer.person, f"/soan/{document.draft.pk}/", "subject", Duty.OFFICER


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (completing, "Việc này đã bàn giao cho Người Nhận Mẫu khi anh/chị đổi vị trí."),
        (returning, "Anh/chị không có quyền làm việc này"),
        (drafting, "Việc này đã bàn giao cho Người Nhận Mẫu khi anh/chị đổi vị trí."),
    ],
)
def test_what_is_sent_after_the_move_is_kept_and_not_done(
    city: City, begun: Callable[[City], Begun], said: str
) -> None:
    writer, page, field, duty = begun(city)
    mine, heir = entered(writer), city.person(duty, city.room, nth=1)
    User.objects.filter(pk=heir.pk).update(name="Người Nhận Mẫu")
    address, form = form_with(mine, page, field)
    told, before = sent(form, **{field: WORDS}), done()
    move(city, writer, heir, city.other_room)
    door = mine.post(address, told)
    back = parse_qs(urlsplit(door["Location"]).query)["next"][0]
    assert back == page
    assert "Phiên làm việc đã hết khi gửi; chưa làm gì." in mine.get(door["Location"]).content.decode()
    mine.force_login(writer)
    for _ in range(2):
        answer = mine.get(back)
        text = answer.content.decode()
        assert (answer.status_code, said in text, text.count(WORDS)) == (403, True, 1)
    assert WORDS in mine.get("/chua-gui/").content.decode()
    assert done() == before
    theirs = entered(heir).get(page)
    assert (theirs.status_code, WORDS in theirs.content.decode()) == (200, False)
    assert field in {name for one in html.fromstring(theirs.content).forms for name in one.fields}, "and it goes on"


def test_what_was_kept_while_typing_is_shown_where_the_act_is_not_offered_any_more(city: City) -> None:
    """Nothing was sent: the words were kept in passing, and the person sees the document in the new place, too."""
    writer, page, field, duty = completing(city)
    mine, heir = entered(writer), city.person(duty, city.room, nth=1)
    address, form = form_with(mine, page, field)
    mine.post(address.replace("/lam/", "/giu/"), sent(form, text=WORDS), headers={"HX-Request": "true"})
    move(city, writer, heir, city.root)
    Post.objects.filter(person=writer, unit=city.root).update(duty=Duty.INSPECTOR)
    mine.force_login(writer)
    answer = mine.get(page)
    text = answer.content.decode()
    assert (answer.status_code, f"{WORDS}</p>" in text, "Bỏ điều đã nhập" in text) == (200, True, True)
    assert not Unsent.objects.exists()


def test_files_and_their_tasks_go_with_the_rest(city: City) -> None:
    officer, document = city.officer.person, city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    case = opened(city, document)
    cases.give_task(city.officer, case, "Tổng hợp", officer)
    admin = entered(city.person(Duty.ADMINISTRATOR))
    page = admin.get(f"/nhan-su/nguoi/{officer.pk}/").content.decode()
    assert page.count(case.notation) == 2
    move(city, officer, city.person(Duty.OFFICER, city.room, nth=1), city.other_room)
    case.refresh_from_db()
    heir = city.person(Duty.OFFICER, city.room, nth=1)
    assert (case.keeper, case.tasks.get().person) == (heir, heir)
    assert entered(officer).get(f"/ho-so/{case.pk}/").status_code == 404
    assert f"chuyển hồ sơ, việc của {officer.name}" in entered(heir).get(f"/ho-so/{case.pk}/").content.decode()
    assert_known_to_searches()


def test_files_go_to_the_head_where_nobody_was_named(city: City) -> None:
    case = opened(city)
    entered(city.person(Duty.ADMINISTRATOR)).post(f"/nhan-su/nguoi/{city.officer.person.pk}/", {"act": "leave"})
    case.refresh_from_db()
    assert case.keeper == city.head.person


def done() -> tuple[object, ...]:
    """What an act would have changed."""
    rows = Assignment.objects.order_by("pk").values_list("pk", "state")
    drafts = Draft.objects.order_by("pk").values_list("pk", "fields")
    return list(rows), list(drafts), Remark.objects.count(), Version.objects.count()
