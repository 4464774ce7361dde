"""The index of revocation: what lists change, what it answers, what it refuses."""

from datetime import datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.adapters.revocation import AGE, RevocationIndex
from lienthong.errors import EvidenceBroken
from lienthong.signature.facts.gather import gather
from lienthong.signature.judging import NOTHING_KNOWN, Standing, Trust, judge, shipped
from lienthong.signature.model import Verdict
from unit.signature.authority import NOW, YEAR, authority, leader, rsa_key
from unit.signature.documents import LATER, sealed

DAY = timedelta(days=1)
Rows = tuple[tuple[int, x509.ReasonFlags | None], ...]


@cache
def listed(
    rows: Rows = (),
    *,
    number: int = 1,
    made: datetime = NOW - DAY,
    base: int | None = None,
    label: str = "A",
    role: str = "issuing",
    partial: bool = False,
    odd: bool = False,
) -> bytes:
    issuer = x509.load_der_x509_certificate(getattr(authority(label), role))
    builder = x509.CertificateRevocationListBuilder(issuer.subject, made, made + 7 * DAY)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    if partial:
        point = x509.IssuingDistributionPoint(
            None, None, only_contains_user_certs=True, only_contains_ca_certs=False, only_some_reasons=None,
            indirect_crl=False, only_contains_attribute_certs=False,
        )  # fmt: skip
        builder = builder.add_extension(point, critical=True)
    if odd:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.25.1"), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    for serial, reason in rows:
        row = x509.RevokedCertificateBuilder(serial, made - DAY)
        if reason is not None:
            row = row.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(rsa_key(f"{label} {role}"), SHA256()).public_bytes(Encoding.DER)


def serial() -> int:
    return x509.load_der_x509_certificate(leader().certificate).serial_number


def index(*lists: bytes) -> RevocationIndex:
    made = RevocationIndex([authority().root, authority().issuing])
    for each in lists:
        assert made.take(each, NOW)
    return made


def asked(made: RevocationIndex, at: datetime = NOW) -> Standing:
    return made.of(leader().certificate, authority().issuing, at).standing


def test_without_a_list_nothing_is_known():
    assert index().of(leader().certificate, authority().issuing, NOW) == NOTHING_KNOWN
    assert index().epoch == ""


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ((), Standing.GOOD),
        (((7, None),), Standing.GOOD),
        (((serial(), None),), Standing.REVOKED),
        (((serial(), x509.ReasonFlags.key_compromise),), Standing.REVOKED),
        (((serial(), x509.ReasonFlags.certificate_hold),), Standing.SUSPENDED),
    ],
)
def test_what_a_list_says(rows: Rows, standing: Standing):
    made = index(listed(rows))
    answer = made.of(leader().certificate, authority().issuing, NOW)
    assert (answer.standing, answer.source, answer.this_update) == (standing, "crl", NOW - DAY)
    assert answer.revoked_at == (None if standing is Standing.GOOD else NOW - 2 * DAY)


def test_an_old_list_says_nothing_certain_but_what_it_revoked_stays():
    late = NOW + 6 * DAY + AGE + timedelta(minutes=1)
    assert asked(index(listed()), late) is Standing.STALE
    assert asked(index(listed()), late - timedelta(minutes=2)) is Standing.GOOD
    assert asked(index(listed(((serial(), None),))), late) is Standing.REVOKED


def test_a_newer_list_takes_the_place_of_its_issuers_alone():
    made = index(listed(((serial(), None),)), listed(role="root", number=5))
    before = made.epoch
    assert made.take(listed(number=2, made=NOW), NOW)
    assert asked(made) is Standing.GOOD
    assert made.of(authority().issuing, authority().root, NOW).standing is Standing.GOOD
    assert made.epoch != before
    assert not made.take(listed(number=2, made=NOW), NOW)


def test_a_delta_adds_and_takes_away():
    made = index(listed(((5, x509.ReasonFlags.certificate_hold),), number=3))
    back = ((5, x509.ReasonFlags.remove_from_crl), (serial(), None))
    assert made.take(listed(back, number=4, made=NOW, base=3), NOW)
    assert asked(made) is Standing.REVOKED
    assert not made.take(listed(back, number=4, made=NOW, base=3), NOW)
    with pytest.raises(EvidenceBroken):
        made.take(listed((), number=9, made=NOW, base=8), NOW)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\x30\x03\x02\x01\x00",
        listed(label="B"),
        listed(number=9, partial=True),
        listed(number=9, made=NOW + DAY),
        listed(number=2, made=NOW - 3 * DAY),
        listed(number=9)[:-3] + b"abc",
        listed(number=9, made=NOW - 3 * DAY),
        listed(number=9, odd=True),
        listed(number=9, made=NOW - 2 * YEAR),
    ],
    ids=[
        "empty",
        "no list",
        "a stranger's",
        "partial",
        "future",
        "goes back",
        "altered",
        "older",
        "odd",
        "before its issuer",
    ],
)
def test_what_is_refused_changes_nothing(bad: bytes):
    made = index(listed(((serial(), None),), number=3))
    before = made.epoch
    with pytest.raises(EvidenceBroken):
        made.take(bad, NOW)
    assert (made.epoch, asked(made)) == (before, Standing.REVOKED)


def test_a_document_is_judged_by_it():
    trust = Trust("1", (authority().root,), (authority().issuing,))
    facts = gather(sealed())
    good = index(listed(number=1), listed(role="root"))
    assert judge(facts, shipped(), trust, good, LATER).conclusion is Verdict.VALID
    assert judge(facts, shipped(), trust, index(listed()), LATER).signatures[0].reason == "revocation-unknown"
    revoked = index(listed(((serial(), None),)), listed(role="root"))
    assert judge(facts, shipped(), trust, revoked, LATER).signatures[0].reason == "revoked"
    assert judge(facts, shipped(), trust, good, LATER + YEAR / 2).signatures[0].reason == "revocation-stale"
