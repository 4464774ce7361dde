"""Certificates from approved cases: planned, looked at, signed, kept, in the log; beside it the library's bare loops.

One loop does what issuing does to a request as well: it reads it and checks its signature; that one is the goal's. The
other only builds and signs, for keys that are at hand; beside it stands what an approved case costs, whose request was
looked at when it was opened: told, because it is the sterner look.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from lienthong.adapters.http import settle
from lienthong.ca.carrying import MOST
from lienthong.ca.house import POLICY
from lienthong.ca.profiles import DOCUMENT_SIGNING
from lienthong.ca.rules.keys import read_request
from lienthong.cli.bench.ca.stage import AT, Stage, approved, name, requests, stage
from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance

T = TypeVar("T")
COUNT = 1000
_GOAL = 0.6
_NAMES = {
    "issue": "cấp / issue",
    "bare": "vòng lặp trần / bare loop",
    "carry": "từ hồ sơ đã duyệt / from approved cases",
    "sign": "chỉ dựng và ký / build and sign alone",
}
_NOTE = (
    "Cấp và vòng lặp trần đều đọc yêu cầu và kiểm tra chữ ký của nó; hai số sau đều không."
    " / Issue and bare loop read the request and check its signature; neither of the other two does."
)
_UNIT = "chứng thư mỗi giây CPU / certificates per CPU second"


def compare(runs: int, advance: Advance) -> Outcome:
    """All a run, one after the other, in the same process."""
    return asyncio.run(_compared(runs, advance))


async def _compared(runs: int, advance: Advance) -> Outcome:
    settle()  # as whoever serves does
    told: dict[str, list[float]] = {name: [] for name in _NAMES}
    async with stage() as on:
        await issued(on, requests(200), -200)  # statements are compiled once in a process's life
        for run in range(runs):
            advance(f"{run + 1}/{runs}")
            csrs = requests(COUNT)
            found = await _measured(on, csrs, run * COUNT)
            for name, seconds in found.items():
                told[name].append(COUNT / seconds)
    issue, bare, carry, sign = (Series(words, _UNIT, tuple(told[name])) for name, words in _NAMES.items())
    ratios = (ratio_of("÷ bare", issue, bare, _GOAL), ratio_of("÷ build and sign", carry, sign))
    return Outcome("ca issue", {"certificates": COUNT, "runs": runs}, (issue, bare, carry, sign), ratios, (_NOTE,))


async def _measured(on: Stage, csrs: Sequence[str], first: int) -> dict[str, float]:
    """Processor seconds, by the names of the series."""
    keys = [_asked(each) for each in csrs]
    bare, sign = _bare(on, csrs, _asked), _bare(on, keys, lambda key: key)
    looked, carried = _checked(on, csrs), await issued(on, csrs, first)
    return {"issue": looked + carried, "bare": bare, "carry": carried, "sign": sign}


async def issued(on: Stage, csrs: Sequence[str], first: int) -> float:
    """Processor seconds from approved cases to certificates that are kept."""
    cases = approved(csrs, first, on.house.now())
    await on.registers.write(lambda tx: tx.put_cases(cases))
    begun = time.process_time()
    for start in range(0, len(cases), MOST):
        await on.carrying.carry_out([each.id for each in cases[start : start + MOST]])
    return time.process_time() - begun


def _checked(on: Stage, csrs: Sequence[str]) -> float:
    """Processor seconds for what is looked at when a case is opened: proof of possession, and the key."""
    begun, now = time.process_time(), on.house.now()
    for text in csrs:
        read_request(text, "people", now)
    return time.process_time() - begun


def _bare(on: Stage, given: Sequence[T], key_of: Callable[[T], Any]) -> float:
    """Processor seconds for certificates of the same content with nothing around them, by the library alone."""
    issuer, key, now = on.house.issuer("persons").own, ec.generate_private_key(ec.SECP256R1()), on.house.now()
    people = [name(number) for number in range(len(given))]
    begun = time.process_time()
    for each, person in zip(given, people, strict=True):
        _one(key_of(each), person, issuer, key, now)
    return time.process_time() - begun


def _asked(text: str) -> Any:
    """The key a request asks for, which signed it."""
    asked = x509.load_pem_x509_csr(text.encode())
    if not asked.is_signature_valid:
        raise AssertionError("csr")
    return asked.public_key()


def _one(public: Any, person: str, issuer: x509.Certificate, key: ec.EllipticCurvePrivateKey, now: datetime) -> bytes:
    kinds = (NameOID.COUNTRY_NAME, NameOID.LOCALITY_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
    texts = ("VN", "Thành phố đo", "Ủy ban nhân dân Thành phố đo", "Sở số 1 đo")
    subject = [x509.NameAttribute(kind, value) for kind, value in zip(kinds, texts, strict=True)]
    builder = x509.CertificateBuilder().issuer_name(issuer.subject).public_key(public)
    builder = builder.subject_name(x509.Name([*subject, x509.NameAttribute(NameOID.COMMON_NAME, person)]))
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1825))
    for extension, critical in _extensions(public, issuer):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _extensions(public: Any, issuer: x509.Certificate) -> list[tuple[Any, bool]]:
    """What a certificate of ours says, written as the library's manual writes it."""
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    usages = {each: each in {"digital_signature", "content_commitment"} for each in _USAGES}
    access = [
        x509.AccessDescription(kind, x509.UniformResourceIdentifier(f"{AT}/{place}"))
        for kind, place in (
            (AuthorityInformationAccessOID.CA_ISSUERS, "ca"),
            (AuthorityInformationAccessOID.OCSP, "ocsp"),
        )
    ]
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.KeyUsage(**usages), True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
        (x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (x509.CRLDistributionPoints([_point("0.crl")]), False),
        (x509.AuthorityInformationAccess(access), False),
        (x509.FreshestCRL([_point("0.delta.crl")]), False),
        (x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(POLICY), None)]), False),
    ]


def _point(place: str) -> x509.DistributionPoint:
    return x509.DistributionPoint([x509.UniformResourceIdentifier(f"{AT}/{place}")], None, None, None)


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
