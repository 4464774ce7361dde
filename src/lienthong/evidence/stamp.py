"""Time stamps over checkpoints: requests and tokens of RFC 3161, checked offline down to a root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from lienthong.errors import EvidenceBroken
from lienthong.evidence.certificates import holder_of, path_to_root, read_certificates, valid_at

_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_GRANTED = {"granted", "granted_with_mods"}
_MIN_RSA = 2048
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class StampFacts:
    """What a token states: the moment (UTC), the authority's policy OID, its serial number, and who it is.

    `path` are the certificates it rests on (DER), the authority's first, its root last; `digest` the hash it was
    signed with.
    """

    time: datetime
    policy: str
    serial: int
    authority: str
    path: tuple[bytes, ...] = ()
    digest: str = ""


def checkpoint_digest(note: str) -> bytes:
    """What is stamped for a checkpoint: SHA-256 over the signed note as it stands in the receipt."""
    return sha256(note.encode()).digest()


def request(digest: bytes, nonce: int | None = None) -> bytes:
    """A DER request for a token over a digest of SHA-256, -384 or -512, asking for the authority's certificate.

    RFC 3161 §2.4.1.
    """
    fields: dict[str, Any] = {"version": 1, "message_imprint": _imprint(digest), "cert_req": True}
    return bytes(tsp.TimeStampReq(fields if nonce is None else fields | {"nonce": nonce}).dump())


def token_of(response: bytes, digest: bytes, nonce: int | None = None) -> bytes:
    """The token in a DER response. EvidenceBroken unless granted, for this digest and this nonce. (RFC 3161 §2.4.2)

    The signature is `check`'s business.
    """
    try:
        answer = tsp.TimeStampResp.load(response, strict=True)
        if answer["status"]["status"].native not in _GRANTED:
            raise EvidenceBroken("the time-stamp authority refused the request")
        token = answer["time_stamp_token"].dump()
        _, info = _open(token)
        _same_imprint(info, digest)
        if info["nonce"].native != nonce:
            raise EvidenceBroken("the time stamp answers another request")
    except _MALFORMED as error:
        raise EvidenceBroken("the answer of the time-stamp authority is malformed") from error
    return bytes(token)


def check(token: bytes, digest: bytes, roots: Sequence[bytes], others: Sequence[bytes] = ()) -> StampFacts:
    """The token's facts, once everything holds: imprint, signature, purpose and path to a root at the token's time.

    `roots` and `others` (helpful certificates beside the token's own) are DER. EvidenceBroken otherwise, for any input.
    """
    try:
        signed, info = _open(token)
        _same_imprint(info, digest)
        enclosed = read_certificates([found.chosen.dump() for found in signed["certificates"]])
        signer = _only_signer(signed)
        authority = _signed_by(signer, signed["encap_content_info"]["content"].contents, enclosed)
        time = info["gen_time"].native.astimezone(UTC)
        _is_authority(authority)
        path = path_to_root(authority, [*enclosed, *read_certificates(others)], read_certificates(roots))
        facts = StampFacts(
            time,
            info["policy"].native,
            info["serial_number"].native,
            holder_of(authority),
            tuple(each.public_bytes(Encoding.DER) for each in path),
            signer["digest_algorithm"]["algorithm"].native,
        )
    except (*_MALFORMED, UnsupportedAlgorithm) as error:
        raise EvidenceBroken("the time stamp is malformed") from error
    if not valid_at(path, time):
        raise EvidenceBroken("the authority's certificate was not valid when it stamped")
    return facts


_BY_LENGTH = {32: "sha256", 48: "sha384", 64: "sha512"}


def is_stampable(digest: bytes) -> bool:
    """Whether it has the length of a digest that is stamped here."""
    return len(digest) in _BY_LENGTH


def _imprint(digest: bytes) -> tsp.MessageImprint:
    algorithm = algos.DigestAlgorithm({"algorithm": _BY_LENGTH[len(digest)]})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": digest})


def _open(token: bytes) -> tuple[Any, Any]:
    """SignedData and TSTInfo. (RFC 3161 §2.4.2)"""
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise EvidenceBroken("the time stamp is not signed")
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise EvidenceBroken("the token is no time stamp")
    return signed, signed["encap_content_info"]["content"].parsed


def _same_imprint(info: Any, digest: bytes) -> None:
    imprint = info["message_imprint"]
    named = imprint["hash_algorithm"]["algorithm"].native
    if named != _BY_LENGTH.get(len(digest)) or imprint["hashed_message"].native != digest:
        raise EvidenceBroken("the time stamp is of something else")


def _only_signer(signed: Any) -> Any:
    """RFC 3161 §2.4.2: exactly one signature, the authority's."""
    if len(signed["signer_infos"]) != 1:
        raise EvidenceBroken("a time stamp has one signature")
    return signed["signer_infos"][0]


def _signed_by(signer: Any, content: bytes, enclosed: Sequence[x509.Certificate]) -> x509.Certificate:
    """The enclosed certificate that made the signature. (RFC 5652 §5.4, RFC 5816 §2.2.1)"""
    algorithm = _HASHES[signer["digest_algorithm"]["algorithm"].native]
    attributes = {found["type"].native: found["values"] for found in signer["signed_attrs"]}
    digest = hashes.Hash(algorithm())
    digest.update(content)
    told = attributes["message_digest"][0].native
    if told != digest.finalize() or attributes["content_type"][0].native != "tst_info":
        raise EvidenceBroken("the time stamp was changed")
    authority = _named(attributes, enclosed)
    message = b"\x31" + signer["signed_attrs"].dump()[1:]  # RFC 5652 §5.4: as SET OF, not as [0]
    _check_signature(authority, signer["signature"].native, message, algorithm())
    return authority


def _named(attributes: dict[str, Any], enclosed: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that the signed attributes name by hash; SHA-1 ids are not taken. (RFC 5816 §2.2.1)"""
    named = attributes["signing_certificate_v2"][0]["certs"][0]
    algorithm = _HASHES[named["hash_algorithm"]["algorithm"].native]()
    for certificate in enclosed:
        if certificate.fingerprint(algorithm) == named["cert_hash"].native:
            return certificate
    raise EvidenceBroken("the time stamp does not enclose its authority's certificate")


def _check_signature(
    certificate: x509.Certificate, signature: bytes, message: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    """By the certificate's kind of key, never by what the token claims."""
    key = certificate.public_key()
    try:
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, message, ECDSA(algorithm))
        elif isinstance(key, RSAPublicKey) and key.key_size >= _MIN_RSA:
            key.verify(signature, message, PKCS1v15(), algorithm)
        else:
            raise EvidenceBroken("the time stamp's key is of no allowed kind")
    except InvalidSignature as error:
        raise EvidenceBroken("the time stamp's signature does not hold") from error


def _is_authority(certificate: x509.Certificate) -> None:
    """RFC 3161 §2.3: extended key usage, critical, time stamping alone."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise EvidenceBroken("the certificate is not one of a time-stamp authority")
