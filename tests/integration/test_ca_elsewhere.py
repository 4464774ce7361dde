"""Certificates for keys in a telephone and at a remote service: asked for, confirmed and issued, against real wires."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ca_house import CaWorld, ca_world, person
from lienthong.ca.elsewhere import request_at
from lienthong.ca.life.states import CaseState
from lienthong.errors import AlgorithmNotAllowed, ConfigurationInvalid, KeyUnavailable, SecretWrong
from lienthong.testing.clock import FakeClock
from lienthong.testing.phone import Habit as PhoneHabit
from lienthong.testing.phone import PhoneProvider, Telephone
from lienthong.testing.pki import pki
from lienthong.testing.remote import CLIENT, SECRET, Account, Habit, RemoteProvider

pytestmark = pytest.mark.integration
PERSON, NUMBER, PIN = pki().leader(), "84900000001", "135790"
NAME = "Nguyễn Văn Mẫu"


class Hasty(FakeClock):
    """Nobody waits: whoever sleeps moves the hand."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    (tmp_path / "public.pem").write_bytes(
        PERSON.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    async with ca_world(tmp_path / "ca") as world:
        yield world


def secret_file(place: Path, text: str) -> str:
    place.write_text(text)
    place.chmod(0o600)
    return place.name


@pytest.fixture
async def telephone(tmp_path: Path, ca: CaWorld) -> AsyncIterator[tuple[PhoneProvider, Path]]:
    async with PhoneProvider(ca.clock.now) as provider:
        provider.telephones[NUMBER] = Telephone(PERSON)
        token = secret_file(tmp_path / "token", provider.token)
        text = f'subscriber = "{NUMBER}"\ncarrier = "{provider.url}"\ntoken_file = "{token}"\n'
        (tmp_path / "own.phone").write_text(text)
        yield provider, tmp_path / "own.phone"


@pytest.fixture
async def service(tmp_path: Path, ca: CaWorld) -> AsyncIterator[tuple[RemoteProvider, Path]]:
    async with RemoteProvider(tmp_path, ca.clock.now) as provider:
        provider.accounts["own"] = Account(PERSON, pin=PIN, habit=Habit.UNCERTIFIED)
        told = {"service": provider.url, "client": CLIENT, "credential": "own", "ca_file": str(provider.ca)}
        told["secret_file"] = secret_file(tmp_path / "secret", SECRET)
        (tmp_path / "own.remote").write_text("".join(f'{name} = "{value}"\n' for name, value in told.items()))
        yield provider, tmp_path / "own.remote"


async def issued(ca: CaWorld, text: bytes) -> None:
    """The request is good for a certificate of that very key."""
    asked = x509.load_pem_x509_csr(text)
    assert asked.is_signature_valid
    done = await ca.done(person(csr=text.decode()))
    assert done.state is CaseState.ISSUED
    made = x509.load_der_x509_certificate((await ca.held(done.about)).certificate)
    assert made.public_key() == PERSON.key.public_key()


async def test_a_key_in_a_telephone(ca: CaWorld, telephone: tuple[PhoneProvider, Path]) -> None:
    provider, place = telephone
    await issued(ca, await request_at(place, place.parent / "public.pem", NAME, ca.clock))
    [call] = provider.seen
    assert call.display == f"Yêu cầu cấp chứng thư cho {NAME}"
    assert call.code.isdigit()


@pytest.mark.parametrize("habit", [PhoneHabit.REFUSES, PhoneHabit.IGNORES, PhoneHabit.LIES, PhoneHabit.OTHER_SESSION])
async def test_a_telephone_that_does_not_say_yes(
    ca: CaWorld, telephone: tuple[PhoneProvider, Path], habit: PhoneHabit
) -> None:
    provider, place = telephone
    provider.telephones[NUMBER] = Telephone(PERSON, habit)
    provider.now = (clock := Hasty()).now
    with pytest.raises(KeyUnavailable):
        await request_at(place, place.parent / "public.pem", NAME, clock)


async def test_a_key_at_a_remote_service(ca: CaWorld, service: tuple[RemoteProvider, Path]) -> None:
    _, place = service
    await issued(ca, await request_at(place, place.parent / "public.pem", NAME, ca.clock, PIN))


async def test_a_service_whose_key_is_another(ca: CaWorld, service: tuple[RemoteProvider, Path]) -> None:
    provider, place = service
    public = place.parent / "public.pem"
    with pytest.raises(SecretWrong):
        await request_at(place, public, NAME, ca.clock, "000000")
    provider.accounts["own"] = Account(pki().document_seal(), pin=PIN, habit=Habit.UNCERTIFIED)
    with pytest.raises(KeyUnavailable, match="signing-differs"):
        await request_at(place, public, NAME, ca.clock, PIN)


async def test_public_halves_that_are_none(ca: CaWorld, telephone: tuple[PhoneProvider, Path]) -> None:
    provider, place = telephone
    weak = pki().weak("G09").key.public_key()
    for data, error in (
        (b"junk", ConfigurationInvalid),
        (weak.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), AlgorithmNotAllowed),
    ):
        (place.parent / "public.pem").write_bytes(data)
        with pytest.raises(error):
            await request_at(place, place.parent / "public.pem", NAME, ca.clock)
    assert provider.seen == []
