"""How the registry's own key is replaced: the old one says who comes after it, and every later file carries that.

    compact JWS, ES256, by the old key:
    {"typ":"lienthong-registry-successor", …, "x5c":[old…]} . {"at": …, "successor": base64 DER} . signature

Who has pinned the old certificate trusts the new one through it, also after years away. Who has seen it trusts the old
one no more: a stolen old key can neither publish nor name another successor.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from lienthong.errors import InvalidValue, SnapshotUntrusted
from lienthong.registry.chain import check_chain, check_valid
from lienthong.registry.es256 import p256, verifies
from lienthong.registry.rows import Moment, Row

Succession = tuple[str, ...]
"""Statements, the oldest first."""
TYPE = "lienthong-registry-successor"
LONGEST = 16


class Signer(Protocol):
    """The old key; the shape of `signing.SnapshotSigner`."""

    @property
    def certificate(self) -> bytes: ...
    @property
    def chain(self) -> tuple[bytes, ...]: ...
    def sign(self, data: bytes) -> bytes: ...


class StatementRow(Row, frozen=True):
    """What is signed: whose turn it is now, and when that was said."""

    at: Moment
    successor: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as read, its signature not judged. Certificates are DER."""

    chain: tuple[bytes, ...]
    successor: bytes
    at: datetime


def name_successor(successor: bytes, signer: Signer, at: datetime) -> str:
    """The statement by which the key in force names the next. InvalidValue unless that is another P-256 key."""
    key, old = p256(successor), p256(signer.certificate)
    if key is None or old is None:
        raise InvalidValue("the registry signs with P-256 keys")
    if key.public_numbers() == old.public_numbers():
        raise InvalidValue("the successor has the same key")
    chain = [base64.b64encode(der).decode("ascii") for der in (signer.certificate, *signer.chain)]
    header = {"alg": "ES256", "typ": TYPE, "x5c": chain}
    row = StatementRow(at=at.astimezone(UTC), successor=successor)
    told = f"{_encode(json.dumps(header, separators=(',', ':')).encode())}.{_encode(msgspec.json.encode(row))}"
    signature = signer.sign(told.encode("ascii"))
    if not verifies(signer.certificate, signature, told.encode("ascii")):
        raise InvalidValue("the signer is not the key of its certificate")
    return f"{told}.{_encode(signature)}"


def read_statement(statement: str) -> Statement:
    """What a statement says. Raises SnapshotUntrusted for anything that is none."""
    try:
        protected, payload, _ = statement.split(".")
        header = json.loads(_decode(protected))
        chain = tuple(base64.b64decode(text, validate=True) for text in header.pop("x5c"))
        row = msgspec.json.decode(_decode(payload), type=StatementRow)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.MsgspecError) as error:
        raise SnapshotUntrusted("statement of succession") from error
    if header != {"alg": "ES256", "typ": TYPE} or not chain:
        raise SnapshotUntrusted("statement of succession")
    return Statement(chain, row.successor, row.at)


def check_succession(
    succession: Succession, chain: Sequence[bytes], trusted: Sequence[bytes], moment: datetime
) -> None:
    """Pass if the statements lead from a trusted key to the leaf of `chain`; raises SnapshotUntrusted otherwise.

    They may begin at any key somebody has pinned: what lies before it is not asked. The first key is judged at the
    moment of its own statement, the last one at `moment`.
    """
    if len(succession) > LONGEST:
        raise SnapshotUntrusted(f"more than {LONGEST} successors")
    told = [read_statement(each) for each in succession]
    if told[-1].successor != chain[0]:
        raise SnapshotUntrusted("signed by another key than the one named as successor")
    check_valid(chain[:1], moment)
    for number, (statement, text) in enumerate(zip(told, succession, strict=True)):
        if number and statement.chain[0] != told[number - 1].successor:
            raise SnapshotUntrusted("a statement by a key that was not in force")
        signed, _, signature = text.rpartition(".")
        if not verifies(statement.chain[0], _decode(signature), signed.encode("ascii")):
            raise SnapshotUntrusted("signature of a statement of succession")
    _check_origin(told, trusted)


def _check_origin(told: Sequence[Statement], trusted: Sequence[bytes]) -> None:
    """One of the keys must be trusted: pinned, or the registry's under a root."""
    if any(each.successor in trusted for each in told):
        return
    check_chain(told[0].chain, trusted, told[0].at)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise SnapshotUntrusted("base64url") from error
