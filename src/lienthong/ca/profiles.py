"""Certificate profiles as data: what a certificate of each purpose may do, on which key, for how long."""

from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from lienthong.errors import AlgorithmNotAllowed, InvalidValue

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336 §3
_PUBLIC_EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class KeyShape:
    """The family of a key ("rsa", "p-256", "ed25519") and, for RSA, its exact length in bits."""

    family: str
    bits: int = 0

    def fits(self, key: object) -> bool:
        """Whether a public key has this shape."""
        if isinstance(key, rsa.RSAPublicKey):
            return self == KeyShape("rsa", key.key_size)
        if isinstance(key, ec.EllipticCurvePublicKey):
            return self.family == "p-256" and key.curve.name == "secp256r1"
        return self.family == "ed25519" and isinstance(key, ed25519.Ed25519PublicKey)

    def generate(self) -> PrivateKey:
        """A fresh private key of this shape."""
        if self.family == "rsa":
            return rsa.generate_private_key(_PUBLIC_EXPONENT, self.bits)
        if self.family == "p-256":
            return ec.generate_private_key(ec.SECP256R1())
        return ed25519.Ed25519PrivateKey.generate()


P256 = KeyShape("p-256")
RSA2048 = KeyShape("rsa", 2048)
ED25519 = KeyShape("ed25519")


@dataclass(frozen=True, slots=True)
class Profile:
    """One row; `usages` as `cryptography` spells those of RFC 5280 §4.2.1.3, `path_length` makes an authority.

    `nocheck`: no revocation is asked for, as the certificate is short-lived (RFC 6960 §4.2.2.2.1).
    """

    name: str
    key: KeyShape
    days: int
    usages: frozenset[str]
    extended: tuple[ObjectIdentifier, ...] = ()
    extended_critical: bool = False
    path_length: int | None = None
    nocheck: bool = False
    also: frozenset[str] = frozenset()

    @property
    def families(self) -> frozenset[str]:
        """Families of keys that may be brought from elsewhere; how long they must be the table of algorithms says."""
        return self.also | {self.key.family}

    def require(self, key: object) -> None:
        """AlgorithmNotAllowed unless the public key is of the shape this profile asks for."""
        if not self.key.fits(key):
            raise AlgorithmNotAllowed(f"{self.name}: {self.key.family} {self.key.bits or ''}".rstrip())


_SIGN = frozenset({"digital_signature"})
_COMMIT = frozenset({"digital_signature", "content_commitment"})  # nonRepudiation of RFC 5280
_AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
_YEAR = 365

# The authorities are P-256: 128 bits of strength in a tenth of RSA-3072's bytes, and the chain rides on every package.
ROOT = Profile("root", P256, 20 * _YEAR, _AUTHORITY, path_length=1)
ISSUING = Profile("issuing", P256, 10 * _YEAR, _AUTHORITY, path_length=0)
# RFC 3161 §2.3: the extended key usage is critical and alone.
TSA = Profile("tsa", P256, 5 * _YEAR, _COMMIT, (ExtendedKeyUsageOID.TIME_STAMPING,), extended_critical=True)
# RFC 6960 §4.2.2.2: delegated by the CA, and nobody asks in turn about the one who answers (§4.2.2.2.1).
OCSP = Profile("ocsp", P256, _YEAR, _SIGN, (ExtendedKeyUsageOID.OCSP_SIGNING,), nocheck=True)
REGISTRY = Profile("registry", P256, 3 * _YEAR, _COMMIT, (DOCUMENT_SIGNING,))
LOG = Profile("log", ED25519, 5 * _YEAR, _SIGN, (DOCUMENT_SIGNING,))
GATEWAY = Profile("gateway", P256, 2 * _YEAR, _SIGN, (ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH))
SERVER = Profile("server", P256, _YEAR, _SIGN, (ExtendedKeyUsageOID.SERVER_AUTH,), also=frozenset({"rsa"}))
PACKAGE_SEAL = Profile("package-seal", P256, 3 * _YEAR, _COMMIT, (DOCUMENT_SIGNING,))
# People's and agencies' tokens in the field hold RSA keys, so documents are signed with RSA.
DOCUMENT_SEAL = Profile("document-seal", RSA2048, 5 * _YEAR, _COMMIT, (DOCUMENT_SIGNING,), also=frozenset({"p-256"}))
PERSON = replace(DOCUMENT_SEAL, name="person", extended=(DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION))

_ROWS = (ROOT, ISSUING, TSA, OCSP, REGISTRY, LOG, GATEWAY, SERVER, PACKAGE_SEAL, DOCUMENT_SEAL, PERSON)
PROFILES: dict[str, Profile] = {row.name: row for row in _ROWS}


def profile(name: str) -> Profile:
    """The row of that name; InvalidValue if there is none."""
    if name not in PROFILES:
        raise InvalidValue(f"certificate profile {name}")
    return PROFILES[name]
