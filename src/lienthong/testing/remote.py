"""A simulated remote signing service: a real HTTPS server on loopback that speaks CSC API v2 as the standard has it.

    async with RemoteProvider(folder, now=clock.now) as provider:
        provider.accounts["seal"] = Account(signer, pin="135790", multisign=10)
        ... provider.url, provider.ca, CLIENT, SECRET ...

An authorisation (SAD) is bound to one credential and one list of hashes, each good for one signature, and runs out.
"""

import asyncio
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.signers.csc import ECDSA_SHA256, RSA_SHA256, SHA256
from lienthong.testing.pki import pki

CLIENT, SECRET = "agency", "sample-secret-of-a-test"  # sample values of a test server
TOKEN_LIFE, SAD_LIFE = timedelta(hours=1), timedelta(minutes=5)
WRONG_PINS = 3


class Habit(Enum):
    """What the person does, or what the service makes of it."""

    ACCEPTS = "accepts"
    REFUSES = "the person says no"
    LATE = "its authorisation has run out before it is used"
    OTHER_HASHES = "authorises other hashes than it was asked for"
    OTHER_SESSION = "answers with another session's signature"
    SHORT = "answers one value fewer"
    OTHER_CERTIFICATE = "holds another certificate"
    DISABLED = "the key is put out of use"
    UNCERTIFIED = "has no certificate yet"


@dataclass
class Account:
    """A key at the service. Without `pin` and `otp` the service asks the person by itself (implicit)."""

    signer: SoftDocumentSigner
    pin: str = ""
    otp: str = ""
    multisign: int = 200
    habit: Habit = Habit.ACCEPTS
    wrong: int = 0

    @property
    def factors(self) -> dict[str, tuple[str, str]]:
        """What authorises, by name: its type and the right value."""
        known = {"PIN": ("Password", self.pin), "OTP": ("ChallengeResponse", self.otp)}
        return {name: factor for name, factor in known.items() if factor[1]}


@dataclass
class _Authorised:
    account: str
    left: list[bytes]
    until: datetime


