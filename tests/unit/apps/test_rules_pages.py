"""The pages of rules: drawn up by an administrator, switched on by whose rights they use, tried, ordered, told."""

from collections.abc import Iterator

import pytest
from django.test import Client

from apps.office.cases.acts import start
from apps.office.cases.catalogue import Planned
from apps.office.models import Rule, View
from apps.staff.models import Duty
from unit.apps.office_made import founded
from unit.apps.rules_made import City


@pytest.fixture
def city() -> Iterator[City]:
    with founded(City) as made:
        yield made


def form(city: City, **more: object) -> dict[str, object]:
    told = {
        "name": "Báo cáo về Phòng Kinh tế", "when": "registered", "query": "co-quan:noi-vu", "give": "propose",
        "lead": city.room_value(), "give_days": "5", "words": "Đúng lĩnh vực", "act": "save",
    }  # fmt: skip
    return told | more


def test_an_administrator_draws_up_and_the_clerk_answers(city: City) -> None:
    administrator, clerk = city.client(Duty.ADMINISTRATOR), city.client(Duty.CLERK)
    made = administrator.post("/quy-tac/moi/", form(city))
    assert "đề xuất giao Phòng Kinh tế (mẫu). Hạn 5 ngày làm việc." in administrator.get("/quy-tac/").content.decode()
    rule = Rule.objects.get()
    assert made.url == f"/quy-tac/{rule.pk}/"
    assert (rule.on, rule.maker) == (False, city.person(Duty.ADMINISTRATOR))
    refused = administrator.post(made.url, {"act": "on"})
    assert refused.status_code == 422
    assert "bằng quyền của người bật" in refused.content.decode()
    assert clerk.post(made.url, {"act": "on"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.on, rule.answers) == (True, city.person(Duty.CLERK))
    clerk.post(made.url, form(city, give_days="7"))
    rule.refresh_from_db()
    assert (rule.on, rule.answers, rule.then["days"]) == (False, None, 7)


def test_nobody_answers_for_what_is_not_in_their_rights(city: City) -> None:
    clerk, head = city.client(Duty.CLERK), city.client(Duty.OFFICE_HEAD)
    rule = city.rule("registered", {"give": "direct", "lead": city.room_value()}, on=False, answers=None)
    assert "ngoài quyền" in clerk.post(f"/quy-tac/{rule.pk}/", {"act": "on"}).content.decode()
    assert head.post(f"/quy-tac/{rule.pk}/", {"act": "on"}).status_code == 302
    assert head.post(f"/quy-tac/{rule.pk}/", {"act": "off"}).status_code == 302
    assert not Rule.objects.get().on


@pytest.mark.parametrize(("wrong", "said"), [
    ({"name": " "}, "Cần đặt tên"),
    ({"when": "sometime"}, "Cần chọn khi nào"),
    ({"when": "near"}, "số ngày làm việc trước hạn"),
    ({"query": "hạn:bao-gio"}, "Không hiểu phần này"),
    ({"give": "", "lead": ""}, "ít nhất một việc"),
    ({"when": "overdue"}, "Khi ấy không làm được"),
    ({"when": "arrived"}, "phải vào sổ trước"),
    ({"lead": "u999999"}, "không còn trong cơ quan"),
    ({"lead": ""}, "đúng một nơi chủ trì"),
    ({"case": "7a0e7a8c-0000-4000-8000-000000000000"}, "không còn"),
    ({"book": "99999", "when": "arrived"}, "không còn mở"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(
    city: City, wrong: dict[str, str], said: str
) -> None:
    answer = city.client(Duty.OFFICE_HEAD).post("/quy-tac/moi/", form(city, **wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Đúng lĩnh vực" in answer.content.decode() or wrong.get("give") == ""
    assert not Rule.objects.exists()


def test_a_trial_shows_what_would_match_and_does_nothing(city: City) -> None:
    document, _ = city.comes(subject="Khớp (mẫu)"), city.comes(issuer_code="G06", issuer="Bộ Tài chính (mẫu)")
    tried = form(city, act="try", when="arrived", give="", lead="", label="Thử")
    page = city.client(Duty.CLERK).post("/quy-tac/moi/", tried).content.decode()
    assert "1/2" in page
    assert "Khớp (mẫu)" in page
    assert not document.labels.exists()
    assert not Rule.objects.exists()
    blind = city.client(Duty.ADMINISTRATOR).post("/quy-tac/moi/", tried).content.decode()
    assert "Khớp (mẫu)" not in blind
    assert "không đọc văn bản" in blind


def test_history_names_documents_to_who_may_read_them(city: City) -> None:
    rule = city.rule("arrived", {"label": "Một", "book": 0}, Duty.CLERK)
    failing = city.rule("arrived", {"book": 99999}, Duty.CLERK)
    city.comes(subject="Bí mật riêng (mẫu)", number="", notation="")
    city.work()
    read, blind = city.client(Duty.CLERK), city.client(Duty.ADMINISTRATOR)
    assert "Bí mật riêng" in read.get(f"/quy-tac/{rule.pk}/").content.decode()
    assert "Bí mật riêng" not in blind.get(f"/quy-tac/{rule.pk}/").content.decode()
    page = read.get(f"/quy-tac/{failing.pk}/").content.decode()
    assert "Sổ của quy tắc không còn mở." in page
    assert "1 lần chưa làm được" in read.get("/quy-tac/").content.decode()
    assert "Sổ của quy tắc không còn mở." in read.get("/thong-bao/").content.decode()
    read.post(f"/quy-tac/{failing.pk}/", {"act": "again"})
    assert not failing.runs.exists()


def test_order_is_changed_one_place_at_a_time(city: City) -> None:
    first, second = city.rule("arrived", {"label": "Một"}), city.rule("arrived", {"label": "Hai"})
    head = city.client(Duty.OFFICE_HEAD)
    head.post("/quy-tac/", {"rule": str(second.pk), "act": "up"})
    assert list(Rule.objects.all()) == [second, first]
    head.post("/quy-tac/", {"rule": str(second.pk), "act": "down"})
    assert list(Rule.objects.all()) == [first, second]
    head.post(f"/quy-tac/{second.pk}/", {"act": "drop"})
    assert list(Rule.objects.all()) == [first]


def test_strangers_and_officers_have_no_rules(city: City, other_clerk: Client) -> None:
    rule = city.rule("arrived", {"label": "Một"})
    assert city.client(Duty.OFFICER).get("/quy-tac/").status_code == 403
    assert city.client(Duty.INSPECTOR).post("/quy-tac/moi/", form(city)).status_code == 403
    assert other_clerk.get(f"/quy-tac/{rule.pk}/").status_code == 404


def test_a_view_that_a_rule_needs_is_not_dropped(city: City) -> None:
    view = View.objects.create(agency=city.code, label="Nội vụ", query="co-quan:noi-vu")
    city.rule("arrived", {"label": "Một"}, view=view)
    city.client(Duty.OFFICE_HEAD).post(f"/tim/bo/{view.pk}/")
    assert View.objects.filter(pk=view.pk).exists()


def test_no_more_rules_than_can_be_read(city: City) -> None:
    for _ in range(50):
        city.rule("arrived", {"label": "Một"})
    answer = city.client(Duty.OFFICE_HEAD).post("/quy-tac/moi/", form(city))
    assert "Đã có 50 quy tắc" in answer.content.decode()


def test_a_label_stands_on_the_page_and_leads_to_its_like(city: City) -> None:
    document = city.comes()
    city.rule("arrived", {"label": "Báo cáo"}, Duty.CLERK)
    other = city.comes()
    city.work()
    clerk = city.client(Duty.CLERK)
    page = clerk.get(f"/van-ban/{other.pk}/").content.decode()
    assert "q=nhan%3A%22B%C3%A1o%20c%C3%A1o%22" in page
    found = clerk.get("/tim/", {"q": 'nhan:"Báo cáo"'}).context["found"].documents
    assert found == [other]
    assert document not in found


def test_files_are_offered_to_who_may_see_them(city: City) -> None:
    head = city.deed(Duty.OFFICE_HEAD)
    case = start(head, 2026, Planned(city.root, head.person, "Việc riêng (mẫu)", 5))
    rule = city.rule("arrived", {"label": "Một", "case": str(case.pk)})
    other = city.rule("arrived", {"label": "Hai"})
    assert "Việc riêng" in city.client(Duty.OFFICE_HEAD).get(f"/quy-tac/{other.pk}/").content.decode()
    administrator = city.client(Duty.ADMINISTRATOR)
    assert "Việc riêng" not in administrator.get(f"/quy-tac/{other.pk}/").content.decode()
    kept = {"name": rule.name, "when": "arrived", "label": "Ba", "case": str(case.pk), "act": "save"}
    assert administrator.post(f"/quy-tac/{rule.pk}/", kept).status_code == 302
    assert administrator.post(f"/quy-tac/{other.pk}/", kept | {"name": other.name}).status_code == 422
