"""A small CMS writer: exactly the SignedData a PAdES baseline B-B signature needs (ETSI EN 319 142-1, RFC 5652).

No signing-time attribute: PAdES puts the claimed time into the signature dictionary (EN 319 142-1 §6.3).
"""

import hashlib
from collections.abc import Sequence

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from lienthong.errors import AlgorithmNotAllowed, SignatureProblem

MINIMUM_RSA_BITS = 2048
_SHA256 = {"algorithm": "sha256"}


def signed_attributes(document_digest: bytes, certificate: bytes) -> bytes:
    """The DER SET OF attributes a key signs: content-type, message-digest, signing-certificate-v2.

    `document_digest` is the SHA-256 over the PDF's byte range.
    """
    parsed = x509.Certificate.load(certificate)
    reference = tsp.SigningCertificateV2({"certs": [_certificate_id(parsed)]})
    attributes = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [document_digest]},
        {"type": "signing_certificate_v2", "values": [reference]},
    ]
    return bytes(cms.CMSAttributes(attributes).dump())


def signed_data(attributes: bytes, signature: bytes, certificate: bytes, chain: Sequence[bytes]) -> bytes:
    """The DER ContentInfo around a signature value, with the leaf and its chain inside."""
    leaf = x509.Certificate.load(certificate)
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
            "encap_content_info": {"content_type": "data"},
            "certificates": [leaf, *map(x509.Certificate.load, chain)],
            "signer_infos": [_signer_info(attributes, signature, leaf)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())


def check_value(certificate: bytes, signature: bytes, signed: bytes) -> None:
    """Raises SignatureProblem unless `signature` is this certificate's over `signed`, SHA-256."""
    key = load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            raise AlgorithmNotAllowed(type(key).__name__)
    except InvalidSignature as problem:
        raise SignatureProblem("the signature value does not belong to this certificate and document") from problem


def check_key(certificate: bytes) -> None:
    """Raises AlgorithmNotAllowed for keys that may not sign: RSA under 2048 bits, anything but RSA and EC."""
    key = load_der_x509_certificate(certificate).public_key()
    strong = isinstance(key, ec.EllipticCurvePublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMUM_RSA_BITS
    )
    if not strong:
        raise AlgorithmNotAllowed(type(key).__name__)


def _certificate_id(certificate: x509.Certificate) -> tsp.ESSCertIDv2:
    issuer = x509.GeneralName(name="directory_name", value=certificate.issuer)
    return tsp.ESSCertIDv2(
        {
            # sha256 is the DEFAULT of this field, so DER leaves it out (RFC 5035 §3).
            "cert_hash": hashlib.sha256(certificate.dump()).digest(),
            "issuer_serial": {"issuer": [issuer], "serial_number": certificate.serial_number},
        }
    )


def _signer_info(attributes: bytes, signature: bytes, leaf: x509.Certificate) -> cms.SignerInfo:
    identifier = cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number})
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": identifier}),
            "digest_algorithm": algos.DigestAlgorithm(_SHA256),
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": _signature_algorithm(leaf),
            "signature": core.OctetString(signature),
        }
    )


def _signature_algorithm(leaf: x509.Certificate) -> algos.SignedDigestAlgorithm:
    rsa_key = leaf.public_key.algorithm == "rsa"
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa" if rsa_key else "sha256_ecdsa"})
