"""Rules: what sets them off, in whose rights they act, once, all or nothing, in order, never in a circle."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.office.cases import acts as cases
from apps.office.cases.catalogue import Planned
from apps.office.incoming import acts
from apps.office.models import (
    Assignment,
    CaseDocument,
    Content,
    Dispatch,
    Document,
    Lane,
    Message,
    Occasion,
    Remark,
    Report,
    Rule,
    Run,
    Source,
    View,
    Words,
)
from apps.office.rules import doing, occasions, working
from apps.office.story import sentence
from apps.staff.models import Duty, Post
from lienthong.testing.desk import FakeDesk, Town
from unit.apps.office_made import founded
from unit.apps.rules_made import City

SOON = timedelta(days=1)


@pytest.fixture
def city() -> Iterator[City]:
    with founded(City) as made:
        yield made


def told(rule: Rule) -> list[tuple[str, str]]:
    return [(run.state, run.told) for run in rule.runs.order_by("id")]


def test_an_arrival_is_registered_in_the_rights_of_the_clerk_and_the_story_names_the_rule(city: City) -> None:
    rule = city.rule("arrived", {"book": city.book.pk}, Duty.CLERK, query="co-quan:noi-vu")
    document, other = city.comes(), city.comes(issuer="Bộ Tài chính (mẫu)", issuer_code="G06")
    assert city.work() == 2
    number = document.numbers.get()
    assert (number.written, number.by) == ("01", city.person(Duty.CLERK))
    assert not other.numbers.exists()
    assert told(rule) == [("done", "Vào sổ, số đến 01.")]
    event = document.events.get(what="registered")
    assert sentence(event).startswith(f"Quy tắc “{rule.name}” (Người Mẫu clerk đứng tên) vào sổ")
    assert Report.objects.get(document=document).code == "03"


def test_a_chain_registers_proposes_files_labels_and_tells(city: City) -> None:
    case = cases.start(
        city.deed(Duty.OFFICE_HEAD), 2026, Planned(city.root, city.person(Duty.OFFICE_HEAD), "Tổng hợp (mẫu)", 5)
    )
    city.rule("arrived", {"book": city.book.pk}, Duty.CLERK)
    give = {"give": "direct", "lead": city.room_value(), "coordinate": [f"u{city.other_room.pk}"], "days": 5}
    head = city.person(Duty.OFFICE_HEAD)
    rule = city.rule("registered", {
        "label": "Báo cáo", "case": str(case.pk), "people": [f"p{head.pk}-{city.root.pk}"], **give,
    })  # fmt: skip
    document = city.comes()
    city.work()
    rows = document.assignments.exclude(parent=None).order_by("id")
    assert [(row.unit, row.role, row.giver) for row in rows] == [
        (city.room, "lead", head), (city.other_room, "coordinate", head),
    ]  # fmt: skip
    assert all(row.due and row.due > timezone.now() for row in rows)
    assert Remark.objects.get(document=document).text == f"Giao xử lý (theo quy tắc “{rule.name}”)"
    assert CaseDocument.objects.get(document=document).case == case
    assert Message.objects.get().person == head
    assert ":bbao :bcao" in Words.objects.get(document=document).text
    assert len(told(rule)) == 1


def test_a_proposal_fills_the_leaders_dialog(city: City) -> None:
    city.rule("registered", {"give": "propose", "lead": city.room_value(), "words": "Đúng lĩnh vực"}, Duty.CLERK)
    document = city.comes()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    city.work()
    event = document.events.get(what="proposed")
    assert event.told["recipients"][0]["unit"] == city.room.pk
    assert document.assignments.get().state == "waiting"


def test_a_secretary_gets_it_to_prepare(city: City) -> None:
    secretary = city.person(Duty.SECRETARY)
    city.rule("registered", {"secretary": f"p{secretary.pk}-{city.root.pk}"}, Duty.LEADER)
    document = city.comes()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    city.work()
    assert document.assignments.get(person=secretary).role == "opinion"


def test_nothing_is_done_beyond_the_rights_of_who_answers(city: City) -> None:
    over = city.rule("arrived", {"label": "Mới", "book": city.book.pk}, Duty.OFFICE_HEAD)
    officer = city.person(Duty.OFFICER, city.room)
    blind = city.rule("arrived", {"people": [f"p{officer.pk}-{city.room.pk}"]}, Duty.CLERK)
    document = city.comes()
    city.work()
    assert [state for state, _ in told(over)] == [state for state, _ in told(blind)] == ["failed"]
    assert not document.numbers.exists()
    assert not document.labels.exists()
    assert "không được xem" in told(blind)[0][1]


def test_a_lost_post_is_told_and_can_be_made_good(city: City) -> None:
    rule = city.rule("arrived", {"label": "Mới"}, Duty.CLERK)
    Post.objects.filter(person=city.person(Duty.CLERK)).update(until=timezone.localdate() - SOON)
    document = city.comes()
    city.work()
    assert told(rule)[0][0] == "failed"
    rule.refresh_from_db()
    assert rule.on
    Rule.objects.filter(pk=rule.pk).update(answers=city.person(Duty.LEADER))
    assert working.retry(rule) == 1
    city.work()
    assert told(rule) == [("done", "Gắn nhãn “Mới”.")]
    assert document.labels.count() == 1


def test_an_administrator_without_another_post_answers_for_nothing(city: City) -> None:
    rule = city.rule("arrived", {"label": "Mới"}, Duty.ADMINISTRATOR)
    city.comes()
    city.work()
    assert told(rule)[0][0] == "failed"


def test_order_and_stop(city: City) -> None:
    city.rule("arrived", {"label": "Một"}, query="so:99", stop=True)
    city.rule("arrived", {"label": "Hai"}, stop=True)
    city.rule("arrived", {"label": "Ba"})
    document = city.comes()
    city.work()
    assert [label.text for label in document.labels.all()] == ["Hai"]


def test_rules_that_set_off_one_another_end(city: City) -> None:
    """Given to a unit, given on by its head's rule, given back and forth: each acts once in one chain."""
    give = {"give": "direct", "lead": city.room_value()}
    first = city.rule("registered", give)
    again = city.rule("assigned", {"label": "Đã giao"})
    document = city.comes()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    city.work(rounds=10)
    assert (first.runs.count(), again.runs.count()) == (1, 1)
    assert {run.origin_id for run in Run.objects.all()} == {Occasion.objects.get(what="registered").pk}
    acts.forward(
        city.deed(Duty.UNIT_HEAD, city.room),
        document,
        [acts.Recipient(city.room, city.person(Duty.OFFICER, city.room))],
    )
    city.work(rounds=10)
    assert again.runs.count() == 2


