"""Answers about certificates, at moments of the test's choosing, and the requests that get none."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from lienthong.ca import Authority, Revoked, requests
from lienthong.ca.desk import CertificateDesk
from lienthong.ca.ocsp import LIFE

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AUTHORITY = Authority.found(NOW, publish_at="http://ca.example/")
LEAF = AUTHORITY.issue(requests.document_seal("Bộ Mẫu", locality="Hà Nội"), NOW)
CERTIFICATE = x509.load_der_x509_certificate(LEAF.certificate)
ISSUER = x509.load_der_x509_certificate(AUTHORITY.issuing.certificate)


@dataclass
class World:
    moment: datetime = NOW
    rows: tuple[Revoked, ...] = ()
    issued: frozenset[int] | None = frozenset({LEAF.serial})
    authority: Authority = field(default=AUTHORITY)

    def ask(self, question: bytes) -> ocsp.OCSPResponse:
        return ocsp.load_der_ocsp_response(self.desk.state(question))

    @property
    def desk(self) -> CertificateDesk:
        return CertificateDesk(self.authority, b"", lambda: self.rows, lambda: self.moment, issued=lambda: self.issued)


def question(
    algorithm: hashes.HashAlgorithm | None = None, nonce: bytes | None = None, **of: x509.Certificate
) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        of.get("leaf", CERTIFICATE), of.get("issuer", ISSUER), algorithm or hashes.SHA256()
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", [hashes.SHA1(), hashes.SHA256()])  # noqa: S303  # names an issuer (RFC 5019 §2.1.1)
def test_a_good_certificate(algorithm: hashes.HashAlgorithm):
    said = World().ask(question(algorithm))
    assert (said.response_status, said.certificate_status) == (
        ocsp.OCSPResponseStatus.SUCCESSFUL,
        ocsp.OCSPCertStatus.GOOD,
    )
    assert (said.this_update_utc, said.next_update_utc) == (NOW, NOW + LIFE)
    assert said.serial_number == LEAF.serial


def test_the_answer_is_signed_by_a_responder_the_authority_named():
    said = World().ask(question())
    [responder] = said.certificates
    responder.verify_directly_issued_by(ISSUER)
    usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.ExtendedKeyUsageOID.OCSP_SIGNING]
    assert responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    key = responder.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(said.signature, said.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))


def test_certificates_say_where_to_ask():
    access = CERTIFICATE.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    places = {row.access_method: row.access_location.value for row in access}
    assert places[x509.AuthorityInformationAccessOID.OCSP] == "http://ca.example/ocsp"


def test_a_revoked_certificate_within_a_second():
    world = World()
    desk = world.desk
    desk.state(question())
    world.rows = (Revoked(LEAF.serial, NOW, x509.ReasonFlags.key_compromise),)
    world.moment += timedelta(seconds=1)
    said = ocsp.load_der_ocsp_response(desk.state(question()))
    assert said.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert (said.revocation_time_utc, said.revocation_reason) == (NOW, x509.ReasonFlags.key_compromise)


def test_an_unspecified_reason_is_not_told():
    said = World(rows=(Revoked(LEAF.serial, NOW),)).ask(question())
    assert said.revocation_reason is None


def test_what_was_never_issued_is_unknown_unless_nobody_kept_count():
    assert World(issued=frozenset()).ask(question()).certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert World(issued=None).ask(question()).certificate_status is ocsp.OCSPCertStatus.GOOD


def test_what_is_issued_while_the_desk_works_is_known_at_once():
    world = World(issued=frozenset())
    desk = world.desk
    desk.state(question())
    world.issued = frozenset({LEAF.serial})
    said = ocsp.load_der_ocsp_response(desk.state(question()))
    assert said.certificate_status is ocsp.OCSPCertStatus.GOOD


def test_the_nonce_comes_back():
    said = World().ask(question(nonce=b"0123456789abcdef"))
    assert said.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"


def test_another_authoritys_certificate_is_not_ours_to_answer():
    other = Authority.found(NOW)
    issuer = x509.load_der_x509_certificate(other.issuing.certificate)
    said = World().ask(question(issuer=issuer))
    assert said.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_a_responder_that_ran_out_or_is_missing_asks_to_come_later():
    late = World(moment=NOW + timedelta(days=400)).ask(question())
    none = World(authority=replace(AUTHORITY, ocsp=None)).ask(question())
    assert late.response_status is none.response_status is ocsp.OCSPResponseStatus.TRY_LATER


def test_many_certificates_in_one_question_are_not_answered():
    asked = asn1.OCSPRequest.load(question())
    rows = asked["tbs_request"]["request_list"]
    rows.append(rows[0].copy())
    assert World().ask(asked.dump(force=True)).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


@given(st.one_of(st.binary(max_size=200), st.integers(0, 60).map(lambda cut: question()[:cut])))
def test_nonsense_gets_an_answer_without_a_word_about_a_certificate(data: bytes):
    assert World().ask(data).response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL


@given(st.integers(0, len(question()) - 1), st.integers(1, 255))
def test_a_changed_question_is_never_answered_for_ours(place: int, change: int):
    data = bytearray(question())
    data[place] ^= change
    said = World().ask(bytes(data))
    if said.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL and said.serial_number != LEAF.serial:
        assert said.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
