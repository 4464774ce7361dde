"""Validation as a service: files brought and files known by their digest alone, for those who have them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from litestar.testing import TestClient
from lxml import html

from lienthong.adapters.http import openapi
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.errors import EnvelopeUnreadable, InvalidValue, NotFound, Unavailable
from lienthong.gateway import app, desk, known_files
from lienthong.gateway.basis import Basis
from lienthong.gateway.checking import COUNTS, Checking
from lienthong.gateway.composing import File, Metadata
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Caller
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import NOTHING_KNOWN, Revocation, Trust, shipped
from lienthong.signature.reporting import verified
from lienthong.testing.clock import FakeClock
from lienthong.testing.known import MemoryKnown
from lienthong.testing.pki import MOMENT, pki
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, World
from unit.signature.authority import authority
from unit.signature.documents import sealed, signed

SAID = Metadata("5", "QĐ-BNV", "Thử kiểm tra", ("G09",), signer_name="Nguyễn Văn Mẫu", issued="2026-11-22")
TABLE = b"PK\x03\x04 a table"
SERVICE = Trust("t", pki().roots)


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@dataclass
class Knowing:
    """What is known of revocation: nothing, in a version that tests move."""

    epoch: str = "1"

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        return NOTHING_KNOWN


@dataclass
class House:
    """A gateway whose checks are counted."""

    world: World
    gateway: Gateway
    known: MemoryKnown
    clock: FakeClock = field(default_factory=lambda: FakeClock(MOMENT))
    trust: Trust = field(default_factory=lambda: Trust("a", (authority().root,)))
    knowing: Knowing = field(default_factory=Knowing)
    looks: int = 0
    judged: int = 0

    @property
    def checking(self) -> Checking:
        assert self.gateway.checking is not None
        return self.gateway.checking

    def basis(self) -> Basis:
        return Basis(shipped(), self.trust, self.knowing)

    async def examine(self, data: bytes) -> Facts:
        self.looks += 1
        await asyncio.sleep(0)
        return gather(data)

    async def learn(self, _: Facts) -> None:
        await asyncio.sleep(0)

    async def send(self, *files: tuple[str, bytes], message_id: str = "m-1") -> str:
        given = [File(name, "application/octet-stream", data) for name, data in files]
        sent = await desk.send(self.gateway, "H29", message_id, SAID, given, None)
        await known_files.listing(self.gateway, self.known)
        return sent

    async def file(self, sha: str, tenant: str = "H29", policy: str = "") -> known_files.CheckedFile:
        return await known_files.file(self.gateway, self.checking, tenant, sha, policy)


@pytest.fixture
def house() -> House:
    world = World()
    station = world.stations[DEDICATED]
    tenants = MemoryTenants()
    tenants.signers["H29"] = world.signer("H29")
    tenants.callers = {"token": Caller("H29", "office"), "other": Caller("G09", "office")}
    bare = Gateway(station.hop, station.store, station.bell, tenants, station.wire)
    made = House(world, bare, MemoryKnown())
    key = pki().gateway(DEDICATED).seal_signer()
    checking = Checking(DEDICATED, made.known, made.examine, made.learn, made.basis, key, made.clock.now)

    def counted(question: Any) -> Any:
        made.judged += 1
        return inner(question)

    inner = checking.verdict.__wrapped__  # type: ignore[attr-defined]  # what the cache stands before
    made.gateway = replace(bare, checking=replace(checking, verdict=type_of_cache(counted)))
    return made


def type_of_cache(work: Any) -> Any:
    from functools import lru_cache  # noqa: PLC0415  # the same cache over work that is counted

    return lru_cache(16)(work)


async def test_a_file_that_is_brought_is_looked_at_once(house: House):
    first = await known_files.check(house.gateway, house.checking, "H29", sealed(), "")
    assert first.report is not None
    assert (first.sha256, first.stands, len(first.report["signatures"])) == (digest(sealed()), (), 2)
    assert await known_files.check(house.gateway, house.checking, "H29", sealed(), "") == first
    assert await house.file(first.sha256) == first
    assert (house.looks, house.judged) == (1, 1)


async def test_a_look_that_failed_is_tried_again(house: House):
    plain = house.checking.examine

    async def late(data: bytes) -> Facts:
        return replace(await plain(data), readable="it took longer than 30 seconds", signatures=())

    tired = replace(house.checking, examine=late)
    first = await known_files.check(house.gateway, tired, "H29", signed(), "")
    assert first.report is not None
    assert first.report["conclusion"] == "cannot tell"
    again = await known_files.check(house.gateway, house.checking, "H29", signed(), "")
    assert again.report is not None
    assert again.report["signatures"]


async def test_a_verdict_is_kept_until_what_it_leans_on_changes(house: House):
    await known_files.check(house.gateway, house.checking, "H29", signed(), "")
    sha = digest(signed())
    strict = await house.file(sha, policy="strict")
    assert strict.report is not None
    assert strict.report["policy"].startswith("strict/")
    house.trust = Trust("b", ())
    other = await house.file(sha)
    assert other.report is not None
    assert other.report["signatures"][0]["reason"] == "unknown"
    house.knowing.epoch = "2"
    await house.file(sha)
    house.clock.advance(COUNTS)
    await house.file(sha)
    assert (house.looks, house.judged) == (1, 5)
    with pytest.raises(InvalidValue):
        await house.file(sha, policy="none")


async def test_what_others_brought_or_have_is_not_told(house: House):
    await known_files.check(house.gateway, house.checking, "H29", signed(), "")
    with pytest.raises(NotFound):
        await house.file(digest(signed()), "G09")
    with pytest.raises(NotFound):
        await house.file("0" * 64)


async def test_attachments_are_known_by_their_digest_alone(house: House):
    sent = await house.send(("van-ban.pdf", sealed()), ("bang.xlsx", TABLE))
    found = await house.file(digest(TABLE))
    assert [(each.name, each.document.id, each.document.number) for each in found.stands] == [("bang.xlsx", sent, "5")]
    assert found.report is not None
    assert found.report["sentence_en"].startswith("The file is not a PDF")
    main = await house.file(digest(sealed()))
    assert main.report is not None
    assert [each["role"] for each in main.report["signatures"]] == ["leader", "seal"]
    assert main.stands[0].name == "van-ban.pdf"
    with pytest.raises(NotFound):
        await house.file(digest(TABLE), "G09")  # it has not arrived there


async def test_a_file_stands_in_several_documents(house: House):
    ids = [await house.send(("a.pdf", signed()), message_id=f"m-{number}") for number in range(2)]
    found = await house.file(digest(signed()))
    assert {each.document.id for each in found.stands} == set(ids)
    assert house.looks == 1


async def test_one_package_that_cannot_be_read_hides_no_other(house: House, monkeypatch: pytest.MonkeyPatch):
    shelf = type(house.gateway.shelf)
    plain = shelf.files
    broken: list[Exception] = [Unavailable(), EnvelopeUnreadable(), RuntimeError()]

    async def files(self: Any, hop: Any, package: Any) -> Any:
        if package.message_id == "bad":
            raise broken[0]
        return await plain(self, hop, package)

    monkeypatch.setattr(shelf, "files", files)
    with pytest.raises(Unavailable):
        await house.send(("x.pdf", b"%PDF x"), message_id="bad")
    for error in broken[1:]:
        broken[0] = error
        await house.send(("a.pdf", signed()), message_id=f"m-{type(error).__name__}")
    assert len((await house.file(digest(signed()))).stands) == 2


async def test_what_was_only_brought_is_let_go(house: House):
    await known_files.check(house.gateway, house.checking, "H29", signed(), "")
    hop = replace(house.gateway.hop, clock=house.clock)
    await known_files.forgetting(hop, house.known)
    assert await house.file(digest(signed()))
    house.clock.advance(known_files.KEEP + timedelta(days=1))
    await known_files.forgetting(hop, house.known)
    with pytest.raises(NotFound):
        await house.file(digest(signed()))


# ---------------------------------------------------------------- over HTTP


@contextmanager
def calling(house: House, token: str = "token") -> Iterator[TestClient[Any]]:  # noqa: S107 - a name, no secret
    about = openapi("t", "1", "")
    with TestClient(app.desk(house.gateway, EXCEPTION_HANDLERS, about, [])) as found:
        found.headers["Authorization"] = f"Bearer {token}"
        yield found


QUIET = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")


@QUIET
def test_the_addresses(house: House):
    with calling(house) as called:
        checked = called.post("/v1/signatures/files", content=sealed(), headers={"Content-Type": "application/pdf"})
        assert checked.status_code == 200, checked.text
        sha = checked.json()["sha256"]
        assert called.get(f"/v1/signatures/files/{sha}").json() == checked.json()
        token = called.get(f"/v1/signatures/files/{sha}/report")
        assert token.headers["content-type"].startswith("application/jose")
        stated = verified(token.text, SERVICE)
        assert (stated.statement.service, stated.statement.facts) == (DEDICATED, checked.json()["facts"])
        assert stated.statement.report.as_dict() == checked.json()["report"]
        page = called.get(f"/v1/signatures/files/{sha}/report?form=html")
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert "Nguyễn Văn Mẫu" in html.fromstring(page.content).text_content()


@QUIET
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "", b"", 400, "invalid-value"),
        ("GET", "/" + "0" * 64, b"", 404, "not-found"),
        ("GET", "/" + "0" * 64 + "/report", b"", 404, "not-found"),
        ("GET", "/" + "0" * 63, b"", 400, "invalid-value"),
        ("GET", "/" + "0" * 64 + "?policy=../x", b"", 400, "invalid-value"),
        ("POST", "?policy=lax", b"%PDF", 400, "invalid-value"),
        ("GET", "/" + "0" * 64 + "/report?form=pdf", b"", 400, "invalid-value"),
    ],
)
def test_what_is_refused(house: House, method: str, path: str, body: bytes, status: int, code: str):
    with calling(house) as called:
        answer = called.request(method, f"/v1/signatures/files{path}", content=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


@QUIET
def test_a_stranger_and_a_file_that_is_no_pdf(house: House):
    with calling(house, "nobody") as called:
        assert called.post("/v1/signatures/files", content=b"%PDF").status_code == 401
    with calling(house) as called:
        told = called.post("/v1/signatures/files", content=TABLE).json()["report"]
        assert (told["conclusion"], told["legal_value"]) == ("cannot tell", "for information only")
