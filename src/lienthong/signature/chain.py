"""Who signed: the certificate's path to the given roots at the claimed time. No network, by construction.

pyHanko's checks are coroutines that only ever wait for downloads. We step them by hand without an event loop: a check
that tries to wait is thereby found out and ends as "cannot tell".
"""

from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import x509
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from lienthong.errors import Unavailable

_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
# Sub-indications of ETSI EN 319 102-1 by name, as pyHanko gives them.
_CHAINS = {
    "EXPIRED": "expired",
    "OUT_OF_BOUNDS_NO_POE": "expired",
    "OUT_OF_BOUNDS_NOT_REVOKED": "expired",
    "NOT_YET_VALID": "not-yet-valid",
    "CHAIN_CONSTRAINTS_FAILURE": "unfit",
    "SIG_CONSTRAINTS_FAILURE": "unfit",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak",
    "REVOKED_NO_POE": "revoked",
    "REVOKED_CA_NO_POE": "revoked",
}

Value = TypeVar("Value")


def chain_of(embedded: EmbeddedPdfSignature, roots: Sequence[bytes], others: Sequence[bytes], moment: datetime) -> str:
    """One of "trusted", "unknown", "expired", "not-yet-valid", "unfit", "weak", "revoked" at `moment`.

    May raise anything pyHanko raises; the caller turns that into "cannot tell".
    """
    status = run_dry(_status(embedded, roots, others, moment))
    problem = status.trust_problem_indic
    if problem is None:
        return "trusted" if status.trusted else "unknown"
    # pyHanko calls a certificate from the future a general failure of the chain; only a missing chain says nothing.
    if problem.standard_name != "NO_CERTIFICATE_CHAIN_FOUND" and embedded.signer_cert.not_valid_before > moment:
        return "not-yet-valid"
    return _CHAINS.get(problem.standard_name, "unknown")


def run_dry(steps: Coroutine[Any, Any, Value]) -> Value:
    """The result of a coroutine that never waits. Raises Unavailable when it does."""
    try:
        steps.send(None)
    except StopIteration as end:
        result: Value = end.value
        return result
    steps.close()
    raise Unavailable("the check wanted to wait for something outside")


def _status(
    embedded: EmbeddedPdfSignature, roots: Sequence[bytes], others: Sequence[bytes], moment: datetime
) -> Coroutine[Any, Any, PdfSignatureStatus]:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        other_certs=[x509.Certificate.load(other) for other in others],
        moment=moment,
        allow_fetching=False,
    )
    status: Coroutine[Any, Any, PdfSignatureStatus] = async_validate_pdf_signature(
        embedded, signer_validation_context=context, key_usage_settings=_USAGE, skip_diff=True
    )
    return status
