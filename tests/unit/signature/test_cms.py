"""Our CMS bytes against a general ASN.1 library, against OpenSSL and `cryptography`, and what changed bytes become."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.signature.cms import der, signed_attributes, signed_data
from lienthong.signature.facts.gather import gather
from unit.signature.authority import AGENCY, LEADER, Soft, agency, authority, leader
from unit.signature.documents import signed

CURVE = authority().issue(LEADER, ec.generate_private_key(ec.SECP256R1()))
SIGNERS = {"leader": leader(), "agency": agency(), "curve": CURVE, "curve agency": authority().issue(AGENCY, CURVE.key)}
DIGEST = hashlib.sha256(b"document").digest()


def attributes_by_the_library(digest: bytes, certificate: bytes) -> bytes:
    parsed = x509.Certificate.load(certificate)
    issuer = x509.GeneralName(name="directory_name", value=parsed.issuer)
    of = {"issuer": [issuer], "serial_number": parsed.serial_number}
    own = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest(), "issuer_serial": of})
    rows = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [digest]},
        {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own]})]},
    ]
    return bytes(cms.CMSAttributes(rows).dump())


def content_by_the_library(attributes: bytes, value: bytes, soft: Soft) -> bytes:
    leaf = x509.Certificate.load(soft.certificate)
    of = cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number})
    kind = "sha256_rsa" if leaf.public_key.algorithm == "rsa" else "sha256_ecdsa"
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": of}),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": kind}),
            "signature": core.OctetString(value),
        }
    )
    content = {
        "version": "v1",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
        "encap_content_info": {"content_type": "data"},
        "certificates": [leaf, *map(x509.Certificate.load, soft.chain)],
        "signer_infos": [signer],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump())


@pytest.mark.parametrize("name", SIGNERS)
@given(digest=st.binary(min_size=32, max_size=32))
@settings(max_examples=5)
def test_every_byte_is_the_librarys(name: str, digest: bytes):
    soft = SIGNERS[name]
    ours = signed_attributes(digest, soft.certificate)
    assert ours == attributes_by_the_library(digest, soft.certificate)
    value = soft.sign(ours)
    assert signed_data(ours, value, soft.certificate, soft.chain) == content_by_the_library(ours, value, soft)


@given(st.binary(max_size=70_000))
@settings(max_examples=30)
def test_lengths_are_the_librarys(data: bytes):
    assert der(0x04, data) == core.OctetString(data).dump()


def made(name: str, document: bytes) -> bytes:
    soft = SIGNERS[name]
    attributes = signed_attributes(hashlib.sha256(document).digest(), soft.certificate)
    return signed_data(attributes, soft.sign(attributes), soft.certificate, soft.chain)


@pytest.mark.parametrize("name", SIGNERS)
def test_cryptography_reads_the_certificates(name: str):
    found = pkcs7.load_der_pkcs7_certificates(made(name, b"document"))
    assert {each.public_bytes(Encoding.DER) for each in found} == {SIGNERS[name].certificate, *SIGNERS[name].chain}


def openssl_verifies(content: bytes, document: bytes, place: Path) -> bool:
    program = shutil.which("openssl")
    assert program, "the openssl program is a Debian package"
    for file, data in (("cms.der", content), ("document", document), ("root.der", authority().root)):
        (place / file).write_bytes(data)
    root = subprocess.run(
        [program, "x509", "-inform", "DER", "-in", place / "root.der", "-out", place / "root.pem"], check=True
    )
    assert root.returncode == 0
    asked = ["cms", "-verify", "-binary", "-inform", "DER", "-in", place / "cms.der", "-content", place / "document"]
    asked += ["-CAfile", place / "root.pem", "-purpose", "any", "-no_check_time", "-out", "/dev/null"]
    return subprocess.run([program, *asked], capture_output=True, check=False).returncode == 0


@pytest.mark.integration
@pytest.mark.parametrize("name", SIGNERS)
def test_openssl_accepts_it_and_nothing_changed(name: str, tmp_path: Path):
    content = made(name, b"document")
    assert openssl_verifies(content, b"document", tmp_path)
    assert not openssl_verifies(content, b"another", tmp_path)


@given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_no_changed_byte_of_what_is_signed_leaves_it_intact(where: float, change: int):
    """Whatever byte is another one: not intact, or it was of an issuer's certificate, which nobody signs here."""
    pdf, before = signed(), gather(signed()).signatures[0]
    start, end = pdf.index(b"/Contents <") + 11, pdf.index(b">", pdf.index(b"/Contents <"))
    used = end - len(pdf[start:end]) + len(pdf[start:end].rstrip(b"0"))
    places = [*range(pdf.index(b"/ByteRange"))][: -(len(pdf) // 50) or None]
    place = places[int(where * len(places))] if change % 2 else start + int(where * (used - start))
    broken = bytearray(pdf)
    broken[place] ^= change
    facts = gather(bytes(broken))
    for fact in facts.signatures:
        if fact.intact and fact.coverage != "unclear":
            assert start <= place < used
            assert (fact.signer, fact.claimed_time, fact.digest) == (before.signer, before.claimed_time, before.digest)
