"""A recorded conversation of SDK 2.0.x, made-up data in the recording's shape, played to two gateways, reply for reply."""

import json
from pathlib import Path
from typing import Any

from vxp_made import HOMES, SECRETS, SERVES, standing

RECORD: dict[str, Any] = json.loads((Path(__file__).parent / "vxp" / "conversation.json").read_text("utf-8"))
STEPS: list[dict[str, Any]] = RECORD["steps"]


async def test_every_reply_is_the_recorded_one() -> None:
    async with standing() as stand:
        for step in STEPS:
            if step.get("run"):
                await stand.world.run()
            client = stand.clients[HOMES[step["who"]]]
            headers = [(name, value) for name, value in step["headers"]]
            came = await client.request(step["method"], step["path"], content=step["body"].encode(), headers=headers)
            assert came.status_code == 200
            assert came.headers["content-type"].startswith("application/json")
            assert came.json() == step["reply"], step["say"]


def test_the_record_is_of_the_systems_here() -> None:
    known = {name: {"gateway": HOMES[name], "secret": SECRETS[name], "serves": list(SERVES[name])} for name in SECRETS}
    assert RECORD["systems"] == known


def test_the_record_has_what_the_sdk_is_known_for() -> None:
    told = [{name.removeprefix("XroadVnpt-"): value for name, value in step["headers"]} for step in STEPS]
    digests = {each["hash-file"] for each in told if "hash-file" in each}
    assert any(len(digest) < 64 for digest in digests)
    lists = [each for step, each in zip(STEPS, told, strict=True) if step["path"] == "/getReceivedEdocList"]
    assert any({"hash-file", "from", "level"} <= each.keys() for each in lists)
    assert all(
        json.loads(each["sign-header"]).keys() == {f"XroadVnpt-{name}" for name in each["sign-header-key"].split(";")}
        for each in told
    )
    assert len({each["timestamp"] for each in told}) == 1
    assert {step["path"] for step in STEPS} >= {
        "/sendEdoc", "/getReceivedEdocList", "/getEdoc", "/updateStatus", "/getSentEdocList", "/getAgenciesList",
        "/getAgenciesListQD20", "/getSynchronizeUnit", "/registerAgency", "/deleteAgency", "/countReceiveEdoc",
    }  # fmt: skip
