"""Signed notes (C2SP signed-note): text, an empty line, one line a signature. Ed25519, and witnesses' cosignatures."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol, Self, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lienthong.errors import EvidenceBroken, InvalidValue

ED25519 = 1  # signed-note, "Signature types"
COSIGNATURE = 4  # tlog-cosignature: Ed25519 over a time and the checkpoint
MAX_NOTE = 1 << 16
MAX_SIGNATURES = 64  # signed-note asks for at least 16
_NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")  # signed-note: UTF-8 without control characters
_DASH = "\u2014 "
_KEY_SIZE = 32
_ID_SIZE = 4
_TIME_SIZE = 8


class NoteSigner(Protocol):
    """Who can sign a note: a soft key, a PKCS#11 token, a remote signer."""

    @property
    def name(self) -> str:
        """Key name; a log's is its origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes, by `key_id`."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature (RFC 8032)."""
        ...


def key_id(name: str, public: bytes, algorithm: int = ED25519) -> bytes:
    """First four bytes of SHA-256(name, newline, type, key). (signed-note, "Signatures")"""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:_ID_SIZE]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name. `public` is the raw 32 bytes."""

    name: str
    public: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public) != _KEY_SIZE or self.algorithm not in {ED25519, COSIGNATURE}:
            raise InvalidValue("note verifier key")

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.public, self.algorithm)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `name+hex id+base64(type, key)`. InvalidValue if malformed or if the id is not that key's."""
        name, claimed, material = _split_key(text, "")
        key = cls(name, material[1:], material[0])
        if key.key_id.hex() != claimed:
            raise InvalidValue("note verifier key: the id belongs to another key")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.algorithm]) + self.public)}"

    def made(self, signature: bytes, text: str) -> bool:
        """Whether this key made the signature (without key id) over the note's text."""
        stamped = self.algorithm == COSIGNATURE
        message = _cosigned(_seconds(signature), text) if stamped else text.encode()
        try:
            _verify(self.public, signature[_TIME_SIZE * stamped :], message)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(512)
