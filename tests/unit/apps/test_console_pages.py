"""The console over an axis of one process: what it shows, what it never shows, what it does under whose name."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from lxml import html

from apps.accounts.roles import Role
from apps.audit.models import Entry
from apps.operator import hops
from lienthong.delivery import AXIS, JourneyState
from lienthong.errors import Unavailable
from lienthong.testing.world import DEDICATED, SHARED
from unit.apps.hops import Axis

Officer = Callable[[str], Client]


@pytest.fixture
def axis(tmp_path: Path) -> Iterator[Axis]:
    Axis.now = Axis(tmp_path)
    with Axis.now.client:
        yield Axis.now
    Axis.now = None


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_overview_counts_and_draws(axis: Axis, officer: Officer) -> None:
    page = text(officer(Role.OPERATOR), "/van-hanh/")
    assert '<svg class="chart"' in page
    assert 'class="bar-accepted"' in page
    today = html.fromstring(page).xpath("//ul[@class='legend']/li")
    assert [" ".join(each.text_content().split()) for each in today][:2] == [
        "Trục nhận: 1 hôm nay",
        "Đã giao: 1 hôm nay",
    ]
    assert "Máy chủ riêng mẫu" in page
    assert "style=" not in page
    english = officer(Role.OPERATOR)
    english.post("/ngon-ngu/", {"language": "en"})
    assert "Documents by day" in text(english, "/van-hanh/")


def test_an_axis_that_is_silent_costs_its_numbers_not_the_page(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise Unavailable("mẫu")

    monkeypatch.setattr(hops, "axis", silent)
    assert "Chưa hỏi được trục" in text(officer(Role.OPERATOR), "/van-hanh/")


def test_a_message_is_found_by_any_word_and_shown_with_every_step(axis: Axis, officer: Officer) -> None:
    client = officer(Role.OPERATOR)
    for query in ({"q": axis.package}, {"co-quan": "G22"}, {"tu": "01/01/2020"}, {}):
        assert axis.package in text(client, "/van-hanh/goi-tin/", **query)
    assert axis.package not in text(client, "/van-hanh/goi-tin/", q="khong-co-dau")
    page = text(client, f"/van-hanh/goi-tin/axis/{axis.package}/")
    assert "đã nhận gói tin" in page
    receipt = client.get(f"/van-hanh/goi-tin/axis/{axis.package}/bang-chung/0/")
    assert receipt.json()["format"] == "lienthong-receipt/1"


def test_the_number_of_those_who_wait_leads_to_their_messages(axis: Axis, officer: Officer) -> None:
    gone = asyncio.run(axis.world.send("H29", ["G22"]))
    asyncio.run(axis.world.run())
    client = officer(Role.OPERATOR)
    (tile,) = html.fromstring(text(client, "/van-hanh/")).xpath("//ul[@class='tiles']//a[contains(., 'đang chờ giao')]")
    assert tile.text_content().split()[0] == "1"
    page = text(client, tile.get("href"))
    assert axis.package in page
    assert gone.id not in page, "delivered to everybody"
    assert "cho=giao" not in text(officer(Role.SECURITY), "/van-hanh/"), "no link to what one may not see"


def test_no_page_tells_what_a_message_says(axis: Axis, officer: Officer) -> None:
    package = asyncio.run(axis.world.axis.store.read(lambda view: view.package(axis.package)))
    assert package is not None
    secrets = [package.head.subject, *(part.name for part in package.parts if part.name)]
    assert package.head.subject
    paths = ("/van-hanh/", "/van-hanh/goi-tin/", f"/van-hanh/goi-tin/axis/{axis.package}/", "/van-hanh/bi-ket/")
    for role in (Role.OPERATOR, Role.AUDITOR):
        pages = [text(officer(role), path) for path in paths]
        assert [each for each in secrets for page in pages if each in page] == []
    word = package.head.subject.split()[-1]
    assert "Không thấy gói tin nào" in text(officer(Role.OPERATOR), "/van-hanh/goi-tin/", q=word), "nor by asking"


def test_an_operator_stops_what_waits_under_their_own_name(axis: Axis, officer: Officer) -> None:
    path, client = f"/van-hanh/goi-tin/axis/{axis.package}/", officer(Role.OPERATOR)
    assert "Cần ghi lý do" in client.post(path, {"act": "cancel"}, follow=True).content.decode()
    told = {"act": "cancel", "reason": "cơ quan đề nghị", "addressee": "H40"}
    assert client.post(path, told).status_code == 302
    leg = next(leg for leg in asyncio.run(_legs(axis)) if leg.addressee == "H40")
    assert leg.state is JourneyState.CANCELLED
    steps = asyncio.run(axis.world.axis.store.read(lambda view: view.steps(axis.package)))
    order = next(step for step in steps if step.kind == "ordered")
    assert order.text == "bàn vận hành/Người Mẫu – operator (mau.operator): cơ quan đề nghị"
    kept = Entry.objects.order_by("-index")[0]
    assert (kept.act, kept.outcome, kept.subject) == ("message-cancel", "done", f"axis {axis.package}")
    again = client.post(path, told, follow=True).content.decode()
    assert Entry.objects.order_by("-index")[0].outcome == "failed"
    assert "notice error" in again


async def _legs(axis: Axis) -> list[object]:
    return list(await axis.world.axis.store.read(lambda view: view.legs(axis.package)))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY, Role.REGISTRATION])
def test_others_stop_nothing(role: Role, axis: Axis, officer: Officer) -> None:
    told = {"act": "cancel", "reason": "thử"}
    assert officer(role).post(f"/van-hanh/goi-tin/axis/{axis.package}/", told).status_code == 403
    assert officer(role).post(f"/van-hanh/may-chu/{DEDICATED}/", {"act": "paused", "reason": "thử"}).status_code == 403
    assert axis.held == {}


def test_a_gateway_shows_its_agencies_and_what_they_used(
    axis: Axis, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin answers for the gateway, too."""
    assert "Cơ quan trên máy chủ này" not in text(officer(Role.OPERATOR), f"/van-hanh/may-chu/{SHARED}/")
    real = hops.face
    monkeypatch.setattr(hops, "names", lambda: (AXIS, SHARED))
    monkeypatch.setattr(hops, "face", lambda person, _: real(person, AXIS))
    page = text(officer(Role.OPERATOR), f"/van-hanh/may-chu/{SHARED}/")
    assert "Cơ quan trên máy chủ này" in page
    assert "0/500" in page


