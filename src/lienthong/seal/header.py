"""The protected header of a seal, read strictly (ETSI TS 119 182-1, RFC 7515, RFC 7797).

Every rule that a hostile seal could bend is here: one JSON reading, no duplicate names, a closed list of critical
parameters, digests of the right length. What passes is a plain value; nothing in it is proven yet.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn

import msgspec

from lienthong.errors import AlgorithmNotAllowed, SealInvalid
from lienthong.seal import base64url
from lienthong.seal.keys import thumbprint

BY_URI_HASH = "http://uri.etsi.org/19182/ObjectIdByURIHash"
# b64 is false so that hashV digests the bytes as they are, not their base64url form (TS 119 182-1 §5.2.8.3.3);
# RFC 7797 §6 and TS 119 182-1 §5.1.9 then ask for both names in crit.
CRITICAL = ("b64", "sigD")
SENDER, MESSAGE, EXPIRES, TRACE = "lt_sender", "lt_message", "lt_expires", "lt_trace"
ANSWERS = "lt_answers"  # package ids of the requests that a 15 or 16 answers
_SIGD_MEMBERS = frozenset({"mId", "pars", "hashM", "hashV", "ctys"})
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_LONGEST_TEXT = 1024
_MOST_ANSWERS = 64
_TRACE = re.compile("(?!0{32})[0-9a-f]{32}", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc and Cs."""