def test_a_repeat_and_a_crash_change_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = city.rule("arrived", {"label": "Một", "book": city.book.pk}, Duty.CLERK)
    document = city.comes()

    def crashed(*_args: object) -> str:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(doing, "_words", crashed)
        patch.setattr(working, "_mark", crashed)
        with pytest.raises(SystemExit):
            city.work()
    assert not document.numbers.exists()
    assert not Run.objects.exists()
    city.work()
    Occasion.objects.update(handled=None)
    city.work()
    assert document.numbers.count() == document.labels.count() == rule.runs.count() == 1


def test_deadlines_near_and_past_set_off_once_each(city: City) -> None:
    near = city.rule("near", {"label": "Gần hạn"}, days=3)
    late = city.rule("overdue", {"label": "Quá hạn"})
    due = timezone.now() + timedelta(days=30)
    document = city.comes(due=due)
    city.comes(due=None)
    assert city.work() == 0
    city.work(after=timedelta(days=29))
    assert (near.runs.count(), late.runs.count()) == (1, 0)
    city.work(after=timedelta(days=31))
    city.work(after=timedelta(days=32))
    assert (near.runs.count(), late.runs.count()) == (1, 1)
    document.assignments.update(due=due + timedelta(days=30))
    city.work(after=timedelta(days=59))
    assert near.runs.count() == 2
    Document.objects.update(done=timezone.now())
    city.work(after=timedelta(days=90))
    assert late.runs.count() == 1


def issued_by(city: City, **told: str) -> Document:
    """A document of the agency's own, with its drafter's row."""
    now, own = timezone.now(), {"agency": city.code, "lane": Lane.OUTGOING}
    made = Document.objects.create(**own, source=Source.OWN, subject="Mẫu", came=now, issued_at=now, **told)
    Assignment.objects.create(**own, document=made, unit=city.room, role="draft", state="done", given=now)
    return made


