"""Values and certificates from people's devices: taken only when they are what was asked for."""

import hashlib
import unicodedata

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.errors import AlgorithmNotAllowed, SignatureProblem, SigningDiffers
from lienthong.signature import Role
from lienthong.signature.session.signer import Signer, require_signer
from lienthong.signature.session.values import ECDSA, RSA, Algorithm, negotiated, settled
from lienthong.testing.pki import pki

WORDS = b"what is to be signed"
PERSON, AGENCY = pki().leader(), pki().document_seal()
P256 = pki().seal("G09")


def raw_value(words: bytes = WORDS) -> bytes:
    assert isinstance(P256.key, ec.EllipticCurvePrivateKey)
    r, s = utils.decode_dss_signature(P256.key.sign(words, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_rsa_comes_as_it_is():
    value = PERSON.sign(WORDS)
    assert settled(PERSON.certificate, WORDS, value) == value


def test_ecdsa_comes_in_both_forms_and_leaves_as_der():
    r, s = utils.decode_dss_signature(settled(P256.certificate, WORDS, raw_value()))
    der = utils.encode_dss_signature(r, s)
    assert settled(P256.certificate, WORDS, der) == der


@pytest.mark.parametrize(
    "value",
    [b"", b"\0" * 64, b"\xff" * 64, b"x" * 5000, raw_value(b"other words")],
    ids=["nothing", "zeros", "ones", "long", "of other words"],
)
def test_a_value_that_is_none_is_refused(value: bytes):
    with pytest.raises(SigningDiffers):
        settled(P256.certificate, WORDS, value)


@settings(max_examples=60)
@given(at=st.integers(0, 63), mask=st.integers(1, 255))
def test_a_changed_value_is_refused(at: int, mask: int):
    value = bytearray(raw_value())
    value[at] ^= mask
    with pytest.raises(SigningDiffers):
        settled(P256.certificate, WORDS, bytes(value))


def test_the_key_decides_the_algorithm_and_the_device_must_offer_it():
    both = (Algorithm("RSA", "SHA-1", "PKCS1.5"), RSA, ECDSA)
    assert negotiated(PERSON.certificate, both) == RSA
    assert negotiated(P256.certificate, both) == ECDSA
    for offered in ((), (Algorithm("RSA", "SHA-256", "PSS"),), (ECDSA,)):
        with pytest.raises(AlgorithmNotAllowed):
            negotiated(PERSON.certificate, offered)


def test_weak_keys_and_nonsense_are_refused_before_anything_is_asked():
    with pytest.raises(AlgorithmNotAllowed):
        negotiated(pki().weak("G09").certificate, (RSA,))
    with pytest.raises(SignatureProblem):
        negotiated(b"no certificate", (RSA,))


@pytest.mark.parametrize(
    "signer",
    [
        Signer(Role.LEADER, "Nguyễn Văn Mẫu"),
        Signer(Role.LEADER, unicodedata.normalize("NFD", "NGUYỄN  văn Mẫu ")),
        Signer(Role.LEADER, "", frozenset({hashlib.sha256(PERSON.certificate).hexdigest()})),
    ],
)
def test_the_expected_person(signer: Signer):
    require_signer(PERSON.certificate, signer)


@pytest.mark.parametrize(
    ("certificate", "signer"),
    [
        (PERSON.certificate, Signer(Role.LEADER, "Trần Thị Ví Dụ")),
        (PERSON.certificate, Signer(Role.LEADER, "")),
        (PERSON.certificate, Signer(Role.SEAL, "Bộ Nội vụ")),
        (AGENCY.certificate, Signer(Role.LEADER, "Bộ Nội vụ")),
        (AGENCY.certificate, Signer(Role.SEAL, "Bộ Tài chính")),
        (PERSON.certificate, Signer(Role.LEADER, "Nguyễn Văn Mẫu", frozenset({"00" * 32}))),
        (b"0\x03\x02\x01\x05", Signer(Role.LEADER, "Nguyễn Văn Mẫu")),
    ],
)
def test_anybody_else(certificate: bytes, signer: Signer):
    with pytest.raises(SigningDiffers):
        require_signer(certificate, signer)


def test_the_agency_seals_and_signs_annexes():
    for role in (Role.SEAL, Role.ANNEX):
        require_signer(AGENCY.certificate, Signer(role, "Bộ Nội vụ"))