def _verify(public: bytes, signature: bytes, message: bytes) -> None:
    """All receipts of a batch rest on one signature; a failure is not kept. Raises InvalidSignature, ValueError."""
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A soft Ed25519 key under its name (a NoteSigner). The seed is never shown."""

    name: str
    seed: bytes = field(repr=False)
    algorithm: int = ED25519
    _key: Ed25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.seed) != _KEY_SIZE:
            raise InvalidValue("note signing key")
        object.__setattr__(self, "_key", Ed25519PrivateKey.from_private_bytes(self.seed))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `PRIVATE+KEY+name+hex id+base64(type, seed)`. InvalidValue if malformed."""
        name, claimed, material = _split_key(text, _PRIVATE)
        key = cls(name, material[1:], material[0])
        if key.key_id.hex() != claimed:
            raise InvalidValue("note signing key: the id belongs to another key")
        return key

    def encode(self) -> str:
        """The secret text form; as sensitive as the key."""
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{_b64(bytes([self.algorithm]) + self.seed)}"

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._key.public_key().public_bytes_raw(), self.algorithm)

    @property
    def key_id(self) -> bytes:
        return self.verifier.key_id

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line; `signature` comes after the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_b64(self.key_id + self.signature)}\n"

    @property
    def at(self) -> datetime:
        """When a witness cosigned; meaningful for cosignatures only. EvidenceBroken if out of the calendar."""
        try:
            return datetime.fromtimestamp(_seconds(self.signature), UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise EvidenceBroken("a cosignature's time is out of range") from error


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart; nothing in it is believed yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """EvidenceBroken unless it has the form of signed-note, "Format"."""
        return _parsed(cls, note) if len(note) < _SHORT else cls._parse(note)  # type: ignore[arg-type]  # a class is hashable

    @classmethod
    def _parse(cls, note: str) -> Self:
        if len(note) > MAX_NOTE or _NOT_TEXT.search(note):
            raise EvidenceBroken("a note is too long or has control characters")
        text, gap, lines = note.rpartition("\n\n")
        if not gap or not text or not lines.endswith("\n"):
            raise EvidenceBroken("a note without signatures")
        found = lines.removesuffix("\n").split("\n")
        if len(found) > MAX_SIGNATURES:
            raise EvidenceBroken("a note with too many signatures")
        return cls(text + "\n", tuple(_signature(line) for line in found))

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


_SHORT = 4096
N = TypeVar("N", bound=Note)


@lru_cache(512)
def _parsed(kind: type[N], note: str) -> N:
    """One checkpoint proves all receipts of its batch, and each asks for it several times."""
    return kind._parse(note)  # noqa: SLF001  its own other half


def sign(text: str, *signers: NoteSigner) -> str:
    """The signed note. InvalidValue unless the text ends in a newline and no signature could be mistaken for text."""
    if not text.endswith("\n") or text == "\n" or not signers:
        raise InvalidValue("a note's text ends in a newline and has a signer")
    lines = [NoteSignature(signer.name, signer.key_id, signer.sign(text.encode())) for signer in signers]
    return str(Note(text, tuple(lines)))


def cosign(note: str, witness: NoteSigner, at: datetime) -> str:
    """The same note with a witness's cosignature behind it. (tlog-cosignature, "Ed25519 signed message")

    The witness's key id must be the one of type 0x04; the caller has checked consistency before.
    """
    seconds, parsed = int(at.timestamp()), Note.parse(note)
    signature = seconds.to_bytes(_TIME_SIZE, "big") + witness.sign(_cosigned(seconds, parsed.text))
    return note + str(NoteSignature(witness.name, witness.key_id, signature))


def verify(note: str, keys: Iterable[VerifierKey]) -> tuple[str, tuple[NoteSignature, ...]]:
    """The note's text and its verified signatures, in order.

    Signatures of unknown keys are passed over. EvidenceBroken if a known key's signature fails, or none is known.
    """
    parsed = Note.parse(note)
    known = {(key.name, key.key_id): key for key in keys}
    pairs = [(line, known.get((line.name, line.key_id))) for line in parsed.signatures]
    if any(key is not None and not key.made(line.signature, parsed.text) for line, key in pairs):
        raise EvidenceBroken("a note's signature does not hold")
    verified = tuple(line for line, key in pairs if key is not None)
    if not verified:
        raise EvidenceBroken("no known key signed the note")
    return parsed.text, verified


def _signature(line: str) -> NoteSignature:
    fields = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(fields) != len(("name", "signature")) or not _is_name(fields[0]):
        raise EvidenceBroken("a malformed signature line")
    try:
        raw = b64decode(fields[1], validate=True)
    except ValueError as error:
        raise EvidenceBroken("a signature is not base64") from error
    if len(raw) <= _ID_SIZE:
        raise EvidenceBroken("a signature is too short")
    return NoteSignature(fields[0], raw[:_ID_SIZE], raw[_ID_SIZE:])


def _split_key(text: str, prefix: str) -> tuple[str, str, bytes]:
    fields = text.strip().removeprefix(prefix).split("+", 2)
    if not text.strip().startswith(prefix) or len(fields) != len(("name", "id", "key")):
        raise InvalidValue("note key")
    try:
        material = b64decode(fields[2], validate=True)
    except ValueError as error:
        raise InvalidValue("note key: not base64") from error
    if len(material) != 1 + _KEY_SIZE:
        raise InvalidValue("note key: wrong length")
    return fields[0], fields[1].lower(), material


def _is_name(name: str) -> bool:
    return bool(name) and not _NOT_TEXT.search(name) and not any(char == "+" or char.isspace() for char in name)


def _seconds(signature: bytes) -> int:
    return int.from_bytes(signature[:_TIME_SIZE], "big")


def _cosigned(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
