"""A document's life through the VXP face: sent, listed, fetched, taken, reported, told to its sender."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.delivery import Lane, Work, requeue
from lienthong.delivery.acts import Order
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import Edoc, Party, ResponseFor, StatusMessage, read, write
from lienthong.gateway.vxp.systems import System
from lienthong.testing.world import SHARED
from vxp_made import PDF, Stand, code_of, edxml, standing


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as found:
        yield found


async def delivered(stand: Stand, *recipients: str, number: str = "15") -> str:
    """A letter of H29's at its receivers' gateway; the sender's id."""
    told = await stand.sdk("phan-mem-h29").send(edxml("H29", *recipients, number=number), "H29")
    assert told["status"] == "OK", told
    await stand.world.run()
    return str(told["DocId"])


async def test_a_document_goes_from_software_to_software(stand: Stand) -> None:
    data = edxml("H29", "G22", "G09")
    sender, receiver = stand.sdk("phan-mem-h29"), stand.sdk("phan-mem-g22")
    sent = await sender.send(data, "H29")
    await stand.world.run()
    (item,) = await receiver.waiting()
    assert (item["from"], item["to"], item["status"], item["messageType"]) == ("H29", "G22", "initial", "edoc")
    fetched = await receiver.call("/getEdoc", b"{}", doc_id=item["docId"], filePath="C:\\van ban")
    assert base64.b64decode(fetched["data"]) == data
    assert (await receiver.call("/updateStatus", b"{}", status="done"))["status"] == "OK"
    assert await receiver.waiting() == []
    await stand.world.run()
    rows = (await sender.call("/getSentEdocList", doc_id=sent["DocId"]))["data"]
    told = {row["toCode"]: (row["sendStatus"], row["receiveStatus"]) for row in rows}
    assert told == {"G22": ("done", "done"), "G09": ("done", "initial")}
    assert {row["receiverDocId"] for row in rows} > {item["docId"]}
    assert {row["notation"] for row in rows} == {"15/CV-MẪU"}


async def test_what_was_repaired_is_told_to_the_sender(stand: Stand) -> None:
    sdk, data = stand.sdk("phan-mem-h29"), edxml("H29", "G22")
    usual = (await sdk.send(data, "H29"))["ErrorDesc"]
    assert usual.startswith("Thành công")
    for wild, code in ((b"1212" + data, "junk-before-prolog"), (data.decode().encode("utf-16"), "encoding-utf16")):
        told = await sdk.send(wild, "H29")
        assert (told["status"], code in told["ErrorDesc"], code in usual) == ("OK", True, False)
        await stand.world.run()
        files = [
            base64.b64decode((await stand.sdk("phan-mem-g22").call("/getEdoc", b"{}", doc_id=item["docId"]))["data"])
            for item in await stand.sdk("phan-mem-g22").waiting()
        ]
        assert wild in files


async def test_a_file_can_be_fetched_as_it_is(stand: Stand) -> None:
    await delivered(stand, "G22")
    receiver = stand.sdk("phan-mem-g22")
    (item,) = await receiver.waiting()
    came = await receiver.ask("/downloadEdoc", b"{}", doc_id=item["docId"], filePath="x")
    assert (came.headers["content-type"], came.content) == ("application/octet-stream", edxml("H29", "G22"))
    assert code_of(await receiver.call("/downloadEdoc", b"{}", doc_id="0" * 36)) == "not-found"


async def test_a_system_may_have_a_time_to_live_of_its_own(stand: Stand) -> None:
    """The SDK cannot say how long; another system that hands in the same file means the same package."""
    house, usual = stand.house("phan-mem-h29"), stand.sdk("phan-mem-h29")
    hour = System("gap", "Gấp", ("H29",), house.gateway.now(), time_to_live=3600)
    brief = replace(stand.sdk("phan-mem-h29", await house.roster.add(hour)), system="gap")
    brief.headers |= {"systemid": "gap"}
    data, later = edxml("H29", "H40"), edxml("H29", "H40", number="16")
    sent, other = await brief.send(data, "H29"), await usual.send(later, "H29")
    assert await usual.send(data, "H29") == sent
    await stand.world.run()
    stand.world.clock.advance(timedelta(hours=2))
    await stand.world.run()
    told = {
        row["senderDocId"]: row["sendStatus"]
        for row in (await usual.call("/getSentEdocList", messagetype="edoc"))["data"]
    }
    assert told == {sent["DocId"]: "fail", other["DocId"]: "done"}


