"""The form check at the desk: warn, refuse, off; kept beside the report; asked for before sending."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
from litestar.testing import TestClient

from form_made import ANNEX, MAIN, report
from lienthong import client
from lienthong.adapters.http import openapi
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.delivery import Search
from lienthong.document import package_id
from lienthong.envelope.writer import write
from lienthong.errors import FormRefused, NotFound
from lienthong.gateway import app, desk
from lienthong.gateway.composing import File, LargeFile, Metadata
from lienthong.gateway.desk import Gateway
from lienthong.gateway.forming import LOOKED_AT, TOO_LARGE, Forms, FormSettings, Mode, SealWidth, contents
from lienthong.gateway.ports import Caller
from lienthong.gateway.workers import looking
from lienthong.signature import Report
from lienthong.signature.facts.model import Facts
from lienthong.signature.form import Expected
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, SHARED, World

LOOKS = {b"%PDF main": MAIN, b"%PDF odd": replace(MAIN, active=("JavaScript",)), b"%PDF annex": ANNEX}
SAID = Metadata("5", "QĐ-BNV", "Thử thể thức", ("G09",), signer_name="Nguyễn Văn Mẫu", issued="2026-11-22")


class Prepared:
    """Facts known beforehand, by content; counts its looks."""

    def __init__(self) -> None:
        self.looks = 0

    async def look(self, pdf: bytes) -> tuple[Facts, Report]:
        self.looks += 1
        return LOOKS[pdf], report(LOOKS[pdf])


def gateway(world: World, mode: Mode, place: str = DEDICATED) -> Gateway:
    station = world.stations[place]
    forms = Forms(FormSettings(mode, (SealWidth("H29", 36.0),)), Prepared())
    tenants = MemoryTenants()
    tenants.signers["H29"] = world.signer("H29")
    return Gateway(station.hop, station.store, station.bell, tenants, station.wire, form=forms)


async def unexpected(_: bytes) -> Report:
    raise AssertionError("with the form check on, the report comes from its looker")


def pdf(name: str, content: bytes) -> File:
    return File(name, "application/pdf", content)


ODD = [pdf("quyet-dinh.pdf", b"%PDF odd"), pdf("phu-luc.pdf", b"%PDF annex"), pdf("khac.pdf", b"not one")]


async def test_a_warning_gateway_takes_the_document_and_keeps_what_was_found() -> None:
    world = World()
    house = gateway(world, Mode.WARN)
    sent = await desk.send(house, "H29", "m-1", SAID, ODD, None)
    found = (await desk.document(house, "H29", sent)).findings
    assert set(found) == {"quyet-dinh.pdf", "phu-luc.pdf"}
    assert "active-content" in {each.code for each in found["quyet-dinh.pdf"]}
    assert {each.code for each in found["phu-luc.pdf"]} <= {"seal-organisation-differs"}


async def test_a_repeat_is_not_looked_at_again() -> None:
    world = World()
    house = gateway(world, Mode.WARN)
    for _ in range(2):
        await desk.send(house, "H29", "m-1", SAID, ODD, None)
    assert isinstance(house.form.looker, Prepared)
    assert house.form.looker.looks == 2


async def test_a_refusing_gateway_records_nothing_and_tells_what_was_found() -> None:
    world = World()
    house = gateway(world, Mode.REFUSE)
    with pytest.raises(FormRefused) as refused:
        await desk.send(house, "H29", "m-1", SAID, ODD, None)
    told = json.loads(refused.value.facts["findings"])
    assert {each["severity"] for each in told} == {"error"}
    assert {"quyet-dinh.pdf"} <= {each["file"] for each in told}
    with pytest.raises(NotFound):
        await desk.document(house, "H29", package_id("H29", "m-1"))


async def test_a_gateway_that_does_not_look_finds_nothing() -> None:
    world = World()
    house = gateway(world, Mode.OFF)
    sent = await desk.send(house, "H29", "m-1", SAID, ODD, None)
    assert (await desk.document(house, "H29", sent)).findings == {}


async def test_what_would_be_found_is_told_beforehand_and_nothing_is_kept() -> None:
    world = World()
    house = gateway(world, Mode.REFUSE)
    found = await desk.form_check(house, "H29", replace(SAID, recipients=(), number="6"), ODD)
    assert {"active-content", "number-differs"} <= {each.code for each in found["quyet-dinh.pdf"]}
    assert (await desk.listing(house, "H29", Search())).entries == ()


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def test_of_a_large_upload_only_a_pdf_of_bearable_size_is_brought_into_memory() -> None:
    hop = World().hop(DEDICATED)
    found = {}
    for name, data in {
        "ban-do.tif": b"II*\0" * 100,
        "nho.pdf": b"%PDF-1.7 x",
        "to.pdf": b"%PDF" + bytes(LOOKED_AT),
    }.items():
        digest = sha256(data).hexdigest()
        await hop.objects.append(name, 0, pieces(data))
        file = LargeFile(name, "application/octet-stream", len(data), digest, name)
        ((_, found[name]),) = await contents(hop, [file])
    assert found == {"ban-do.tif": b"II*\0", "nho.pdf": b"%PDF-1.7 x", "to.pdf": None}
    told = await Forms(FormSettings(), Prepared()).one("to.pdf", None, Expected())
    assert (told.report, told.findings) == (TOO_LARGE, ())


async def test_an_edxml_file_is_looked_into_as_well() -> None:
    world = World()
    house = gateway(world, Mode.REFUSE)
    message = world.edoc("H29", ["G09"], files={"odd.pdf": b"%PDF odd"})
    with pytest.raises(FormRefused):
        await desk.send_edxml(house, "H29", "m-2", write(message, {"tep-1": b"%PDF odd"}), None)


async def test_a_document_that_arrives_gets_its_findings_with_its_report() -> None:
    world = World()
    package = await world.send("H29", ["G09"], files={"odd.pdf": b"%PDF odd"}, number="5", notation="QĐ-BNV")
    await world.run()
    house = gateway(world, Mode.WARN, SHARED)
    await looking(house, unexpected)
    found = (await desk.document(house, "G09", package.id)).findings
    assert "active-content" in {each.code for each in found["odd.pdf"]}


# the framework finds our way of declaring queries old; that is no matter of this test
@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
def test_over_http_findings_are_asked_for_returned_and_refused() -> None:
    """What the published addresses say, read by the client's own values."""
    house = gateway(World(), Mode.REFUSE)
    tenants = house.tenants
    assert isinstance(tenants, MemoryTenants)
    tenants.callers["t"] = Caller("H29", "phần mềm")
    form = {"metadata": msgspec.json.encode(SAID).decode()}
    files = [("files", (file.name, file.content, "application/pdf")) for file in ODD]
    with TestClient(app.desk(house, EXCEPTION_HANDLERS, openapi("t", "1", "t"), [])) as http:
        http.headers["Authorization"] = "Bearer t"
        told = http.post("/v1/signatures/form-check", data=form, files=files)
        found = msgspec.json.decode(told.content, type=dict[str, tuple[client.Finding, ...]])
        refused = http.put("/v1/outgoing/m-1", data=form, files=files)
        good = http.put("/v1/outgoing/m-2", data=form, files=[("files", ("a.txt", b"text", "text/plain"))])
        sent = msgspec.json.decode(good.content, type=client.Document)
        kept = http.get(f"/v1/documents/{sent.entry.id}/findings")
        other = http.post("/v1/signatures/form-check", json={})
    assert {"active-content", "number-differs"} & {one.code for one in found["quyet-dinh.pdf"]}
    assert {one.severity for one in found["quyet-dinh.pdf"]} <= {"error", "warning", "note"}
    assert refused.status_code == 422
    assert refused.json()["code"] == "form-refused"
    assert json.loads(refused.json()["facts"]["findings"])[0]["file"] == "quyet-dinh.pdf"
    assert (kept.status_code, kept.json(), other.status_code) == (200, {}, 415)
