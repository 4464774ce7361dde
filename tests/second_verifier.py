"""A second verifier, written from the standards alone: it shares no code with `lienthong.evidence`.

RFC 6962 §2.1 and RFC 9162 §2.1 (trees), C2SP signed-note, tlog-checkpoint, tlog-tiles and tlog-cosignature, RFC 3161 with
RFC 5652 (stamps), and docs/protocol/evidence.md (leaves, receipts). Slow and plain on purpose.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fetch = Callable[[str], bytes | None]


class Lie(Exception):
    """What was shown does not hold."""


def must(truth: object, what: str) -> None:
    if not truth:
        raise Lie(what)


# ---------------------------------------------------------------- RFC 6962 §2.1, RFC 9162 §2.1


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]) over entries, by its recursive definition."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\0" + leaves[0])
    k = split(len(leaves))
    return sha(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root_by_path(m: int, n: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that PATH(m, D[n]) leads to, by recursion over the same splits. RFC 9162 §2.1.3.1."""
    if n == 1:
        must(not path, "path too long")
        return leaf
    must(path, "path too short")
    k, last = split(n), path[-1]
    if m < k:
        return sha(b"\1" + root_by_path(m, k, leaf, path[:-1]) + last)
    return sha(b"\1" + last + root_by_path(m - k, n - k, leaf, path[:-1]))


def roots_by_proof(m: int, n: int, proof: list[bytes], old_root: bytes, *, whole: bool = True) -> tuple[bytes, bytes]:
    """Old and new root that SUBPROOF(m, D[n], b) leads to. RFC 9162 §2.1.4.1."""
    if m == n:
        if whole:
            must(not proof, "proof too long")
            return old_root, old_root
        must(len(proof) == 1, "proof of wrong length")
        return proof[0], proof[0]
    must(proof, "proof too short")
    k, last = split(n), proof[-1]
    if m <= k:
        old, new = roots_by_proof(m, k, proof[:-1], old_root, whole=whole)
        return old, sha(b"\1" + new + last)
    old, new = roots_by_proof(m - k, n - k, proof[:-1], old_root, whole=False)
    return sha(b"\1" + last + old), sha(b"\1" + last + new)


def consistent(m: int, n: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    try:
        if m == 0:
            return not proof and old_root == sha(b"") and (n > 0 or new_root == old_root)
        return m <= n and roots_by_proof(m, n, proof, old_root) == (old_root, new_root)
    except Lie:
        return False


def included(m: int, n: int, leaf_hash: bytes, path: list[bytes], root: bytes) -> bool:
    try:
        return 0 <= m < n and root_by_path(m, n, leaf_hash, path) == root
    except Lie:
        return False


# ---------------------------------------------------------------- signed-note, tlog-checkpoint, tlog-cosignature


@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]


def vkey(text: str) -> Key:
    name, tag, data = text.split("+", 2)
    raw = base64.b64decode(data)
    key = Key(name, raw[0], raw[1:])
    must(key.id.hex() == tag, "key id")
    return key


@dataclass(frozen=True)
class Point:
    """A checkpoint whose log signed it."""

    origin: str
    size: int
    root: bytes
    note: str


def open_note(note: str, key: Key) -> Point:
    must(note.endswith("\n"), "the last line has no end")  # lines end so and by nothing else: no splitlines()
    body, _, tail = note[:-1].rpartition("\n\n")
    body += "\n"
    signed = False
    for line in tail.split("\n"):
        dash, name, data = line.split(" ")
        raw = base64.b64decode(data, validate=True)
        if (dash, name, raw[:4]) == ("—", key.name, key.id):
            stamped = raw[4:12] if key.kind == 4 else b""
            text = f"cosignature/v1\ntime {int.from_bytes(stamped)}\n{body}" if stamped else body
            verified(Ed25519PublicKey.from_public_bytes(key.public).verify, raw[4 + len(stamped) :], text.encode())
            signed = True
    must(signed, "no signature of the key")
    origin, size, root = body.split("\n")[:3]
    must(key.kind == 4 or origin == key.name, "origin")
    must(str(int(size)) == size, "size")
    return Point(origin, int(size), base64.b64decode(root, validate=True), note)


def verified(verify: Callable[..., object], *args: object) -> None:
    try:
        verify(*args)
    except InvalidSignature as error:
        raise Lie("signature") from error


# ---------------------------------------------------------------- tlog-tiles


