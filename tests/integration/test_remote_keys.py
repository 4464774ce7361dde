"""Keys at a remote signing service (CSC API v2), against a simulated one over real TLS."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from typer.testing import CliRunner

from lienthong.adapters.keyring import open_folder
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.signers.csc import Service
from lienthong.adapters.signers.remote import RemoteKey
from lienthong.cli.main import app as command
from lienthong.errors import ConfigurationInvalid, InvalidValue, KeyUnavailable, SecretWrong, SigningDiffers
from lienthong.gateway import signing as service
from lienthong.gateway.signing_views import Answer as Given
from lienthong.signature import Verdict, validate
from lienthong.signature.cms import check_value
from lienthong.signature.keys import Answer, KeyKind, Order
from lienthong.signature.session.checks import Trusting
from lienthong.signature.session.model import State
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import MOMENT, pki
from lienthong.testing.remote import CLIENT, SECRET, Account, Habit, RemoteProvider
from signing_desk import TENANT, Office, wished
from unit.signature.documents import composed

pytestmark = pytest.mark.integration
PIN, OTP = "135790", "424242"
PERSON = pki().leader()
CURVED = SoftDocumentSigner(pki().seal("G09").key, pki().seal("G09").certificate)
Made = Callable[..., RemoteKey]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MOMENT)


@pytest.fixture
async def provider(tmp_path: Path, clock: FakeClock) -> AsyncIterator[RemoteProvider]:
    async with RemoteProvider(tmp_path, clock.now) as running:
        running.accounts["other"] = Account(pki().document_seal(), pin="0")
        yield running


@pytest.fixture
def make(provider: RemoteProvider) -> Made:
    """A key whose account is as given; the PIN is the gateway's unless `pin` says otherwise."""

    def key(account: Account | None = None, **changes: object) -> RemoteKey:
        held = provider.accounts["leader"] = account or Account(PERSON, pin=PIN)
        chain = tuple(held.signer.chain)
        at = Service(provider.url, CLIENT, SECRET, tls=provider.tls)
        made = RemoteKey("leader", held.signer.certificate, chain, at, "leader", PIN)
        return replace(made, **changes)  # type: ignore[arg-type]  # fields by name

    return key


def order(clock: FakeClock, id: str = "s1") -> Order:
    words = f"attributes of {id}".encode()
    return Order(id, words, hashlib.sha256(words).digest(), "15/QĐ-M V/v thử nghiệm", "4821", clock.now())


async def test_one_authorisation_signs_many_documents(make: Made, provider: RemoteProvider, clock: FakeClock):
    key, orders = make(), [order(clock, f"s{n}") for n in range(20)]
    assert key.kind is KeyKind.REMOTE
    submission = await key.submit(orders)
    assert [each.order for each in submission.outcomes] == [each.id for each in orders]
    for outcome, one in zip(submission.outcomes, orders, strict=True):
        check_value(PERSON.certificate, outcome.value, one.to_be_signed)
    (asked,) = provider.calls("credentials/authorize")
    assert asked["numSignatures"] == len(asked["hashes"]) == 20
    assert asked["description"].startswith("[4821] Ký 20 văn bản: 15/QĐ-M")
    assert PIN not in repr(key)
    assert SECRET not in repr(key)


async def test_a_person_gives_what_the_gateway_does_not_hold(make: Made, clock: FakeClock):
    both = Account(PERSON, pin=PIN, otp=OTP)
    assert (await make(both).submit([order(clock)], OTP)).outcomes[0].answer is Answer.SIGNED
    assert (await make(pin="").submit([order(clock)], PIN)).outcomes[0].answer is Answer.SIGNED
    with pytest.raises(SecretWrong, match="PIN, OTP"):
        await make(both).submit([order(clock)])
    with pytest.raises(SecretWrong):
        await make(both).submit([order(clock)], "000000")
    with pytest.raises(SecretWrong):
        await make(pin="000000").submit([order(clock)])


