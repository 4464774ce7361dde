"""An officer at a terminal: where the authority answers, the token that lets in, the key that signs orders.

officer.toml    url = "https://…"   token_file = "…"   keys = "folder"   key = "name"   roots = "roots.pem"
                client_certificate = "…"   client_key = "…"     (where the authority wants callers' certificates)
"""

import asyncio
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import msgspec

from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.files import read_secret
from lienthong.ca.delegation.orders import Statement
from lienthong.cli.printing import now
from lienthong.cli.signature.keyfile import from_folder
from lienthong.client.trust import own_of, trusting
from lienthong.errors import ConfigurationInvalid, LienThongError, Unavailable, by_code
from lienthong.signature.keys import Answer, Order

VARIABLE = "LIENTHONG_OFFICER"
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class OfficerFile:
    """The settings of an officer's terminal."""

    url: str
    token_file: Path
    keys: Path | None = None
    key: str = ""
    roots: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None


@dataclass(frozen=True)
class Session:
    """Calls of one officer."""

    settings: OfficerFile
    client: httpx.Client = field(repr=False)

    def get(self, address: str, /, **params: Any) -> Any:
        """What an address answers. The refusals of the authority, Unavailable."""
        return self._told(self._asked("GET", address, params={name: value for name, value in params.items() if value}))

    def put(self, path: str, body: Any) -> Any:
        """The same."""
        return self._told(self._asked("PUT", path, json=msgspec.to_builtins(body)))

    def post(self, path: str, body: Any = None, content: bytes | None = None, media_type: str = "") -> Any:
        """The same."""
        if content is not None:
            return self._told(self._asked("POST", path, content=content, headers={"Content-Type": media_type}))
        return self._told(self._asked("POST", path, json=body))

    def fetched(self, path: str) -> bytes:
        """Bytes."""
        reply = self._asked("GET", path)
        self._told(reply)
        return reply.content

    def order(self, act: str, about: str, digest: str, seen: str, why: str, secret: str = "") -> dict[str, str]:
        """An order signed by the officer's key; it is built here, so that nobody else says what is signed."""
        me = self.get("/v1/me")
        told = Statement(me["ca"], act, about, digest, me["officer"], now(), token_hex(16), seen, why).to_bytes()
        return self.signed(told, act, secret)

    def signed(self, told: bytes, act: str, secret: str = "") -> dict[str, str]:
        """A statement that was read, with the value of the officer's key over it."""
        return {"statement": b64encode(told).decode(), "signature": b64encode(self._value(told, act, secret)).decode()}

    def _value(self, data: bytes, act: str, secret: str) -> bytes:
        if self.settings.keys is None:
            raise ConfigurationInvalid("officer.toml: keys")
        key = from_folder(self.settings.keys, self.settings.key)
        order = Order(act, data, sha256(data).digest(), act, "", now() + timedelta(minutes=5))
        [outcome] = asyncio.run(key.submit([order], secret)).outcomes
        if outcome.answer is not Answer.SIGNED:
            raise LienThongError(outcome.detail)
        return outcome.value

    def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self.client.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self.settings.url}: {type(error).__name__}") from error

    def _told(self, reply: httpx.Response) -> Any:
        json = reply.headers.get("content-type", "").endswith("json")
        if reply.is_success:
            return reply.json() if json else None
        told: Mapping[str, Any] = reply.json() if json else {}
        raise by_code(str(told.get("code", "")))(str(told.get("detail", f"HTTP {reply.status_code}")))


@contextmanager
def session(path: Path | None) -> Iterator[Session]:
    """The officer of this file, or of the one that `LIENTHONG_OFFICER` names. ConfigurationInvalid."""
    named = path or Path(os.environ.get(VARIABLE, ""))
    if not named.name:
        raise ConfigurationInvalid(f"--as FILE | {VARIABLE}")
    settings = read_config(named, OfficerFile)
    token = read_secret(settings.token_file).decode("utf-8", "replace").strip()
    trust = trusting(settings.roots, own_of(settings.client_certificate, settings.client_key))
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=settings.url, headers=headers, timeout=_SECONDS, verify=trust) as client:
        yield Session(settings, client)


def decoded(text: str) -> bytes:
    """Base64."""
    return b64decode(text)
