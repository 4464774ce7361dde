"""Signing in through an OpenID provider: authorisation code with PKCE; the ID token's signature and claims are checked.

The provider says who it is; the role is ours: only a person who was entered here gets in, and the provider's subject is
bound to the person at the first time. (OpenID Connect Core 1.0 §3.1; RFC 7636; RFC 9700 §2.1)
"""

from __future__ import annotations

import secrets
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from apps.config import Provider
from lienthong.errors import TokenInvalid, Unavailable

ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]
LEEWAY = 60
"""Seconds the provider's clock may be off."""
TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is sent away with, and what must come back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is: a subject of its own, and the name they have here."""

    subject: str
    username: str


class Door:
    """One provider. Its addresses are discovered (OpenID Connect Discovery 1.0 §4)."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        ca = provider.ca_file
        self._verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(ca)) if ca else True

    def begin(self, back: str) -> Asked:
        """Where to send the browser. Raises `Unavailable`."""
        client, nonce, state = self._client(), secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = client.create_code_verifier(64)
        url = client.prepare_request_uri(
            self._about()["authorization_endpoint"],
            redirect_uri=back,
            scope=["openid", "profile"],
            state=state,
            nonce=nonce,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
        )
        return Asked(url, state, nonce, verifier)

    def end(self, back: str, answer: str, asked: Asked) -> Identity:
        """Who came back with this address. Raises `TokenInvalid`, `Unavailable`."""
        about, client = self._about(), self._client()
        try:
            code = client.parse_request_uri_response(_as_https(answer), state=asked.state)["code"]
            body = client.prepare_request_body(code, redirect_uri=back, code_verifier=asked.verifier)
            told = client.parse_request_body_response(self._redeem(about["token_endpoint"], body))
        except OAuth2Error as error:
            raise TokenInvalid(type(error).__name__) from error
        return self._identity(str(told.get("id_token", "")), about, asked.nonce)

    def _redeem(self, place: str, body: str) -> str:
        """What the provider gives for a code; our secret goes as HTTP Basic. RFC 6749 §2.3.1."""
        secret = self._provider.client_secret_file.read_text("utf-8").strip()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = httpx.post(
                place,
                content=body,
                headers=headers,
                auth=(quote(self._provider.client_id, safe=""), quote(secret, safe="")),
                verify=self._verify,
                timeout=TIMEOUT,
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"OIDC: {type(error).__name__}") from error
        return answer.text

    def _identity(self, token: str, about: dict[str, Any], nonce: str) -> Identity:
        try:
            claims = jwt.decode(token, self._keys(about), algorithms=ALGORITHMS).claims
            self._claimed(nonce).validate(claims)
        except (JoseError, ValueError) as error:
            raise TokenInvalid(type(error).__name__) from error
        username = claims.get(self._provider.claim)
        if not isinstance(username, str) or not username:
            raise TokenInvalid(self._provider.claim)
        return Identity(f"{self._provider.issuer} {claims['sub']}", username)

    def _keys(self, about: dict[str, Any]) -> KeySet:
        told: Any = self._fetch(about["jwks_uri"])
        return KeySet.import_key_set(told)

    def _claimed(self, nonce: str) -> jwt.JWTClaimsRegistry:
        must = {
            "iss": self._provider.issuer,
            "aud": self._provider.client_id,
            "nonce": nonce,
        }
        wanted: Any = {name: {"essential": True, "value": value} for name, value in must.items()}
        return jwt.JWTClaimsRegistry(leeway=LEEWAY, exp={"essential": True}, sub={"essential": True}, **wanted)

    def _client(self) -> WebApplicationClient:
        return WebApplicationClient(self._provider.client_id)

    def _about(self) -> dict[str, Any]:
        about = self._fetch(self._provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if about.get("issuer") != self._provider.issuer:
            raise TokenInvalid("issuer")
        return about

    def _fetch(self, url: str) -> dict[str, Any]:
        try:
            answer = httpx.get(url, verify=self._verify, timeout=TIMEOUT)
            answer.raise_for_status()
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"OIDC: {type(error).__name__}") from error
        return told


def _as_https(url: str) -> str:
    """The library refuses plain http, which stands here behind a proxy that speaks TLS, and on the loopback."""
    return "https://" + url.partition("://")[2]
