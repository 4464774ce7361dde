"""Whether a certificate is the registry's: pinned as such, or issued under a trusted root and marked for it.

A root issues many certificates. Without the mark, any gateway's key could publish a registry of its own.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from lienthong.errors import SnapshotUntrusted

REGISTRY_MARK = "urn:lienthong:registry"
"""The URI in subjectAltName of certificates that may sign snapshots."""


_UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def check_chain(chain: Sequence[bytes], trusted: Sequence[bytes], moment: datetime) -> None:
    """Pass if the leaf may sign snapshots at `moment`; raises SnapshotUntrusted otherwise.

    `chain` is leaf first, `trusted` are pinned leaves or roots, all DER.
    """
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in chain]
        roots = [x509.load_der_x509_certificate(der) for der in trusted]
        _check(certificates, roots, moment)
    except _UNREADABLE as error:
        raise SnapshotUntrusted("certificate") from error


def check_valid(chain: Sequence[bytes], moment: datetime) -> None:
    """Pass if every certificate (DER) can be read and is inside its validity; raises SnapshotUntrusted otherwise."""
    try:
        _check_valid([x509.load_der_x509_certificate(der) for der in chain], moment)
    except _UNREADABLE as error:
        raise SnapshotUntrusted("certificate") from error


def _check_valid(chain: list[x509.Certificate], moment: datetime) -> None:
    for certificate in chain:
        if not _valid(certificate, moment):
            raise SnapshotUntrusted(f"certificate expired: {certificate.subject.rfc4514_string()}")


def _check(chain: list[x509.Certificate], roots: list[x509.Certificate], moment: datetime) -> None:
    leaf, *above = chain
    _check_valid(chain, moment)
    if leaf in roots and not _is_authority(leaf):
        return
    if not _is_marked(leaf):
        raise SnapshotUntrusted(f"not a registry certificate: {leaf.subject.rfc4514_string()}")
    for issued, issuer in zip(chain, above, strict=False):
        _check_issued(issued, issuer)
    if not any(_valid(root, moment) and (chain[-1] == root or _issued(chain[-1], root)) for root in roots):
        raise SnapshotUntrusted("the chain does not lead to a trusted root")


def _valid(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _check_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    if not _issued(certificate, issuer):
        raise SnapshotUntrusted(f"not issued by {issuer.subject.rfc4514_string()}")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return _is_authority(issuer)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_marked(certificate: x509.Certificate) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    return REGISTRY_MARK in names.get_values_for_type(x509.UniformResourceIdentifier)
