"""One act on many documents: in the worker, each authorised by itself, on from where it was killed, told one by one."""

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from apps.office import jobs
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.jobs import go_round
from apps.office.models import Assignment, AssignmentState, Book, Document, Job, JobItem, Lane, Role
from apps.staff.models import Duty, Post
from unit.apps.office_made import Agency, entered, undone

MANY = 40


@pytest.fixture
def city() -> Iterator[Agency]:
    with undone():
        Book.objects.filter(agency="H29").update(closed=True)
        yield Agency()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round ends when there is nothing left, however slow the machine."""
    monkeypatch.setattr(jobs, "SPELL", 3600.0)


@pytest.fixture
def papers(city: Agency) -> list[Document]:
    assert city.book.lane == Lane.INCOMING
    return [city.arrived(number=str(n)) for n in range(MANY)]


@pytest.fixture
def order(city: Agency, papers: list[Document]) -> Job:
    """A clerk registers a box of many at once."""
    answer = entered(city.person(Duty.CLERK)).post("/den/cho-tiep-nhan/lam/", {"act": "register", "all": "1"})
    job = Job.objects.get()
    assert answer["Location"] == f"/den/viec/{job.pk}/"
    return job


def states(job: Job) -> dict[str, int]:
    return {state: job.items.filter(state=state).count() for state in ("waiting", "done", "refused")}


def numbers(city: Agency) -> list[int]:
    return sorted(number.number for number in city.book.numbers.all())


def test_many_are_left_to_the_worker_and_the_page_tells_how_far_it_is(city: Agency, order: Job) -> None:
    clerk, page = entered(city.person(Duty.CLERK)), f"/den/viec/{order.pk}/"
    assert not numbers(city)
    text = clerk.get(page).content.decode()
    assert f"0/{MANY}" in text
    assert 'http-equiv="refresh"' in text  # without a script, too
    assert f"Đang làm {MANY} văn bản ở nền" in clerk.get("/den/cho-tiep-nhan/").content.decode()
    go_round()
    text = clerk.get(page).content.decode()
    assert f"{MANY} văn bản đã làm, 0 không làm được" in text
    assert 'http-equiv="refresh"' not in text
    assert numbers(city) == list(range(1, MANY + 1))
    assert entered(city.person(Duty.CLERK, nth=1)).get(page).status_code == 404  # for who ordered it


def test_a_few_are_done_at_once(city: Agency, papers: list[Document]) -> None:
    asked = {"act": "register", "document": [str(one.pk) for one in papers[:25]]}
    text = entered(city.person(Duty.CLERK)).post("/den/cho-tiep-nhan/lam/", asked, follow=True).content.decode()
    assert "Tiếp nhận, vào sổ: 25 văn bản." in text
    assert not Job.objects.exists()


@pytest.mark.parametrize("after", [True, False], ids=["after the act", "before it"])
def test_killed_it_goes_on_and_does_nothing_twice(
    city: Agency, order: Job, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = jobs._done, 0

    def dies(job: Job, item: JobItem) -> str:
        nonlocal count
        count += 1
        if count < 8:
            return real(job, item)
        if after:
            real(job, item)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_done", dies)
        with pytest.raises(KeyboardInterrupt):
            go_round()
    assert states(order) == {"waiting": MANY - 7, "done": 7, "refused": 0}
    assert numbers(city) == list(range(1, 8))
    go_round()
    assert states(order) == {"waiting": 0, "done": MANY, "refused": 0}
    assert numbers(city) == list(range(1, MANY + 1))


def test_each_is_authorised_in_the_job_and_refusals_are_told(city: Agency, order: Job, papers: list[Document]) -> None:
    acts.refuse(city.deed(Duty.CLERK, nth=1), papers[3], "Sai nơi nhận")
    Document.objects.filter(pk=papers[4].pk).update(verdict="invalid")
    foreign = Agency("G22").arrived()
    JobItem.objects.create(job=order, document=foreign)
    go_round()
    assert states(order)["refused"] == 3
    text = entered(city.person(Duty.CLERK)).get(f"/den/viec/{order.pk}/").content.decode()
    for why in ("Đã có người làm trước", "Chữ ký không hợp lệ", "Không có trong sổ của cơ quan"):
        assert why in text
    assert not foreign.numbers.exists()


def test_who_lost_the_post_meanwhile_does_nothing_more(city: Agency, order: Job) -> None:
    Post.objects.filter(person=order.person).delete()
    go_round()
    assert states(order)["done"] == 0
    assert "Không thuộc quyền của anh/chị." in set(order.items.values_list("why", flat=True))
    assert not numbers(city)


def test_a_database_that_is_away_refuses_nothing(order: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> str:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_done", away)
        with pytest.raises(OperationalError):
            go_round()
    assert states(order)["waiting"] == MANY


def test_a_fault_in_one_holds_up_no_other(order: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[Job, JobItem], str] = jobs._done
    first = order.items.first()

    def faulty(job: Job, item: JobItem) -> str:
        if item == first:
            raise ZeroDivisionError
        return real(job, item)

    monkeypatch.setattr(jobs, "_done", faulty)
    go_round()
    assert states(order) == {"waiting": 0, "done": MANY - 1, "refused": 1}


def test_jobs_take_turns(order: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SPELL", 0.0)
    go_round()
    assert states(order)["done"] == 1
    go_round()
    assert states(order)["done"] == 2


def test_forwarding_asks_once_for_all_and_keeps_what_was_typed(city: Agency, papers: list[Document]) -> None:
    head = city.person(Duty.UNIT_HEAD, city.room)
    officer = city.person(Duty.OFFICER, city.room)
    for each in papers[:30]:
        acts.register(city.deed(Duty.CLERK), each, city.book)
        acts.direct(city.deed(Duty.LEADER), each, "Giao", [Recipient(city.room)])
    client, path = entered(head), "/den/cho-xu-ly/lam/"
    ask = client.post(path, {"act": "forward", "all": "1"}).content.decode()
    assert "30 văn bản" in ask
    assert "Việc chạy ở nền" in ask
    filled = {"act": "forward", "all": "1", "filled": "1", "rows": "1", "role0": "lead", "text": "Xem giúp"}
    asking = client.post(path, filled | {"phrase": "Khẩn trương.", "insert": "forward"})
    assert (asking.status_code, "Xem giúp Khẩn trương.</textarea>" in asking.content.decode()) == (200, True)
    assert not Job.objects.exists()
    wrong = client.post(path, filled | {"who0": ""})
    assert (wrong.status_code, "Xem giúp" in wrong.content.decode()) == (422, True)
    client.post(path, filled | {"who0": f"p{officer.pk}-{city.room.pk}"})
    go_round()
    assert states(Job.objects.get())["done"] == 30
    rows = Assignment.objects.filter(person=officer, role=Role.LEAD, state=AssignmentState.WAITING)
    assert rows.count() == 30
    own = [str(row.document_id) for row in rows[:3]]
    asked = {"act": "complete", "document": own, "filled": "1", "text": "Xong"}
    assert "Hoàn thành: 3 văn bản." in entered(officer).post(path, asked, follow=True).content.decode()


def test_a_session_that_ended_meanwhile_is_told_and_nothing_is_done(city: Agency, papers: list[Document]) -> None:
    path, client = "/den/cho-tiep-nhan/lam/", entered(city.person(Duty.CLERK))
    client.logout()
    door = client.post(path, {"act": "register", "all": "1"})["Location"]
    assert door == f"/dang-nhap/?next={path}"
    client.force_login(city.person(Duty.CLERK))
    assert "Phiên làm việc đã hết khi gửi" in client.get(path, follow=True).content.decode()
    assert not city.book.numbers.exists()


def test_what_decides_on_each_by_itself_is_not_done_to_many(city: Agency, papers: list[Document]) -> None:
    leader = entered(city.person(Duty.LEADER))
    assert leader.post("/den/cho-but-phe/lam/", {"all": "1"}).status_code == 404
    assert leader.post("/den/cho-tiep-nhan/lam/", {"act": "refuse", "all": "1"}).status_code == 404
