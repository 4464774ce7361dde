"""The doctor of a gateway: what was seen is judged, told with what to do, and shown on a page that stays text."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from lxml import html

from lienthong.delivery import AXIS, JourneyState, Lane, Standstill
from lienthong.delivery.quota import Share
from lienthong.delivery.retry import failed as call_failed
from lienthong.diagnosis import Finding, worst
from lienthong.errors import ClockSkewed, Unavailable
from lienthong.gateway.composing import File, Metadata
from lienthong.gateway.desk import Gateway, send
from lienthong.gateway.doctor import Certificates, Doctor, routes
from lienthong.gateway.doctor.judging import SHOWN, UNTAKEN, Observed, of_gateway
from lienthong.gateway.doctor.page import POLICY, page
from lienthong.gateway.doctor.seeing import STILL
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, World

NOW = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
GOOD = Observed(
    at=NOW,
    skew=0.2,
    certificates={("gọi trục", "the axis's client"): NOW + timedelta(days=200)},
    seals={"H29": NOW + timedelta(days=300)},
    registry=7,
    registry_ends=NOW + timedelta(days=5),
    free=50 * 10**9,
    whole=100 * 10**9,
)


def still(lane: Lane, state: JourneyState, since: timedelta, recipient: str = "H27", legs: int = 3) -> Standstill:
    return Standstill(lane, state, recipient, legs, NOW - since)


HOUR = timedelta(hours=1)
ILL: list[tuple[dict[str, Any], str, bool | None, str]] = [
    ({"axis": Unavailable("axis.example")}, "trục / axis", False, "kiểm tra mạng"),
    ({"axis": ClockSkewed("120")}, "trục / axis", False, "NTP"),
    ({"away_since": NOW - HOUR}, "trục / axis", None, "nhật ký"),
    ({"skew": 90.0}, "đồng hồ / clock", False, "NTP"),
    ({"skew": -10.0}, "đồng hồ / clock", None, "NTP"),
    ({"skew": None}, "đồng hồ / clock", None, "NTP"),
    ({"registry": 0, "registry_ends": None}, "danh bạ / registry", False, "kiểm tra trục"),
    ({"registry_ends": NOW - HOUR}, "danh bạ / registry", False, "quá hạn"),
    ({"registry_ends": NOW + HOUR}, "danh bạ / registry", None, "sắp hết hạn"),
    ({"certificates": {("x", "y"): NOW - HOUR}}, "chứng thư / certificates", False, "thay chứng thư"),
    ({"certificates": {("x", "y"): NOW + timedelta(days=20)}}, "chứng thư / certificates", None, "xin cấp"),
    ({"unreadable": {"x": "No such file"}}, "chứng thư / certificates", False, "sửa đường dẫn"),
    ({"seals": {"H29": NOW + timedelta(days=2)}}, "niêm phong / seals", None, "xin cấp"),
    ({"still": [still(Lane.OUT, JourneyState.RECORDED, HOUR)]}, "hàng đợi / queue", False, "xem trục"),
    ({"still": [still(Lane.OUT, JourneyState.ACCEPTED, HOUR)]}, "nơi nhận / recipients H27", None, "báo nơi nhận"),
    ({"still": [still(Lane.IN, JourneyState.DELIVERED, UNTAKEN)]}, "hộp đến / inbox H27", False, "phần mềm"),
    ({"dead": {"not-found": 2}}, "văn bản mắc kẹt / dead letters", False, "messages dead"),
    ({"buses": {"mau": NOW - HOUR}}, "trục tỉnh / bus mau", None, "mã hệ thống"),
    ({"vxp": "https://127.0.0.1:8463", "systems": {"pm-1": False}}, "VXP pm-1", None, "system rotate pm-1"),
    ({"free": 10**9}, "ổ đĩa / disk", False, "giải phóng"),
    ({"troubled": {"http://ca": "unavailable"}}, "thu hồi chứng thư / revocation http://ca", None, "kiểm tra địa chỉ"),
]  # fmt: skip


def test_the_vxp_face_is_told_where_there_is_one() -> None:
    assert "VXP" not in found(GOOD)
    told = found(replace(GOOD, vxp="https://127.0.0.1:8463", systems={"pm-1": True, "pm-2": True}))["VXP"]
    assert (told.ok, told.en) == (True, "https://127.0.0.1:8463: 2 systems may call")
    told = found(replace(GOOD, vxp="https://127.0.0.1:8463"))["VXP"]
    assert (told.ok, "system add" in told.vi) == (True, True)


def found(seen: Observed) -> dict[str, Finding]:
    return {finding.about: finding for finding in of_gateway(seen)}


def test_a_quota_nearly_used_up_is_told_and_the_others_are_one_line() -> None:
    plenty = {f"H29.{n}": (Share("documents", 100, 3), Share("bytes", 0, 10**9)) for n in range(300)}
    [line] = [each for each in of_gateway(replace(GOOD, quotas=plenty)) if each.about.startswith("hạn mức")]
    assert line.ok
    assert "300 cơ quan" in line.vi
    full = plenty | {"H29.7": (Share("documents", 100, 80), Share("bytes", 0, 1))}
    [line] = [each for each in of_gateway(replace(GOOD, quotas=full)) if each.about.startswith("hạn mức")]
    assert (line.about, line.ok) == ("hạn mức / quotas H29.7", None)
    assert "80/100 văn bản" in line.vi
    assert not [each for each in of_gateway(GOOD) if each.about.startswith("hạn mức")]


def test_all_well_says_so_about_everything() -> None:
    told = found(GOOD)
    assert worst(told.values()) is True
    assert {"trục / axis", "đồng hồ / clock", "danh bạ / registry", "hàng đợi / queue", "ổ đĩa / disk"} <= told.keys()
    assert not any(finding.advice_vi for finding in told.values())


@pytest.mark.parametrize(("change", "about", "ok", "advice"), ILL, ids=[f"{row[1]}-{row[2]}" for row in ILL])
def test_each_trouble_is_told_with_what_to_do(change: dict[str, Any], about: str, ok: bool | None, advice: str) -> None:
    finding = found(replace(GOOD, **change))[about]
    assert finding.ok is ok
    assert advice in finding.advice_vi
    assert finding.advice_en
    assert finding.en


def test_hundreds_of_seals_are_one_line_and_those_that_end() -> None:
    seals = {f"H{number}": NOW + timedelta(days=100 + number) for number in range(300)} | {"H7": NOW - HOUR}
    told = [finding for finding in of_gateway(replace(GOOD, seals=seals)) if finding.about.startswith("niêm phong")]
    assert [finding.ok for finding in told] == [False, True]
    assert "H7" in told[0].vi
    assert "299 chứng thư còn hạn, sớm nhất đến 02/03/2027" in told[1].vi


def test_what_waits_for_software_not_yet_long_is_nobodys_trouble() -> None:
    told = found(replace(GOOD, still=[still(Lane.IN, JourneyState.DELIVERED, HOUR)]))
    assert worst(told.values()) is True


def test_many_who_cannot_be_reached_are_counted() -> None:
    many = [still(Lane.OUT, JourneyState.ACCEPTED, HOUR, f"H{number}") for number in range(10, 10 + SHOWN + 4)]
    told = list(of_gateway(replace(GOOD, still=many)))
    assert any("và 4 nơi nhận khác" in finding.vi for finding in told)


# ---------------------------------------------------------------- looking


def doctor(world: World, axis_time: Callable[[], Any] | None = None) -> Doctor:
    station = world.stations[DEDICATED]
    tenants = MemoryTenants()
    tenants.signers["H29"] = world.signer("H29")
    gateway = Gateway(station.hop, station.store, station.bell, tenants, station.wire)

    async def told() -> datetime:
        return world.clock.now()

    return Doctor(
        gateway,
        axis_time or told,
        lambda: Certificates({("x", "y"): world.clock.now() + timedelta(days=99)}),
        lambda: (9 * 10**9, 10**10),
    )


async def test_what_does_not_leave_and_who_cannot_be_reached_is_seen_in_the_store() -> None:
    world = World()
    mine = doctor(world)
    letter = Metadata("1", "CV", "V/v mẫu", ("H40",))
    await send(mine.gateway, "H29", "m-1", letter, [File("a.pdf", "application/pdf", b"%PDF")], None)
    world.clock.advance(STILL + timedelta(seconds=1))
    told = {finding.about: finding for finding in await mine.examine()}
    assert told["hàng đợi / queue"].ok is False
    await world.run()
    world.clock.advance(STILL + timedelta(seconds=1))
    told = {finding.about: finding for finding in await mine.examine()}
    assert told["hàng đợi / queue"].ok is True
    assert "mẫu H40" in told["nơi nhận / recipients H40"].vi


async def test_an_axis_that_fails_is_told_since_when() -> None:
    world = World()

    async def away() -> datetime:
        raise Unavailable("axis")

    mine = doctor(world, away)
    hop = mine.gateway.hop
    await hop.store.write(lambda tx: call_failed(tx, AXIS, hop.terms, hop.clock.now(), 0.5))
    told = {finding.about: finding for finding in await mine.examine()}
    assert told["trục / axis"].ok is False
    assert "đồng hồ / clock" not in told


# ---------------------------------------------------------------- shown


def test_the_page_is_text_first_things_first_and_runs_nothing() -> None:
    nasty = Finding("<script>alert(1)</script>", None, "<b>x</b>", "y", "z", "w")
    ill = Finding("ill", ok=False, vi="v", en="e", advice_vi="a", advice_en="b")
    text = page("gw-mau", [Finding("fine", ok=True, vi="v", en="e"), nasty, ill], NOW).decode()
    assert "<script" not in text
    assert not re.search(r"\son[a-z]+=|\sstyle=|https?://", text)
    rows = [row.text_content() for row in html.fromstring(text).iter("li")]
    assert ["ill" in rows[0], "alert(1)" in rows[1], "fine" in rows[2]] == [True, True, True]
    assert 'lang="vi"' in text
    assert "viewport" in text


def test_the_page_and_the_list_say_the_same_and_the_style_is_the_one_allowed() -> None:
    world = World()
    with TestClient(Litestar(routes(doctor(world)))) as client:
        listed = client.get("/v1/diagnosis").json()
        shown = client.get("/doctor")
    assert shown.headers["content-security-policy"] == POLICY
    assert shown.headers["content-type"].startswith("text/html")
    words = html.fromstring(shown.content).text_content()
    assert all(row["vi"] in words and row["en"] in words for row in listed)
