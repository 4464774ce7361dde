"""Keys in files: who may read them, what they must be, and that their signatures are those the ports promise."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lienthong.adapters.keys import KeyPair, PrivateKey, SoftDocumentSigner, SoftSigner, load_private_key
from lienthong.ca import Issued
from lienthong.ca.ceremony import write
from lienthong.errors import AlgorithmNotAllowed, ConfigurationInvalid
from lienthong.evidence import Checkpoint, NoteSigner, VerifierKey, open_checkpoint, sign_checkpoint
from lienthong.seal import Signer
from lienthong.signature import DocumentSigner
from lienthong.testing.pki import LOG_ORIGIN, pki
from lienthong.testing.pki import KeyPair as Loaded

DATA = "văn bản".encode()


def public_key(certificate: bytes) -> object:
    return x509.load_der_x509_certificate(certificate).public_key()


def issued(pair: Loaded | SoftSigner | SoftDocumentSigner) -> Issued:
    return Issued(pair.key, pair.certificate, pair.chain)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write(issued(pki().seal("G09")), tmp_path, "seal")


def test_a_key_is_loaded_with_its_certificate_and_chain(files: tuple[Path, Path]):
    signer: Signer = SoftSigner.load(*files)
    assert signer.certificate == pki().seal("G09").certificate
    assert signer.chain == (pki().authority.issuing.certificate,)


def test_p256_seals_in_jws_form():
    signer = pki().seal("G09")
    signature = signer.sign(DATA)
    assert len(signature) == 64
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = public_key(signer.certificate)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(utils.encode_dss_signature(r, s), DATA, ec.ECDSA(hashes.SHA256()))


def test_rsa_seals_with_pkcs1():
    leader = pki().leader()
    key = public_key(leader.certificate)
    assert isinstance(key, rsa.RSAPublicKey)
    signature = SoftSigner(leader.key, leader.certificate).sign(DATA)
    key.verify(signature, DATA, padding.PKCS1v15(), hashes.SHA256())


def test_documents_are_signed_with_pkcs1_by_people():
    leader: DocumentSigner = pki().leader()
    key = public_key(leader.certificate)
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(leader.sign(DATA), DATA, padding.PKCS1v15(), hashes.SHA256())


def test_documents_are_signed_in_der_by_p256():
    seal = pki().seal("G09")
    signer = KeyPair(seal.key, seal.certificate).document_signer()
    key = public_key(seal.certificate)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signer.sign(DATA), DATA, ec.ECDSA(hashes.SHA256()))


def test_notes_are_signed_under_the_logs_name():
    signer: NoteSigner = pki().log()
    checkpoint = Checkpoint(LOG_ORIGIN, 1, b"\x01" * 32)
    note = sign_checkpoint(checkpoint, signer)
    assert open_checkpoint(note, [VerifierKey.parse(pki().vkey())]) == checkpoint


def test_only_ed25519_signs_notes():
    seal = pki().seal("G09")
    with pytest.raises(AlgorithmNotAllowed):
        KeyPair(seal.key, seal.certificate).note_signer("a")


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP384R1()),
        pki().weak("G09").key,
    ],
    ids=["ed25519", "p-384", "rsa-1024"],
)
def test_keys_that_neither_seal_nor_sign(key: PrivateKey):
    with pytest.raises(AlgorithmNotAllowed):
        SoftSigner(key, b"")
    with pytest.raises(AlgorithmNotAllowed):
        SoftDocumentSigner(key, b"")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o610])
def test_a_key_open_to_others_is_refused_with_the_remedy(files: tuple[Path, Path], mode: int):
    files[0].chmod(mode)
    with pytest.raises(ConfigurationInvalid, match=f"{mode:04o}.*chmod 600"):
        KeyPair.load(*files)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_of_its_owner_alone_is_taken(files: tuple[Path, Path], mode: int):
    files[0].chmod(mode)
    assert KeyPair.load(*files).certificate


def test_certificate_and_key_belong_together(files: tuple[Path, Path], tmp_path: Path):
    _, other = write(issued(pki().seal("H26")), tmp_path, "other")
    with pytest.raises(ConfigurationInvalid, match="not of the key"):
        KeyPair.load(files[0], other)


def test_an_encrypted_key_needs_its_passphrase(tmp_path: Path):
    key, certificate = write(issued(pki().seal("G09")), tmp_path, "seal", "bí mật".encode())
    phrase, wrong = tmp_path / "phrase", tmp_path / "wrong"
    phrase.write_text("bí mật\n", "utf-8")
    wrong.write_text("khác\n", "utf-8")
    for path in (phrase, wrong):
        path.chmod(0o600)
    assert KeyPair.load(key, certificate, phrase).certificate == pki().seal("G09").certificate
    for given in (None, wrong):
        with pytest.raises(ConfigurationInvalid):
            KeyPair.load(key, certificate, given)


def test_a_passphrase_for_an_open_key_is_a_mistake(files: tuple[Path, Path], tmp_path: Path):
    phrase = tmp_path / "phrase"
    phrase.write_text("x")
    phrase.chmod(0o600)
    with pytest.raises(ConfigurationInvalid):
        KeyPair.load(*files, phrase)


def test_a_passphrase_file_is_guarded_like_a_key(files: tuple[Path, Path], tmp_path: Path):
    phrase = tmp_path / "phrase"
    phrase.write_text("x")
    phrase.chmod(0o644)
    with pytest.raises(ConfigurationInvalid, match="phrase"):
        KeyPair.load(*files, phrase)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_garbage_is_no_key(tmp_path: Path, content: bytes):
    path = tmp_path / "a.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationInvalid, match=r"a\.key"):
        load_private_key(path)


def test_keys_of_other_kinds_are_refused(tmp_path: Path):
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415  # only here

    path = tmp_path / "a.key"
    path.write_bytes(
        x25519.X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    path.chmod(0o600)
    with pytest.raises(ConfigurationInvalid, match="not an RSA"):
        load_private_key(path)


@pytest.mark.parametrize("index", [0, 1])
def test_missing_files_are_named(files: tuple[Path, Path], index: int):
    files[index].unlink()
    with pytest.raises(ConfigurationInvalid, match=files[index].name):
        KeyPair.load(*files)


def test_a_folder_is_no_key(files: tuple[Path, Path], tmp_path: Path):
    with pytest.raises(ConfigurationInvalid):
        KeyPair.load(tmp_path, files[1])


def test_an_empty_certificate_file_is_refused(files: tuple[Path, Path]):
    files[1].write_bytes(b"")
    with pytest.raises(ConfigurationInvalid, match=files[1].name):
        KeyPair.load(*files)


def test_keys_are_never_shown(files: tuple[Path, Path]):
    pair = KeyPair.load(*files)
    assert not any("key=" in repr(found) for found in (pair, pair.seal_signer(), pair.document_signer(), pki().log()))