@dataclass(frozen=True, slots=True)
class SealedDigest:
    """What the seal says of one part."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """The claims of a seal; proven only after its signature is verified."""

    algorithm: str
    thumbprint: str
    signed_at: datetime
    sender: str
    message_id: str
    expires_at: datetime | None
    parts: tuple[SealedDigest, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadSeal:
    """A seal taken apart: its header, the bytes that were signed, the signature."""

    header: Header
    signing_input: bytes
    signature: bytes


def read(seal: str, algorithms: frozenset[str]) -> ReadSeal:
    """Take a compact detached JWS apart. Raises SealInvalid, or AlgorithmNotAllowed for an `alg` not in the list."""
    protected, payload, signature = _three(seal)
    # a payload that is there would be a second truth beside the parts
    if payload:
        raise SealInvalid("payload is not detached")
    header = _header(_json(base64url.decode(protected)), algorithms)
    return ReadSeal(header, f"{protected}.".encode("ascii"), base64url.decode(signature))


class _Told(msgspec.Struct, frozen=True):
    trace: str = msgspec.field(name=TRACE, default="")
    thumbprint: str = msgspec.field(name="x5t#S256", default="")


def trace_of(seal: str) -> str:
    """The trace id (W3C Trace Context, 32 hex digits) a seal carries, or empty; for logs, nothing is decided by it."""
    found = _told(seal).trace
    return found if is_trace(found) else ""


def thumbprint_of(seal: str) -> str:
    """Which certificate a seal names, or empty: to have its key at hand; `judge` reads it again, strictly."""
    return _told(seal).thumbprint


def _told(seal: str) -> _Told:
    return _told_lately(seal) if len(seal) <= _USUAL else _read_told(seal)


def _read_told(seal: str) -> _Told:
    try:
        return msgspec.json.decode(base64url.decode(seal.partition(".")[0]), type=_Told)
    except (msgspec.DecodeError, SealInvalid, RecursionError):
        return _Told()


_USUAL = 16 * 1024
_told_lately = lru_cache(256)(_read_told)
"""A package is asked for its key and, on its way, twice for its trace; a seal over very many parts is not kept."""


def is_trace(text: str) -> bool:
    """Whether a text is a trace id as W3C Trace Context §3.2.2.3 has it."""
    return _TRACE.fullmatch(text) is not None


def _three(seal: str) -> tuple[str, str, str]:
    fields = seal.split(".")
    if len(fields) != 3 or not seal.isascii():
        raise SealInvalid("compact serialisation")
    return fields[0], fields[1], fields[2]


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        value = _HEADER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SealInvalid("header is not JSON") from error
    if not isinstance(value, dict):
        raise SealInvalid("header is not an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # RFC 7515 §4: names must be unique, or two readers see two headers
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SealInvalid("duplicate name in header")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise SealInvalid(f"header holds {name}")


_HEADER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse_constant)


def _header(raw: Mapping[str, Any], algorithms: frozenset[str]) -> Header:
    algorithm = _algorithm(raw, algorithms)
    _check_critical(raw)
    return Header(
        algorithm=algorithm,
        thumbprint=_thumbprint(raw),
        signed_at=_moment(raw.get("iat"), "iat"),
        sender=_text(raw.get(SENDER), SENDER),
        message_id=_text(raw.get(MESSAGE), MESSAGE),
        expires_at=_moment(raw[EXPIRES], EXPIRES) if EXPIRES in raw else None,
        parts=_parts(raw.get("sigD")),
        answers=_answers(raw[ANSWERS]) if ANSWERS in raw else (),
    )


def _answers(named: object) -> tuple[str, ...]:
    if not isinstance(named, list) or not 0 < len(named) <= _MOST_ANSWERS:
        raise SealInvalid(ANSWERS)
    return tuple(_text(each, ANSWERS) for each in named)


def _algorithm(raw: Mapping[str, Any], algorithms: frozenset[str]) -> str:
    algorithm = raw.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise AlgorithmNotAllowed(repr(algorithm)[:40])
    return algorithm


def _check_critical(raw: Mapping[str, Any]) -> None:
    # RFC 7515 §4.1.11: an unknown critical name, a repeated one or an empty list makes the seal invalid
    named = raw.get("crit")
    if not isinstance(named, list) or sorted(map(str, named)) != sorted(CRITICAL):
        raise SealInvalid("crit")
    if raw.get("b64") is not False:
        raise SealInvalid("b64")


def _thumbprint(raw: Mapping[str, Any]) -> str:
    mark = raw.get("x5t#S256")
    if not isinstance(mark, str) or len(base64url.decode(mark)) != 32:
        raise SealInvalid("x5t#S256")
    if "x5c" in raw and thumbprint(_first_certificate(raw["x5c"])) != mark:
        raise SealInvalid("x5c and x5t#S256 name different certificates")
    return mark


def _first_certificate(chain: object) -> bytes:
    if not isinstance(chain, list) or not chain or not isinstance(chain[0], str):
        raise SealInvalid("x5c")
    try:
        return base64.b64decode(chain[0], validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealInvalid("x5c") from error


def _moment(seconds: object, where: str) -> datetime:
    # type() and not isinstance: true is an int in Python
    if type(seconds) is not int or not 0 <= seconds <= _LAST_SECOND:
        raise SealInvalid(where)
    return datetime.fromtimestamp(seconds, UTC)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
        raise SealInvalid(where)
    # control characters and lone surrogates would travel on into logs, registers and file names
    if _CONTROL.search(value):
        raise SealInvalid(where)
    return value


def _parts(sigd: object) -> tuple[SealedDigest, ...]:
    if not isinstance(sigd, dict) or sigd.keys() != _SIGD_MEMBERS:
        raise SealInvalid("sigD")
    if sigd["mId"] != BY_URI_HASH or sigd["hashM"] != "S256":
        raise SealInvalid("sigD mechanism")
    rows = _rows(sigd["pars"], sigd["ctys"], sigd["hashV"])
    parts = tuple(SealedDigest(_text(n, "pars"), _text(t, "ctys"), _digest(h)) for n, t, h in rows)
    if len({part.name for part in parts}) != len(parts):
        raise SealInvalid("pars names a part twice")
    return parts


def _rows(*columns: object) -> list[tuple[object, ...]]:
    lists = [column for column in columns if isinstance(column, list)]
    if len(lists) != len(columns) or not lists[0] or len({len(column) for column in lists}) != 1:
        raise SealInvalid("sigD lists")
    return list(zip(*lists, strict=True))


def _digest(value: object) -> str:
    digest = base64url.decode(value) if isinstance(value, str) else b""
    if len(digest) != 32:
        raise SealInvalid("hashV")
    return digest.hex()
