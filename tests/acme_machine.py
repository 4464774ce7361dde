"""An ACME client that says what it is told to, truth or lie: every header and every byte of a request can be another."""

import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All is plain HTTP here, and a context of httpx's own costs more than a request."""


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _new() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Signer:
    """A P-256 key."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=_new)

    @property
    def jwk(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        return {"crv": "P-256", "kty": "EC", "x": text(numbers.x.to_bytes(32)), "y": text(numbers.y.to_bytes(32))}

    @property
    def thumbprint(self) -> str:
        return text(sha256(json.dumps(self.jwk, separators=(",", ":"), sort_keys=True).encode()).digest())

    def signed(self, header: dict[str, Any], payload: Any) -> dict[str, str]:
        """Flattened; a header that is None is left out, a payload that is None makes a POST-as-GET."""
        told = {name: value for name, value in header.items() if value is not None}
        body = "" if payload is None else text(json.dumps(payload).encode())
        protected = text(json.dumps(told).encode())
        r, s = decode_dss_signature(self.key.sign(f"{protected}.{body}".encode(), ec.ECDSA(SHA256())))
        return {"protected": protected, "payload": body, "signature": text(r.to_bytes(32) + s.to_bytes(32))}


@dataclass
class Machine:
    """At a server's `url`; `kid` once it has an account."""

    url: str
    signer: Signer = field(default_factory=Signer)
    kid: str | None = None

    def body(self, path: str, payload: Any = None, **changes: Any) -> dict[str, str]:
        """A request as it should be, but for the changes of its header."""
        nonce = httpx.head(f"{self.url}/acme/new-nonce", verify=_NO_TLS).headers["replay-nonce"]
        who = {"kid": self.kid} if self.kid else {"jwk": self.signer.jwk}
        header = {"alg": "ES256", "nonce": nonce, "url": f"{self.url}{path}", **who}
        return self.signer.signed(header | changes, payload)

    def send(self, path: str, body: Any) -> httpx.Response:
        given = {"content": body} if isinstance(body, bytes) else {"json": body}
        return httpx.post(f"{self.url}{path}", **given, verify=_NO_TLS, timeout=30)

    def ask(self, path: str, payload: Any = None, **changes: Any) -> httpx.Response:
        return self.send(path, self.body(path, payload, **changes))

    def register(self, grant: dict[str, Any]) -> "Machine":
        protected = text(
            json.dumps({"alg": "HS256", "kid": grant["id"], "url": f"{self.url}/acme/new-account"}).encode()
        )
        payload = text(json.dumps(self.signer.jwk).encode())
        secret = urlsafe_b64decode(grant["secret"] + "==")
        mark = text(digest(secret, f"{protected}.{payload}".encode(), sha256))
        binding = {"protected": protected, "payload": payload, "signature": mark}
        reply = self.ask("/acme/new-account", {"externalAccountBinding": binding})
        assert reply.status_code == 201, reply.text
        self.kid = reply.headers["location"]
        return self

    def wish(self, fresh: Signer, header: dict[str, Any] | None = None, **changes: Any) -> dict[str, str]:
        """The inner half of a key change (RFC 8555 §7.3.5), but for the changes of its header and of what it says."""
        told = {"alg": "ES256", "jwk": fresh.jwk, "url": f"{self.url}/acme/key-change"} | (header or {})
        return fresh.signed(told, {"account": self.kid, "oldKey": self.signer.jwk} | changes)

    def order(self, host: str = "localhost") -> httpx.Response:
        return self.ask("/acme/new-order", {"identifiers": [{"type": "dns", "value": host}]})


def kind(reply: httpx.Response) -> str:
    """How ACME calls the refusal."""
    return str(reply.json()["type"]).rpartition(":")[2]


def place(reply: httpx.Response, url: str) -> str:
    """The path of what was made."""
    return reply.headers["location"].removeprefix(url)


def following(reply: httpx.Response, url: str) -> str:
    """The path of the next page; empty on the last."""
    return reply.links["next"]["url"].removeprefix(url) if "next" in reply.links else ""
