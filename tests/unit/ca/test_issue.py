"""Certificates of every profile: what is in them, what is refused, and that a strict verifier accepts their chain."""

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from lienthong.ca import Authority, Issuer, Request, Revoked, Subject, issue, profiles, requests, revocation_list
from lienthong.ca.drafting import BACKDATING
from lienthong.errors import AlgorithmNotAllowed, InvalidValue

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AUTHORITY = Authority.found(NOW, publish_at="http://ca.example/")
REQUESTS = {
    "package-seal": requests.package_seal("G09", "Bộ Nội vụ"),
    "gateway": requests.gateway("bnv", "Máy chủ bảo mật Bộ Nội vụ"),
    "server": requests.server("registry.example", "127.0.0.1"),
    "log": requests.log("lienthong.example/log/axis"),
    "registry": requests.registry(),
    "tsa": requests.timestamping(),
    "ocsp": requests.responding(),
    "document-seal": requests.document_seal(
        "Bộ Nội vụ", locality="Hà Nội", tax_code="0100000000", budget_code="1000000"
    ),
    "person": requests.person(
        "Nguyễn Văn Mẫu", organisation="Bộ Nội vụ", locality="Hà Nội", unit="Văn phòng", email="mau@example.vn"
    ),
}
ISSUED = {name: AUTHORITY.issue(request, NOW) for name, request in REQUESTS.items()}
PARSED = {name: x509.load_der_x509_certificate(issued.certificate) for name, issued in ISSUED.items()}
ROOT = x509.load_der_x509_certificate(AUTHORITY.root.certificate)
ISSUING = x509.load_der_x509_certificate(AUTHORITY.issuing.certificate)


def extension(name: str, kind: type[Any]):
    return PARSED[name].extensions.get_extension_for_class(kind)


def issuer(authority: Authority = AUTHORITY):
    return Issuer(x509.load_der_x509_certificate(authority.issuing.certificate), authority.issuing.key)


def test_there_is_a_request_for_every_profile_of_an_end_entity():
    assert set(REQUESTS) | {"root", "issuing"} == set(profiles.PROFILES)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_chain_holds_up_to_the_root(name: str):
    leaf = PARSED[name]
    leaf.verify_directly_issued_by(ISSUING)
    ISSUING.verify_directly_issued_by(ROOT)
    ROOT.verify_directly_issued_by(ROOT)
    assert ISSUED[name].chain == (AUTHORITY.issuing.certificate,)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_key_has_the_profiles_shape_and_the_certificate_is_for_it(name: str):
    public = ISSUED[name].key.public_key()
    assert profiles.PROFILES[name].key.fits(public)
    assert PARSED[name].public_key() == public


def test_key_kinds():
    assert isinstance(ISSUED["log"].key, ed25519.Ed25519PrivateKey)
    assert isinstance(ISSUED["package-seal"].key, ec.EllipticCurvePrivateKey)
    assert isinstance(ISSUED["person"].key, rsa.RSAPrivateKey)
    assert ISSUED["person"].key.key_size == 2048


@pytest.mark.parametrize("name", REQUESTS)
def test_only_authorities_may_issue(name: str):
    constraints = extension(name, x509.BasicConstraints)
    usage = extension(name, x509.KeyUsage)
    assert constraints.critical
    assert usage.critical
    assert (constraints.value.ca, usage.value.key_cert_sign, usage.value.crl_sign) == (False, False, False)
    assert usage.value.digital_signature


def test_authorities_are_bounded_in_depth():
    lengths = [cert.extensions.get_extension_for_class(x509.BasicConstraints).value for cert in (ROOT, ISSUING)]
    assert [(found.ca, found.path_length) for found in lengths] == [(True, 1), (True, 0)]


def test_people_and_agencies_commit_to_what_they_sign():
    committed = {name for name in REQUESTS if extension(name, x509.KeyUsage).value.content_commitment}
    assert committed == {"package-seal", "document-seal", "person", "tsa", "registry"}


def test_the_time_stamping_usage_is_critical_and_alone():
    found = extension("tsa", x509.ExtendedKeyUsage)
    assert found.critical
    assert list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_holders_stand_in_the_alternative_names():
    found = {
        name: extension(name, x509.SubjectAlternativeName).value.get_values_for_type(x509.UniformResourceIdentifier)
        for name in ("package-seal", "gateway", "log")
    }
    assert found == {
        "package-seal": ["urn:lienthong:org:G09"],
        "gateway": ["urn:lienthong:gateway:bnv"],
        "log": ["urn:lienthong:log:lienthong.example/log/axis"],
    }


def test_gateways_answer_on_loopback_unless_told_otherwise():
    names = extension("gateway", x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]


def test_the_document_seals_subject():
    subject = PARSED["document-seal"].subject
    assert subject.get_attributes_for_oid(NameOID.USER_ID)[0].value == "MST:0100000000, MNS:1000000"
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Bộ Nội vụ"


@pytest.mark.parametrize("name", ["gateway", "server"])
def test_a_strict_verifier_accepts_servers(name: str):
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    verifier = PolicyBuilder().store(Store([ROOT])).time(NOW).build_server_verifier(host)
    assert len(verifier.verify(PARSED[name], [ISSUING])) == 3


