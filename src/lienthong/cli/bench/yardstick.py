"""The PyPI package `as4` 0.2.0 doing its best: build → parse and verify → receipt → verify, one process, no network.

It wants an older `cryptography` than this project, so it never shares an environment with it: give an interpreter that
has it. This file, run by that interpreter, needs nothing of ours.
"""

import json
import os
import subprocess
import sys
import time

VERSION = "0.2.0"
_ASK = f"import importlib.metadata as m, sys; sys.exit(m.version('as4') != '{VERSION}')"
_COUNT = 30


def interpreter(wanted: str = "") -> str:
    """The interpreter that has this version of as4 (this one when none is named), or empty."""
    python = wanted or sys.executable
    try:
        asked = subprocess.run([python, "-c", _ASK], capture_output=True, check=False)  # noqa: S603  the user's choice
    except OSError:
        return ""
    return python if asked.returncode == 0 else ""


def rate(python: str, size: int, count: int = _COUNT) -> float:
    """Messages a second with a payload of that size, in a process of its own."""
    command = [python, __file__, str(size), str(count)]
    ran = subprocess.run(command, capture_output=True, check=True)  # noqa: S603  the user's choice
    return count / float(json.loads(ran.stdout))


def _party(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  as4's kinds are not installed here
    """A key and a self-signed certificate under a name Peppol's profile accepts."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + timedelta(1))
    return key, made.sign(key, hashes.SHA256())


def _exchange(size: int, count: int) -> float:
    """Seconds for so many whole exchanges, by the package's public functions."""
    import as4  # type: ignore[import-not-found]  # lives in an interpreter of its own
    from as4 import peppol

    (key_a, cert_a), (key_b, cert_b) = _party("PTE000001"), _party("PTE000002")
    a = peppol.create_peppol_internal_party("PTE000001", cert_a, as4.AS4LocalPrivateKey(key_a))
    b = peppol.create_peppol_internal_party("PTE000002", cert_b, as4.AS4LocalPrivateKey(key_b))
    b_seen = peppol.create_peppol_external_party("PTE000002", cert_b)
    policy = as4.SecurityPolicy(signer_resolver=as4.pinned_certificates(cert_a), verify_participants=False)
    payload = b"<mau>" + os.urandom(size // 2).hex().encode() + b"</mau>"
    begun = time.perf_counter()
    for _ in range(count):
        message = peppol.build_peppol_message(
            payload,
            local_party=a,
            remote_party=b_seen,
            sender="9932:9999999999",
            recipient="9932:1111111111",
            sender_country_id="VN",
            document_type_identifier_scheme="busdox-docid-qns",
            document_type_identifier_value="urn:mau::Mau##urn:mau::1.0",
            process_identifier="urn:mau:1.0",
        )
        body, boundary = message.get_request_data()
        received = peppol.parse_peppol_message(message.get_http_headers(boundary), body, b, security_policy=policy)
        _, signal = received.build_signal()
        peppol.parse_peppol_receipt(signal, cert_b).verify_non_repudiation(message.signed_references)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.stdout.write(str(_exchange(int(sys.argv[1]), int(sys.argv[2]))))
