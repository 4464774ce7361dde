"""The way from a certificate up to a trusted root at one moment (RFC 5280 §6). No revocation here, no network.

certvalidator's checks are coroutines that only ever wait for downloads. We step them by hand without an event loop: a
check that tries to wait is thereby found out and ends as "unknown".
"""

from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from asn1crypto import x509
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from lienthong.errors import Unavailable
from lienthong.signature.judging.inputs import Trust

Value = TypeVar("Value")

SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
STAMPING = KeyUsageConstraints(extd_key_usage={"time_stamping"})
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (PathBuildingError, "unknown"),
    (ExpiredError, "expired"),
    (NotYetValidError, "not-yet-valid"),
    (DisallowedAlgorithmError, "weak"),
    (InvalidCertificateError, "unfit"),
    (PathValidationError, "unfit"),
)


@dataclass(frozen=True, slots=True)
class Path:
    """`code` is "trusted", "unknown", "expired", "not-yet-valid", "weak" or "unfit"; `certificates` DER, leaf first."""

    code: str
    certificates: tuple[bytes, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether it leads to a root."""
        return self.code == "trusted"

    @property
    def pairs(self) -> Iterable[tuple[bytes, bytes]]:
        """Each certificate with its issuer; the root, whom nobody can revoke, only as issuer."""
        return zip(self.certificates, self.certificates[1:], strict=False)


UNKNOWN = Path("unknown")


def path_of(
    leaf: bytes, helpers: Sequence[bytes], trust: Trust, moment: datetime, usage: KeyUsageConstraints = SIGNING
) -> Path:
    """The path of `leaf` (DER) at `moment`, over `helpers` and what `trust` holds. Never raises."""
    try:
        return _found(leaf, helpers, trust, moment, usage)
    except Exception as problem:  # noqa: BLE001 - hostile certificates provoke anything; the rest means "cannot tell"
        return Path(next((code for kind, code in _CODES if isinstance(problem, kind)), "unknown"))


def _found(leaf: bytes, helpers: Sequence[bytes], trust: Trust, moment: datetime, usage: KeyUsageConstraints) -> Path:
    certificate = _parsed(leaf)
    # certvalidator calls a leaf from the future by the first fault it meets; the plain question comes first
    if certificate.not_valid_before > moment:
        return _outside("not-yet-valid", certificate, helpers, trust)
    if certificate.not_valid_after < moment:
        return _outside("expired", certificate, helpers, trust)
    path = _validated(certificate, helpers, trust, moment)
    usage.validate(certificate)
    way = tuple(path.iter_certs(include_root=True))[::-1]
    # certvalidator reads over bits that no signature of whole octets leaves unused (X.690 §8.6.2); others stop there
    if any(each["signature_value"].unused_bits for each in way):
        return UNKNOWN
    return Path("trusted", tuple(each.dump() for each in way))


def _outside(code: str, leaf: x509.Certificate, helpers: Sequence[bytes], trust: Trust) -> Path:
    """A certificate out of its time is only called so when it leads to a root while in force; else it is unknown."""
    _validated(leaf, helpers, trust, leaf.not_valid_before)
    return Path(code)


def _validated(leaf: x509.Certificate, helpers: Sequence[bytes], trust: Trust, moment: datetime) -> ValidationPath:
    context = ValidationContext(
        trust_roots=[_parsed(root) for root in trust.roots],
        other_certs=[_parsed(other) for other in trust.others],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(leaf, [_parsed(helper) for helper in helpers], context)
    path: ValidationPath = _run_dry(validator.async_validate_path())
    return path


def _run_dry(steps: Coroutine[Any, Any, Value]) -> Value:
    """The result of a coroutine that never waits. Raises Unavailable when it does."""
    try:
        steps.send(None)
    except StopIteration as end:
        result: Value = end.value
        return result
    steps.close()
    raise Unavailable("the check wanted to wait for something outside")


@lru_cache(maxsize=512)
def _parsed(certificate: bytes) -> x509.Certificate:
    """Parsing is half of the cost of a path, and the same issuers come again and again."""
    return x509.Certificate.load(certificate)
