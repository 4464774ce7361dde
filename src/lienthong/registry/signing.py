"""Sign a snapshot, and open one only if the registry signed it and it is not older than what is known.

The file is one line, a detached JWS over the bytes that follow it (RFC 7515 App. F, RFC 7797), then the gzip:

    {"alg":"ES256","b64":false,"crit":["b64"],"typ":"lienthong-registry","x5c":[…]} . . signature ⏎ gzip

Once the registry's key was replaced the header also has `succession`: statements that lead from the key known before to
the one that signs.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lienthong.errors import InvalidValue, SnapshotUntrusted
from lienthong.registry.chain import check_chain
from lienthong.registry.es256 import p256, verifies
from lienthong.registry.findings import check
from lienthong.registry.snapshot import MAX_BYTES, Snapshot, from_bytes, to_bytes
from lienthong.registry.succession import Succession, check_succession, read_statement

_LINE = re.compile(rb"([A-Za-z0-9_-]{1,65536})\.\.([A-Za-z0-9_-]{86})\n")
_FIXED = {"alg": "ES256", "b64": False, "crit": ["b64"]}
SNAPSHOT, DELTA = "lienthong-registry", "lienthong-registry-delta"
"""Kinds of signed files (`typ`)."""


class SnapshotSigner(Protocol):
    """The registry's P-256 key and its certificate; the same shape as the signer of a seal."""

    @property
    def certificate(self) -> bytes:
        """The leaf certificate, DER."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates above the leaf, issuer first, DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """ES256 in JWS form: r‖s, 64 bytes."""
        ...


def publish(snapshot: Snapshot, signer: SnapshotSigner, succession: Succession = ()) -> bytes:
    """Check, then sign. Raises InvalidValue with every finding when the snapshot is not sound."""
    if findings := check(snapshot):
        raise InvalidValue("; ".join(f"{finding.where}: {finding.vi}" for finding in findings))
    return sign(snapshot, signer, succession)


def sign(snapshot: Snapshot, signer: SnapshotSigner, succession: Succession = ()) -> bytes:
    """The signed file of a snapshot, content unchecked. Raises InvalidValue when signer and certificate differ."""
    return sign_body(to_bytes(snapshot), SNAPSHOT, signer, succession)


def sign_body(body: bytes, kind: str, signer: SnapshotSigner, succession: Succession = ()) -> bytes:
    """A signed file of that kind around a body. InvalidValue when signer and certificate, or succession, differ."""
    if p256(signer.certificate) is None:
        raise InvalidValue("the registry signs with a P-256 key")
    if succession and read_statement(succession[-1]).successor != signer.certificate:
        raise InvalidValue("the last statement of succession names another key")
    protected = _encode(json.dumps(_header(signer, kind, succession), separators=(",", ":")).encode("ascii"))
    signature = signer.sign(protected + b"." + body)
    if not verifies(signer.certificate, signature, protected + b"." + body):
        raise InvalidValue("the signer is not the key of its certificate")
    return protected + b".." + _encode(signature) + b"\n" + body


def open_signed(
    data: bytes,
    trusted: Sequence[bytes],
    moment: datetime,
    known: Snapshot | None = None,
    max_bytes: int = MAX_BYTES,
    succession: Succession = (),
) -> Snapshot:
    """Open a signed snapshot.

    `trusted` are DER certificates: the registry's own (pinned) or roots that its chain leads to. `known` is the
    snapshot in force, `succession` the statements that came with it. Raises SnapshotUntrusted for a bad signature, a
    signer that is not the registry, a lower
    version, the same version with other content, or a next version that does not continue the known one. An expired
    snapshot opens; ask `fresh`.
    """
    snapshot = from_bytes(open_body(data, SNAPSHOT, trusted, moment, succession), max_bytes)
    _check_continues(snapshot, known)
    return snapshot


def open_body(
    data: bytes, kind: str, trusted: Sequence[bytes], moment: datetime, succession: Succession = ()
) -> memoryview:
    """The body of a signed file, once the registry is seen to have signed it as that kind; SnapshotUntrusted.

    A file must carry the `succession` known here, or one that goes on from it: a key that was replaced signs no more.
    """
    protected, signature, body = _split(data)
    chain, told = _chain(_decode(protected), kind)
    if told[: len(succession)] != tuple(succession):
        raise SnapshotUntrusted("another succession of keys than the one known here")
    if told:
        check_succession(told, chain, trusted, moment)
    else:
        check_chain(chain, trusted, moment)
    if not verifies(chain[0], signature, b"".join((protected, b".", body))):
        raise SnapshotUntrusted("signature")
    return body


def succession_of(data: bytes) -> Succession:
    """The statements a signed file carries; who they bind is for `open_body` to say. SnapshotUntrusted."""
    return _chain(_decode(_split(data)[0]), kind_of(data))[1]


def kind_of(data: bytes) -> str:
    """What a file says it is, without any proof; SnapshotUntrusted for no signed file at all."""
    try:
        return str(json.loads(_decode(_split(data)[0])).get("typ"))
    except (ValueError, AttributeError, RecursionError) as error:
        raise SnapshotUntrusted("header") from error


def peek(data: bytes, max_bytes: int = MAX_BYTES) -> Snapshot:
    """What a signed file says, without any proof: for people who look, never for a hop that acts."""
    return from_bytes(_split(data)[2], max_bytes)


def _split(data: bytes) -> tuple[bytes, bytes, memoryview]:
    line = _LINE.match(data)
    if line is None:
        raise SnapshotUntrusted("not a signed snapshot")
    return line.group(1), _decode(line.group(2)), memoryview(data)[line.end() :]


def _header(signer: SnapshotSigner, kind: str, succession: Succession) -> dict[str, object]:
    chain = [base64.b64encode(der).decode("ascii") for der in (signer.certificate, *signer.chain)]
    more = {"succession": list(succession)} if succession else {}
    return {**_FIXED, "typ": kind, "x5c": chain, **more}


def _chain(header: bytes, kind: str) -> tuple[tuple[bytes, ...], Succession]:
    try:
        fields = json.loads(header)
        chain = tuple(base64.b64decode(text, validate=True) for text in fields.pop("x5c"))
        succession = tuple(map(str, fields.pop("succession", ())))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotUntrusted("header") from error
    # one form and no other: nothing in the header can change how the rest is read
    if fields != {**_FIXED, "typ": kind} or not chain:
        raise SnapshotUntrusted("header")
    return chain, succession


def _check_continues(snapshot: Snapshot, known: Snapshot | None) -> None:
    if known is None:
        return
    if snapshot.version < known.version:
        raise SnapshotUntrusted(f"rollback: {known.version} → {snapshot.version}")
    if snapshot.version == known.version and snapshot.digest() != known.digest():
        raise SnapshotUntrusted(f"fork: two contents of version {known.version}")
    if snapshot.version == known.version + 1 and snapshot.previous_digest != known.digest():
        raise SnapshotUntrusted(f"fork: version {snapshot.version} does not continue {known.version}")


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error as error:
        raise SnapshotUntrusted("base64url") from error
