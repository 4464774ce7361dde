"""A person's or an agency's key at a remote signing service (`csc`). Port: `signature.keys`.

What the service gives is believed only where it verifies: each value is checked against the certificate and the
document it was asked for.
"""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate

from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.files import read_secret
from lienthong.adapters.keys import load_chain
from lienthong.adapters.signers.csc import ECDSA_SHA256, RSA, RSA_SHA256, Credential, Refusal, Service, Talk
from lienthong.errors import ConfigurationInvalid, InvalidValue, KeyUnavailable, SecretWrong, SigningDiffers
from lienthong.signature.keys import Answer, KeyKind, Order, Outcome, Submission
from lienthong.signature.session.values import settled

SECONDS = 45.0
"""How long all of a conversation may take, a person's confirmation included; below the lease of a session's asker."""
_WRONG = frozenset({"invalid_pin", "invalid_otp"})


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A credential of a service: by its name there (`credential`), or found by its certificate.

    `pin` is a factor the gateway holds; what else the credential wants comes with each submission.
    """

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    service: Service
    credential: str = ""
    pin: str = field(default="", repr=False)
    seconds: float = SECONDS
    kind: KeyKind = KeyKind.REMOTE

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:
        """One authorisation bound to the digests of all orders, then their signatures.

        Raises KeyUnavailable, SecretWrong; InvalidValue for more than one authorisation may give; SigningDiffers when
        the service holds another certificate.
        """
        if not orders:
            raise InvalidValue("nothing to sign")
        try:
            async with asyncio.timeout(self.seconds), self.service.talk() as talk:
                return Submission(self.id, tuple(await self._signed(talk, orders, secret)))
        except TimeoutError as error:
            raise KeyUnavailable("dịch vụ ký không trả lời / the remote service does not answer") from error
        except Refusal as refusal:
            return Submission(self.id, _refused(refusal, orders))

    async def outcomes(self, _handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        """The service answers at once or not at all; what was lost on the way is signed again, if we hold the PIN."""
        if not self.pin:
            lost = "the answer was lost; authorise again"
            return [Outcome(order.id, Answer.FAILED, detail=lost) for order in orders]
        return (await self.submit(orders)).outcomes

    async def cancel(self, handle: str) -> None:
        """Nothing waits."""

    async def _signed(self, talk: Talk, orders: Sequence[Order], secret: str) -> list[Outcome]:
        name, found = await self._credential(talk)
        factors, algorithm = self._factors(found, secret), self._algorithm(found)
        most = max(1, found.multisign)
        if len(orders) > most and (secret or not self.pin):
            raise InvalidValue(f"tối đa {most} văn bản mỗi lần / at most {most} documents under one authorisation")
        outcomes: list[Outcome] = []
        for group in (orders[start : start + most] for start in range(0, len(orders), most)):
            hashes = [order.digest for order in group]
            sad = await talk.authorize(name, hashes, factors, _words(group))
            values = await talk.sign(name, sad, hashes, algorithm)
            outcomes += self._checked(group, values)
        return outcomes

    async def _credential(self, talk: Talk) -> tuple[str, Credential]:
        """The one the settings name, else the one that has our certificate."""
        names = [self.credential] if self.credential else await talk.credentials()
        for name in names:
            found = await talk.credential(name)
            if found.cert.certificates[:1] == (self.certificate,) or (self.credential and not found.cert.certificates):
                return name, _usable(found)  # one that is named may not have been certified yet
        raise SigningDiffers("dịch vụ ký giữ chứng thư khác / the remote service holds another certificate")

    def _factors(self, found: Credential, secret: str) -> dict[str, str]:
        """The PIN we hold is a password; what is left of the factors is what the person gave."""
        if found.auth.mode == "implicit":
            return {}
        if found.auth.mode != "explicit":
            raise KeyUnavailable(f"auth/mode: {found.auth.mode[:20]}")
        given: dict[str, str] = {}
        for factor in found.auth.objects:
            held = factor.type == "Password" and self.pin and self.pin not in given.values()
            given[factor.id] = self.pin if held else secret
        if not all(given.values()):
            raise SecretWrong(f"cần / needed: {', '.join(given)}"[:200])
        return given

    def _algorithm(self, found: Credential) -> str:
        curved = isinstance(load_der_x509_certificate(self.certificate).public_key(), ec.EllipticCurvePublicKey)
        for algorithm in (ECDSA_SHA256,) if curved else (RSA_SHA256, RSA):
            if algorithm in found.key.algo:
                return algorithm
        raise KeyUnavailable(f"key/algo: {', '.join(found.key.algo)}"[:200])

    def _checked(self, orders: Sequence[Order], values: Sequence[bytes]) -> list[Outcome]:
        if len(values) != len(orders):
            return [Outcome(each.id, Answer.FAILED, detail="answer-of-another-session") for each in orders]
        return [self._outcome(order, value) for order, value in zip(orders, values, strict=True)]

    def _outcome(self, order: Order, value: bytes) -> Outcome:
        try:
            return Outcome(order.id, Answer.SIGNED, settled(self.certificate, order.to_be_signed, value))
        except SigningDiffers as problem:
            return Outcome(order.id, Answer.FAILED, detail=problem.code)


def _usable(found: Credential) -> Credential:
    if found.key.status != "enabled" or found.cert.status not in {"", "valid"}:
        raise KeyUnavailable(f"key: {found.key.status[:20]}, cert: {found.cert.status[:20]}")
    return found


def _refused(refusal: Refusal, orders: Sequence[Order]) -> tuple[Outcome, ...]:
    """The person's no is an outcome; whatever else speaks against it may be mended, and the session stands."""
    if refusal.code in _WRONG:
        raise SecretWrong from refusal
    if refusal.code != "access_denied":
        raise KeyUnavailable(f"remote service: {refusal}") from refusal
    return tuple(Outcome(order.id, Answer.REFUSED, detail=refusal.code) for order in orders)


def _words(orders: Sequence[Order]) -> str:
    """What the service shows to whom it asks: the document, and the code that stands on our screen too."""
    first = orders[0]
    words = first.display if len(orders) == 1 else f"Ký {len(orders)} văn bản: {first.display}"
    return f"[{first.code}] {words}"[:200]


@dataclass(frozen=True, slots=True)
class _Said:
    service: str
    client: str
    secret_file: Path
    credential: str = ""
    oauth: str = ""
    ca_file: Path | None = None
    pin_file: Path | None = None


def remote_key(path: Path, leaf: bytes = b"") -> RemoteKey:
    """The key that `<id>.remote` describes: TOML with service, client, secret_file and, where needed, the others.

    Beside it lies `<id>.pem`: the leaf, then its chain, unless `leaf` (DER) is given. ConfigurationInvalid says what is
    wrong.
    """
    said = read_config(path, _Said)
    for address in filter(None, (said.service, said.oauth)):
        if not address.startswith("https://"):
            raise ConfigurationInvalid(f"{path}: {address}: https://…")
    first, *chain = [leaf] if leaf else load_chain(path)
    known, oauth = _secret(said.secret_file), said.oauth.rstrip("/")
    service = Service(said.service.rstrip("/"), said.client, known, oauth, _trusting(said.ca_file))
    return RemoteKey(path.stem, first, tuple(chain), service, said.credential, _secret(said.pin_file))


def _secret(path: Path | None) -> str:
    return read_secret(path).decode("utf-8", "replace").strip() if path else ""


def _trusting(path: Path | None) -> ssl.SSLContext | None:
    if path is None:
        return None
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error
