"""Requests of ACME clients: flattened JWS, their key or account, their nonce, their address (RFC 8555 §6).

Nonces are drawn here, carry the moment they were made under a key of ours, and are written down when they are used.
"""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any, cast

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jws import FlattenedJSONSerialization as Flattened
from joserfc.jws import JWSRegistry

from lienthong.ca.acme.jwk import id_of, key_of, members, raw
from lienthong.ca.acme.model import Account, Status, account_of
from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.registers import Change, Record, Registers, View

ALGORITHMS = ["ES256", "RS256"]
LARGEST = 64 << 10


class _Registry(JWSRegistry):
    """ACME has header parameters of its own (`nonce`, `url`), and whole keys and requests inside."""

    max_header_length = max_payload_length = max_signature_length = LARGEST


_BY_KEY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)
_BY_SECRET = _Registry(algorithms=["HS256"], strict_check_header=False)
_NONCE = "acme-nonce"
_NONCE_LIFE = 3600
_KEY = "key"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that its key signed: the payload (None for POST-as-GET), and by whom."""

    payload: dict[str, Any] | None
    jwk: dict[str, str]
    account: Account | None


@dataclass(frozen=True, slots=True)
class Nonces:
    """Drawn without a trace, used once."""

    key: bytes

    def fresh(self) -> str:
        """A nonce of now."""
        body = int(time.time()).to_bytes(8, "big") + token_bytes(8)
        return _text(body + self._mark(body))

    def use(self, tx: Change, nonce: str) -> None:
        """AcmeProblem badNonce for one that is not ours, too old, or was used."""
        body, mark = _halves(nonce)
        age = int(time.time()) - int.from_bytes(body[:8], "big")
        if not hmac.compare_digest(mark, self._mark(body)) or not 0 <= age < _NONCE_LIFE:
            raise AcmeProblem("badNonce", "lấy nonce mới / fetch a new nonce")
        if tx.record(_NONCE, nonce) is not None:
            raise AcmeProblem("badNonce", "nonce đã dùng / used before")
        until = datetime.fromtimestamp(int.from_bytes(body[:8], "big") + _NONCE_LIFE, UTC)
        tx.put_record(Record(_NONCE, nonce, 1, due=until))

    def _mark(self, body: bytes) -> bytes:
        return hmac.digest(self.key, body, sha256)[:16]


async def forget_nonces(registers: Registers, now: datetime) -> int:
    """Those that would not be taken any more anyway; how many."""
    return await registers.write(lambda tx: tx.drop_due(_NONCE, now))


async def nonce_key(registers: Registers) -> bytes:
    """The key of nonces, the same for every process of the authority; made when there is none."""

    def work(tx: Change) -> bytes:
        if (known := tx.record(_NONCE, _KEY)) is None:
            tx.put_record(Record(_NONCE, _KEY, token_bytes(32).hex()))
            known = tx.record(_NONCE, _KEY)
        return bytes.fromhex(msgspec.json.decode(known, type=str))

    return await registers.write(work)


def opened(view: View, body: bytes, url: str) -> tuple[Asked, str]:
    """The request and the nonce it carries, once its signature holds. AcmeProblem."""
    told, header = _parts(body)
    if header.get("url") != url:
        raise AcmeProblem("unauthorized", f"url: {str(header.get('url'))[:200]}", 403)
    if header.get("alg") not in ALGORITHMS:
        raise AcmeProblem("badSignatureAlgorithm", ", ".join(ALGORITHMS))
    if ("jwk" in header) == ("kid" in header):
        raise AcmeProblem("malformed", "jwk | kid")
    account = asking(view, str(header["kid"]).rpartition("/")[2]) if "kid" in header else None
    jwk = account.jwk if account else header["jwk"]
    payload = verified(told, jwk)
    return Asked(payload, members(jwk), account), str(header.get("nonce", ""))


def asking(view: View, id: str) -> Account:
    """An account that may ask. AcmeProblem accountDoesNotExist, unauthorized."""
    found = account_of(view, id)
    if found is None:
        raise AcmeProblem("accountDoesNotExist", id[:200])
    if found.status is not Status.VALID:
        raise AcmeProblem("unauthorized", found.status.value, 403)
    return found


def verified(told: dict[str, Any], jwk: dict[str, Any]) -> dict[str, Any] | None:
    """The payload once this key is seen to have signed it. AcmeProblem."""
    try:
        found = jws.deserialize_json(cast("Flattened", told), key_of(jwk), registry=_BY_KEY)
        return msgspec.json.decode(found.payload, type=dict[str, Any]) if found.payload else None
    except (JoseError, ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
        raise AcmeProblem("malformed", f"chữ ký / signature: {type(error).__name__}") from error


def bound(told: Any, jwk: dict[str, str], secret: bytes, url: str) -> bool:
    """Whether an external account binding was made with this secret over this very key (RFC 8555 §7.3.4)."""
    try:
        found = jws.deserialize_json(told, OctKey.import_key(secret), registry=_BY_SECRET)
        header = found.headers()
        return header.get("url") == url and members(msgspec.json.decode(found.payload)) == members(jwk)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, msgspec.DecodeError):
        return False


def new_key(told: Any, account: Account, at: str, url: str) -> dict[str, str]:
    """The key a request at `url` asks to put in place of the account's, once it signed that wish itself (§7.3.5).

    `at` is the account's own address. AcmeProblem.
    """
    inner, header = _parts(msgspec.json.encode(told))
    if header.get("alg") not in ALGORITHMS:
        raise AcmeProblem("badSignatureAlgorithm", ", ".join(ALGORITHMS))
    if "jwk" not in header or {"kid", "nonce"} & header.keys() or header.get("url") != url:
        raise AcmeProblem("malformed", "bên trong / inner: jwk, url; ¬ kid, nonce")
    wish = verified(inner, header["jwk"]) or {}
    if wish.get("account") != at or not _names(wish.get("oldKey"), account.key):
        raise AcmeProblem("malformed", "account, oldKey")
    return members(header["jwk"])


def binding_id(told: Any) -> str:
    """The key id that an external account binding names."""
    return str(_parts(msgspec.json.encode(told))[1].get("kid", "")) if isinstance(told, dict) else ""


def _names(jwk: Any, key: str) -> bool:
    try:
        return id_of(jwk) == key
    except AcmeProblem:
        return False


def _parts(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        told = msgspec.json.decode(body[:LARGEST], type=dict[str, str])
        wanted = {name: told[name] for name in ("protected", "payload", "signature")}
        return dict(wanted), msgspec.json.decode(urlsafe_b64decode(told["protected"] + "=="), type=dict[str, Any])
    except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
        raise AcmeProblem("malformed", "JWS dạng phẳng / flattened JWS") from error


def _halves(nonce: str) -> tuple[bytes, bytes]:
    try:
        told = raw(nonce)
    except ValueError:
        told = b""
    return (told[:16], told[16:]) if len(told) == 32 else (bytes(16), b"")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
