"""Make a seal: one signature over the list of all parts, in JAdES-B form (ETSI TS 119 182-1 V1.2.1)."""

import base64
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509

from lienthong.document.codes import OrganisationCode
from lienthong.errors import AlgorithmNotAllowed, InvalidValue, SealInvalid
from lienthong.seal import base64url
from lienthong.seal.algorithms import Algorithm, for_key
from lienthong.seal.header import ANSWERS, BY_URI_HASH, CRITICAL, EXPIRES, MESSAGE, SENDER, TRACE, is_trace, read
from lienthong.seal.keys import SealedPart, Signer, thumbprint

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def seal(
    parts: Sequence[SealedPart],
    signer: Signer,
    now: datetime,
    sender: OrganisationCode,
    message_id: str,
    *,
    expires_at: datetime | None = None,
    answers: Sequence[str] = (),
    trace: str = "",
) -> str:
    """Seal the parts as `sender`'s message `message_id`: a compact JWS with detached, empty payload.

    The algorithm follows from the certificate's key; `expires_at` is how long delivery may take, `answers` the ids of
    the requests it answers, `trace` the id under which every hop logs what it does with the message. Raises
    InvalidValue for an impossible list of parts, a naive moment or no trace id, AlgorithmNotAllowed for a key no
    algorithm fits, SealInvalid when the signer's answer does not verify or names could not be read back.
    """
    key = x509.load_der_x509_certificate(signer.certificate).public_key()
    algorithm = _algorithm_for(key, now)
    claims = _claims(sender, message_id, expires_at, answers) | _traced(trace)
    header = _header(algorithm.id, parts, signer, now) | claims
    protected = base64url.encode(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
    # TS 119 182-1 §5.2.8.3.3: the payload contributes as an empty stream
    signing_input = f"{protected}.".encode("ascii")
    signature = signer.sign(signing_input)
    # a wrong card in the reader, or a name no judge would read, is found here and not by the recipient
    if not algorithm.verifies(key, signature, signing_input):
        raise SealInvalid("signer and certificate do not match")
    made = f"{protected}..{base64url.encode(signature)}"
    read(made, frozenset({algorithm.id}))
    return made


def _claims(
    sender: OrganisationCode, message_id: str, expires_at: datetime | None, answers: Sequence[str]
) -> dict[str, Any]:
    until = {} if expires_at is None else {EXPIRES: _seconds(expires_at)}
    named = {ANSWERS: list(answers)} if answers else {}
    return {SENDER: str(sender), MESSAGE: message_id} | until | named


def _traced(trace: str) -> dict[str, str]:
    if trace and not is_trace(trace):
        raise InvalidValue("trace")
    return {TRACE: trace} if trace else {}


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise InvalidValue("moment without time zone")
    return int(moment.timestamp())


def _algorithm_for(key: object, now: datetime) -> Algorithm:
    fitting = for_key(key, now)
    if not fitting:
        raise AlgorithmNotAllowed(type(key).__name__)
    return fitting[0]


def _header(algorithm: str, parts: Sequence[SealedPart], signer: Signer, now: datetime) -> dict[str, Any]:
    return {
        "alg": algorithm,
        "x5t#S256": thumbprint(signer.certificate),
        # x5c is plain base64, not base64url (RFC 7515 §4.1.6)
        "x5c": [base64.b64encode(der).decode("ascii") for der in (signer.certificate, *signer.chain)],
        # TS 119 182-1 V1.2.1 §5.1.11: iat replaced sigT for seals made after July 2025
        "iat": _seconds(now),
        "b64": False,
        "sigD": _sigd(parts),
        "crit": list(CRITICAL),
    }


def _sigd(parts: Sequence[SealedPart]) -> dict[str, Any]:
    names = [part.name for part in parts]
    if not names or len(set(names)) != len(names):
        raise InvalidValue("parts: none, or one name twice")
    return {
        "mId": BY_URI_HASH,
        "pars": names,
        "hashM": "S256",
        "hashV": [base64url.encode(_digest(part)) for part in parts],
        "ctys": [part.media_type for part in parts],
    }


def _digest(part: SealedPart) -> bytes:
    if not _SHA256.fullmatch(part.sha256):
        raise InvalidValue(f"{part.name}: sha256")
    return bytes.fromhex(part.sha256)
