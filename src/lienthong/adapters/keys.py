"""Private keys in files. A key is read and parsed once; the signers around it only sign.

    KeyPair.load(key, certificate) ─► .seal_signer()      JWS form        (port: seal.Signer)
                                   ─► .document_signer()  CMS form        (port: signature.DocumentSigner)
                                   ─► .note_signer(name)  Ed25519         (port: evidence.NoteSigner)

Tokens and remote signers stand behind the same three ports.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from lienthong.adapters.files import read_passphrase, read_secret
from lienthong.errors import AlgorithmNotAllowed, ConfigurationInvalid, SecretWrong
from lienthong.evidence.note import key_id

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_P256_BYTES = 32
_MIN_RSA_BITS = 2048
_LARGEST_PKCS12 = 1 << 20


@dataclass(frozen=True, slots=True)
class SoftSigner:
    """Seals packages: `sign` gives the raw JWS signature (ES256 as r‖s, or RS256)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _require_signing_key(self.key)

    @classmethod
    def load(cls, key: Path, certificate: Path, passphrase: Path | None = None) -> Self:
        """From a key file and a PEM file of the certificate and its chain; errors as `KeyPair.load`."""
        pair = KeyPair.load(key, certificate, passphrase)
        return cls(pair.key, pair.certificate, pair.chain)

    def sign(self, data: bytes) -> bytes:
        signature = _signature(self.key, data)
        if not isinstance(self.key, ec.EllipticCurvePrivateKey):
            return signature
        r, s = utils.decode_dss_signature(signature)  # RFC 7518 §3.4
        return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")


@dataclass(frozen=True, slots=True)
class SoftDocumentSigner:
    """Signs documents and tokens: `sign` gives RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA in DER (RFC 5754)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _require_signing_key(self.key)

    def sign(self, data: bytes) -> bytes:
        return _signature(self.key, data)


@dataclass(frozen=True, slots=True)
class SoftNoteSigner:
    """Signs checkpoints under a log's origin."""

    key: ed25519.Ed25519PrivateKey = field(repr=False)
    name: str
    certificate: bytes = b""
    chain: tuple[bytes, ...] = ()

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key with its certificate (DER) and the certificates above it (DER, issuer first)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @classmethod
    def load(cls, key: Path, certificate: Path, passphrase: Path | None = None) -> Self:
        """From a PKCS#8 PEM key (encrypted if a passphrase file is given) and a PEM file: leaf, then its chain.

        ConfigurationInvalid if a file is missing or unreadable, others may read the key, or the two do not belong
        together.
        """
        private = load_private_key(key, passphrase)
        leaf, *chain = load_certificates(certificate)
        if _public(leaf.public_key()) != _public(private.public_key()):
            raise ConfigurationInvalid(f"{certificate}: the certificate is not of the key in {key}")
        return cls(private, _der(leaf), tuple(map(_der, chain)))

    @classmethod
    def from_pkcs12(cls, path: Path, password: bytes | None) -> Self:
        """From a PKCS#12 file (RFC 7292). SecretWrong, ConfigurationInvalid; OSError."""
        with path.open("rb") as file:
            data = file.read(_LARGEST_PKCS12)
        try:
            found = load_pkcs12(data, password)
        except ValueError as error:
            if "password" in str(error).lower() or "mac" in str(error).lower():
                raise SecretWrong(path.name) from error
            raise ConfigurationInvalid(f"{path}: không phải PKCS#12 / not PKCS#12") from error
        key, leaf = found.key, found.cert
        if leaf is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ConfigurationInvalid(f"{path}: thiếu khóa hoặc chứng thư / no key with its certificate")
        return cls(key, _der(leaf.certificate), tuple(_der(each.certificate) for each in found.additional_certs))

    def seal_signer(self) -> SoftSigner:
        return SoftSigner(self.key, self.certificate, self.chain)

    def document_signer(self) -> SoftDocumentSigner:
        return SoftDocumentSigner(self.key, self.certificate, self.chain)

    def note_signer(self, name: str) -> SoftNoteSigner:
        """The signer of the log with this origin; AlgorithmNotAllowed unless the key is Ed25519."""
        if not isinstance(self.key, ed25519.Ed25519PrivateKey):
            raise AlgorithmNotAllowed("checkpoints are signed with Ed25519")
        return SoftNoteSigner(self.key, name, self.certificate, self.chain)


def load_private_key(path: Path, passphrase: Path | None = None) -> PrivateKey:
    """A P-256, RSA or Ed25519 key from PEM. ConfigurationInvalid if unreadable, unsafe, or of another kind."""
    secret = read_passphrase(passphrase)
    try:
        key = load_pem_private_key(read_secret(path), secret)
    except (ValueError, TypeError) as error:  # TypeError: a passphrase too many or too few
        raise ConfigurationInvalid(f"{path}: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ConfigurationInvalid(f"{path}: not an RSA, P-256 or Ed25519 key")
    return key


def load_certificates(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, at least one, in order. ConfigurationInvalid otherwise."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise ConfigurationInvalid(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def load_chain(path: Path) -> list[bytes]:
    """The certificates beside a key, DER, its own first: `<id>.pem` beside `<id>.token` and its like."""
    return [each.public_bytes(Encoding.DER) for each in load_certificates(path.with_suffix(".pem"))]


def _require_signing_key(key: PrivateKey) -> None:
    strong_rsa = isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _MIN_RSA_BITS
    p256 = isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1"
    if not (strong_rsa or p256):
        raise AlgorithmNotAllowed("signing keys are P-256 or RSA of at least 2048 bits")


def _signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    raise AlgorithmNotAllowed("Ed25519 signs checkpoints only")


def _public(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # every public key type has it
    return encoded


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
