"""A rule put to what lies there: how many match, which, what is never done afterwards; by the worker, once, stoppable."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.office import jobs
from apps.office.incoming import acts
from apps.office.models import Assignment, Document, Job, JobItem, Label, Message, Occasion, Remark, Rule
from apps.office.rules import lying
from apps.office.story import sentence
from apps.staff.models import Duty, Post
from unit.apps.office_made import founded
from unit.apps.rules_made import City


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setattr(jobs, "SPELL", 3600.0)
    with founded(City) as made:
        yield made


def applied(city: City, rule: Rule, duty: str = Duty.OFFICE_HEAD) -> Job:
    """Ordered on its page, and done."""
    answer = city.client(duty).post(f"/quy-tac/{rule.pk}/dang-co/")
    job = Job.objects.latest("begun")
    assert answer["Location"] == f"/den/viec/{job.pk}/"
    jobs.go_round()
    return job


def fared(job: Job) -> dict[str, str]:
    return {item.document.number: item.why or item.state for item in job.items.select_related("document")}


def everybody(city: City) -> list[str]:
    return [f"p{city.person(Duty.LEADER).pk}-{city.root.pk}"]


def test_a_saved_rule_tells_how_many_match_and_lists_them(city: City) -> None:
    city.comes(subject="Khớp (mẫu)"), city.comes(issuer_code="G06", issuer="Bộ Tài chính (mẫu)", subject="Khác (mẫu)")
    head = city.client(Duty.OFFICE_HEAD)
    told = {"name": "Mới", "when": "arrived", "query": "co-quan:noi-vu", "label": "Nội vụ", "act": "save"}
    page = head.post("/quy-tac/moi/", told | {"book": str(city.book.pk)}, follow=True).content.decode()
    assert 'Văn bản đang có khớp quy tắc: <span class="figure">1</span>' in page
    rule = Rule.objects.get()
    page = head.get(f"/quy-tac/{rule.pk}/dang-co/").content.decode()
    assert "Khớp (mẫu)" in page
    assert "Khác (mẫu)" not in page
    assert "sẽ làm: <b>Gắn nhãn “Nội vụ”.</b>" in page.replace("Với những văn bản này ", "")
    assert "việc chính thức hoặc không lấy lại được: Vào sổ văn bản đến." in page
    assert "Áp dụng cho 1 văn bản đang có" in page
    assert not Label.objects.exists()


def test_only_what_can_be_taken_back_is_done_in_the_rights_of_who_ordered_it(city: City) -> None:
    document = city.comes()
    rule = city.rule("arrived", {"label": "Đến", "book": city.book.pk}, Duty.CLERK, on=False, answers=None)
    job = applied(city, rule, Duty.CLERK)
    assert fared(job) == {"15": "done"}
    assert not document.numbers.exists()
    assert sentence(document.events.get(what="labelled")) == (
        f"Quy tắc “{rule.name}” (Người Mẫu clerk đứng tên) gắn nhãn “Đến”."
    )
    assert rule.runs.get().told == "Gắn nhãn “Đến”."
    assert not Occasion.objects.filter(handled=None).exists()


def test_applied_again_it_does_nothing_twice(city: City) -> None:
    registered, given, done = (city.comes(number=n, document_id=n) for n in "123")
    for one in (registered, given, done):
        acts.register(city.deed(Duty.CLERK), one, city.book)
    head = city.deed(Duty.OFFICE_HEAD)
    acts.direct(head, given, "Giao", [acts.Recipient(city.room, None)])
    acts.complete(head, done, "Xong")
    then = {"give": "propose", "lead": city.room_value(), "words": "Đúng việc", "people": everybody(city)}
    rule = city.rule("registered", then)
    assert set(fared(applied(city, rule)).values()) == {"done"}
    assert [
        Remark.objects.filter(document=one, text__contains="quy tắc").count() for one in (registered, given, done)
    ] == [1, 0, 0]
    assert Message.objects.count() == 3
    again = fared(applied(city, rule))
    assert all("Không còn gì để làm" in why for why in again.values())
    assert (Message.objects.count(), Remark.objects.filter(text__contains="quy tắc").count()) == (3, 1)
    assert rule.runs.count() == 3


def test_each_is_asked_in_the_job_and_a_changed_rule_is_not_what_was_ordered(city: City) -> None:
    first, second = city.comes(number="1", document_id="1"), city.comes(number="2", document_id="2")
    rule = city.rule("arrived", {"label": "Đến"}, query="co-quan:noi-vu")
    city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/")
    Document.objects.filter(pk=second.pk).update(lane="copy")
    jobs.go_round()
    job = Job.objects.get()
    assert fared(job) == {"1": "done", "2": "Không còn khớp điều kiện."}
    assert [label.document for label in Label.objects.all()] == [first]
    city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/")
    Rule.objects.update(then={"label": "Khác"})
    jobs.go_round()
    assert set(fared(Job.objects.latest("begun")).values()) == {
        "Quy tắc đã đổi từ lúc áp dụng; xin xem lại rồi áp dụng lại."
    }
    assert Label.objects.get().text == "Đến"


def test_who_lost_the_post_does_nothing_more(city: City) -> None:
    city.comes()
    rule = city.rule("arrived", {"label": "Đến"})
    city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/")
    Post.objects.filter(person=city.person(Duty.OFFICE_HEAD)).delete()
    jobs.go_round()
    assert set(fared(Job.objects.get()).values()) == {"Không còn khớp điều kiện."}
    assert not Label.objects.exists()


def test_killed_after_the_act_it_is_done_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.comes()
    rule = city.rule("arrived", {"people": everybody(city)})
    city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/")
    real = jobs._done

    def dies(job: Job, item: JobItem) -> str:
        real(job, item)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_done", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.go_round()
    assert not Message.objects.exists()
    jobs.go_round()
    assert (Message.objects.count(), rule.runs.count()) == (1, 1)


@pytest.mark.parametrize(("when", "then", "said"), [
    ("refused", {"label": "Bị từ chối"}, "nên quy tắc này chỉ làm từ bây giờ"),
    ("registered", {"give": "direct"}, "Việc của quy tắc này không làm sau được"),
    ("arrived", {"label": "Đến"}, "Không có văn bản đang có nào khớp"),
])  # fmt: skip
def test_what_cannot_be_applied_says_why(city: City, when: str, then: dict[str, str], said: str) -> None:
    rule = city.rule(when, then | ({"lead": city.room_value()} if "give" in then else {}))
    answer = city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/", follow=True)
    assert said in answer.content.decode()
    assert not Job.objects.exists()


def test_deadlines_are_asked_of_today(city: City) -> None:
    late, soon = city.comes(number="1", document_id="1"), city.comes(number="2", document_id="2")
    now = timezone.now()
    Assignment.objects.filter(document=late).update(due=now - timedelta(1))
    Assignment.objects.filter(document=soon).update(due=now + timedelta(hours=1))
    head = city.deed(Duty.OFFICE_HEAD).standing
    overdue, near = city.rule("overdue", {"label": "Trễ"}), city.rule("near", {"label": "Gần"}, days=3)
    assert list(lying.lying(overdue, head, now, most=9)) == [late]
    assert list(lying.lying(near, head, now, most=9)) == [soon]


def test_one_at_a_time_and_only_for_who_may_answer(city: City) -> None:
    city.comes()
    rule = city.rule("arrived", {"label": "Đến"})
    for duty in (Duty.ADMINISTRATOR, Duty.OFFICER, Duty.INSPECTOR):
        assert city.client(duty).post(f"/quy-tac/{rule.pk}/dang-co/").status_code == 403
    page = city.client(Duty.ADMINISTRATOR).get(f"/quy-tac/{rule.pk}/").content.decode()
    assert "Văn bản đang có khớp" not in page
    city.client(Duty.OFFICE_HEAD).post(f"/quy-tac/{rule.pk}/dang-co/")
    answer = city.client(Duty.CLERK).post(f"/quy-tac/{rule.pk}/dang-co/", follow=True)
    assert "đang được áp dụng" in answer.content.decode()
    assert (
        "Người Mẫu office-head đang áp dụng"
        in city.client(Duty.CLERK).get(f"/quy-tac/{rule.pk}/dang-co/").content.decode()
    )
    assert Job.objects.count() == 1