def test_a_strict_verifier_accepts_gateways_as_clients_and_no_plain_server():
    verifier = PolicyBuilder().store(Store([ROOT])).time(NOW).build_client_verifier()
    assert verifier.verify(PARSED["gateway"], [ISSUING]).subjects
    with pytest.raises(x509.verification.VerificationError):
        verifier.verify(PARSED["server"], [ISSUING])


def test_certificates_say_where_lists_and_issuer_are():
    points = extension("package-seal", x509.CRLDistributionPoints).value
    access = extension("package-seal", x509.AuthorityInformationAccess).value
    assert points[0].full_name[0].value == "http://ca.example/crl/issuing.crl"
    assert access[0].access_location.value == "http://ca.example/ca/issuing.crt"


def test_without_a_place_they_say_nothing():
    issued = Authority.found(NOW).issue(REQUESTS["package-seal"], NOW)
    kinds = {type(found.value) for found in x509.load_der_x509_certificate(issued.certificate).extensions}
    assert not kinds & {x509.CRLDistributionPoints, x509.AuthorityInformationAccess}


def test_validity_begins_early_and_never_outlives_the_issuer():
    later = NOW + timedelta(days=8 * 365)
    cert = x509.load_der_x509_certificate(AUTHORITY.issue(REQUESTS["package-seal"], later).certificate)
    assert cert.not_valid_before_utc == later - BACKDATING
    assert cert.not_valid_after_utc == ISSUING.not_valid_after_utc
    assert PARSED["package-seal"].not_valid_before_utc >= ISSUING.not_valid_before_utc


def test_a_shorter_validity_is_kept():
    cert = x509.load_der_x509_certificate(AUTHORITY.issue(REQUESTS["package-seal"], NOW, timedelta(days=3)).certificate)
    assert cert.not_valid_after_utc == NOW + timedelta(days=3)


@pytest.mark.parametrize("moment", [NOW - timedelta(days=1), NOW + timedelta(days=11 * 365)])
def test_an_issuer_out_of_force_issues_nothing(moment: datetime):
    with pytest.raises(InvalidValue):
        AUTHORITY.issue(REQUESTS["package-seal"], moment)


@pytest.mark.parametrize("serial", [0, -1, 1 << 159])
def test_serials_outside_rfc_5280_are_refused(serial: int):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(InvalidValue):
        issue(REQUESTS["package-seal"], key, issuer(), NOW, serial=serial)


def test_the_given_serial_is_used():
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert issue(REQUESTS["package-seal"], key, issuer(), NOW, serial=77).serial_number == 77


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("package-seal", ec.generate_private_key(ec.SECP384R1())),
        ("package-seal", ed25519.Ed25519PrivateKey.generate()),
        ("log", ec.generate_private_key(ec.SECP256R1())),
        ("person", rsa.generate_private_key(65537, 3072)),
        ("person", ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_a_key_of_another_shape_is_refused(name: str, key: Any):
    with pytest.raises(AlgorithmNotAllowed):
        AUTHORITY.certify(REQUESTS[name], key.public_key(), NOW)


def test_a_key_made_elsewhere_is_certified():
    key = rsa.generate_private_key(65537, 2048).public_key()
    found = x509.load_der_x509_certificate(AUTHORITY.certify(REQUESTS["person"], key, NOW))
    assert found.public_key() == key


def test_profiles_are_found_by_name():
    assert profiles.profile("log") is profiles.LOG
    with pytest.raises(InvalidValue):
        profiles.profile("no-such")


def test_keys_are_not_shown():
    assert "key=" not in repr(ISSUED["log"])
    assert "key=" not in repr(issuer())


def test_the_revocation_list():
    serial = PARSED["gateway"].serial_number
    rows = [
        Revoked(serial, NOW - timedelta(hours=1), x509.ReasonFlags.key_compromise),
        Revoked(5, NOW - timedelta(hours=2)),
    ]
    crl = x509.load_der_x509_crl(AUTHORITY.crl(rows, NOW))
    assert crl.is_signature_valid(ISSUING.public_key())
    assert crl.issuer == ISSUING.subject
    found = crl.get_revoked_certificate_by_serial_number(serial)
    assert found.revocation_date_utc == NOW - timedelta(hours=1)
    assert found.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    assert len(crl.get_revoked_certificate_by_serial_number(5).extensions) == 0
    assert crl.get_revoked_certificate_by_serial_number(PARSED["log"].serial_number) is None


def test_list_numbers_grow_and_lists_end():
    first, second = (
        revocation_list(issuer(), (), moment, moment + timedelta(days=7))
        for moment in (NOW, NOW + timedelta(minutes=1))
    )
    numbers = [crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for crl in (first, second)]
    assert numbers[0] < numbers[1]
    assert first.next_update_utc == NOW + timedelta(days=7)


def test_the_roots_list_is_the_roots():
    crl = x509.load_der_x509_crl(AUTHORITY.root_crl(NOW))
    assert crl.is_signature_valid(ROOT.public_key())


def test_names_too_long_for_x520_are_issued_shortened():
    long = "Trung tâm Công nghệ thông tin và Chuyển đổi số thuộc Sở Khoa học và Công nghệ tỉnh Lâm Đồng"
    issued = AUTHORITY.issue(Request(profiles.PACKAGE_SEAL, Subject(long), "org:H36.1"), NOW)
    cn = x509.load_der_x509_certificate(issued.certificate).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert len(cn[0].value.encode()) <= 64
