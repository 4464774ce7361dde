"""Lists of the desk: every filter, exact counts, cursors to the end, one agency's view; read by the client's own values."""

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from desk_http import house, http
from lienthong import client
from lienthong.gateway.boxes import BoxName
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
SUBJECTS = ("Về đề án Chuyển đổi số", "Mời họp góp ý đề án", "Báo cáo tháng")


@pytest.fixture(scope="module")
def world() -> World:
    made = World()

    async def live() -> None:
        for n, subject in enumerate(SUBJECTS, 1):
            await made.send("H29", ["G09", "H34"][: 1 + n % 2], subject=subject, number=str(n), notation="CV-MẪU")
        await made.send("G09", ["H29", "H29.01"], subject="Công văn đến", number="77", notation="CV-MẪU")
        await made.run()
        await made.hand_over("G09")
        await made.run()
        await made.send("H29", ["G22"], subject="Còn trên đường", number="9", notation="CV-MẪU")

    asyncio.run(live())
    return made


@pytest.fixture(scope="module")
def desk(world: World) -> Iterator[TestClient[Any]]:
    with http(house(world, DEDICATED), "H29:read") as made:
        yield made


def page(desk: TestClient[Any], path: str, **query: Any) -> client.Page:
    answer = desk.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=client.Page)


def numbers(desk: TestClient[Any], path: str = "/v1/search", **query: Any) -> set[str]:
    return {entry.number for entry in page(desk, path, **query).entries}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "de an"}, {"1", "2"}),
        ({"number": "2", "notation": "cv-mau"}, {"2"}),
        ({"agency": "H34"}, {"1", "3"}),
        ({"agency": "bộ mẫu"}, {"1", "2", "3", "77"}),
        ({"agency": "không có cơ quan này"}, set()),
        ({"agency": "000.00.00.H29"}, {"1", "2", "3", "77", "9"}),
        ({"state": ["recorded", "refused"]}, {"9"}),
        ({"state": "handed-over"}, {"1", "2", "3"}),
        ({"status": "none"}, {"1", "2", "3", "77", "9"}),
        ({"status": "06"}, set()),
        ({"standing": "recalled"}, set()),
        ({"asked": "true"}, set()),
        ({"issued_from": "2100-01-01"}, set()),
        ({"recorded_to": "2000-01-01"}, set()),
        ({"recorded_from": "2000-01-01", "number": "77"}, {"77"}),
        ({"content": "status"}, set()),
    ],
)
def test_every_field_narrows(desk: TestClient[Any], query: dict[str, Any], found: set[str]) -> None:
    assert numbers(desk, **query) == found
    assert page(desk, "/v1/search", **query, count="true", limit=1).total == len(found)


def test_ids_find_exactly_one(desk: TestClient[Any]) -> None:
    for entry in page(desk, "/v1/outgoing").entries:
        assert numbers(desk, document_id=entry.document_id) == {entry.number}
        assert numbers(desk, message_id=entry.message_id) == {entry.number}
        assert numbers(desk, text=entry.id) == {entry.number}


def test_a_cursor_leads_to_the_end_and_a_count_is_only_made_when_asked_for(desk: TestClient[Any]) -> None:
    seen, after = list[str](), ""
    while True:
        found = page(desk, "/v1/outgoing", limit=2, after=after)
        assert found.total is None
        seen += [entry.number for entry in found.entries]
        if not (after := found.next):
            break
    assert seen == ["9", "3", "2", "1"]


def test_boxes_count_what_they_list(desk: TestClient[Any]) -> None:
    counted = desk.get("/v1/boxes").json()
    assert counted.keys() == {box.value for box in BoxName}
    for box in BoxName:
        lists = [page(desk, path, box=box.value).entries for path in ("/v1/search",)]
        assert [len(each) for each in lists] == [counted[box]], box
    assert (counted["waiting"], counted["under-way"], counted["arrived"]) == (1, 1, 3)
    assert desk.get("/v1/boxes", params={"box": ["waiting", "asked"]}).json() == {"waiting": 1, "asked": 0}


def test_how_far_a_document_got_with_each(desk: TestClient[Any]) -> None:
    [entry] = page(desk, "/v1/outgoing", number="1").entries
    path = f"/v1/documents/{entry.id}/recipients"
    whole = msgspec.json.decode(desk.get(path).content, type=client.Recipients)
    assert (whole.total, whole.states, whole.statuses) == (2, {"handed-over": 1, "delivered": 1}, {"none": 2})
    first = msgspec.json.decode(desk.get(path, params={"limit": 1}).content, type=client.Recipients)
    rest = msgspec.json.decode(desk.get(path, params={"limit": 1, "after": first.next}).content, type=client.Recipients)
    assert (first.entries + rest.entries, rest.next) == (whole.entries, "")
    some = desk.get(path, params={"state": "delivered", "status": "none"}).json()
    assert [(some["total"], each["addressee"]) for each in some["entries"]] == [(1, "H34")]


def test_the_directory_goes_on_behind_its_link(desk: TestClient[Any]) -> None:
    seen, path = list[str](), "/v1/organisations?text=mau&limit=4"
    while path:
        answer = desk.get(path)
        seen += [each["code"] for each in answer.json()]
        path = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    assert len(seen) == len(set(seen)) > 8


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/search", {"after": "x"}),
        ("/v1/search", {"after": "9" * 21}),
        ("/v1/search", {"text": "x" * 201}),
        ("/v1/search", {"number": "x" * 129}),
        ("/v1/search", {"state": "lost"}),
        ("/v1/search", {"status": "3"}),
        ("/v1/search", {"issued_from": "22/11/2026"}),
        ("/v1/search", {"box": "secret"}),
        ("/v1/incoming", {"box": "arrived"}),
        ("/v1/outgoing", {"box": "waiting"}),
        ("/v1/incoming", {"box": "waiting", "state": "delivered"}),
        ("/v1/search", {"limit": 201}),
        ("/v1/organisations", {"after": "-1"}),
        ("/v1/boxes", {"box": "x"}),
    ],
)
def test_questions_that_are_none(desk: TestClient[Any], path: str, query: dict[str, Any]) -> None:
    answer = desk.get(path, params=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-value")


def test_another_agency_sees_its_own_alone(world: World) -> None:
    with http(house(world, SHARED), "G22:read") as stranger:
        sent = world.stations[SHARED]
        assert sent is not None
        assert page(stranger, "/v1/search", count="true").total == 0
        assert stranger.get("/v1/boxes").json()["waiting"] == 0
    with http(house(world, SHARED), "H34:read") as other:
        found = page(other, "/v1/search")
        assert {each.addressee for entry in found.entries for each in entry.recipients} == {"H34"}
        assert numbers(other, agency="G09") == set()  # who else got it is the sender's to know
        path = f"/v1/documents/{found.entries[0].id}/recipients"
        assert other.get(path).json()["total"] == 1
        other.headers["Authorization"] = "Bearer G22:read"
        assert other.get(path).status_code == 404


async def test_a_neighbour_at_one_gateway_sees_nothing_before_it_has_it() -> None:
    world = World()
    await world.send("G09", ["H34"], subject="Công văn giữa hai cơ quan chung máy chủ", number="5", notation="CV-MẪU")
    with http(house(world, SHARED), "H34:read") as other, http(house(world, SHARED), "G09:read") as sender:
        assert (numbers(sender), numbers(other), numbers(other, "/v1/incoming")) == ({"5"}, set(), set())
        await world.run()
        assert (numbers(sender), numbers(other), numbers(other, "/v1/incoming")) == ({"5"}, {"5"}, {"5"})
