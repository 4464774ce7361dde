"""What an agency sets for its way out: steps per kind by those who lead it, numbers kept or given up with a reason."""

from collections.abc import Iterator

import pytest
from django.test import Client

from apps.audit.models import Entry
from apps.office import numbers
from apps.office.deed import Deed
from apps.office.models import Book, Lane, Number, NumberState, Role, Route
from apps.staff.models import Duty
from unit.apps.office_made import undone
from unit.apps.test_outgoing import City, waits


@pytest.fixture
def city() -> Iterator[City]:
    with undone():
        yield City()


def signed_in(deed: Deed) -> Client:
    client = Client()
    client.force_login(deed.person)
    return client


def test_steps_are_set_for_a_kind_and_told(city: City) -> None:
    leader, office = signed_in(city.leader), city.deed(Duty.OFFICE_HEAD)
    told = {
        "act": "save",
        "kind": "Công văn",
        "role-0": "review",
        "unit-0": "own",
        "role-1": "initial",
        "unit-1": "agency",
    }
    assert leader.post("/di/cac-buoc/", told).status_code == 302
    assert "Ký nháy, cơ quan" in leader.get("/di/cac-buoc/").content.decode()
    assert Entry.objects.filter(act="route-set", subject="Công văn").exists()
    document = city.submitted()
    assert waits(document) == [Role.REVIEW]
    assert office.standing.has(Duty.OFFICE_HEAD)
    leader.post("/di/cac-buoc/", {"act": "drop", "kind": "Công văn"})
    assert not Route.objects.exists()


@pytest.mark.parametrize(("told", "said"), [
    ({"kind": "Thư tình"}, "Xin chọn một loại"),
    ({"role-0": "sign", "unit-0": "own"}, "Bước này không có"),
    ({"role-0": "review", "unit-0": "999999"}, "Xin chọn một đơn vị"),
    ({"role-0": "form", "unit-0": "own", "role-1": "form", "unit-1": "own"}, "chỉ ghi một lần"),
])  # fmt: skip
def test_wrong_steps_are_refused_in_words(city: City, told: dict[str, str], said: str) -> None:
    answer = signed_in(city.leader).post("/di/cac-buoc/", {"act": "save"} | told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Route.objects.exists()


def test_a_step_nobody_holds_is_refused(city: City) -> None:
    told = {"act": "save", "role-0": "review", "unit-0": str(city.other_room.pk)}
    answer = signed_in(city.leader).post("/di/cac-buoc/", told)
    assert "Chưa ai giữ bước" in answer.content.decode()


def test_only_those_who_lead_set_steps_and_only_clerks_keep_numbers(city: City) -> None:
    assert signed_in(city.officer).get("/di/cac-buoc/").status_code == 403
    assert signed_in(city.clerk).post("/di/cac-buoc/", {"act": "drop"}).status_code == 403
    assert signed_in(city.officer).post("/di/so/", {"act": "reserve"}).status_code == 403


def test_numbers_are_kept_and_given_up_with_a_reason(city: City) -> None:
    clerk = signed_in(city.clerk)
    clerk.get("/di/so/")
    book = Book.objects.get(agency=city.code, lane=Lane.OUTGOING)
    wrong_counts = ("0", "500", "²", "9" * 5000)
    for wrong in ({"count": "2", "reason": " "}, *({"count": count, "reason": "x"} for count in wrong_counts)):
        assert clerk.post("/di/so/", {"act": "reserve", "book": book.pk, **wrong}).status_code == 422
    clerk.post("/di/so/", {"act": "reserve", "book": book.pk, "count": "2", "reason": "Trang in sẵn (mẫu)"})
    first = Number.objects.get(book=book, number=1)
    assert clerk.post("/di/so/", {"act": "skip", "number": first.pk, "reason": ""}).status_code == 422
    clerk.post("/di/so/", {"act": "skip", "number": first.pk, "reason": "Không ban hành (mẫu)"})
    first.refresh_from_db()
    assert (first.state, first.reason) == (NumberState.SKIPPED, "Không ban hành (mẫu)")
    assert "Không ban hành (mẫu)" in clerk.get("/di/so/").content.decode()
    assert not numbers.gaps(book, first.year)
