"""Sessions that give signatures which last: proofs of a real authority inside, stamps of a real time-stamping authority."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest

from ca_process import CaProcess, ca_process, real_now
from lienthong.adapters.asking import Sources
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.timestamps import TsaClient
from lienthong.ca import Issued, requests
from lienthong.errors import InvalidValue, SigningDiffers, Unavailable
from lienthong.gateway.basis import Court
from lienthong.gateway.signing_levels import Enclosure, lasting, require_level
from lienthong.gateway.signing_work import signing_round
from lienthong.signature import Verdict
from lienthong.signature.facts.gather import gather
from lienthong.signature.judging import Trust, judge, shipped
from lienthong.signature.keys import KeyKind
from lienthong.signature.model import Role
from lienthong.signature.session.model import Level, State
from lienthong.testing.clock import FakeClock
from lienthong.testing.proofs import MemoryProofs
from signing_desk import TENANT, FakeKey, Office, wished
from unit.signature.authority import Soft
from unit.signature.documents import composed, sealed

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(Limits(children=1)) as found:
        yield found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def key(issued: Issued, name: str) -> FakeKey:
    return FakeKey(name, Soft(issued.key, issued.certificate, issued.chain))  # type: ignore[arg-type]  # an RSA key


@pytest.fixture
def court(ca: CaProcess, session: aiohttp.ClientSession) -> Court:
    authority = ca.home.authority
    sources = Sources(session, frozenset({urlsplit(ca.url).netloc}), 5.0)
    trust = Trust("t", authority.roots, (authority.issuing.certificate,))
    index = RevocationIndex((*trust.roots, *trust.others))
    return Court(shipped(), trust, index, real_now, MemoryProofs(), sources, [f"{ca.url}/crl/root.crl"])


@pytest.fixture
async def office(ca: CaProcess, court: Court, session: aiohttp.ClientSession, examiner: Examiner) -> Office:
    made = Office()
    made.clock.advance(real_now() - made.clock.now())
    person = requests.person("Nguyễn Văn Mẫu", organisation="Bộ Mẫu", locality="Hà Nội")
    seal = requests.document_seal("Bộ Mẫu", locality="Hà Nội", tax_code="0100000000", budget_code="1000000")
    issued = [ca.home.issue(each, real_now(), each.profile.name) for each in (person, seal)]
    made.keys.keys[TENANT] = {"leader": key(issued[0], "leader"), "seal": key(issued[1], "seal")}
    await court.refresh()
    stamper = TsaClient(f"{ca.url}/tsa", session)
    made.signing = replace(
        made.signing,
        trusting=lambda: court.basis().trusting(),
        stamper=stamper,
        examine=examiner.examining,
        proving=court.enclosure,
    )
    return made


async def signed(office: Office, id: str, role: Role, level: Level, file: bytes) -> bytes:
    await office.begin(wished(id, role, role.value, level=level), file)
    office.clock.advance(timedelta(seconds=1))
    assert (await office.complete(id)).session.state is State.SIGNED
    return await office.signed(id)


async def test_leader_and_seal_that_last(office: Office, court: Court):
    """Years later, when every certificate has run out and nobody answers any more, the file proves itself."""
    first = await signed(office, "a", Role.LEADER, Level.LT, composed().pdf)
    assert [each.level for each in court.basis().judge(gather(first), real_now()).signatures] == ["B-LT"]
    whole = await signed(office, "b", Role.SEAL, Level.LTA, first)
    assert whole.startswith(first)
    later = real_now() + timedelta(days=365 * 15)
    report = judge(gather(whole), shipped("strict"), court.trust, None, later)
    assert [(each.level, each.verdict) for each in report.signatures] == [("B-LTA", Verdict.VALID)] * 2


async def test_levels_are_offered_where_they_can_be_given(office: Office):
    assert office.signing.levels == tuple(Level)
    assert replace(office.signing, proving=None).levels == (Level.B, Level.T)
    assert replace(office.signing, stamper=None).levels == (Level.B,)
    by_program = {"key": "", "kind": KeyKind.PLUGIN, "certificate": b""}
    with pytest.raises(InvalidValue):
        await office.begin(wished("p", level=Level.T, **by_program))


async def test_without_proofs_the_session_stands_and_can_be_repeated(office: Office, court: Court):
    """Nothing is signed at a lower level than was asked for."""
    sources, court.sources, court.proofs = court.sources, None, MemoryProofs()
    kept = await office.begin(wished(level=Level.LT))
    with pytest.raises(Unavailable):
        await office.complete("a")
    found = await office.sessions.get(TENANT, kept.session.id)
    assert found is not None
    assert found.session.state is State.WAITING
    court.sources = sources
    court.known = RevocationIndex((*court.trust.roots, *court.trust.others))
    await court.refresh()
    await signing_round(office.signing)
    assert gather(await office.signed("a")).signatures[0].intact


async def test_what_does_not_reach_its_level_is_not_given_out():
    clock = FakeClock(real_now())
    with pytest.raises(SigningDiffers, match="nothing proves"):
        await lasting(sealed(), Level.LT, Enclosure(()), _never(clock), ((), ()))
    for facts in (gather(sealed()), gather(composed().pdf), gather(b"nothing")):
        with pytest.raises(SigningDiffers):
            require_level(facts, Level.LTA)


def _never(_: FakeClock) -> TsaClient:
    return TsaClient("http://127.0.0.1:9", None)  # type: ignore[arg-type]  # never asked
