"""A certificate put together from encoded parts is, byte by byte, the one the library's own builder makes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from hypothesis import given
from hypothesis import strategies as st

from lienthong.ca import profiles, requests
from lienthong.ca.above import Above
from lienthong.ca.authority import Authority
from lienthong.ca.drafting import BACKDATING, Publication, draft
from lienthong.ca.names import Subject, alternative_names
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import public_half
from lienthong.ca.unsigned import ALGORITHMS, family

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AT = "http://ca.example"
PLACES = Publication(f"{AT}/0.crl", f"{AT}/ca", f"{AT}/ocsp", f"{AT}/0.delta.crl", "2.25.1")
KEYS = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "p-256": ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}
PARENT = x509.load_der_x509_certificate(Authority.found(NOW).issuing.certificate)
USAGES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
]


def built(
    request: Request,
    key: Any,
    parent: x509.Certificate | None,
    now: datetime,
    serial: int,
    places: Publication | None,
) -> x509.CertificateBuilder:
    """The same by the library's builder, as its manual says."""
    profile, subject = request.profile, request.subject.to_name()
    end = now + timedelta(days=profile.days)
    begin = now - BACKDATING
    if parent is not None:
        begin, end = max(begin, parent.not_valid_before_utc), min(end, parent.not_valid_after_utc)
    made = x509.CertificateBuilder(parent.subject if parent else subject, subject, key, serial, begin, end)
    depth = profile.path_length
    made = made.add_extension(x509.BasicConstraints(depth is not None, depth), critical=True)
    made = made.add_extension(x509.KeyUsage(**{each: each in profile.usages for each in USAGES}), critical=True)
    if profile.extended:
        made = made.add_extension(x509.ExtendedKeyUsage(profile.extended), critical=profile.extended_critical)
    made = made.add_extension(x509.OCSPNoCheck(), critical=False) if profile.nocheck else made
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    names = alternative_names(request.holder, request.hosts)
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False) if names else made
    if parent is not None:
        own = parent.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        above = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
        made = made.add_extension(above, critical=False)
    return made if places is None else published(made, places)


def published(made: x509.CertificateBuilder, places: Publication) -> x509.CertificateBuilder:
    def uri(text: str) -> x509.UniformResourceIdentifier:
        return x509.UniformResourceIdentifier(text)

    def point(text: str) -> x509.DistributionPoint:
        return x509.DistributionPoint([uri(text)], None, None, None)

    access = [x509.AccessDescription(Access.CA_ISSUERS, uri(places.issuer))]
    access += [x509.AccessDescription(Access.OCSP, uri(places.ocsp))] if places.ocsp else []
    made = made.add_extension(x509.CRLDistributionPoints([point(places.crl)]), critical=False)
    made = made.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    made = made.add_extension(x509.FreshestCRL([point(places.delta)]), critical=False) if places.delta else made
    if places.policy:
        policy = x509.PolicyInformation(x509.ObjectIdentifier(places.policy), None)
        made = made.add_extension(x509.CertificatePolicies([policy]), critical=False)
    return made


def same(
    request: Request,
    key: Any,
    now: datetime = NOW,
    serial: int = 1 << 150,
    parent: x509.Certificate | None = PARENT,
    places: Publication | None = PLACES,
    by: str = "p-256",
) -> None:
    reference = built(request, key, parent, now, serial, places)
    hashed = None if by == "ed25519" else SHA256()
    signed = reference.sign(KEYS[by], hashed)  # type: ignore[arg-type]  # Ed25519 has no digest
    above = None if parent is None else Above(parent)
    found = draft(request, public_half(key), above, now, family=by, serial=serial, publication=places)
    assert found.content == signed.tbs_certificate_bytes
    assert x509.load_der_x509_certificate(found.signed(signed.signature)) == signed


REQUESTS = {
    "package-seal": requests.package_seal("G09", "Bộ Nội vụ"),
    "gateway": requests.gateway("bnv", "Máy chủ bảo mật Bộ Nội vụ"),
    "server": requests.server("registry.example", "127.0.0.1", "::1"),
    "log": requests.log("lienthong.example/log/axis"),
    "registry": requests.registry(),
    "tsa": requests.timestamping(),
    "ocsp": requests.responding(),
    "document-seal": requests.document_seal("Bộ Nội vụ", locality="Hà Nội", tax_code="0100000000"),
    "person": requests.person("Nguyễn Văn Mẫu", organisation="Bộ Nội vụ", locality="Hà Nội", email="mau@example.vn"),
    "issuing": Request(profiles.ISSUING, Subject("CA mẫu")),
    "root": Request(profiles.ROOT, Subject("Gốc mẫu")),
}


@pytest.mark.parametrize("by", ["rsa", "p-256", "ed25519"])
@pytest.mark.parametrize("name", REQUESTS)
def test_every_profile_under_every_family(name: str, by: str) -> None:
    for key in KEYS.values():
        same(REQUESTS[name], key.public_key(), by=by)


@pytest.mark.parametrize(
    "places", [None, Publication("http://a/c", "http://a/i"), replace(PLACES, policy=""), replace(PLACES, delta="")]
)
def test_every_place_it_may_be_published_at(places: Publication | None) -> None:
    same(REQUESTS["person"], KEYS["rsa"].public_key(), places=places)


def test_a_root_names_itself_and_may_last_beyond_2049() -> None:
    for now in (NOW, datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2055, 1, 1, tzinfo=UTC)):
        same(REQUESTS["root"], KEYS["p-256"].public_key(), now, parent=None, places=None)


@given(
    serial=st.integers(1, (1 << 159) - 1),
    late=st.integers(0, 3000 * 86400),
    name=st.text("Nguyễn Đức Hạnh ơ-'", min_size=1, max_size=90).filter(str.strip),
)
def test_any_serial_number_moment_and_name(serial: int, late: int, name: str) -> None:
    asked = requests.person(name, organisation="Bộ Nội vụ mẫu " * 6, locality="Hà Nội", unit="Phòng mẫu")
    same(asked, KEYS["p-256"].public_key(), NOW + timedelta(seconds=late, microseconds=7), serial)


def test_the_library_names_algorithms_the_same_way() -> None:
    for name, key in KEYS.items():
        made = built(REQUESTS["root"], key.public_key(), None, NOW, 1, None)
        hashed = None if name == "ed25519" else SHA256()
        signed = made.sign(key, hashed)  # type: ignore[arg-type]  # Ed25519 has no digest
        assert family(key.public_key()) == name
        assert ALGORITHMS[name] in signed.tbs_certificate_bytes