async def test_a_service_that_asks_the_person_itself_needs_no_secret(
    make: Made, provider: RemoteProvider, clock: FakeClock
):
    assert (await make(Account(PERSON), pin="").submit([order(clock)])).outcomes[0].answer is Answer.SIGNED
    assert provider.calls("credentials/authorize")[0]["authData"] == []


@pytest.mark.parametrize(
    ("habit", "answer", "detail"),
    [
        (Habit.REFUSES, Answer.REFUSED, "access_denied"),
        (Habit.OTHER_SESSION, Answer.FAILED, "signing-differs"),
        (Habit.SHORT, Answer.FAILED, "answer-of-another-session"),
    ],
)
async def test_answers_that_end_an_order(make: Made, clock: FakeClock, habit: Habit, answer: Answer, detail: str):
    (outcome,) = (await make(Account(PERSON, PIN, habit=habit)).submit([order(clock)])).outcomes
    assert (outcome.answer, outcome.detail, outcome.value) == (answer, detail, b"")


@pytest.mark.parametrize(
    ("habit", "error", "words"),
    [
        (Habit.LATE, KeyUnavailable, "SAD expired"),
        (Habit.OTHER_HASHES, KeyUnavailable, "not authorized"),
        (Habit.DISABLED, KeyUnavailable, "disabled"),
        (Habit.OTHER_CERTIFICATE, SigningDiffers, "certificate"),
    ],
)
async def test_trouble_that_signs_nothing(
    make: Made, clock: FakeClock, habit: Habit, error: type[Exception], words: str
):
    with pytest.raises(error, match=words):
        await make(Account(PERSON, PIN, habit=habit)).submit([order(clock)])


async def test_a_value_wanted_in_another_order_is_of_another_session(make: Made, clock: FakeClock):
    """The value verifies, only not over these bytes."""
    one, other = order(clock), order(clock, "s2")
    mixed = replace(one, digest=other.digest)
    assert (await make().submit([mixed])).outcomes[0].detail == "signing-differs"


async def test_more_than_one_authorisation_gives(make: Made, provider: RemoteProvider, clock: FakeClock):
    """With a PIN at hand it is asked for in turns; a person is not asked twice for one act."""
    orders, account = [order(clock, f"s{n}") for n in range(7)], Account(PERSON, PIN, multisign=3)
    outcomes = (await make(account).submit(orders)).outcomes
    assert [each.order for each in outcomes if each.answer is Answer.SIGNED] == [each.id for each in orders]
    assert [each["numSignatures"] for each in provider.calls("credentials/authorize")] == [3, 3, 1]
    with pytest.raises(InvalidValue, match="3"):
        await make(account, pin="").submit(orders, PIN)


async def test_the_credential_is_found_by_its_certificate(make: Made, provider: RemoteProvider, clock: FakeClock):
    assert (await make(credential="").submit([order(clock)])).outcomes[0].answer is Answer.SIGNED
    with pytest.raises(SigningDiffers):
        await make(credential="", certificate=pki().leader("Khác").certificate).submit([order(clock)])
    with pytest.raises(KeyUnavailable, match="credentialID"):
        await make(credential="none").submit([order(clock)])


async def test_a_curved_key(make: Made, clock: FakeClock):
    one = order(clock)
    (outcome,) = (await make(Account(CURVED, PIN)).submit([one])).outcomes
    check_value(CURVED.certificate, outcome.value, one.to_be_signed)


@pytest.mark.parametrize("trouble", ["down", "mumbles", "silent"])
async def test_a_service_in_trouble_is_worth_another_try(
    make: Made, provider: RemoteProvider, clock: FakeClock, trouble: str
):
    key = make(seconds=0.3 if trouble == "silent" else 45.0)
    setattr(provider, trouble, True)
    with pytest.raises(KeyUnavailable):
        await key.submit([order(clock)])
    setattr(provider, trouble, False)
    assert (await make().submit([order(clock)])).outcomes[0].answer is Answer.SIGNED


