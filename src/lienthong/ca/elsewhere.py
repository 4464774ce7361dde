"""Certificate requests for keys that lie elsewhere: in a telephone, or at a remote signing service.

Such a key signs its PKCS#10 as it signs documents: the person sees what it is for and confirms it there. Until it has a
certificate the provider tells its public half; what comes back is checked against that.
"""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import aiohttp
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key, load_pem_public_key

from lienthong.adapters.keyring import Calling, phone_key
from lienthong.adapters.signers.remote import remote_key
from lienthong.ca import profiles
from lienthong.ca.drafting import draft
from lienthong.ca.names import Subject
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import PublicHalf, public_half, require_sound, spki
from lienthong.ca.unsigned import Unsigned, family, request
from lienthong.delivery.ports import Clock
from lienthong.errors import ConfigurationInvalid, KeyUnavailable
from lienthong.signature.keys import Answer, Order, Outcome, SigningKey

PATIENCE = timedelta(minutes=3)
_ASK_AGAIN = 2.0


def half_of(told: bytes, clock: Clock) -> PublicHalf:
    """The public half a provider told, DER. ValueError, AlgorithmNotAllowed for one nobody could be certified for."""
    key = load_der_public_key(told)
    require_sound(key, "people", clock.now())
    return public_half(key)  # type: ignore[arg-type]  # sound, so one of ours


def nameless(half: PublicHalf, clock: Clock) -> bytes:
    """A certificate nobody signed, DER, in place of the one the key is going to have: adapters check values by it."""
    asked = Request(profiles.PERSON, Subject("chưa có chứng thư / no certificate yet"))
    return draft(asked, half, None, clock.now(), family=family(half.key), serial=1).signed(b"")


async def request_elsewhere(key: SigningKey, half: PublicHalf, name: str, clock: Clock, secret: str = "") -> bytes:
    """The PKCS#10 of a person's key where it lies, PEM, confirmed there within `PATIENCE`.

    KeyUnavailable when the person said no or did not answer; SecretWrong; nothing is kept anywhere.
    """
    drafted = request(Subject(name).to_name(), half.spki)
    outcome = await _settled(key, _order(drafted, name, clock), clock, secret)
    if outcome.answer is not Answer.SIGNED:
        raise KeyUnavailable(f"{key.id}: {outcome.answer.value} {outcome.detail}".strip())
    return x509.load_der_x509_csr(drafted.signed(outcome.value)).public_bytes(Encoding.PEM)


def _order(drafted: Unsigned, name: str, clock: Clock) -> Order:
    digest = sha256(drafted.content).digest()
    code = f"{int.from_bytes(digest[:4]) % 10_000:04d}"
    words = f"Yêu cầu cấp chứng thư cho {name}"[:200]
    return Order(digest.hex()[:32], drafted.content, digest, words, code, clock.now() + PATIENCE)


async def _settled(key: SigningKey, order: Order, clock: Clock, secret: str) -> Outcome:
    """Asked until the person has answered; an order that ran out is an answer."""
    submission = await key.submit([order], secret)
    found = submission.outcomes[0] if submission.outcomes else Outcome(order.id, Answer.WAITING)
    while found.answer is Answer.WAITING:
        await clock.sleep(_ASK_AGAIN)
        [found] = await key.outcomes(submission.handle, [order])
    return found


async def request_at(place: Path, told: Path, name: str, clock: Clock, secret: str = "") -> bytes:
    """The same for the key that `<id>.remote` or `<id>.phone` describes; `told` is its public half, PEM or DER.

    ConfigurationInvalid; the rest as `request_elsewhere`.
    """
    half = half_of(_spki(told), clock)
    leaf = nameless(half, clock)
    async with aiohttp.ClientSession() as session:
        phone = place.suffix == ".phone"
        key = phone_key(place, Calling(session, clock.now), leaf) if phone else remote_key(place, leaf)
        return await request_elsewhere(key, half, name, clock, secret)


def _spki(told: Path) -> bytes:
    data = told.read_bytes()
    try:
        pem = data.lstrip().startswith(b"-----BEGIN")
        return spki(load_pem_public_key(data) if pem else load_der_public_key(data))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationInvalid(f"{told}: {error}") from error
