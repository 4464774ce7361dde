"""Keys of a tenant in files, plain and encrypted."""

import hashlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from lienthong.adapters.keyring import KeyRing
from lienthong.errors import ConfigurationInvalid
from lienthong.signature.cms import check_value
from lienthong.signature.keys import Answer, KeyKind, Order
from lienthong.testing.pki import MOMENT, pki

SECRET = "mật khẩu".encode()
PERSON = pki().leader()
CHAIN = [x509.load_der_x509_certificate(each) for each in (PERSON.certificate, *PERSON.chain)]


def lay(folder: Path, *, kind: str, secret: bytes = SECRET, told: bytes | None = SECRET) -> KeyRing:
    """A ring with one key `ky` of the tenant H29; `told` is what lies beside it."""
    place = folder / "H29"
    place.mkdir(exist_ok=True)
    sealing: KeySerializationEncryption = BestAvailableEncryption(secret) if secret else NoEncryption()
    if kind == "p12":
        data = serialize_key_and_certificates(b"ky", PERSON.key, CHAIN[0], CHAIN[1:], sealing)  # type: ignore[arg-type]  # an RSA key
    else:
        data = PERSON.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing)
        (place / "ky.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in CHAIN))
    for name, content in ((f"ky.{kind}", data), ("ky.pass", told)):
        if content is not None:
            (place / name).write_bytes(content)
            (place / name).chmod(0o600)
    return KeyRing(folder)


@pytest.mark.parametrize("kind", ["key", "p12"])
@pytest.mark.parametrize(("secret", "told"), [(SECRET, SECRET), (b"", None)], ids=["encrypted", "plain"])
async def test_a_key_in_a_file_signs(tmp_path: Path, kind: str, secret: bytes, told: bytes | None):
    found = lay(tmp_path, kind=kind, secret=secret, told=told).of("H29")["ky"]
    assert (found.kind, found.certificate, tuple(found.chain)) == (KeyKind.FILE, PERSON.certificate, PERSON.chain)
    order = Order("s", b"words", hashlib.sha256(b"words").digest(), "", "1234", MOMENT)
    (outcome,) = (await found.submit([order])).outcomes
    assert outcome.answer is Answer.SIGNED
    check_value(PERSON.certificate, outcome.value, b"words")


@pytest.mark.parametrize("kind", ["key", "p12"])
@pytest.mark.parametrize("told", [None, b"khac", b""], ids=["no passphrase", "another", "an empty one"])
def test_an_encrypted_key_without_its_passphrase(tmp_path: Path, kind: str, told: bytes | None):
    with pytest.raises(ConfigurationInvalid):
        lay(tmp_path, kind=kind, told=told).of("H29")


def test_no_key_at_all_and_a_file_that_is_none(tmp_path: Path):
    assert KeyRing(None).of("H29") == KeyRing(tmp_path).of("H29") == {}
    (tmp_path / "H29").mkdir()
    (tmp_path / "H29" / "ky.p12").write_bytes(b"none")
    with pytest.raises(ConfigurationInvalid):
        KeyRing(tmp_path).of("H29")
