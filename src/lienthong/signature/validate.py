"""Checking the signatures inside a document: facts, then one verdict and one sentence for each, then a conclusion.

A boolean pair "intact" and "valid" is no verdict: a file can verify and still show other words than those signed. Hence
the order of questions in `_reason`: the value, the coverage, later changes, the signer's chain at the claimed time.
Trap: these checks cost 20–45 ms and hostile files more (seconds); run them in a worker, with limits of the process.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from asn1crypto import x509

from lienthong.document import VIETNAM
from lienthong.signature.chain import chain_of
from lienthong.signature.inspection import Found, Inspection, inspect
from lienthong.signature.model import LegalValue, Note, Report, Role, SignatureFacts, Verdict
from lienthong.signature.roles import kind_of, role_of
from lienthong.signature.sentences import CONCLUSIONS, NOT_PDF, NOTES, REASONS, UNREADABLE, UNSIGNED

_SKEW = timedelta(minutes=5)


def validate(pdf: bytes, roots: Sequence[bytes], moment: datetime, other_certs: Sequence[bytes] = ()) -> Report:
    """Judge every signature of `pdf` against `roots` (DER), seen at `moment`; `other_certs` help to build chains.

    Never raises and never goes to the network: what cannot be worked out is CANNOT_TELL. Revocation is not checked
    here and each report says so.
    """
    found = inspect(pdf)
    if found.unreadable:
        return _unreadable(found)
    if not found.signatures:
        return Report(Verdict.CANNOT_TELL, LegalValue.INFORMATION, True, *UNSIGNED)  # noqa: FBT003 - the field "unsigned"
    trust = _Trust(roots, other_certs, moment)
    last = found.signatures[-1]
    facts = tuple(trust.facts(item, last=item is last) for item in found.signatures)
    return _concluded(facts)


class _Trust:
    """What the judging of one file leans on."""

    def __init__(self, roots: Sequence[bytes], others: Sequence[bytes], moment: datetime) -> None:
        self._roots, self._others, self._moment = roots, others, moment

    def facts(self, found: Found, *, last: bool) -> SignatureFacts:
        claimed = _claimed_time(found)
        chain = self._chain(found, claimed or self._moment)
        reason = self._reason(found, chain, claimed, last=last)
        words = {"who": _name(found.certificate) or found.field, "when": _clock(claimed or self._moment)}
        return SignatureFacts(
            field=found.field,
            role=role_of(found.field, found.certificate),
            **_identity(found.certificate),
            profile=found.profile,
            claimed_time=claimed,
            coverage=found.coverage,
            modification=found.modification,
            integrity=found.intact,
            chain=chain,
            verdict=REASONS[reason].verdict,
            reason=reason,
            sentence_vi=REASONS[reason].vi.format(**words),
            sentence_en=REASONS[reason].en.format(**words),
            notes=self._notes(found, claimed, chain),
        )

    def _chain(self, found: Found, moment: datetime) -> str:
        if found.embedded is None or not found.intact:
            return "unknown"
        try:
            return chain_of(found.embedded, self._roots, self._others, moment)
        except Exception:  # noqa: BLE001 - whatever a hostile certificate provokes means "cannot tell"
            return "unknown"

    def _reason(self, found: Found, chain: str, claimed: datetime | None, *, last: bool) -> str:
        """The first question answered badly; later ones mean nothing then."""
        questions = (
            ("unreadable", found.intact is None or bool(found.fault)),
            ("broken", found.intact is False),
            ("not-covered", found.coverage == "unclear"),
            ("changed-after", not found.unchanged),
            (chain, chain != "trusted"),
            ("future", claimed is not None and claimed > self._moment + _SKEW),
            ("filled-after", last and found.modification == "form-filling"),
        )
        return next((reason for reason, holds in questions if holds), "valid")

    def _notes(self, found: Found, claimed: datetime | None, chain: str) -> tuple[Note, ...]:
        codes = {
            "not-pades": found.profile == "adbe.pkcs7.detached",
            "no-certificate-reference": found.embedded is not None and not _binds_certificate(found),
            "no-time": claimed is None,
            "role-mismatch": _mismatch(found),
            "expired-since": chain == "trusted" and _expired(found.certificate, self._moment),
            "revocation-not-checked": chain == "trusted",
        }
        return tuple(NOTES[code] for code, holds in codes.items() if holds)


def _concluded(facts: tuple[SignatureFacts, ...]) -> Report:
    verdicts = {item.verdict for item in facts}
    worst = next(verdict for verdict in (Verdict.INVALID, Verdict.CANNOT_TELL, Verdict.VALID) if verdict in verdicts)
    notes = _order_notes(facts)
    settled = worst is Verdict.VALID and not notes
    value = LegalValue.ORIGINAL if settled else LegalValue.UNSETTLED
    vi, en = CONCLUSIONS[worst]
    return Report(worst, value, unsigned=False, sentence_vi=vi, sentence_en=en, signatures=facts, notes=notes)


def _order_notes(facts: tuple[SignatureFacts, ...]) -> tuple[Note, ...]:
    """Decree 30/2020 Art. 32: first the leader, then the agency; a separate annex only the agency."""
    roles = [item.role for item in facts]
    if roles == [Role.ANNEX]:
        return ()
    if Role.LEADER not in roles:
        return (NOTES["no-leader"],)
    if Role.SEAL not in roles:
        return (NOTES["no-seal"],)
    return (NOTES["seal-before-leader"],) if roles.index(Role.SEAL) < roles.index(Role.LEADER) else ()


def _unreadable(found: Inspection) -> Report:
    pdf = found.unreadable != "not a PDF"
    vi, en = UNREADABLE if pdf else NOT_PDF
    value = LegalValue.UNSETTLED if pdf else LegalValue.INFORMATION
    return Report(Verdict.CANNOT_TELL, value, unsigned=not pdf, sentence_vi=vi, sentence_en=en)


def _claimed_time(found: Found) -> datetime | None:
    try:
        claimed = found.embedded.self_reported_timestamp if found.embedded else None
    except Exception:  # noqa: BLE001 - a hostile date provokes anything; then there is none
        return None
    return claimed if claimed and claimed.tzinfo else claimed and claimed.replace(tzinfo=UTC)


def _identity(certificate: x509.Certificate | None) -> dict[str, str]:
    if certificate is None:
        return dict.fromkeys(("signer", "organisation", "issuer", "serial", "thumbprint"), "")
    return {
        "signer": _name(certificate),
        "organisation": _part(certificate.subject, "organization_name"),
        "issuer": _part(certificate.issuer, "common_name"),
        "serial": f"{certificate.serial_number:x}",
        "thumbprint": hashlib.sha256(certificate.dump()).hexdigest(),
    }


def _name(certificate: x509.Certificate | None) -> str:
    return _part(certificate.subject, "common_name") if certificate else ""


def _part(name: x509.Name, part: str) -> str:
    value = name.native.get(part, "")
    return value if isinstance(value, str) else ", ".join(value)


def _binds_certificate(found: Found) -> bool:
    attributes = found.embedded.signer_info["signed_attrs"] if found.embedded else ()
    return any(item["type"].native == "signing_certificate_v2" for item in attributes)


def _mismatch(found: Found) -> bool:
    """A person's certificate for the agency's act or the reverse; silent when either does not say."""
    kind, role = kind_of(found.certificate), role_of(found.field, None)
    expected = Role.SEAL if role is Role.ANNEX else role
    return Role.OTHER not in {kind, expected} and kind is not expected


def _expired(certificate: x509.Certificate | None, moment: datetime) -> bool:
    return certificate is not None and bool(certificate.not_valid_after < moment)


def _clock(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