def test_an_issue_and_a_refusal_elsewhere(city: City, town: Town) -> None:
    issued = city.rule("issued", {"label": "Đã ban hành"})
    refused = city.rule("refused", {"label": "Bị từ chối"})
    package = next(
        one.id for one in town.entries["H29"] if one.lane == "out" and any(r.status == "02" for r in one.recipients)
    )
    document, stopped = issued_by(city, package=package), issued_by(city)
    Dispatch.objects.create(document=stopped, way="axis", code="G99", name="Mẫu", stopped="recipient-unknown")
    city.deed(Duty.CLERK).note(document, "issued", number="1")
    for _ in range(2):
        occasions.cache.clear()
        occasions.look_at_refusals(FakeDesk(town, "H29"), city.code)
        city.work()
    assert issued.runs.count() == 1
    assert {run.document for run in refused.runs.all()} == {document, stopped}
    assert {label.text for label in document.labels.all()} == {"Đã ban hành", "Bị từ chối"}


def test_agencies_stay_apart(city: City) -> None:
    other = City("G22")
    rule = other.rule("arrived", {"label": "Một"})
    city.comes()
    assert not Occasion.objects.exists()
    mine = other.comes()
    other.work()
    city.work()
    assert [run.document for run in rule.runs.all()] == [mine]


def test_a_saved_view_of_the_agency_is_a_condition(city: City) -> None:
    view = View.objects.create(agency=city.code, label="Nội vụ", query="co-quan:noi-vu khan:co")
    rule = city.rule("arrived", {"label": "Khẩn"}, view=view)
    city.comes()
    urgent = city.comes(urgency=1)
    city.work()
    assert [run.document for run in rule.runs.all()] == [urgent]


def test_an_arrival_waits_for_its_files_to_be_read_but_not_for_ever(city: City) -> None:
    rule = city.rule("arrived", {"label": "Hạn hán"}, query="hạn hán")
    document = city.arrived()
    assert city.work() == 0
    Content.objects.update(text="")
    assert city.work() == 1
    assert rule.runs.count() == 0
    city.arrived()
    Content.objects.update(text=None)
    assert city.work() == 0
    assert city.work(after=timedelta(minutes=11)) == 1
    assert not document.labels.exists()


def test_what_is_written_down_before_anybody_waits_is_nothing(city: City) -> None:
    city.comes()
    city.rule("arrived", {"label": "Một"})
    assert city.work() == 0
    assert Assignment.objects.exists()


def test_a_fault_of_the_program_is_told_and_holds_up_nobody(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, good = city.rule("arrived", {"label": "Một"}), city.rule("arrived", {"people": []})
    Rule.objects.filter(pk=good.pk).update(then={"book": city.book.pk}, answers=city.person(Duty.CLERK))
    monkeypatch.setattr(doing.labels, "put", lambda *_: 1 / 0)
    document = city.comes()
    city.work()
    assert told(broken)[0][0] == "failed"
    assert document.numbers.exists()


def test_the_deadline_of_the_work_counts_and_what_is_for_information_has_none(city: City) -> None:
    late = city.rule("overdue", {"label": "Quá hạn"})
    document, due = city.comes(), timezone.now() + timedelta(days=5)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    given = [acts.Recipient(city.room, due=due), acts.Recipient(city.other_room, role="inform")]
    acts.direct(city.deed(Duty.LEADER), document, "Giao", given)
    Assignment.objects.filter(role="inform").update(due=due - timedelta(days=2))
    city.work(after=timedelta(days=4))
    assert late.runs.count() == 0
    city.work(after=timedelta(days=6))
    assert late.runs.get().occasion.at == due


def test_a_condition_that_is_not_understood_any_more_matches_nothing(city: City) -> None:
    rule = city.rule("arrived", {"label": "Mọi thứ"}, query="khan:rat")
    document = city.comes()
    city.work()
    assert told(rule) == [("failed", "Không làm được: Không hiểu phần này của điều kiện: khan:rat.")]
    assert not document.labels.exists()