def tile_name(level: str, index: int, width: int) -> str:
    digits = f"{index:03d}" if index < 1000 else ""
    if not digits:
        text = str(index)
        text = text.zfill(-(-len(text) // 3) * 3)
        groups = [text[i : i + 3] for i in range(0, len(text), 3)]
        digits = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < 256 else "")


def entries(fetch: Fetch, size: int) -> list[bytes]:
    """Every entry of the log, from its bundles."""
    found: list[bytes] = []
    while len(found) < size:
        width = min(256, size - len(found))
        data = fetch(tile_name("entries", len(found) // 256, width))
        must(data is not None, f"entries {len(found)} missing")
        bundle = list(unbundled(data or b""))
        must(len(bundle) == width, "a bundle of another width")
        found += bundle
    return found


def unbundled(data: bytes) -> Iterator[bytes]:
    while data:
        n = int.from_bytes(data[:2])
        must(len(data) >= 2 + n, "cut bundle")
        yield data[2 : 2 + n]
        data = data[2 + n :]


def check_tiles(fetch: Fetch, leaves: Sequence[bytes]) -> None:
    """All tiles of all levels are the hashes of these entries."""
    row, level = [sha(b"\0" + leaf) for leaf in leaves], 0
    while row:
        for start in range(0, len(row), 256):
            part = row[start : start + 256]
            shown = fetch(tile_name(str(level), start // 256, len(part)))
            must(shown == b"".join(part), f"tile {level}/{start // 256}")
        row = [pyramid(row[i : i + 256]) for i in range(0, len(row) - 255, 256)]
        level += 1


def pyramid(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [sha(b"\1" + row[i] + row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


@dataclass
class Audit:
    """A whole log, held against every checkpoint and receipt that is known of it."""

    key: Key
    leaves: list[bytes] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)

    def read(self, fetch: Fetch, note: str | None = None) -> "Audit":
        try:
            newest = open_note(note or (fetch("checkpoint") or b"").decode(), self.key)
            self.leaves = entries(fetch, newest.size)
            must(mth(self.leaves) == newest.root, f"root at {newest.size}")
            check_tiles(fetch, self.leaves)
            for index, leaf in enumerate(self.leaves):
                told = json.loads(leaf)
                must(told["hop"] == self.key.name.rpartition("/log/")[2], f"leaf {index} is of {told['hop']}")
                canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                must(canonical.encode() == leaf, f"leaf {index} is not canonical")
        except (Lie, ValueError, KeyError) as error:
            self.lies.append(str(error))
        return self

    def against(self, notes: Sequence[str]) -> "Audit":
        """Each checkpoint ever seen is a prefix of what is there now: a fork or a rollback is not."""
        for note in notes:
            try:
                point = open_note(note, self.key)
                must(point.size <= len(self.leaves), f"rolled back behind {point.size}")
                must(mth(self.leaves[: point.size]) == point.root, f"fork at {point.size}")
            except (Lie, ValueError) as error:
                self.lies.append(str(error))
        return self

    def holds(self, receipt: str) -> "Audit":
        """A receipt given out stands in the log where it says."""
        told = json.loads(receipt)
        index = told["index"]
        if index >= len(self.leaves) or self.leaves[index] != told["leaf"].encode():
            self.lies.append(f"receipt {index} is not in the log")
        return self


# ---------------------------------------------------------------- receipts (docs/protocol/evidence.md)


def receipt_is_good(text: str, roots: Sequence[bytes], witness: Key | None = None) -> bool:
    """Whether everything a receipt claims holds under one of the roots (DER)."""
    try:
        check_receipt(json.loads(text), [x509.load_der_x509_certificate(der) for der in roots], witness)
    except (Lie, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False
    return True


def check_receipt(told: dict[str, Any], roots: Sequence[x509.Certificate], witness: Key | None) -> None:
    must(told["format"] == "lienthong-receipt/1", "format")
    chain = [x509.load_der_x509_certificate(base64.b64decode(each)) for each in told["chain"]]
    event = json.loads(told["leaf"])
    at = datetime.fromisoformat(event["at"])
    key = log_key(chain[0])
    path_holds(chain, roots, at)
    point = open_note(told["checkpoint"], key)
    must(point.size == told["size"], "size")
    must(event["hop"] == point.origin.rpartition("/log/")[2], "hop")
    path = [base64.b64decode(each, validate=True) for each in told["proof"]]
    must(included(told["index"], told["size"], sha(b"\0" + told["leaf"].encode()), path, point.root), "inclusion")
    if "manifest" in told:
        rows = [[part["name"], part["media_type"], part["size"], part["sha256"]] for part in told["manifest"]]
        text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
        must(hashlib.sha256(text.encode()).hexdigest() == event["digest"], "manifest")
    if "stamp" in told:
        when = check_stamp(base64.b64decode(told["stamp"]), sha(told["checkpoint"].encode()), roots, chain[1:])
        must(when.timestamp() + 300 >= at.timestamp(), "stamped before it happened")
    if witness is not None:
        open_note(told["checkpoint"], witness)


def log_key(certificate: x509.Certificate) -> Key:
    public = certificate.public_key()
    must(isinstance(public, Ed25519PublicKey), "log key")
    assert isinstance(public, Ed25519PublicKey)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    [uri] = names.get_values_for_type(x509.UniformResourceIdentifier)
    must(uri.startswith("urn:lienthong:log:"), "log certificate")
    return Key(uri.removeprefix("urn:lienthong:log:"), 1, public.public_bytes_raw())


def path_holds(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime) -> None:
    here, above = chain[0], [*roots, *chain[1:]]
    for _ in range(8):
        must(here.not_valid_before_utc <= at <= here.not_valid_after_utc, "validity")
        if here in roots:
            return
        issuers = [each for each in above if issued(here, each)]
        must(issuers, "no issuer")
        here = issuers[0]
    raise Lie("path")


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False


# ---------------------------------------------------------------- RFC 3161 over RFC 5652, by a small reader of DER


def der(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Elements as (tag, contents, whole)."""
    found = []
    while data:
        n, head = data[1], 2
        if n & 128:
            head = 2 + (n & 127)
            n = int.from_bytes(data[2:head])
        must(len(data) >= head + n, "cut DER")
        found.append((data[0], data[head : head + n], data[: head + n]))
        data = data[head + n :]
    return found


SHA256 = bytes.fromhex("0609608648016503040201")
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")


def check_stamp(
    token: bytes, digest: bytes, roots: Sequence[x509.Certificate], others: Sequence[x509.Certificate] = ()
) -> datetime:
    """The stamped time of a token over a SHA-256 digest; `others` may help to reach a root."""
    content = der(der(token)[0][1])[1][1]
    fields = der(der(content)[0][1])
    encapsulated = der(fields[2][1])
    must(encapsulated[0][2] == TST_INFO, "not a time stamp")
    info = der(encapsulated[1][1])[0][1]
    tst = der(der(info)[0][1])
    imprint = der(tst[2][1])
    must(imprint[0][1].startswith(SHA256) and imprint[1][1] == digest, "imprint")
    [signer] = der(next(body for tag, body, _ in reversed(fields) if tag == 0x31))
    certificates = [x509.load_der_x509_certificate(whole) for _, _, whole in der(fields[3][1])]
    authority = signed_by(der(signer[1]), info, certificates)
    time = datetime.strptime(tst[4][1].decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    path_holds([authority, *certificates, *others], roots, time)
    usage = authority.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    must(usage.critical and [each.dotted_string for each in usage.value] == ["1.3.6.1.5.5.7.3.8"], "purpose")
    return time


def signed_by(signer: Sequence[Any], info: bytes, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    attributes = signer[3]
    must(attributes[0] == 0xA0, "signed attributes")
    named = {der(body)[0][2]: der(body)[1][1] for _, body, _ in der(attributes[1])}
    algorithm = {b"\1": hashes.SHA256(), b"\2": hashes.SHA384(), b"\3": hashes.SHA512()}[der(signer[2][1])[0][1][-1:]]
    hashed = hashes.Hash(algorithm)
    hashed.update(info)
    must(der(named[MESSAGE_DIGEST])[0][1] == hashed.finalize(), "content digest")
    ids = der(der(der(der(named[SIGNING_CERTIFICATE_V2])[0][1])[0][1])[0][1])
    wanted = next(body for tag, body, _ in ids if tag == 4)
    [authority] = [each for each in certificates if wanted in prints(each)]
    message = b"\x31" + attributes[2][1:]
    key, signature = authority.public_key(), signer[5][1]
    if isinstance(key, ec.EllipticCurvePublicKey):
        verified(key.verify, signature, message, ec.ECDSA(algorithm))
    else:
        assert isinstance(key, rsa.RSAPublicKey)
        verified(key.verify, signature, message, padding.PKCS1v15(), algorithm)
    return authority


def prints(certificate: x509.Certificate) -> set[bytes]:
    return {certificate.fingerprint(each) for each in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())}
