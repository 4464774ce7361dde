"""B-T, B-LT, B-LTA: each a revision on top, judged by our own eyes and by pyHanko's."""

from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore

from lienthong.ca.tsa import Stamper
from lienthong.ca.tsa import answer as answer_stamp
from lienthong.errors import SignatureProblem
from lienthong.evidence import stamp as rfc3161
from lienthong.signature.facts.gather import gather
from lienthong.signature.judging import NOTHING_KNOWN, Revocation, Trust, judge, shipped
from lienthong.signature.levels import complete_stamp, prepare_stamp, with_proofs
from lienthong.signature.model import Verdict
from lienthong.signature.proofs import LARGEST_LIST
from unit.signature.authority import NOW, YEAR, agency, authority, leader, name, rsa_key
from unit.signature.documents import sealed, signed

TRUST = Trust("1", (authority().root,), (authority().issuing,))
END = NOW + 10 * YEAR
STAMPED = NOW + timedelta(minutes=5)


class Nothing:
    epoch = "0"

    def of(self, certificate: bytes, issuer: bytes, moment: object) -> Revocation:
        return NOTHING_KNOWN


@cache
def answer(certificate: bytes, at: datetime = STAMPED) -> bytes:
    known = certificate != authority().issuing
    issuer = x509.load_der_x509_certificate(authority().issuing if known else authority().root)
    builder = ocsp.OCSPResponseBuilder().add_response(
        x509.load_der_x509_certificate(certificate),
        issuer,
        SHA256(),
        ocsp.OCSPCertStatus.GOOD,
        at,
        at + YEAR,
        None,
        None,
    )
    key = rsa_key("A issuing" if known else "A root")
    made = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer).sign(key, SHA256())
    return made.public_bytes(Encoding.DER)


@cache
def desk() -> Stamper:
    """A time-stamping authority under the same root; as the one of the ca process."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = x509.CertificateBuilder(name("Gốc Mẫu A"), name("Dấu thời gian Mẫu"), key.public_key(), 78, NOW - YEAR, END)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = made.add_extension(usage, critical=True).sign(rsa_key("A root"), SHA256())
    return Stamper(key, certificate.public_bytes(Encoding.DER))


def token(digest: bytes) -> bytes:
    response = answer_stamp(rfc3161.request(digest, 5), desk(), STAMPED, lambda: 77)
    return rfc3161.token_of(response, digest, 5)


def stamped(pdf: bytes) -> bytes:
    waiting = prepare_stamp(pdf)
    return complete_stamp(waiting, token(waiting.digest), [authority().root])


@cache
def proved() -> bytes:
    answers = [answer(each) for each in (leader().certificate, agency().certificate, authority().issuing)]
    return with_proofs(sealed(), [authority().issuing, authority().root, desk().certificate], answers)


@cache
def lasting() -> bytes:
    return stamped(proved())


def test_each_step_leaves_the_bytes_before_as_they_were():
    assert proved().startswith(sealed())
    assert lasting().startswith(proved())
    assert with_proofs(proved(), [authority().issuing], [answer(leader().certificate)]) == proved()


def test_the_levels_are_told():
    assert {told.level for told in judge(gather(sealed()), shipped(), TRUST, None, STAMPED).signatures} == {"B-B"}
    report = judge(gather(lasting()), shipped(), TRUST, Nothing(), STAMPED)
    assert {told.level for told in report.signatures} == {"B-LTA"}


def test_what_lasts_is_valid_when_everything_has_run_out():
    """Years later no index knows anything and the signers' certificates are over: the file proves itself."""
    later = NOW + 9 * YEAR
    report = judge(gather(lasting()), shipped("strict"), TRUST, Nothing(), later)
    assert [(told.verdict, told.reason) for told in report.signatures] == [(Verdict.VALID, "valid")] * 2
    assert {told.best_time for told in report.signatures} == {STAMPED}
    bare = judge(gather(sealed()), shipped(), TRUST, Nothing(), later)
    assert {told.reason for told in bare.signatures} == {"expired-unproved"}


def test_pyhanko_finds_nothing_but_lawful_additions():
    """Also in a document that its leader certified for nothing but the seal."""
    reader = PdfFileReader(BytesIO(lasting()))
    for embedded in reader.embedded_regular_signatures:
        embedded.compute_integrity_info()
        told = embedded.summarise_integrity_info()
        assert told["docmdp_ok"]
        assert told["diff_result"].modification_level <= ModificationLevel.FORM_FILLING
    (over,) = reader.embedded_timestamp_signatures
    assert over.compute_digest() == prepare_stamp(proved()).digest
    store = DocumentSecurityStore.read_dss(reader)
    assert (len(list(store.load_certs())), len(store.ocsps)) == (3, 3)


def test_a_stamp_may_follow_a_stamp():
    twice = stamped(lasting())
    assert len(gather(twice).document_stamps) == 2
    assert judge(gather(twice), shipped("strict"), TRUST, Nothing(), STAMPED).conclusion is Verdict.VALID


def test_a_stamp_of_something_else_is_refused():
    waiting = prepare_stamp(proved())
    other = token(bytes(32))
    for bad in (other, b"", b"\x30\x03\x02\x01\x00"):
        with pytest.raises(SignatureProblem):
            complete_stamp(waiting, bad, [authority().root])
    with pytest.raises(SignatureProblem):
        complete_stamp(waiting, token(waiting.digest), [authority("B").root])


def test_no_proof_on_top_of_what_does_not_hold():
    at = sealed().index(b"stream") + 40
    broken = sealed()[:at] + bytes([sealed()[at] ^ 1]) + sealed()[at + 1 :]
    for bad in (broken, b"words"):
        with pytest.raises(SignatureProblem):
            with_proofs(bad, [], [answer(leader().certificate)])
        with pytest.raises(SignatureProblem):
            prepare_stamp(bad)


@pytest.mark.parametrize(("ocsps", "crls"), [((), ()), ((b"\x30\x00",), ()), ((), (b"0" * (LARGEST_LIST + 1),))])
def test_proofs_that_prove_nothing_or_too_much(ocsps: tuple[bytes, ...], crls: tuple[bytes, ...]):
    with pytest.raises(SignatureProblem):
        with_proofs(signed(), [authority().issuing], ocsps, crls)
