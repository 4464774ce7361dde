"""Judge a seal: who vouches for these parts, and may they. Three answers; nothing hostile makes it raise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from lienthong.errors import (
    AlgorithmNotAllowed,
    LienThongError,
    PartChanged,
    PartMissing,
    PartUnexpected,
    RegistryStale,
    SealInvalid,
    SealKeyExpired,
    SealKeyForeign,
    SealKeyRevoked,
    SealKeyUnknown,
)
from lienthong.seal.algorithms import ALGORITHMS, Algorithm, for_key
from lienthong.seal.header import Header, ReadSeal, SealedDigest, read
from lienthong.seal.keys import PACKAGE_SEAL, SealedPart, SealingKey, Trust, thumbprint


class SealResult(Enum):
    """The verdict in one word."""

    VALID = "valid"
    INVALID = "invalid"
    CANNOT_TELL = "cannot-tell"

    @property
    def vi(self) -> str:
        return {"valid": "hợp lệ", "invalid": "không hợp lệ", "cannot-tell": "chưa kết luận được"}[self.value]

    @property
    def en(self) -> str:
        return {"valid": "valid", "invalid": "invalid", "cannot-tell": "cannot tell"}[self.value]


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """What became of a seal.

    All but result, reason and detail is what the seal says; it is proven only when the result is VALID. `expires_at` is
    until when the sender wants the package delivered, if it said so; `answers` the requests it answers.
    """

    result: SealResult
    reason: type[LienThongError] | None = None
    detail: str = ""
    key: SealingKey | None = None
    sender: str = ""
    message_id: str = ""
    signed_at: datetime | None = None
    expires_at: datetime | None = None
    answers: tuple[str, ...] = ()

    def raise_if_not_valid(self) -> None:
        """Raise the reason as an error, for callers that cannot go on."""
        if self.reason is not None:
            raise self.reason(self.detail)


@dataclass(frozen=True, slots=True)
class Policy:
    """How strictly seals are judged."""

    skew: timedelta = timedelta(minutes=5)
    max_age: timedelta = timedelta(days=30)
    max_bytes: int = 262_144
    algorithms: tuple[Algorithm, ...] = ALGORITHMS


DEFAULT_POLICY = Policy()


def judge(
    seal: str, parts: Sequence[SealedPart], trust: Trust, moment: datetime, policy: Policy = DEFAULT_POLICY
) -> SealVerdict:
    """Judge the seal over exactly these parts at `moment` (aware) against the listed keys.

    A stale list of keys still proves what is wrong with a seal for ever (a changed part, a revoked key), but cannot
    prove that it is good, nor that a key it does not know is unknown: both become CANNOT_TELL.
    """
    verdict = _judge(seal, parts, trust, moment, policy)
    in_doubt = verdict.result is SealResult.VALID or verdict.reason is SealKeyUnknown
    if in_doubt and not trust.fresh(moment):
        return replace(verdict, result=SealResult.CANNOT_TELL, reason=RegistryStale, detail="")
    return verdict


def _judge(seal: str, parts: Sequence[SealedPart], trust: Trust, moment: datetime, policy: Policy) -> SealVerdict:
    claims = SealVerdict(SealResult.INVALID)
    try:
        found = _read(seal, policy)
        claims = _claims(found.header)
        key = _listed_key(found.header, trust)
        claims = replace(claims, key=key)
        _check_signature(found, key, policy)
        _check_time(found.header, moment, policy)
        _check_key(key, found.header, moment)
        _check_parts(found.header.parts, parts)
    except LienThongError as error:
        return replace(claims, reason=type(error), detail=error.detail)
    return replace(claims, result=SealResult.VALID)


def _claims(header: Header) -> SealVerdict:
    return SealVerdict(
        SealResult.INVALID,
        sender=header.sender,
        message_id=header.message_id,
        signed_at=header.signed_at,
        expires_at=header.expires_at,
        answers=header.answers,
    )


def _read(seal: str, policy: Policy) -> ReadSeal:
    if len(seal) > policy.max_bytes:
        raise SealInvalid(f"{len(seal)} > {policy.max_bytes}")
    return read(seal, frozenset(row.id for row in policy.algorithms))


def _listed_key(header: Header, trust: Trust) -> SealingKey:
    key = trust.sealing_key(header.thumbprint)
    if key is None or key.purpose != PACKAGE_SEAL or thumbprint(key.certificate) != header.thumbprint:
        raise SealKeyUnknown(header.thumbprint)
    return key


def _check_signature(found: ReadSeal, key: SealingKey, policy: Policy) -> None:
    public = _public_key(key)
    allowed = {row.id: row for row in for_key(public, found.header.signed_at, policy.algorithms)}
    # RFC 8725 §3.1: the key decides; a header that says otherwise is an attack
    row = allowed.get(found.header.algorithm)
    if row is None:
        raise AlgorithmNotAllowed(found.header.algorithm)
    if not row.verifies(public, found.signature, found.signing_input):
        raise SealInvalid("signature")


def _public_key(key: SealingKey) -> object:
    try:
        return _key_in(key.certificate)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise AlgorithmNotAllowed(key.thumbprint) from error


@lru_cache(8192)
def _key_in(certificate: bytes) -> object:
    """The key of a DER certificate: parsing it costs more than a signature, and agencies seal more than once."""
    return x509.load_der_x509_certificate(certificate).public_key()


def _check_time(header: Header, moment: datetime, policy: Policy) -> None:
    if header.signed_at > moment + policy.skew:
        raise SealInvalid(f"signed in the future: {header.signed_at.isoformat()}")
    if header.signed_at < moment - policy.max_age:
        raise SealInvalid(f"signed too long ago: {header.signed_at.isoformat()}")


def _check_key(key: SealingKey, header: Header, moment: datetime) -> None:
    if key.revoked_at is not None and key.revoked_at <= moment:
        raise SealKeyRevoked(key.revoked_at.isoformat())
    if not all(key.valid_from <= at <= key.valid_to for at in (header.signed_at, moment)):
        raise SealKeyExpired(f"{key.valid_from.isoformat()} – {key.valid_to.isoformat()}")
    if key.holder != f"org:{header.sender}":
        raise SealKeyForeign(f"{key.holder} ≠ org:{header.sender}")


def _check_parts(sealed: Sequence[SealedDigest], parts: Sequence[SealedPart]) -> None:
    """The package is exactly what was sealed: same parts, same order, same types, same bytes."""
    names, found = [part.name for part in sealed], [part.name for part in parts]
    if missing := [name for name in names if name not in set(found)]:
        raise PartMissing(", ".join(missing))
    if extra := _beyond(found, names):
        raise PartUnexpected(", ".join(extra))
    # part 0 is the message, so the order is part of what was sealed
    if names != found:
        raise PartChanged("order")
    for was, now in zip(sealed, parts, strict=True):
        if (was.media_type, was.sha256) != (now.media_type, now.sha256):
            raise PartChanged(was.name)


def _beyond(found: Sequence[str], names: Sequence[str]) -> list[str]:
    """Names that came without being sealed, or more than once."""
    known, seen = set(names), set[str]()
    extra = []
    for name in found:
        if name not in known or name in seen:
            extra.append(name)
        seen.add(name)
    return extra
