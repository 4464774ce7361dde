"""Time stamps: a request in, a response out (RFC 3161, profile of ETSI EN 319 422). No clock and no input or output.

Whatever the request holds, the answer is a `TimeStampResp`; a refusal says why in the terms of RFC 3161 §2.4.2.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lienthong.errors import AlgorithmNotAllowed

POLICY = "2.25.205563498823177458120935164420337206159"
"""Our own policy, under the UUID arc of X.667 §8, which needs no registration: one second, SHA-256 and its kin."""
ACCURACY_SECONDS = 1
MAX_REQUEST = 4096
"""Bytes; a request with a 64-byte imprint, a policy and a nonce takes about 120."""
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_MAX_NONCE_BITS = 256


class Failure(StrEnum):
    """PKIFailureInfo (RFC 3161 §2.4.2), by asn1crypto's names."""

    BAD_ALG = "bad_alg"
    BAD_REQUEST = "bad_request"
    BAD_DATA = "bad_data_format"
    NO_TIME = "time_not_available"
    POLICY = "unaccepted_policy"
    EXTENSION = "unaccepted_extensions"
    SYSTEM = "system_failure"


class Refused(Exception):  # a turn inside this file, never an error that leaves it
    """The request cannot be granted."""

    def __init__(self, failure: Failure, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp; asn1crypto's own does not know that the token is optional (RFC 3161 §2.4.2)."""

    _fields = [  # noqa: RUF012  # asn1crypto reads a plain class list
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class Stamper:
    """A time-stamping key with its certificate and chain (DER, issuer first, without the root).

    `digest` (hashlib's name) is what its signatures are made with; what it stamps is the asker's choice.
    """

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    policy: str = POLICY
    digest: str = "sha256"

    def __post_init__(self) -> None:
        if not isinstance(self.key, ec.EllipticCurvePrivateKey):
            raise AlgorithmNotAllowed("time stamps are signed with P-256")

    def in_force(self, now: datetime) -> bool:
        """Whether the certificate may be used at `now`."""
        validity = x509.Certificate.load(self.certificate)["tbs_certificate"]["validity"]
        begin, end = validity["not_before"].native, validity["not_after"].native
        return bool(begin <= now <= end)


def answer(request: bytes, stamper: Stamper, now: datetime, serial: Callable[[], int]) -> bytes:
    """The DER response to a DER request: a token for `now` (cut to the second), or a rejection.

    `serial` draws a number never drawn before, positive and below 2^160 (RFC 3161 §2.4.2).
    """
    try:
        asked = _granted(request, stamper, now)
    except Refused as reason:
        return rejection(reason.failure, reason.text)
    token = _token(asked, stamper, now.astimezone(UTC), serial())
    return bytes(_Response({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def rejection(failure: Failure, text: str) -> bytes:
    """A DER response that grants nothing."""
    status = {"status": "rejection", "status_string": [text], "fail_info": {failure.value}}
    return bytes(_Response({"status": status}).dump())


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request taken apart. `parameters` are those of the digest algorithm: none, or NULL which reads as none."""

    version: str
    algorithm: str
    parameters: Any
    digest: bytes
    policy: str | None
    nonce: int | None
    certificates: bool
    extensions: Any


def _granted(request: bytes, stamper: Stamper, now: datetime) -> _Asked:
    asked = _parsed(request)
    for holds, failure, text in _conditions(asked, stamper, now):
        if not holds:
            raise Refused(failure, text)
    return asked


def _conditions(asked: _Asked, stamper: Stamper, now: datetime) -> Iterator[tuple[bool, Failure, str]]:
    """What must hold, in the order in which a requester is told."""
    length = _DIGESTS.get(asked.algorithm)
    nonce_bits = asked.nonce.bit_length() if asked.nonce else 0
    known = length is not None and asked.parameters is None
    yield asked.version == "v1", Failure.BAD_REQUEST, "only version 1 is known"
    yield known, Failure.BAD_ALG, "the imprint must be SHA-256, SHA-384 or SHA-512"
    yield len(asked.digest) == length, Failure.BAD_DATA, f"the imprint is not {length} bytes long"
    yield asked.policy in {None, stamper.policy}, Failure.POLICY, f"stamps are made under {stamper.policy} only"
    yield not asked.extensions, Failure.EXTENSION, "no extension is known"
    yield nonce_bits <= _MAX_NONCE_BITS, Failure.BAD_REQUEST, "the nonce is too long"
    yield stamper.in_force(now), Failure.NO_TIME, "the time-stamping certificate is not in force"


def _parsed(request: bytes) -> _Asked:
    """Every field, read here once. Refused unless the bytes are one DER TimeStampReq and nothing more."""
    try:
        # asn1crypto reads lazily: `native` goes through every field
        fields = tsp.TimeStampReq.load(request, strict=True).native
        imprint = fields["message_imprint"]
        return _Asked(
            version=fields["version"],
            algorithm=imprint["hash_algorithm"]["algorithm"],
            parameters=imprint["hash_algorithm"]["parameters"],
            digest=imprint["hashed_message"],
            policy=fields["req_policy"],
            nonce=fields["nonce"],
            certificates=bool(fields["cert_req"]),
            extensions=fields["extensions"],
        )
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError) as error:
        raise Refused(Failure.BAD_DATA, "not a DER TimeStampReq") from error


def _token(asked: _Asked, stamper: Stamper, now: datetime, serial: int) -> cms.ContentInfo:
    info = _info(asked, stamper.policy, now.replace(microsecond=0), serial)
    leaf = x509.Certificate.load(stamper.certificate)
    content = {
        "version": "v3",  # RFC 5652 §5.1: the content is not id-data
        "digest_algorithms": [{"algorithm": stamper.digest}],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [_signer(info, stamper, leaf)],
    }
    if asked.certificates:
        content["certificates"] = [leaf, *map(x509.Certificate.load, stamper.chain)]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


def _info(asked: _Asked, policy: str, moment: datetime, serial: int) -> bytes:
    fields = {
        "version": "v1",
        "policy": policy,
        "message_imprint": {"hash_algorithm": {"algorithm": asked.algorithm}, "hashed_message": asked.digest},
        "serial_number": serial,
        "gen_time": moment,
        "accuracy": {"seconds": ACCURACY_SECONDS},
    }
    if asked.nonce is not None:
        fields["nonce"] = asked.nonce
    return bytes(tsp.TSTInfo(fields).dump())


def _signer(info: bytes, stamper: Stamper, leaf: x509.Certificate) -> cms.SignerInfo:
    attributes = _attributes(info, stamper)
    # RFC 5652 §5.4: signed as an explicit SET OF
    signature = stamper.key.sign(attributes.dump(), ec.ECDSA(_HASHES[stamper.digest]))
    sid = {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(sid)),
            "digest_algorithm": {"algorithm": stamper.digest},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{stamper.digest}_ecdsa"}),
            "signature": signature,
        }
    )


def _attributes(info: bytes, stamper: Stamper) -> cms.CMSAttributes:
    # EN 319 422 §5.2: ESSCertIDv2 in place of RFC 3161's SHA-1 form (RFC 5816); SHA-256 is its unwritten default
    own = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(stamper.certificate).digest()})
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.new(stamper.digest, info).digest()]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own]})]},
        ]
    )
