"""What a gateway knows of revocation, learnt from a real authority over HTTP, and what its verdicts make of it."""

import time  # noqa: TID251  # a real authority takes real time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from cryptography import x509

from ca_process import CaProcess, ca_process, real_now
from lienthong.adapters.asking import Sources
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca import Issued, requests
from lienthong.gateway.basis import FRESH, RESTS, Court
from lienthong.signature import Role, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import Trust, shipped
from lienthong.signature.model import Report, Verdict
from lienthong.testing.proofs import MemoryProofs
from unit.signature.documents import composed, leader_look

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@dataclass
class House:
    """A gateway's court with a clock of its own."""

    ca: CaProcess
    session: aiohttp.ClientSession
    proofs: MemoryProofs = field(default_factory=MemoryProofs)
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return real_now() + self.ahead

    def court(self, *, hosts: bool = True, lists: bool = True) -> Court:
        authority = self.ca.home.authority
        others = (authority.issuing.certificate,)
        place = urlsplit(self.ca.url).netloc
        sources = Sources(self.session, frozenset({place} if hosts else ()), 5.0)
        named = [f"{self.ca.url}/crl/root.crl"] if lists else []
        index = RevocationIndex((*authority.roots, *others))
        return Court(shipped(), Trust("t", authority.roots, others), index, self.now, self.proofs, sources, named)


@pytest.fixture
def house(ca: CaProcess, session: aiohttp.ClientSession) -> House:
    return House(ca, session)


def signed(ca: CaProcess, name: str) -> tuple[Issued, Facts]:
    person = ca.home.issue(requests.person(name, organisation="Bộ Mẫu", locality="Hà Nội"), real_now(), "person")
    signer = SoftDocumentSigner(person.key, person.certificate, person.chain)
    return person, gather(sign(composed().pdf, signer, Role.LEADER, leader_look(), real_now()))


def reason(report: Report) -> str:
    return report.signatures[0].reason


async def test_a_good_signature_is_asked_about_and_the_answer_kept(house: House):
    court = house.court()
    await court.refresh()
    _, facts = signed(house.ca, "Nguyễn Văn Mẫu")
    report = await court.judged(facts)
    assert (report.conclusion, reason(report)) == (Verdict.VALID, "valid")
    assert not {note.code for note in report.signatures[0].notes} & {"revocation-not-checked", "revocation-unknown"}
    kinds = [proof.kind.value for _, proof in await house.proofs.since(0, 9)]
    assert kinds == ["crl", "ocsp"]


async def test_what_was_revoked_is_revoked_and_stays_so_without_asking(house: House):
    person, facts = signed(house.ca, "Trần Thị Ví Dụ")
    house.ca.home.revoke(person.certificate, real_now() - timedelta(days=1), x509.ReasonFlags.key_compromise)
    house.ahead = timedelta(seconds=2)  # the authority's answers are a second old at most
    court = house.court()
    await court.refresh()
    report = await _until(court, facts, "revoked")
    assert report.conclusion is Verdict.INVALID
    silent = house.court(hosts=False, lists=False)
    await silent.recall()
    assert reason(await silent.judged(facts)) == "revoked"


async def _until(court: Court, facts: Facts, wanted: str) -> Report:
    deadline = time.monotonic() + 20
    while True:
        report = await court.judged(facts)
        if reason(report) == wanted:
            return report
        assert time.monotonic() < deadline, report
        court.known = RevocationIndex((*court.trust.roots, *court.trust.others))
        await court.refresh()


async def test_a_fresh_answer_is_not_asked_for_again_and_an_old_one_is(house: House, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    answer: Callable[..., object] = Sources.answer

    async def counted(self: Sources, url: str, certificate: bytes, issuer: bytes) -> object:
        asked.append(url)
        return await answer(self, url, certificate, issuer)  # type: ignore[misc]  # a coroutine function

    monkeypatch.setattr(Sources, "answer", counted)
    court = house.court()
    await court.refresh()
    _, facts = signed(house.ca, "Lê Văn Mẫu")
    for _ in range(3):
        await court.judged(facts)
    assert len(asked) == 1
    house.ahead = FRESH + timedelta(minutes=1)
    await court.judged(facts)
    assert len(asked) == 2


async def test_a_host_nobody_named_is_never_asked(house: House):
    court = house.court(hosts=False)
    await court.refresh()
    _, facts = signed(house.ca, "Phạm Thị Mẫu")
    report = await court.judged(facts)
    assert (report.conclusion, reason(report)) == (Verdict.CANNOT_TELL, "revocation-unknown")
    assert "not-allowed" in court.trouble[f"{house.ca.url}/crl/root.crl"]
    assert await house.proofs.since(0, 9) == []


async def test_an_authority_that_is_silent_leaves_the_verdict_open_and_is_left_alone_a_while(
    session: aiohttp.ClientSession, tmp_path: Path
):
    with ca_process(tmp_path) as gone:
        _, facts = signed(gone, "Hoàng Văn Mẫu")
        house = House(gone, session)
        court = house.court()
        await court.refresh()
        gone.stop()
        report = await court.judged(facts)
        assert (report.conclusion, reason(report)) == (Verdict.CANNOT_TELL, "revocation-unknown")
        [place] = [url for url in court.trouble if url.endswith("/ocsp")]
        assert court.trouble[place].startswith("unavailable")
        court.trouble.clear()
        await court.judged(facts)
        assert court.trouble == {}
        house.ahead = RESTS + timedelta(seconds=1)
        await court.judged(facts)
        assert place in court.trouble


async def test_what_is_known_grows_stale(house: House):
    court = house.court()
    await court.refresh()
    _, facts = signed(house.ca, "Đỗ Thị Mẫu")
    await court.judged(facts)
    court.sources = None
    house.ahead = timedelta(days=3)
    assert reason(await court.judged(facts)) == "revocation-stale"


class Liar:
    """An authority whose answers are of somebody else, nonsense, or of another certificate."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def responders(self, _certificate: bytes) -> tuple[str, ...]:
        return ("http://liar.example/ocsp",)

    async def answer(self, _url: str, _certificate: bytes, _issuer: bytes) -> bytes:
        return self.data

    async def list(self, _url: str) -> bytes:
        return self.data


async def test_lying_authorities_are_not_believed(house: House, tmp_path: Path):
    _, facts = signed(house.ca, "Vũ Văn Mẫu")
    court = house.court()
    await court.refresh()
    other, _ = signed(house.ca, "Bùi Thị Mẫu")
    real = Sources(house.session, frozenset({urlsplit(house.ca.url).netloc}))
    about_another = await real.answer(
        f"{house.ca.url}/ocsp", other.certificate, house.ca.home.authority.issuing.certificate
    )
    for data in (b"", b"khong phai", about_another, await real.list(f"{house.ca.url}/crl/issuing.crl")):
        court.sources = Liar(data)
        house.ahead += RESTS + timedelta(seconds=1)
        assert reason(await court.judged(facts)) == "revocation-unknown"
        assert court.trouble["http://liar.example/ocsp"].startswith("evidence-broken")
