"""The CA's answers about certificates over real HTTP, read by OpenSSL's command line and by pyHanko's validator."""

import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from asn1crypto import ocsp as asn1
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError

from ca_process import CaProcess, ca_process, real_now
from lienthong.ca import Issued, requests
from lienthong.ca.ceremony import AuthorityFolder
from running_country import until

pytestmark = pytest.mark.integration
ASKED = {"Content-Type": "application/ocsp-request"}


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def leaf(ca: CaProcess) -> Issued:
    return ca.home.issue(requests.document_seal("Bộ Mẫu", locality="Hà Nội"), real_now(), "seal")


def question(ca: CaProcess, leaf: Issued) -> bytes:
    issuer = x509.load_der_x509_certificate(ca.home.authority.issuing.certificate)
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        x509.load_der_x509_certificate(leaf.certificate), issuer, hashes.SHA256()
    )
    return builder.build().public_bytes(Encoding.DER)


def test_openssl_asks_and_verifies_before_and_after_a_revocation(ca: CaProcess, leaf: Issued, tmp_path: Path):
    asking = ["-CAfile", ca.home.folder / "root.pem", "-issuer", ca.home.folder / "issuing.pem"]
    asking += ["-cert", ca.home.folder / "seal.pem", "-url", f"{ca.url}/ocsp"]
    said = openssl("ocsp", *asking)
    assert "Response verify OK" in said
    assert "seal.pem: good" in said
    lost = ca.home.issue(requests.document_seal("Sở Mẫu", locality="Huế"), real_now(), "lost")
    ca.home.revoke(lost.certificate, real_now(), x509.ReasonFlags.key_compromise)
    asking[asking.index(ca.home.folder / "seal.pem")] = ca.home.folder / "lost.pem"
    said = until(lambda: _saying("lost.pem: revoked", openssl("ocsp", *asking)), "revoked")
    assert "keyCompromise" in said


def _saying(words: str, said: str) -> str:
    return said if words in said else ""


def openssl(*arguments: str | Path) -> str:
    program = shutil.which("openssl")
    assert program, "the openssl program is a Debian package"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_cached_get_says_what_a_post_says(ca: CaProcess, leaf: Issued):
    body = question(ca, leaf)
    posted = httpx.post(f"{ca.url}/ocsp", content=body, headers=ASKED)
    got = httpx.get(f"{ca.url}/ocsp/{b64encode(body).decode().replace('+', '%2B').replace('=', '%3D')}")
    for answer in (posted, got):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ocsp-response")
        said = ocsp.load_der_ocsp_response(answer.content)
        assert said.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert got.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("revoked", [False, True])
async def test_pyhanko_follows_the_answer(ca: CaProcess, revoked: bool):
    made = ca.home.issue(requests.document_seal("Cục Mẫu", locality="Huế"), real_now(), f"cuc-{revoked}")
    if revoked:
        ca.home.revoke(made.certificate, real_now(), x509.ReasonFlags.cessation_of_operation)
    checked = _checked(ca, made, until(lambda: _answered(ca, made, revoked=revoked), "the answer"))
    if revoked:
        with pytest.raises(RevokedError):
            await checked.async_validate_usage({"non_repudiation"})
    else:
        await checked.async_validate_usage({"non_repudiation"})


def _checked(ca: CaProcess, made: Issued, reply: bytes) -> CertificateValidator:
    authority = ca.home.authority
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(authority.root.certificate)],
        other_certs=[asn1_x509.Certificate.load(authority.issuing.certificate)],
        ocsps=[asn1.OCSPResponse.load(reply)],
        crls=[httpx.get(f"{ca.url}/crl/root.crl").content],
        revocation_mode="hard-fail",
    )
    return CertificateValidator(asn1_x509.Certificate.load(made.certificate), validation_context=context)


def _answered(ca: CaProcess, made: Issued, *, revoked: bool) -> bytes:
    reply = httpx.post(f"{ca.url}/ocsp", content=question(ca, made), headers=ASKED).content
    said = ocsp.load_der_ocsp_response(reply).certificate_status
    return reply if said is (ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD) else b""


@pytest.mark.parametrize("body", [b"", b"\x30\x03\x02\x01\x00", b"x" * 5000])
def test_nonsense_is_answered_as_such(ca: CaProcess, body: bytes):
    answer = httpx.post(f"{ca.url}/ocsp", content=body, headers=ASKED)
    assert answer.headers["content-type"] == "application/ocsp-response"
    assert ocsp.load_der_ocsp_response(answer.content).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_an_address_that_is_no_question(ca: CaProcess):
    answer = httpx.get(f"{ca.url}/ocsp/khong-phai")
    assert answer.status_code == 400
    assert ocsp.load_der_ocsp_response(answer.content).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_an_authority_founded_before_there_were_answers_gets_a_responder(tmp_path: Path, ca: CaProcess):
    home = AuthorityFolder.load(ca.home.folder)
    shutil.copytree(home.folder, tmp_path / "old")
    for name in ("ocsp.key", "ocsp.pem", "issued.txt"):
        (tmp_path / "old" / name).unlink()
    old = AuthorityFolder.load(tmp_path / "old")
    assert old.authority.ocsp is None
    assert old.issued() is None
    fresh = old.with_responder(real_now())
    assert fresh.authority.ocsp is not None
    again = AuthorityFolder.load(tmp_path / "old").with_responder(real_now())
    assert again.authority.ocsp is not None
    assert again.authority.ocsp.certificate == fresh.authority.ocsp.certificate