class _Refused(Exception):
    def __init__(self, error: str, words: str = "", status: int = 400) -> None:
        super().__init__(error)
        self.answer = web.json_response({"error": error, "error_description": words}, status=status)


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class RemoteProvider:
    """The service. `down` answers 503, `mumbles` answers nonsense, `silent` answers nothing; each until set back."""

    folder: Path
    now: Callable[[], datetime] = _utc
    accounts: dict[str, Account] = field(default_factory=dict)
    specs: str = "2.0.0.2"
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    down: bool = False
    mumbles: bool = False
    silent: bool = False
    url: str = ""
    _tokens: dict[str, datetime] = field(default_factory=dict)
    _authorised: dict[str, _Authorised] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ca(self) -> Path:
        """The certificates to trust for this server."""
        return self.folder / "ca.pem"

    @property
    def tls(self) -> ssl.SSLContext:
        """What a client needs."""
        return ssl.create_default_context(cafile=self.ca)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/csc/v2/oauth2/token", self._token)
        for method, work in self._methods.items():
            app.router.add_post(f"/csc/v2/{method}", self._answering(method, work))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._serving()).start()
        self.url = f"https://127.0.0.1:{self._runner.addresses[0][1]}/csc/v2"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What was asked of one method."""
        return [asked for name, asked in self.seen if name == method]

    def _serving(self) -> ssl.SSLContext:
        pair, context = pki().gateway("remote.example"), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = self.folder / "server.pem"
        path.touch(mode=0o600)
        path.write_bytes(pem + _pem((pair.certificate, *pair.chain)))
        context.load_cert_chain(path)
        self.ca.write_bytes(_pem(pki().roots))
        return context

    # ------------------------------------------------------------ the protocol

    @property
    def _methods(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {
            "info": self._info,
            "credentials/list": self._list,
            "credentials/info": self._credential,
            "credentials/authorize": self._authorize,
            "signatures/signHash": self._sign,
        }

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _Refused("invalid_client", status=401).answer
        if form.get("grant_type") != "client_credentials":
            return _Refused("unsupported_grant_type").answer
        token = secrets.token_urlsafe(16)
        self._tokens[token] = self.now() + TOKEN_LIFE
        told = {"access_token": token, "token_type": "Bearer", "expires_in": int(TOKEN_LIFE.total_seconds())}
        return web.json_response(told)

    def _answering(self, method: str, work: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        async def answer(request: web.Request) -> web.Response:
            if self.silent:
                await self._closing.wait()
            if self.down:
                return web.Response(status=503)
            if self.mumbles:
                return web.Response(body=b"<html>")
            try:
                if method != "info":
                    self._require_token(request.headers.get("Authorization", ""))
                asked = await request.json()
                self.seen.append((method, asked))
                return web.Response(body=msgspec.json.encode(work(asked)), content_type="application/json")
            except _Refused as refused:
                return refused.answer
            except (ValueError, KeyError) as error:
                return _Refused("invalid_request", f"Missing or wrong parameter {error}").answer

        return answer

    def _require_token(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer" or self._tokens.get(token, self.now()) <= self.now():
            raise _Refused("invalid_token", "The access token is not valid or has expired", 401)

    def _info(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "specs": self.specs,
            "name": "Dịch vụ ký thử nghiệm",
            "region": "VN",
            "lang": "vi-VN",
            "authType": ["oauth2client"],
            "oauth2": self.url,
            "methods": [name for name in self._methods if name != "info"],
            "signAlgorithms": {"algos": [RSA_SHA256, ECDSA_SHA256]},
        }

    def _list(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"credentialIDs": list(self.accounts)}

    def _credential(self, asked: dict[str, Any]) -> dict[str, Any]:
        account = self._account(asked)
        signer = pki().leader("Người Khác") if account.habit is Habit.OTHER_CERTIFICATE else account.signer
        none = account.habit is Habit.UNCERTIFIED
        certificates = [] if none else [signer.certificate, *signer.chain]
        factors = [{"id": name, "type": kind} for name, (kind, _) in account.factors.items()]
        curved = isinstance(account.signer.key, ec.EllipticCurvePrivateKey)
        disabled = account.habit is Habit.DISABLED or account.wrong >= WRONG_PINS
        return {
            "key": {
                "status": "disabled" if disabled else "enabled",
                "algo": [ECDSA_SHA256 if curved else RSA_SHA256],
                "len": account.signer.key.key_size if not curved else 256,  # type: ignore[union-attr]  # RSA or P-256
            },
            "cert": {"status": "valid", "certificates": certificates},
            "auth": {"mode": "explicit" if factors else "implicit", "objects": factors},
            "SCAL": "2",
            "multisign": account.multisign,
        }

    def _authorize(self, asked: dict[str, Any]) -> dict[str, Any]:
        account, wanted = self._account(asked), _hashes(asked)
        if not 0 < asked["numSignatures"] == len(wanted) <= account.multisign:
            raise _Refused("invalid_request", "Invalid parameter numSignatures")
        self._require_factors(account, {each["id"]: each["value"] for each in asked.get("authData", ())})
        if account.habit is Habit.REFUSES:
            raise _Refused("access_denied", "The user denied the request")
        bound = [sha256(each).digest() for each in wanted] if account.habit is Habit.OTHER_HASHES else wanted
        until = self.now() + (timedelta() if account.habit is Habit.LATE else SAD_LIFE)
        sad = secrets.token_urlsafe(16)
        self._authorised[sad] = _Authorised(asked["credentialID"], bound, until)
        return {"SAD": sad, "expiresIn": int(SAD_LIFE.total_seconds())}

    def _require_factors(self, account: Account, given: dict[str, str]) -> None:
        for name, (_, right) in account.factors.items():
            if given.get(name) != right:
                account.wrong += name == "PIN"
                raise _Refused(f"invalid_{name.lower()}", f"The {name} is invalid")

    def _sign(self, asked: dict[str, Any]) -> dict[str, Any]:
        account, wanted = self._account(asked), _hashes(asked)
        held = self._authorised.get(asked["SAD"])
        if held is None or held.account != asked["credentialID"]:
            raise _Refused("invalid_request", "Invalid parameter SAD")
        if held.until <= self.now():
            raise _Refused("invalid_request", "SAD expired")
        for each in wanted:
            if each not in held.left:
                raise _Refused("invalid_request", "Hash is not authorized by the SAD")
            held.left.remove(each)
        told = [bytes(32)] * len(wanted) if account.habit is Habit.OTHER_SESSION else wanted
        values = [_value(account.signer, each) for each in told]
        return {"signatures": values[:-1] if account.habit is Habit.SHORT else values}

    def _account(self, asked: dict[str, Any]) -> Account:
        found = self.accounts.get(asked["credentialID"])
        if found is None:
            raise _Refused("invalid_request", "Invalid parameter credentialID")
        return found


def _hashes(asked: dict[str, Any]) -> list[bytes]:
    if asked["hashAlgorithmOID"] != SHA256:
        raise _Refused("invalid_request", "Invalid parameter hashAlgorithmOID")
    return msgspec.convert(asked["hashes"], list[bytes])


def _value(signer: SoftDocumentSigner, digest: bytes) -> bytes:
    key, prehashed = signer.key, utils.Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, padding.PKCS1v15(), prehashed)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - what a document signer holds
    return key.sign(digest, ec.ECDSA(prehashed))


def _pem(certificates: Sequence[bytes]) -> bytes:
    return b"".join(load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in certificates)
