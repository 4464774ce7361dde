"""The operators' face: closed when unsure, everything about a message but its content, acts under the caller's name."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from lienthong.adapters.metrics import Watched
from lienthong.adapters.operations import operations
from lienthong.adapters.operations_watching import basic_probes, holding, watching
from lienthong.adapters.operators import Operator, Operators, Role, add_operator, remove_operator
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.delivery import AXIS, JourneyState, forward
from lienthong.delivery.oversight import tally
from lienthong.document import VIETNAM
from lienthong.errors import Unavailable
from lienthong.testing.world import DEDICATED, World

HELD: dict[str, Any] = {}
BOSS, GUARD = "b" * 32, "a" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "operators.json"
    add_operator(path, BOSS, Operator("Lê Văn Mẫu", Role.OPERATOR))
    add_operator(path, GUARD, Operator("Trực ban", Role.VIEWER))
    return path


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def at(world: World, file: Path) -> dict[str, Any]:
    watched = Watched(world.stations[AXIS].store, file.parent)
    probes = {**basic_probes(world.axis, watched, lambda: None), "broken": broken}
    who = Operators(file)
    watch = [*watching(world.axis, who, watched, probes), *holding(world.axis, who, HELD.update)]
    made = {
        AXIS: [*operations(world.axis, who), *watch],
        DEDICATED: operations(world.hop(DEDICATED), Operators(file), world.wire(DEDICATED)),
        "closed": operations(world.axis, Operators(None)),
    }
    faces = {name: Litestar(routes, exception_handlers=dict(EXCEPTION_HANDLERS)) for name, routes in made.items()}
    return {name: AsyncTestClient(face) for name, face in faces.items()}


async def broken() -> None:
    raise Unavailable("mẫu")


def token(of: str = BOSS) -> dict[str, str]:
    return {"Authorization": f"Bearer {of}"}


async def test_closed_to_strangers_and_without_a_file_to_everybody(at: dict[str, Any]) -> None:
    for name, headers in ((AXIS, {}), (AXIS, token("c" * 32)), ("closed", token())):
        answer = await at[name].get("/v1/messages", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-invalid")


async def test_a_viewer_looks_and_acts_not(at: dict[str, Any], world: World) -> None:
    sent = await world.send("H29", ["H40"])
    await world.run()
    assert (await at[AXIS].get("/v1/messages", headers=token(GUARD))).status_code == 200
    path = f"/v1/messages/{sent.id}/cancel"
    answer = await at[AXIS].post(path, json={"reason": "thử"}, headers=token(GUARD))
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_who_has_left_gets_in_no_more(at: dict[str, Any], file: Path) -> None:
    assert (await at[AXIS].get("/v1/dead-letters", headers=token())).status_code == 200
    remove_operator(file, "Lê Văn Mẫu")
    assert (await at[AXIS].get("/v1/dead-letters", headers=token())).status_code == 401


async def test_everything_about_a_message_but_its_content(at: dict[str, Any], world: World) -> None:
    sent = await world.send("H29", ["G09"], subject="V/v bí mật nghề nghiệp", number="77")
    await world.run()
    for text in (sent.id, sent.message_id, "77/CV-M", sent.head.document_id):
        found = (await at[AXIS].get("/v1/messages", params={"text": text}, headers=token())).json()
        assert [entry["id"] for entry in found["entries"]] == [sent.id], text
    for params, count in (
        ({"agency": "G09"}, 1),
        ({"agency": "H34"}, 0),
        ({"since": "2027-01-01"}, 0),
        ({"until": "2027-01-01"}, 1),
    ):
        found = (await at[AXIS].get("/v1/messages", params=params, headers=token())).json()
        assert len(found["entries"]) == count, params
    answer = await at[AXIS].get(f"/v1/messages/{sent.id}", headers=token())
    assert "bí mật" not in answer.text
    assert [step["kind"] for step in answer.json()["steps"] if step["receipt"]] == [
        "submission-accepted",
        "relayed",
        "consigned",
    ]
    missing = await at[AXIS].get(f"/v1/messages/{'0' * 32}", headers=token())
    assert missing.status_code == 404


async def test_what_waits_is_a_list_of_its_own(at: dict[str, Any], world: World) -> None:
    gone = await world.send("H29", ["G09"])
    await world.run()
    waits = await world.send("H29", ["G09"])

    async def waiting(name: str, said: str = "true") -> list[str]:
        found = await at[name].get("/v1/messages", params={"waiting": said}, headers=token())
        return [entry["id"] for entry in found.json()["entries"]]

    assert (await waiting(AXIS), await waiting(DEDICATED)) == ([], [waits.id])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    assert (await waiting(AXIS), await waiting(DEDICATED)) == ([waits.id], [])
    assert set(await waiting(AXIS, "false")) == {gone.id, waits.id}
    await world.run()
    assert await waiting(AXIS) == []


async def test_the_axis_ends_and_the_log_names_who_and_why(at: dict[str, Any], world: World) -> None:
    sent = await world.send("H29", ["H40", "G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    body = {"reason": "nơi nhận ngừng hoạt động", "addressee": "H40"}
    assert (await at[AXIS].post(f"/v1/messages/{sent.id}/expire", json=body, headers=token())).json() == {"count": 1}
    body = {"reason": "gửi nhầm"}
    assert (await at[AXIS].post(f"/v1/messages/{sent.id}/cancel", json=body, headers=token())).json() == {"count": 1}
    await world.run()
    assert world.leg(DEDICATED, sent, "H40").state is JourneyState.EXPIRED
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.CANCELLED
    texts = [event.text for event in await world.events(AXIS) if event.kind == "ordered"]
    assert texts == ["Lê Văn Mẫu: nơi nhận ngừng hoạt động", "Lê Văn Mẫu: gửi nhầm"]
    again = await at[AXIS].post(f"/v1/messages/{sent.id}/cancel", json=body, headers=token())
    assert again.json()["code"] == "illegal-move"


async def test_a_stuck_package_is_seen_and_freed(at: dict[str, Any], world: World) -> None:
    sent = await world.send("H29", ["G09"], files={"lon.pdf": bytes(70_000)})
    station = world.stations[DEDICATED]
    kept = dict(station.objects.kept)
    station.objects.kept.clear()
    for _ in range(world.terms.park_after):
        await forward(world.hop(DEDICATED), world.wire(DEDICATED))
        world.clock.advance(world.terms.longest_retry)
    (entry,) = (await at[DEDICATED].get("/v1/dead-letters", headers=token())).json()["entries"]
    assert (entry["code"], entry["package"], entry["next_try"]) == ("copy-unreadable", sent.id, None)
    assert entry["acts"] == ["requeue", "cancel", "close"]
    assert "không đọc được" in entry["vi"]
    station.objects.kept.update(kept)
    body = {"code": "copy-unreadable", "reason": "đã phục hồi"}
    done = await at[DEDICATED].post("/v1/dead-letters/requeue", json=body, headers=token())
    assert done.json() == {"count": 1}
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED
    assert (await at[DEDICATED].get("/v1/dead-letters", headers=token())).json()["entries"] == []


async def test_reconciling_on_request_and_closing(at: dict[str, Any], world: World) -> None:
    await world.send("H29", ["G09"])
    world.clock.advance(world.terms.stuck_after)
    report = (await at[DEDICATED].post("/v1/reconcile", headers=token())).json()
    assert ([each["code"] for each in report["findings"]], report["whole"]) == (["unconfirmed"], True)
    (entry,) = (await at[DEDICATED].get("/v1/dead-letters", headers=token())).json()["entries"]
    assert entry["acts"] == ["cancel", "close"]
    body = {"key": entry["key"], "reason": "đã biết"}
    assert (await at[DEDICATED].post("/v1/dead-letters/close", json=body, headers=token())).json() == {"count": 1}
    refused = await at[DEDICATED].post("/v1/dead-letters/close", json=body, headers=token())
    assert refused.status_code == 404
    nameless = await at[DEDICATED].post("/v1/dead-letters/close", json=body | {"reason": " "}, headers=token())
    assert nameless.json()["code"] == "invalid-value"


async def test_an_overview_tells_numbers_and_no_content(at: dict[str, Any], world: World) -> None:
    await world.send("H29", ["G22"])
    await world.run()
    await tally(world.axis)
    answer = await at[AXIS].get("/v1/overview", headers=token(GUARD))
    told = answer.json()
    today = str(world.clock.now().astimezone(VIETNAM).date())
    assert told["days"][today]["submission-accepted"] == 1
    assert (told["hop"], told["waiting"], told["dead"]) == (AXIS, 0, {})
    assert "package-seal" in {each["purpose"] for each in told["ending"]}
    assert (await at[AXIS].get("/v1/overview")).status_code == 401


async def test_gateways_are_held_by_operators_under_the_name_of_the_person(at: dict[str, Any], world: World) -> None:
    path = f"/v1/gateways/{DEDICATED}/hold"
    assert (await at[AXIS].post(path, json={"reason": "bảo trì"}, headers=token(GUARD))).status_code == 403
    assert (await at[AXIS].post(path, json={"reason": " "}, headers=token())).status_code == 400
    assert (await at[AXIS].post("/v1/gateways/gw-la/hold", json={"reason": "x"}, headers=token())).status_code == 404
    person = {"Lienthong-Person": quote("Trần Thị Mẫu")}
    answer = await at[AXIS].post(path, json={"reason": "bảo trì"}, headers=token() | person)
    assert (answer.json()["hold"], answer.json()["order"]) == ("paused", "Lê Văn Mẫu/Trần Thị Mẫu: bảo trì")
    assert HELD.keys() == {DEDICATED}
    found = {each["id"]: each for each in (await at[AXIS].get("/v1/gateways", headers=token(GUARD))).json()}
    assert found[DEDICATED]["tenants"] == 3
    resumed = await at[AXIS].post(f"/v1/gateways/{DEDICATED}/resume", json={"reason": "xong"}, headers=token())
    assert resumed.json()["hold"] == ""


async def test_diagnostics_look_at_what_a_hop_stands_on(at: dict[str, Any]) -> None:
    told = (await at[AXIS].get("/v1/diagnostics", headers=token(GUARD))).json()
    assert {each["name"]: each["code"] for each in told}["registry"] == ""
    assert {each["name"]: each["code"] for each in told}["broken"] == "unavailable"
