"""Our readers of CMS and time-stamp tokens beside three others, on good containers and on ones with a byte changed.

OpenSSL's command line, pyHanko, and the `cryptography` library over asn1crypto. Where something is signed all agree. In
certificates ours reads on where others stop: such a signature holds, but its certificate leads nowhere.
"""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import cms, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.settings import KeyUsageConstraints

from lienthong.adapters.keys import KeyPair
from lienthong.ca.tsa import Stamper, answer
from lienthong.evidence import stamp as rfc3161
from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.facts.container import open_container
from lienthong.signature.facts.stamps import stamp_fact
from lienthong.signature.facts.verifying import holds
from lienthong.signature.judging.inputs import Trust
from lienthong.signature.judging.paths import path_of
from lienthong.testing.pki import MOMENT, pki
from unit.signature.authority import LEADER, Soft, authority, leader

pytestmark = pytest.mark.integration
DOCUMENT = b"van ban duoc ky"
DIGEST = hashlib.sha256(DOCUMENT).digest()
DATA = "1.2.840.113549.1.7.1"
SPOTS = 30
"""So many bytes are changed in each half of a container, each in one bit of eight."""
ANY = KeyUsageConstraints()


@cache
def curved() -> Soft:
    return authority().issue(LEADER, ec.generate_private_key(ec.SECP256R1()))


def container(soft: Soft) -> bytes:
    attributes = signed_attributes(DIGEST, soft.certificate)
    return signed_data(attributes, soft.sign(attributes), soft.certificate, soft.chain)


