"""Lists, answers and the feed, held against OpenSSL, `cryptography` and the gateway's own index."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from ca_house import CaWorld, ca_world, home, person
from lienthong.adapters.answer_files import FolderAnswers
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca.issue import list_builder
from lienthong.ca.life.forms import ResumptionForm, SuspensionForm
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.ocsp import Responder
from lienthong.ca.registers import Held
from lienthong.ca.status.answers import FRESH, Answers
from lienthong.ca.status.board import Board
from lienthong.ca.status.feeding import Feeding
from lienthong.ca.status.lists import FULL_EVERY, Lists
from lienthong.ca.unsigned import revocation_list, signed_by
from lienthong.errors import EvidenceBroken, NotFound
from lienthong.signature.judging import Standing
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration


def responders() -> dict[str, Responder]:
    found = {}
    for name, issuer in home().issuers.items():
        pair = home().service(f"answers-{name}")
        assert isinstance(pair.key, EllipticCurvePrivateKey)
        found[name] = Responder(pair.key, pair.certificate, issuer.certificate)
    return found


def openssl(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


class Desk:
    def __init__(self, world: CaWorld, folder: Path) -> None:
        self.ca, self.lists = world, Lists(world.house, world.registers)
        self.board = Board(world.registers, tuple(world.house.issuers))
        self.files = FolderAnswers(folder / "answers")
        self.answers = Answers(world.registers, self.board, responders(), world.clock.now, self.files)
        self.feed = Feeding(world.registers, responders(), world.clock.now)
        self.issuer = world.house.issuers["persons"]

    async def asked(self, held: Held, **more: object) -> ocsp.OCSPResponse:
        return ocsp.load_der_ocsp_response(await self.answers.answer("persons", self.question(held, **more)))

    def question(self, held: Held, nonce: bytes = b"", digest: hashes.HashAlgorithm | None = None) -> bytes:
        made = ocsp.OCSPRequestBuilder().add_certificate(
            x509.load_der_x509_certificate(held.certificate),
            self.issuer.own,
            digest or hashes.SHA1(),  # noqa: S303  # names the issuer (RFC 5019)
        )
        made = made.add_extension(x509.OCSPNonce(nonce), critical=False) if nonce else made
        return made.build().public_bytes(Encoding.DER)

    def index(self) -> RevocationIndex:
        return RevocationIndex([self.issuer.certificate], timedelta(hours=24))

    def standing(self, index: RevocationIndex, held: Held, later: timedelta = timedelta()) -> Standing:
        return index.of(held.certificate, self.issuer.certificate, self.ca.clock.now() + later).standing


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with ca_world(tmp_path / "ca") as world:
        yield Desk(world, tmp_path)


async def suspend(ca: CaWorld, held: Held, id: str = "s") -> None:
    await ca.done(SuspensionForm(organisation="H29.12", certificate=held.id), id, by="minh")


# ---------------------------------------------------------------- lists


async def test_a_list_is_what_openssl_takes(desk: Desk, tmp_path: Path) -> None:
    good, bad = await desk.ca.issued(person()), await desk.ca.issued(person("Trần Thị Ví Dụ"), "c2")
    await desk.ca.revoked(bad)
    assert await desk.lists.round() == 4
    assert await desk.lists.round() == 0
    found = (await desk.lists.published("persons", 0)).der(delta=False)
    pems = tmp_path / "ca.pem"
    own = x509.load_der_x509_certificate(home().root).public_bytes(Encoding.PEM)
    pems.write_bytes(own + desk.issuer.own.public_bytes(Encoding.PEM))
    crl = tmp_path / "list.pem"
    crl.write_bytes(x509.load_der_x509_crl(found).public_bytes(Encoding.PEM))
    for held, code in ((good, 0), (bad, 2)):
        leaf = tmp_path / "leaf.pem"
        leaf.write_bytes(x509.load_der_x509_certificate(held.certificate).public_bytes(Encoding.PEM))
        at = str(int((START + timedelta(minutes=1)).timestamp()))
        command = ["openssl", "verify", "-attime", at, "-CAfile", pems, "-CRLfile", crl, "-crl_check", "-extended_crl"]
        told = await asyncio.to_thread(openssl, *command[1:], leaf)
        assert told.returncode == code, told.stderr
        assert ("certificate revoked" in told.stderr) == (code == 2)


async def test_a_gateway_knows_a_partition_and_its_deltas(desk: Desk) -> None:
    first, second = await desk.ca.issued(person()), await desk.ca.issued(person("Trần Thị Ví Dụ"), "c2")
    await suspend(desk.ca, first)
    await desk.lists.round()
    index, now = desk.index(), desk.ca.clock.now()
    kept = await desk.lists.published("persons", 0)
    assert index.take(kept.der(delta=False), now) is not None
    assert [desk.standing(index, each) for each in (first, second)] == [Standing.SUSPENDED, Standing.GOOD]
    desk.ca.clock.advance(60)
    await desk.ca.done(ResumptionForm(organisation="H29.12", certificate=first.id), "r")
    await desk.ca.revoked(second)
    assert await desk.lists.round() == 1
    delta = (await desk.lists.published("persons", 0)).der(delta=True)
    assert index.take(delta, desk.ca.clock.now()) is not None
    assert [desk.standing(index, each) for each in (first, second)] == [Standing.GOOD, Standing.REVOKED]


async def test_silence_of_another_partition_means_nothing(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    elsewhere = list_builder(
        desk.issuer.own, (), START, START + timedelta(days=1), 1, place="http://ca.example/crl/persons/7.crl"
    )
    [der] = await signed_by(desk.issuer.key, [revocation_list(elsewhere, "p-256")])
    index = desk.index()
    index.take(der, START)
    assert desk.standing(index, held) is Standing.UNKNOWN


async def test_a_list_has_at_most_its_bound(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("carrying", "status.lists"):
        monkeypatch.setattr(f"lienthong.ca.{room}.PER_PARTITION", 2)
    held = [await desk.ca.issued(person(f"Nguyễn Văn {word}"), word) for word in ("An", "Bình", "Cường")]
    assert [each.partition for each in held] == [0, 0, 1]
    for each in held:
        await desk.ca.revoked(each, f"r{each.number}")
    await desk.lists.round()
    sizes = [
        len(list(x509.load_der_x509_crl((await desk.lists.published("persons", n)).der(delta=False)))) for n in (0, 1)
    ]
    assert sizes == [2, 1]
    with pytest.raises(NotFound):
        await desk.lists.published("persons", 2)


async def test_full_lists_come_again(desk: Desk) -> None:
    await desk.lists.round()
    before = await desk.lists.published("persons", 0)
    desk.ca.clock.advance(FULL_EVERY)
    assert await desk.lists.round() == 4
    assert (await desk.lists.published("persons", 0)).number > before.number


# ---------------------------------------------------------------- answers


async def test_an_answer_is_signed_beforehand(desk: Desk) -> None:
    held, gone = await desk.ca.issued(person()), await desk.ca.issued(person("Trần Thị Ví Dụ"), "c2")
    await desk.ca.revoked(gone)
    await desk.board.follow()
    assert await desk.answers.presign("persons") == 1
    kept = desk.files.read("persons", held.serial)
    assert kept is not None
    assert desk.files.read("persons", gone.serial) is None
    said = await desk.asked(held)
    assert said.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert said.public_bytes(Encoding.DER) == kept[0]
    assert desk.index().answered(kept[0], held.certificate, desk.issuer.certificate, START) is not None


async def test_what_was_signed_beforehand_is_not_given_after_a_revocation(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    await desk.answers.presign("persons")
    await desk.ca.revoked(held)
    await desk.board.follow()
    said = await desk.asked(held)
    assert (said.certificate_status, said.revocation_reason) == (
        ocsp.OCSPCertStatus.REVOKED,
        x509.ReasonFlags.key_compromise,
    )


async def test_live_answers(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    assert (await desk.asked(held)).certificate_status is ocsp.OCSPCertStatus.GOOD
    assert (await desk.asked(held, nonce=b"n" * 16)).extensions
    assert (await desk.asked(held, digest=hashes.SHA256())).certificate_status is ocsp.OCSPCertStatus.GOOD
    for junk in (b"", b"\xff" * 9, b"x" * 5000):
        said = ocsp.load_der_ocsp_response(await desk.answers.answer("persons", junk))
        assert said.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    with pytest.raises(NotFound):
        await desk.answers.answer("nobody", b"")


async def test_a_serial_number_nobody_gave_out(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        *desk.answers.responders["persons"].names["sha1"],
        held.serial + 1,
        hashes.SHA1(),  # noqa: S303  # names the issuer (RFC 5019)
    )
    said = await desk.answers.answer("persons", builder.build().public_bytes(Encoding.DER))
    assert ocsp.load_der_ocsp_response(said).certificate_status is ocsp.OCSPCertStatus.UNKNOWN


async def test_an_old_file_is_not_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await desk.ca.issued(person())
    await desk.answers.presign("persons")
    kept = desk.files.read("persons", held.serial)
    assert kept is not None
    monkeypatch.setattr(desk.files, "read", lambda *_: (kept[0], desk.ca.clock.now() - FRESH))
    desk.ca.clock.advance(9)
    assert (await desk.asked(held)).public_bytes(Encoding.DER) != kept[0]


# ---------------------------------------------------------------- the feed


async def test_a_gateway_follows_the_feed(desk: Desk) -> None:
    first, second = await desk.ca.issued(person()), await desk.ca.issued(person("Trần Thị Ví Dụ"), "c2")
    index = desk.index()
    page, _ = await desk.feed.page("persons", 0)
    assert index.take_feed(page, desk.ca.clock.now()) is None  # nothing changed, and that is known now
    assert desk.standing(index, first) is Standing.GOOD
    await suspend(desk.ca, first)
    await desk.ca.revoked(second)
    page, _ = await desk.feed.page("persons", index.fed_through(desk.issuer.certificate))
    assert index.take_feed(page, desk.ca.clock.now()) is not None
    assert [desk.standing(index, each) for each in (first, second)] == [Standing.SUSPENDED, Standing.REVOKED]
    await desk.ca.done(ResumptionForm(organisation="H29.12", certificate=first.id), "r")
    page, _ = await desk.feed.page("persons", index.fed_through(desk.issuer.certificate))
    index.take_feed(page, desk.ca.clock.now())
    assert desk.standing(index, first) is Standing.GOOD
    assert desk.standing(index, first, timedelta(hours=25)) is Standing.STALE
    assert desk.standing(index, second, timedelta(days=900)) is Standing.REVOKED


async def test_pages_that_do_not_hold(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    await desk.ca.revoked(held)
    page, _ = await desk.feed.page("persons", 0)
    gap, _ = await desk.feed.page("persons", 1)
    index, now = desk.index(), desk.ca.clock.now()
    for bad in (
        page.replace(b"keyCompromise", b"superseded___"),
        page[:-9],
        b"{}",
        b"\xff",
        b"x" * 2_000_000,
        gap,
        (await desk.feed.page("agencies", 0))[0],
    ):
        with pytest.raises(EvidenceBroken):
            index.take_feed(bad, now)
    with pytest.raises(EvidenceBroken):
        index.take_feed(page, now - timedelta(hours=1))
    assert desk.standing(index, held) is Standing.UNKNOWN
    assert index.take_feed(page, now) is not None
    assert index.take_feed(page, now) is None


async def test_a_suspension_on_an_old_list_gives_way_to_the_feed(desk: Desk) -> None:
    held = await desk.ca.issued(person())
    await suspend(desk.ca, held)
    await desk.lists.round()
    index = desk.index()
    index.take((await desk.lists.published("persons", 0)).der(delta=False), desk.ca.clock.now())
    desk.ca.clock.advance(60)
    await desk.ca.done(ResumptionForm(organisation="H29.12", certificate=held.id), "r")
    page, _ = await desk.feed.page("persons", 0)
    index.take_feed(page, desk.ca.clock.now())
    assert desk.standing(index, held) is Standing.GOOD


async def test_long_feeds_come_in_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthong.ca.status.feeding.MOST", 2)
    held = await desk.ca.issued(person())
    for number in range(5):
        state = CertificateState.SUSPENDED if number % 2 else CertificateState.ACTIVE
        fresh = replace(held, state=state, changed=START, reason=Reason.HOLD)
        await desk.ca.registers.write(lambda tx, fresh=fresh: tx.put_state(fresh))
    index, pages = desk.index(), 0
    more = True
    while more:
        page, more = await desk.feed.page("persons", index.fed_through(desk.issuer.certificate))
        index.take_feed(page, START)
        pages += 1
    assert (pages, index.fed_through(desk.issuer.certificate)) == (3, 5)
