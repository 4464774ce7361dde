"""Time-stamp tokens as facts: whose, when, over what, and do their own signature and imprint hold (RFC 3161)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from lienthong.signature.facts.container import (
    SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
    Container,
    extension,
    open_container,
    tbs,
)
from lienthong.signature.facts.der import GENERALIZED_TIME, OCTETS, SEQUENCE, Element, read
from lienthong.signature.facts.guarding import fault_of
from lienthong.signature.facts.model import StampFact
from lienthong.signature.facts.verifying import digest_name, holds

_EXTENDED_USAGE = "2.5.29.37"
_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"

Digest = Callable[[str], bytes]
"""The digest, by the algorithm's name, of what a stamp should be over."""


def stamp_fact(
    token: bytes, kind: str, over: Digest, others: Sequence[bytes] = (), *, padded: bool = False
) -> StampFact:
    """The facts of one token; never raises. `others` are certificates at hand when the token encloses none."""
    fact = StampFact(kind, None, None, "", "", hashlib.sha256(token).hexdigest())
    try:
        container = open_container(token, padded=padded)
        info = _info(container)
        fact = replace(fact, at=_time(info), digest=digest_name(_imprint(info)[0]))
        return _checked(fact, container, info, over, others)
    except Exception as problem:  # noqa: BLE001 - hostile tokens provoke anything; it means "cannot tell"
        return replace(fact, fault=fault_of(problem))


def binding(container: Container, certificate: bytes) -> bool | None:
    """The signed attributes name this certificate by digest; None when they name none. (RFC 5035 §3, RFC 2634 §5.4)"""
    values = container.signed.get(SIGNING_CERTIFICATE_V2) or container.signed.get(SIGNING_CERTIFICATE)
    if not values:
        return None
    first = values[0].expect(SEQUENCE).children[0].expect(SEQUENCE).children[0].expect(SEQUENCE)
    parts = first.children
    algorithm = "sha1" if SIGNING_CERTIFICATE_V2 not in container.signed else "sha256"
    if parts[0].tag == SEQUENCE:
        algorithm, parts = digest_name(parts[0]), parts[1:]
    return parts[0].expect(OCTETS).content == hashlib.new(algorithm, certificate).digest()


def _info(container: Container) -> tuple[Element, ...]:
    """TSTInfo: version, policy, imprint, serial number, time … (RFC 3161 §2.4.2)"""
    if container.content_type != TST_INFO or container.content is None:
        raise ValueError("no time stamp")
    return read(container.content).expect(SEQUENCE).children


def _imprint(info: tuple[Element, ...]) -> tuple[Element, ...]:
    return info[2].expect(SEQUENCE).children


def _time(info: tuple[Element, ...]) -> datetime:
    return info[4].expect(GENERALIZED_TIME).moment


def _checked(
    fact: StampFact, container: Container, info: tuple[Element, ...], over: Digest, others: Sequence[bytes]
) -> StampFact:
    signer = container.signer or _named(container, others)
    if signer is None:
        raise ValueError("the certificate of the time-stamp authority is not enclosed")
    bound = binding(container, signer)
    fact = replace(
        fact,
        signer=hashlib.sha256(signer).hexdigest(),
        purpose=for_stamping(signer),
        binds_certificate=bool(bound),
        embedded=tuple(hashlib.sha256(one).hexdigest() for one in container.certificates),
    )
    content = hashlib.new(digest_name(container.digest), container.content or b"").digest()
    own = holds(container, content, signer, TST_INFO) and bool(container.attributes) and bound is not False
    return replace(fact, intact=own and _imprint(info)[1].expect(OCTETS).content == over(fact.digest))


def _named(container: Container, others: Sequence[bytes]) -> bytes | None:
    return next((one for one in others if binding(container, one)), None)


def for_stamping(certificate: bytes) -> bool:
    """RFC 3161 §2.3: extended key usage, critical, time stamping alone."""
    found = extension(tbs(certificate), _EXTENDED_USAGE)
    if found is None:
        return False
    critical, value = found
    return critical and [item.oid for item in read(value).children] == [_TIME_STAMPING]
