"""Bad input at the VXP face: the SDK's own shape with a code and a sentence, a row in the trail, nothing told of others."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from lienthong.adapters.guard import Admission, Guard
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import Party, ResponseFor, StatusMessage, write
from lienthong.errors import Busy
from lienthong.gateway.vxp import roster
from lienthong.gateway.vxp.face import Callers
from lienthong.gateway.vxp.systems import System
from vxp_made import SECRETS, Sdk, Stand, code_of, edxml, shaped, standing, timestamp

pytestmark = pytest.mark.faults


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as found:
        yield found


async def trailed(stand: Stand, system: str = "phan-mem-h29") -> list[tuple[str, str, str, int]]:
    house = stand.house(system)
    await house.trail.keep()
    return [(row.system, row.call, row.code, row.count) for row in await house.kept.trail("", 100)]


async def asked(sdk: Sdk, headers: dict[str, str], path: str = "/getReceivedEdocList") -> dict[str, Any]:
    return shaped(await sdk.http.post(path, content=b"", headers=headers), path)


def resigned(sdk: Sdk, text: str) -> dict[str, str]:
    """Rightly signed, whatever it is."""
    made = hmac.new(sdk.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return sdk.signed(**{"XroadVnpt-sign-header": text, "XroadVnpt-hash-header": made})


# ---------------------------------------------------------------- who calls


async def test_a_wrong_hmac_and_an_unknown_system_are_told_the_same(stand: Stand) -> None:
    wrong, nobody = stand.sdk("phan-mem-h29", "bi-mat-khac"), stand.sdk("khong-co", "bi-mat-khac")
    nobody.http = wrong.http
    told = [await asked(sdk, sdk.signed()) for sdk in (wrong, nobody)]
    assert told[0] == told[1]
    assert code_of(told[0]) == "token-invalid"
    assert told[0]["ErrorCode"] == "401"
    assert not any(word in json.dumps(told) for word in (*SECRETS.values(), "khong-co", "phan-mem"))
    assert await trailed(stand) == [("", "/getReceivedEdocList", "token-invalid", 2)]


async def test_every_comparison_is_made_whoever_calls(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = hmac.compare_digest
    monkeypatch.setattr(roster.hmac, "compare_digest", lambda a, b: (made.append(1), real(a, b))[1])
    for system, secret in (("phan-mem-h29", ""), ("phan-mem-h29", "sai"), ("khong-co", "sai")):
        sdk = stand.sdk(system, secret)
        before = len(made)
        await stand.sdk("phan-mem-h29").http.post("/getAgenciesList", headers=sdk.signed())
        assert len(made) - before == 1


@pytest.mark.parametrize("missing", ["systemid", "sign-header", "hash-header"])
async def test_unsigned_calls_are_nobodys(stand: Stand, missing: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    headers = {name: value for name, value in sdk.signed().items() if name != f"XroadVnpt-{missing}"}
    assert code_of(await asked(sdk, headers)) == "token-invalid"


async def test_a_header_that_is_not_the_signed_one(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    sdk.headers |= {"messagetype": "edoc"}
    told = await asked(sdk, sdk.signed(**{"XroadVnpt-messagetype": "status"}))
    assert code_of(told) == "token-invalid"
    assert "XroadVnpt-messagetype" in told["ErrorDesc"]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"a":1}', '{"XroadVnpt-systemid":null}', "[" * 50_000])
async def test_signed_nonsense(stand: Stand, text: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    assert code_of(await asked(sdk, resigned(sdk, text))) == "invalid-value"


async def test_headers_that_are_no_text(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    for name in ("systemid", "sign-header", "hash-header", "timestamp"):
        headers = {key: value.encode() for key, value in sdk.signed().items()} | {f"XroadVnpt-{name}": b"\xff\xfe\xed"}
        told = shaped(await sdk.http.post("/getAgenciesList", headers=headers), "/getAgenciesList")
        assert code_of(told) == "token-invalid"


async def test_a_space_that_http_does_not_keep_changes_nothing(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    assert (await sdk.call("/getReceivedEdocList", messagetype="edoc "))["status"] == "OK"


async def test_words_no_database_can_hold_do_not_hold_up_the_trail(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    assert code_of(await asked(sdk, resigned(sdk, '{"a\\u0000b":"c"}'))) == "token-invalid"
    rows = await stand.house("phan-mem-h29").kept.trail("", 10) if await trailed(stand) else []
    assert all(row.detail.isprintable() for row in rows)


async def test_what_is_signed_must_say_who_and_when(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    of_time = json.dumps({"XroadVnpt-timestamp": sdk.headers["timestamp"]})
    assert code_of(await asked(sdk, resigned(sdk, of_time))) == "token-invalid"
    of_name = json.dumps({"XroadVnpt-systemid": sdk.system})
    assert code_of(await asked(sdk, resigned(sdk, of_name))) == "invalid-value"


@pytest.mark.parametrize(("days", "code"), [(-40, "clock-skewed"), (1, "clock-skewed"), (-30, "")])
async def test_a_stale_or_early_time(stand: Stand, days: int, code: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    sdk.headers |= {"timestamp": timestamp(stand.world.clock.now() + timedelta(days=days)), "messagetype": "edoc"}
    told = await asked(sdk, sdk.signed())
    assert (code_of(told) if code else told["ErrorCode"]) == (code or "0")


@pytest.mark.parametrize(
    "text", ["", "22112026", "32112026T133005+0143", "2026-11-22T13:30:05Z", "٢٢112026T133005+0143"]
)
async def test_a_time_that_is_none(stand: Stand, text: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    sdk.headers["timestamp"] = text
    headers = {name: value.encode() for name, value in sdk.signed().items()}
    told = shaped(await sdk.http.post("/getAgenciesList", headers=headers), "/getAgenciesList")
    assert code_of(told) == "invalid-value"


async def test_a_system_may_have_a_window_of_its_own(stand: Stand) -> None:
    house, sdk = stand.house("phan-mem-h29"), stand.sdk("phan-mem-h29")
    text = await house.roster.add(System("he-thong-moi", "Mới", ("H29",), house.gateway.now(), (), 3600))
    sdk.system, sdk.secret, sdk.headers = "he-thong-moi", text, {**sdk.headers, "systemid": "he-thong-moi"}
    assert (await sdk.waiting()) == []
    stand.world.clock.advance(timedelta(hours=2))
    assert code_of(await asked(sdk, sdk.signed())) == "clock-skewed"


async def test_rotated_secrets_count_side_by_side_for_a_while_and_revoked_ones_no_more(stand: Stand) -> None:
    house, old = stand.house("phan-mem-h29"), stand.sdk("phan-mem-h29")
    text = await house.roster.rotate(old.system, house.gateway.now(), timedelta(hours=1))
    new = stand.sdk("phan-mem-h29", text)
    assert await old.waiting() == await new.waiting() == []
    stand.world.clock.advance(timedelta(hours=1))
    assert code_of(await asked(old, old.signed())) == "token-invalid"
    assert await new.waiting() == []
    await house.roster.revoke(old.system, house.gateway.now(), "")
    assert code_of(await asked(new, new.signed())) == "token-invalid"
    text = await house.roster.rotate(old.system, house.gateway.now(), timedelta(0))
    assert await stand.sdk("phan-mem-h29", text).waiting() == []


# ---------------------------------------------------------------- what is sent


async def test_a_wrong_file_hash(stand: Stand) -> None:
    sdk, data = stand.sdk("phan-mem-h29"), edxml("H29", "G22")
    for wrong in ("", "0" * 64, hashlib.sha256(data + b"x").hexdigest()):
        sdk.headers |= {"from": "H29", "messagetype": "edoc", "hash-file": wrong}
        came = await sdk.http.post("/sendEdoc", content=data, headers=sdk.signed())
        told = shaped(came, "/sendEdoc")
        assert (code_of(told), told["DocId"]) == ("checksum-wrong", "")
    full = hashlib.sha256(data).hexdigest()
    sdk.headers["hash-file"] = full.upper()
    assert shaped(await sdk.http.post("/sendEdoc", content=data, headers=sdk.signed()), "/sendEdoc")["status"] == "OK"


@pytest.mark.parametrize(
    ("sender", "told_from", "code"),
    [
        ("G22", "G22", "not-allowed"),  # another gateway's
        ("H29.131", "H29.131", "not-allowed"),  # this gateway's, not this system's
        ("H29.01", "H29", "sender-not-represented"),  # the envelope says otherwise
        ("H29", "H99", "not-allowed"),
        ("H29", "", "invalid-value"),
    ],
)
async def test_a_sender_the_system_does_not_serve(stand: Stand, sender: str, told_from: str, code: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    assert code_of(await sdk.send(edxml(sender, "G22"), told_from)) == code
    assert ("phan-mem-h29", "/sendEdoc", code, 1) in await trailed(stand)


@pytest.mark.parametrize(
    "data",
    [b"", b"PGVkWE1MPg==", b"\xff" * 1000, b"<edXML", b'<!DOCTYPE x [<!ENTITY a "b">]><edXML/>', b"{}"],
)
async def test_garbage_for_a_package(stand: Stand, data: bytes) -> None:
    assert code_of(await stand.sdk("phan-mem-h29").send(data, "H29")) in {"envelope-unreadable", "envelope-unsafe"}


async def test_the_message_type_must_be_that_of_the_file(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    assert code_of(await sdk.send(edxml("H29", "G22"), "H29", "status")) == "envelope-unreadable"
    assert code_of(await sdk.send(edxml("H29", "G22"), "H29", "thu")) == "invalid-value"


@pytest.mark.parametrize(
    ("to", "code"), [("H99", "recipient-unknown"), ("H29.28", "recipient-closed"), ("H50", "recipient-unknown")]
)
async def test_a_receiver_that_is_none(stand: Stand, to: str, code: str) -> None:
    assert code_of(await stand.sdk("phan-mem-h29").send(edxml("H29", to), "H29")) == code


async def test_a_status_for_a_foreign_document(stand: Stand) -> None:
    await stand.sdk("phan-mem-h29").send(edxml("H29", "G09"), "H29")
    await stand.world.run()
    about = ResponseFor(OrganisationCode("H29"), DocumentId("H29,2026/11/22,15/CV-MẪU"))
    party = Party(OrganisationCode("G22"), "Cơ quan Mẫu")
    message = write(StatusMessage(sender=party, response=about, code=StatusCode("03")))
    assert code_of(await stand.sdk("phan-mem-g22").send(message, "G22", "status")) == "document-unknown"


# ---------------------------------------------------------------- what is another's


async def test_another_tenants_document_does_not_exist(stand: Stand) -> None:
    sent = await stand.sdk("phan-mem-h29").send(edxml("H29", "G09"), "H29")
    await stand.world.run()
    (item,) = await stand.sdk("phan-mem-g09").waiting()
    stranger = stand.sdk("phan-mem-g22")  # on the same gateway
    assert await stranger.waiting() == []
    for path, doc_id in (
        ("/getEdoc", item["docId"]),
        ("/updateStatus", item["docId"]),
        ("/getSentEdocList", sent["DocId"]),
    ):
        theirs = await stranger.call(path, b"{}", doc_id=doc_id, status="done", messagetype="edoc")
        nowhere = await stranger.call(path, b"{}", doc_id="0" * len(doc_id), status="done", messagetype="edoc")
        assert code_of(theirs) == code_of(nowhere) == "not-found"
    assert (await stand.sdk("phan-mem-g09").waiting()) == [item]


@pytest.mark.parametrize("doc_id", ["", "x", "../../etc/passwd", "0" * 5000, "' or 1=1"])
async def test_ids_that_are_none(stand: Stand, doc_id: str) -> None:
    sdk = stand.sdk("phan-mem-h29")
    for path in ("/getEdoc", "/updateStatus"):
        assert code_of(await sdk.call(path, b"{}", doc_id=doc_id, status="done")) == "not-found"
    assert code_of(await sdk.call("/updateStatus", b"{}", doc_id=doc_id, status="xong")) == "invalid-value"


async def test_two_systems_of_one_organisation_do_not_take_the_same_item(stand: Stand) -> None:
    house = stand.house("phan-mem-g22")
    text = await house.roster.add(System("thu-hai", "Thứ hai", ("G22",), house.gateway.now()))
    await stand.sdk("phan-mem-h29").send(edxml("H29", "G22"), "H29")
    await stand.world.run()
    first, second = stand.sdk("phan-mem-g22"), stand.sdk("thu-hai", text)
    (item,) = await second.waiting()
    await first.call("/updateStatus", b"{}", doc_id=item["docId"], status="processing")
    for wanted in ("processing", "done", "fail"):
        told = await second.call("/updateStatus", b"{}", doc_id=item["docId"], status=wanted)
        assert code_of(told) == "lock-lost"
    assert (await first.call("/updateStatus", b"{}", status="done"))["status"] == "OK"


# ---------------------------------------------------------------- wishes, addresses, floods


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name":"x"}', b'{"code":1}', b'{"code":""}', b"[" * 100_000])
async def test_a_wish_that_says_nothing(stand: Stand, body: bytes) -> None:
    assert code_of(await stand.sdk("phan-mem-h29").call("/registerAgency", body)) == "invalid-value"


async def test_nobody_gives_up_what_is_another_systems(stand: Stand) -> None:
    told = await stand.sdk("phan-mem-h29").call("/deleteAgency", b"{}", agency_code="H29.131")
    assert code_of(told) == "not-allowed"


async def test_addresses_that_are_none_and_bodies_too_large(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-h29")
    for method, path, status in (("POST", "/nothing", 404), ("GET", "/sendEdoc", 405)):
        came = await sdk.http.request(method, path, headers=sdk.signed())
        assert came.status_code == status
        assert came.json()["status"] == "FAIL"
    assert code_of(await sdk.call("/registerAgency", b"x" * (2**20 + 1))) == "package-too-large"


async def test_a_flood_is_refused_in_the_same_shape_and_counted_in_one_row() -> None:
    async with standing(Admission(rate=1.0, burst=20.0)) as stand:
        sdk = stand.sdk("phan-mem-g22")
        told = [await sdk.call("/countReceiveEdoc", method="GET") for _ in range(300)]
        refused = [each for each in told if each["status"] == "FAIL"]
        assert 270 <= len(refused) <= 280
        assert {code_of(each) for each in refused} == {"busy"}
        assert await stand.sdk("phan-mem-g09").waiting() == []
        rows = await trailed(stand, "phan-mem-g22")
        assert rows == [("phan-mem-g22", "/countReceiveEdoc", "busy", len(refused))]


async def test_ten_thousand_calls_of_one_system_take_no_other_ones_turn() -> None:
    async with standing() as stand:
        house, now = stand.house("phan-mem-g22"), [0.0]
        guard = Guard(Admission(rate=10.0, burst=100.0), Callers(house), under="/")
        guard.buckets.now = lambda: now[0]
        done: list[str] = []

        async def work(scope: Any, receive: Any, send: Any) -> None:
            done.append(scope["lienthong.caller"])

        async def call(system: str) -> bool:
            headers = [(name.encode(), value.encode()) for name, value in stand.sdk(system).signed().items()]
            scope: Any = {
                "type": "http",
                "method": "GET",
                "path": "/countReceiveEdoc",
                "headers": headers,
                "query_string": b"",
            }
            try:
                await guard.middleware(work)(scope, nothing, nothing)
            except Busy:
                return False
            return True

        async def nothing(*_: object) -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        for _ in range(10_000):
            await call("phan-mem-g22")
        assert done == ["phan-mem-g22"] * 100
        assert await call("phan-mem-g09")
        assert guard.work.used == 0
        now[0] = 1.0
        assert await call("phan-mem-g22")