def test_gateways_are_held_and_let_go(axis: Axis, officer: Officer) -> None:
    client = officer(Role.OPERATOR)
    assert "lienthong/0.1.0" in text(client, "/van-hanh/may-chu/")
    client.post(f"/van-hanh/may-chu/{DEDICATED}/", {"act": "draining", "reason": "sắp chuyển"})
    assert axis.held[DEDICATED].hold == "draining"
    page = text(client, f"/van-hanh/may-chu/{DEDICATED}/")
    assert "sắp chuyển" in page
    assert "Đang tạm giữ" in page
    assert DEDICATED in text(client, "/van-hanh/may-chu/", **{"tinh-trang": "held"})
    client.post(f"/van-hanh/may-chu/{DEDICATED}/", {"act": "resume", "reason": "xong"})
    assert axis.held == {}
    assert client.get("/van-hanh/may-chu/khong-co/").status_code == 404


def test_diagnostics_say_what_an_axis_stands_on(axis: Axis, officer: Officer) -> None:
    page = text(officer(Role.AUDITOR), f"/van-hanh/chan-doan/{AXIS}/")
    assert ("Chẩn đoán trục" in page, "Ghi được vào kho" in page) == (True, True)
    assert officer(Role.AUDITOR).get("/van-hanh/chan-doan/khong-co/").status_code == 404