async def test_what_is_not_delivered_in_time_fails_at_its_sender(stand: Stand) -> None:
    """H40's gateway never answers: under way, until its time is over; then the row says so, in words."""
    sender = stand.sdk("phan-mem-h29")
    sent = await delivered(stand, "H40")
    (row,) = (await sender.call("/getSentEdocList", doc_id=sent, messagetype="edoc"))["data"]
    assert (row["sendStatus"], row["receiveStatus"]) == ("done", "initial")
    stand.world.clock.advance(timedelta(days=4))
    await stand.world.run()
    (row,) = (await sender.call("/getSentEdocList", doc_id=sent, messagetype="edoc"))["data"]
    assert (row["sendStatus"], row["receiveStatus"]) == ("fail", "fail")
    assert "hạn" in row["sendStatusDesc"], row


async def test_a_status_travels_back(stand: Stand) -> None:
    await delivered(stand, "G22")
    receiver = stand.sdk("phan-mem-g22")
    (item,) = await receiver.waiting()
    await receiver.call("/updateStatus", b"{}", doc_id=item["docId"], status="done")
    about = ResponseFor(OrganisationCode("H29"), DocumentId("H29,2026/11/22,15/CV-MẪU"))
    sender = Party(OrganisationCode("G22"), "Cơ quan Mẫu")
    message = StatusMessage(sender=sender, response=about, code=StatusCode.ARRIVED)
    assert (await receiver.send(write(message), "G22", "status"))["status"] == "OK"
    await stand.world.run()
    issuer = stand.sdk("phan-mem-h29")
    assert (await issuer.call("/countReceiveStatus", method="GET"))["count"] == 1
    assert (await issuer.call("/countReceiveEdoc", method="GET"))["count"] == 0
    (came,) = await issuer.waiting("status")
    text = base64.b64decode((await issuer.call("/getEdoc", b"{}", doc_id=came["docId"]))["data"])
    assert isinstance(read(text).message, StatusMessage)


async def test_the_same_file_again_is_the_same_package(stand: Stand) -> None:
    sdk, data = stand.sdk("phan-mem-h29"), edxml("H29", "G22")
    first = await sdk.send(data, "H29")
    assert await sdk.send(data, "h29 ") == first
    await stand.world.run()
    assert await stand.sdk("phan-mem-h29").send(data, "000.00.00.H29") == first
    assert len(await stand.sdk("phan-mem-g22").waiting()) == 1


async def test_one_item_for_each_organisation_a_system_serves(stand: Stand) -> None:
    await delivered(stand, "G22", "H34", "G09")
    items = await stand.sdk("phan-mem-g22").waiting()
    assert {item["to"] for item in items} == {"G22", "H34"}
    assert len({item["docId"] for item in items}) == 2
    assert all(len(item["docId"]) == 36 for item in items)


async def test_processing_hides_it_until_the_hold_is_over(stand: Stand) -> None:
    await delivered(stand, "G22")
    sdk = stand.sdk("phan-mem-g22")
    (item,) = await sdk.waiting()
    for _ in range(2):
        assert (await sdk.call("/updateStatus", b"{}", doc_id=item["docId"], status="processing"))["status"] == "OK"
    assert await sdk.waiting() == []
    assert (await sdk.call("/getEdoc", b"{}"))["status"] == "OK"
    stand.world.clock.advance(stand.house("phan-mem-g22").hold)
    assert len(await stand.sdk("phan-mem-g22").waiting()) == 1
    assert (await sdk.call("/updateStatus", b"{}", status="done"))["status"] == "OK"
    assert (await sdk.call("/updateStatus", b"{}", status="done"))["status"] == "OK"
    assert code_of(await sdk.call("/updateStatus", b"{}", status="fail")) == "illegal-move"


