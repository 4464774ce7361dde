"""Does a value belong to a key and to bytes? Through `cryptography`; the kind of key decides, not what is claimed."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lienthong.signature.facts.container import CONTENT_TYPE, MESSAGE_DIGEST, Container, tbs
from lienthong.signature.facts.der import INTEGER, OID, SEQUENCE, Element

DIGESTS = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.8": "sha3_256",
    "2.16.840.1.101.3.4.2.9": "sha3_384",
    "2.16.840.1.101.3.4.2.10": "sha3_512",
}
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
_RSA, _PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
# Signature algorithms that name their digest, and the family of key each is for.
_NAMED = {
    "1.2.840.113549.1.1.4": ("rsa", "md5"),
    "1.2.840.113549.1.1.5": ("rsa", "sha1"),
    "1.2.840.113549.1.1.14": ("rsa", "sha224"),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.1": ("ecdsa", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    "1.3.101.112": ("ed25519", ""),
    "1.3.101.113": ("ed448", ""),
}
_MOST_KEY_BITS = 16384  # a longer key is an attack on our time

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey


def digest_name(identifier: Element) -> str:
    """ "sha256" and so on. Raises ValueError for a digest not known here."""
    oid = identifier.children[0].expect(OID).oid
    if oid not in DIGESTS:
        raise ValueError(f"unknown digest {oid}")
    return DIGESTS[oid]


def scheme_name(container: Container) -> str:
    """ "rsa", "rsa-pss", "ecdsa", "ed25519", "ed448", or the dotted identifier when it is none of these."""
    oid = container.scheme.children[0].expect(OID).oid
    if oid == _RSA:
        return "rsa"
    return "rsa-pss" if oid == _PSS else _NAMED.get(oid, (oid, ""))[0]


def key_of(certificate: bytes) -> PublicKey:
    """The public key, read without judging the rest. Raises ValueError."""
    key = load_der_public_key(tbs(certificate)[5].expect(SEQUENCE).whole)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size > _MOST_KEY_BITS:
        raise ValueError("a key too long")
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey):
        return key
    raise ValueError(f"unknown kind of key {type(key).__name__}")


def holds(container: Container, digest: bytes, certificate: bytes, kind: str) -> bool:
    """The value is the certificate's over content with `digest` of type `kind` (OID). Raises ValueError if unclear."""
    algorithm = digest_name(container.digest)
    scheme, named = _scheme(container)
    if scheme != "rsa-pss" and named and named != algorithm:
        raise ValueError(f"the signature says {named}, its digest {algorithm}")
    if container.content_type != kind:
        return False
    if container.attributes and not _speaks_of(container, digest, kind):
        return False
    key = key_of(certificate)
    # Without signed attributes the value is over the content itself, of which we hold the digest.
    given = digest if not container.attributes else hashlib.new(algorithm, container.attributes).digest()
    if isinstance(key, Ed25519PublicKey | Ed448PublicKey):
        return _plain(key, container)
    return fits(key, container.value, given, algorithm, _salt(container) if scheme == "rsa-pss" else None, scheme)


def fits(
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    value: bytes,
    digest: bytes,
    algorithm: str,
    pss: padding.PSS | None,
    scheme: str,
) -> bool:
    """`value` is this key's over `digest`. Raises ValueError when key and scheme are of different kinds."""
    prehashed = Prehashed(_HASHES[algorithm]())
    try:
        if isinstance(key, rsa.RSAPublicKey) and scheme in {"rsa", "rsa-pss"}:
            key.verify(value, digest, pss or padding.PKCS1v15(), prehashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(value, digest, ec.ECDSA(prehashed))
        else:
            raise ValueError(f"{scheme} with another kind of key")
    except InvalidSignature:
        return False
    return True


def _scheme(container: Container) -> tuple[str, str]:
    oid = container.scheme.children[0].expect(OID).oid
    if oid in {_RSA, _PSS}:
        return scheme_name(container), ""
    if oid not in _NAMED:
        raise ValueError(f"unknown signature algorithm {oid}")
    return _NAMED[oid]


def _speaks_of(container: Container, digest: bytes, kind: str) -> bool:
    """The signed attributes name this content. (RFC 5652 §5.6, §11.1, §11.2)"""
    told, said = container.signed.get(MESSAGE_DIGEST, ()), container.signed.get(CONTENT_TYPE, ())
    return len(told) == 1 and told[0].octets == digest and len(said) == 1 and said[0].oid == kind


def _plain(key: Ed25519PublicKey | Ed448PublicKey, container: Container) -> bool:
    """RFC 8419: these sign the attributes themselves."""
    if not container.attributes:
        raise ValueError("an Edwards curve without signed attributes")
    try:
        key.verify(container.value, container.attributes)
    except InvalidSignature:
        return False
    return True


def _salt(container: Container) -> padding.PSS:
    """RFC 4055 §3.1; each part of the parameters may be missing and is then SHA-1 or 20."""
    parts = container.scheme.children
    given = {part.tag: part.children[0] for part in parts[1].expect(SEQUENCE).children} if len(parts) > 1 else {}
    if 0xA0 in given and digest_name(given[0xA0]) != digest_name(container.digest):
        raise ValueError("two digests in one RSA-PSS signature")
    mask = digest_name(given[0xA1].children[1]) if 0xA1 in given else "sha1"
    salt = given[0xA2].expect(INTEGER).number if 0xA2 in given else 20
    return padding.PSS(padding.MGF1(_HASHES[mask]()), salt)