async def test_who_is_not_let_in_or_not_trusted(make: Made, provider: RemoteProvider, clock: FakeClock):
    at = make().service
    for wrong in (replace(at, secret="other"), replace(at, tls=None), replace(at, url="https://127.0.0.1:9")):
        with pytest.raises(KeyUnavailable):
            await make(service=wrong).submit([order(clock)])
    provider.specs = "1.0.4.0"
    with pytest.raises(KeyUnavailable, match=r"1\.0\.4\.0"):
        await make().submit([order(clock)])
    assert (await make(service=replace(at, oauth=at.url)).submit([order(clock)])).outcomes
    with pytest.raises(InvalidValue):
        await make().submit([])


async def test_an_answer_lost_on_the_way(make: Made, clock: FakeClock):
    assert (await make().outcomes("leader", [order(clock)]))[0].answer is Answer.SIGNED
    assert (await make(pin="").outcomes("leader", [order(clock)]))[0].answer is Answer.FAILED


async def test_a_bulk_through_the_gateway(make: Made, provider: RemoteProvider) -> None:
    office = Office()
    office.clock.advance(MOMENT - office.clock.now())
    office.trusting = Trusting(pki().roots)
    office.keys.keys[TENANT]["remote"] = make(Account(PERSON, PIN, OTP))
    first = await office.begin(wished("bulk", key="remote", documents=3), *[composed().pdf] * 3)
    with pytest.raises(SecretWrong):
        await service.complete_batch(office.signing, TENANT, first.session.batch, Given(secret="000000"))
    ended = await service.complete_batch(office.signing, TENANT, first.session.batch, Given(secret=OTP))
    assert [each.session.state for each in ended] == [State.SIGNED] * 3
    assert len(provider.calls("signatures/signHash")) == 1
    report = validate(await office.signed(ended[2].session.id), pki().roots, MOMENT)
    assert report.signatures[0].verdict is Verdict.VALID


def laid(folder: Path, provider: RemoteProvider, **changes: str) -> Path:
    """A folder of keys as a gateway has it."""
    folder.mkdir(exist_ok=True)
    words = {"service": provider.url, "client": CLIENT, "secret_file": "client.secret", "pin_file": "leader.pin"}
    words |= {"ca_file": str(provider.ca), **changes}
    (folder / "leader.remote").write_text("\n".join(f'{name} = "{value}"' for name, value in words.items()))
    for name, secret in (("client.secret", SECRET), ("leader.pin", PIN)):
        (folder / name).write_text(secret)
        (folder / name).chmod(0o600)
    chain = (PERSON.certificate, *PERSON.chain)
    pem = b"".join(load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in chain)
    (folder / "leader.pem").write_bytes(pem)
    return folder


async def test_a_folder_names_a_remote_key(
    make: Made, provider: RemoteProvider, clock: FakeClock, tmp_path: Path
) -> None:
    make()
    found = open_folder(laid(tmp_path / "keys", provider))["leader"]
    assert (found.kind, found.certificate) == (KeyKind.REMOTE, PERSON.certificate)
    assert (await found.submit([order(clock)])).outcomes[0].answer is Answer.SIGNED
    for wrong in ({"service": "http://ky.example"}, {"ca_file": "none.pem"}, {"secret_file": "none"}):
        with pytest.raises(ConfigurationInvalid):
            open_folder(laid(tmp_path / "wrong", provider, **wrong))


async def test_a_terminal_signs_with_a_remote_key(
    make: Made, provider: RemoteProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    monkeypatch.setattr(sys.modules["lienthong.cli.signature.sign"], "now", lambda: MOMENT)
    keys, paper, out = laid(tmp_path / "keys", provider), tmp_path / "15.pdf", tmp_path / "15-ky.pdf"
    paper.write_bytes(composed().pdf)
    words = ["signature", "sign", str(paper), "--keys", str(keys), "-o", str(out), "--json"]
    ran = await asyncio.to_thread(CliRunner().invoke, command, words)
    assert ran.exit_code == 0, ran.output
    report = validate(out.read_bytes(), pki().roots, MOMENT)
    assert report.signatures[0].verdict is Verdict.VALID
