"""What is looked at before a session begins and before its result is given out. Pure: trust and moments come in."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from asn1crypto import x509

from lienthong.errors import SignatureProblem, SigningDiffers
from lienthong.signature.facts.model import Facts
from lienthong.signature.inspection import viewed
from lienthong.signature.judging.inputs import Revocations, Standing, Trust
from lienthong.signature.judging.policy import Policy, Weight, shipped
from lienthong.signature.judging.verdict import judge
from lienthong.signature.model import FIELD_NAMES, OF_PERSONS, Report, Role, SignatureFacts, Verdict
from lienthong.signature.roles import kind_of
from lienthong.signature.validate import conclude

_WITHDRAWN = frozenset({Standing.REVOKED, Standing.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Trusting:
    """Whom signatures are trusted for, and what is known of revocation; without `revocations` nothing is."""

    roots: tuple[bytes, ...]
    others: tuple[bytes, ...] = ()
    revocations: Revocations | None = None

    def withdrawn(self, certificate: bytes, known: Sequence[bytes], moment: datetime) -> bool:
        """Whether a certificate is known to be revoked or suspended; `known` may hold its issuer."""
        if self.revocations is None:
            return False
        issuer = _issuer_of(certificate, (*known, *self.others, *self.roots))
        return issuer is not None and self.revocations.of(certificate, issuer, moment).standing in _WITHDRAWN


def require_usable(
    certificate: bytes, chain: Sequence[bytes], role: Role, trusting: Trusting, moment: datetime
) -> None:
    """Raises SignatureProblem for a certificate out of its time, withdrawn, or of another kind than the role asks."""
    parsed = _parsed(certificate)
    if not parsed.not_valid_before <= moment <= parsed.not_valid_after:
        raise SignatureProblem("chứng thư ngoài thời hạn / the certificate is outside its validity")
    if trusting.withdrawn(certificate, chain, moment):
        raise SignatureProblem("chứng thư đã bị thu hồi hoặc tạm dừng / the certificate is revoked or suspended")
    kind, wanted = kind_of(parsed), Role.LEADER if role in OF_PERSONS else Role.SEAL
    if role in FIELD_NAMES and kind is not Role.OTHER and kind is not wanted:
        raise SignatureProblem("chứng thư không hợp vai trò ký / the certificate is of another kind than this role")


def require_readable(facts: Facts) -> None:
    """Raises SignatureProblem for a file that cannot be looked at: broken, encrypted, too large, beyond the limits."""
    if facts.readable:
        raise SignatureProblem(f"this is not a readable PDF: {facts.readable}")


def require_leader(facts: Facts, trusting: Trusting, moment: datetime) -> None:
    """Decree 30/2020, Art. 32: the seal goes only on a leader's signature that is intact, trusted and not withdrawn.

    Number and date may have been filled in since, as the leader's signature allows: the seal is what covers them
    (Art. 15.3, 17). Raises SignatureProblem.
    """
    report = judge(facts, _before_the_seal(), Trust("", trusting.roots, trusting.others), None, moment)
    leaders = [each for each in report.signatures if each.role is Role.LEADER]
    if not leaders:
        raise SignatureProblem("chưa có chữ ký của người có thẩm quyền / no leader has signed yet")
    if bad := next((each for each in leaders if each.verdict is not Verdict.VALID), None):
        raise SignatureProblem(f"{bad.sentence_vi} / {bad.sentence_en}")
    for found in viewed(facts).signatures:
        if found.certificate is not None and trusting.withdrawn(found.certificate.dump(), found.embedded, moment):
            raise SignatureProblem("chứng thư của người đã ký bị thu hồi / a signer's certificate is revoked")


@cache
def _before_the_seal() -> Policy:
    """The usual policy, but for what the coming signature will cover."""
    usual = shipped()
    return replace(usual, checks={**usual.checks, "filled-after": Weight.IGNORE})


def require_addition(original: bytes, result: bytes) -> None:
    """Raises SigningDiffers unless the result is the old bytes and something behind them."""
    if not result.startswith(original) or len(result) == len(original):
        raise SigningDiffers("tệp ký không nối tiếp văn bản đã trình / not the shown document and an addition")


def require_result(before: Facts, after: Facts, certificate: bytes, trusting: Trusting, moment: datetime) -> Report:
    """The report on a signed file, if it has one more sound signature than before, by the expected certificate.

    What earlier signatures were worth they must still be. Raises SigningDiffers.
    """
    old = conclude(before, trusting.roots, moment, trusting.others).signatures
    report = conclude(after, trusting.roots, moment, trusting.others)
    if len(report.signatures) != len(old) + 1:
        raise SigningDiffers(f"{len(report.signatures)} ≠ {len(old)} + 1")
    *earlier, last = report.signatures
    if last.integrity is not True or last.coverage != "file":
        raise SigningDiffers("chữ ký mới không nguyên vẹn / the new signature is not intact")
    if last.thumbprint != hashlib.sha256(certificate).hexdigest():
        raise SigningDiffers("chứng thư khác / another certificate")
    for was, now in zip(old, earlier, strict=True):
        _require_same(was, now)
    return report


def _require_same(old: SignatureFacts, new: SignatureFacts) -> None:
    if (old.field, old.thumbprint) != (new.field, new.thumbprint) or new.integrity is not True:
        raise SigningDiffers(f"{old.field}: không còn nguyên vẹn / no longer intact")
    if old.verdict is Verdict.VALID and new.verdict is not Verdict.VALID:
        raise SigningDiffers(f"{old.field}: {new.reason}")


def _parsed(certificate: bytes) -> x509.Certificate:
    try:
        parsed = x509.Certificate.load(certificate)
        _ = parsed.subject.native, parsed.not_valid_after
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureProblem(f"chứng thư không đọc được / the certificate cannot be read: {error}") from error
    return parsed


def _issuer_of(certificate: bytes, known: Sequence[bytes]) -> bytes | None:
    wanted = _parsed(certificate).issuer
    return next((each for each in known if _parsed(each).subject == wanted), None)