def bent(good: bytes) -> Iterator[tuple[int, bytes]]:
    """The same with one bit changed, at places spread over all of it, densely where something is signed."""
    start = signer_place(good)
    spread = range(0, start, start // SPOTS), range(start, len(good), (len(good) - start) // SPOTS)
    for number, at in enumerate((*spread[0], *spread[1])):
        changed = bytearray(good)
        changed[at] ^= 1 << number % 8
        yield at, bytes(changed)


def signer_place(good: bytes) -> int:
    """Where the signer's part begins: what comes before are certificates and, in a token, what is stamped."""
    return len(good) - len(cms.ContentInfo.load(good)["content"]["signer_infos"].dump())


def leads_somewhere(content: bytes, roots: tuple[bytes, ...]) -> bool:
    """Whether the signer's certificate, as it stands there, leads to a root."""
    opened = open_container(content)
    return path_of(opened.signer or b"", opened.certificates, Trust("", roots), MOMENT, ANY).trusted


def safely(look: Callable[[], bool]) -> bool:
    """Whatever is raised means: it does not hold."""
    try:
        return look()
    except Exception:  # noqa: BLE001  # changed bytes provoke anything in any library
        return False


# ---------------------------------------------------------------- CMS


def ours(content: bytes) -> bool:
    opened = open_container(content)
    return opened.signer is not None and holds(opened, DIGEST, opened.signer, DATA)


def signer_of(content: bytes) -> tuple[cms.SignerInfo, x509.Certificate]:
    signed = cms.ContentInfo.load(content, strict=True)["content"]
    (info,) = signed["signer_infos"]
    wanted = info["sid"].chosen
    for one in signed["certificates"]:
        found = one.chosen
        if (found.issuer.dump(), found.serial_number) == (wanted["issuer"].dump(), wanted["serial_number"].native):
            return info, found
    raise ValueError("no signer")


def by_pyhanko(content: bytes, kind: str = "data", digest: bytes = DIGEST) -> bool:
    info, certificate = signer_of(content)
    intact, valid = validate_sig_integrity(info, certificate, expected_content_type=kind, actual_digest=digest)
    return intact and valid


def by_cryptography(content: bytes, digest: bytes = DIGEST) -> bool:
    info, certificate = signer_of(content)
    attributes = {each["type"].native: each["values"] for each in info["signed_attrs"]}
    if attributes["message_digest"][0].native != digest or info["digest_algorithm"]["algorithm"].native != "sha256":
        return False
    key, value = load_der_x509_certificate(certificate.dump()).public_key(), info["signature"].native
    said = info["signed_attrs"].untag().dump()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, said, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, said, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def by_openssl(folder: Path, content: bytes) -> bool:
    (folder / "cms.der").write_bytes(content)
    (folder / "document").write_bytes(DOCUMENT)
    words = "openssl cms -verify -noverify -binary -inform DER -in cms.der -content document -out out"
    return subprocess.run(words.split(), cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("soft", [leader, curved], ids=["rsa", "p-256"])
def test_containers(soft: Callable[[], Soft], tmp_path: Path):
    good = container(soft())
    looks = (by_pyhanko, by_cryptography, lambda content: by_openssl(tmp_path, content))
    assert ours(good)
    assert all(look(good) for look in looks)
    for at, content in bent(good):
        held = safely(lambda content=content: ours(content))  # type: ignore[misc]  # bound now, not later
        others = [safely(lambda look=look, content=content: look(content)) for look in looks]  # type: ignore[misc]  # bound now
        if at >= signer_place(good):
            assert not held or others.count(True) >= 2, f"{at} {others}"  # one may mind an attribute alone
            assert held or not all(others), f"{at}: refused by ours alone"
        elif held and not all(others):
            assert not leads_somewhere(content, (authority().root,)), f"{at} {others}"


# ---------------------------------------------------------------- time-stamp tokens


def token(authority_key: KeyPair) -> bytes:
    assert isinstance(authority_key.key, ec.EllipticCurvePrivateKey)
    stamper = Stamper(authority_key.key, authority_key.certificate, authority_key.chain)
    return rfc3161.token_of(answer(rfc3161.request(DIGEST, 7), stamper, MOMENT, lambda: 7), DIGEST, 7)


def stamped_content(content: bytes) -> tuple[bytes, bytes]:
    """What a token's own signature is over, and the imprint in it."""
    inner = cms.ContentInfo.load(content, strict=True)["content"]["encap_content_info"]["content"]
    info = tsp.TSTInfo.load(inner.contents, strict=True)
    return hashlib.sha256(inner.contents).digest(), info["message_imprint"]["hashed_message"].native


def said(content: bytes) -> tuple[bytes, bytes, bytes]:
    """All that is signed in a token, and the signature."""
    signed = cms.ContentInfo.load(content, strict=True)["content"]
    (info,) = signed["signer_infos"]
    return signed["encap_content_info"].dump(), info["signed_attrs"].dump(), info["signature"].native


def stamp_by_pyhanko(content: bytes) -> bool:
    over, imprint = stamped_content(content)
    return imprint == DIGEST and by_pyhanko(content, "tst_info", over)


def stamp_by_cryptography(content: bytes) -> bool:
    over, imprint = stamped_content(content)
    return imprint == DIGEST and by_cryptography(content, over)


def stamp_by_openssl(folder: Path, content: bytes) -> bool:
    (folder / "token.der").write_bytes(content)
    if not (folder / "root.pem").exists():
        shown = "openssl x509 -inform DER -out root.pem"
        subprocess.run(shown.split(), cwd=folder, input=pki().roots[0], capture_output=True, check=True)
    words = f"openssl ts -verify -digest {DIGEST.hex()} -in token.der -token_in -CAfile root.pem"
    when = ["-attime", str(int(MOMENT.timestamp()))]
    return subprocess.run([*words.split(), *when], cwd=folder, capture_output=True, check=False).returncode == 0


def test_stamps(tmp_path: Path):
    good = token(pki().tsa())
    looks = (stamp_by_pyhanko, stamp_by_cryptography, lambda content: stamp_by_openssl(tmp_path, content))
    assert stamp_fact(good, "signature", lambda _: DIGEST).intact
    assert all(look(good) for look in looks)
    assert stamp_fact(good, "signature", lambda _: bytes(32)).intact is False
    for at, content in bent(good):
        held = stamp_fact(content, "signature", lambda _: DIGEST).intact is True
        checked = safely(lambda content=content: bool(rfc3161.check(content, DIGEST, pki().roots)))  # type: ignore[misc]  # bound now
        others = [safely(lambda look=look, content=content: look(content)) for look in looks]  # type: ignore[misc]  # bound now
        if at >= signer_place(good):
            assert not held or others.count(True) >= 2, f"{at} {others}"
            assert held or not all(others), f"{at}: refused by ours alone"
        assert not checked or said(content) == said(good), f"{at} {others}"  # the name of the signer is not signed