async def test_what_failed_waits_for_an_operator(stand: Stand) -> None:
    await delivered(stand, "G22")
    sdk, hop = stand.sdk("phan-mem-g22"), stand.world.hop(SHARED)
    (item,) = await sdk.waiting()
    for _ in range(2):
        assert (await sdk.call("/updateStatus", b"{}", doc_id=item["docId"], status="fail"))["status"] == "OK"
    assert await sdk.waiting() == []
    troubles = stand.world.stations[SHARED].store.disk.state.troubles.values()
    assert [(each.work, each.code, each.dead) for each in troubles] == [(Work.HANDOVER, "handover-failed", True)]
    await requeue(hop, Order("Người Vận Hành", "đã sửa phần mềm"), item["docId"][:32])
    (again,) = await sdk.waiting()
    assert again["docId"] == item["docId"]
    await sdk.call("/updateStatus", b"{}", status="fail")
    assert (await sdk.call("/updateStatus", b"{}", status="initial"))["status"] == "OK"
    assert len(await sdk.waiting()) == 1
    await sdk.call("/updateStatus", b"{}", status="fail")
    assert (await sdk.call("/updateStatus", b"{}", status="done"))["status"] == "OK"
    assert stand.world.leg(SHARED, item["docId"][:32], "G22", Lane.IN).state == "handed-over"


async def test_a_package_of_parts_is_fetched_as_one_file(stand: Stand) -> None:
    large = bytes(range(256)) * 4096
    files = {"to-trinh.pdf": PDF, "ban-do.pdf": b"%PDF" + large}
    await stand.world.send("H29", ["G22"], files=files)
    await stand.world.run()
    sdk = stand.sdk("phan-mem-g22")
    (item,) = await sdk.waiting()
    text = base64.b64decode((await sdk.call("/getEdoc", b"{}", doc_id=item["docId"]))["data"])
    message = read(text).message
    assert isinstance(message, Edoc)
    assert {each.name: each.content.data for each in message.attachments} == files


async def test_a_wish_is_kept_once(stand: Stand) -> None:
    sdk, house = stand.sdk("phan-mem-g22"), stand.house("phan-mem-g22")
    body = json.dumps(
        {"id": "1", "pcode": "G22", "code": "G09", "name": "Bộ mẫu", "mail": None, "mobile": 84, "fax": ""}
    )
    for _ in range(2):
        told = await sdk.call("/registerAgency", body.encode())
        assert told["status"] == "OK"
        assert "chờ" in told["ErrorDesc"]
    assert (await sdk.call("/deleteAgency", b"{}", agency_code="H34"))["status"] == "OK"
    known = await sdk.call("/registerAgency", body.replace("G09", "H34").encode())
    assert known["ErrorDesc"].startswith("Thành công")
    wishes = await house.kept.wishes(waiting=True)
    assert [(wish.act, wish.code, wish.said.get("name")) for wish in wishes] == [
        ("register", "G09", "Bộ mẫu"),
        ("delete", "H34", None),
    ]


async def test_the_directory_in_both_generations(stand: Stand) -> None:
    sdk = stand.sdk("phan-mem-g22")
    rows = (await sdk.call("/getAgenciesList"))["data"]
    codes = {row["code"]: row["oldCode"] for row in rows}
    assert codes["H29"] == "000.00.00.H29"
    assert "H29.27" not in codes
    assert {row["code"] for row in (await sdk.call("/getAgenciesListQD20", level="1"))["data"]} == {
        code for code in codes if "." not in code
    }
    assert "code102" in (await sdk.call("/getAgenciesListQD20", level=""))["data"][0]
    units = {row["code"]: row for row in (await sdk.call("/getSynchronizeUnit"))["data"]}
    assert (units["H29.27"]["deleted"], units["H29"]["deleted"], units["G09"]["centerCode"]) == ("true", "false", "G22")
    assert all(isinstance(value, str) for row in units.values() for value in row.values())
