"""Facts, a policy, trust and revocation give a verdict; worse facts never give a better one."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from lienthong.errors import ConfigurationInvalid
from lienthong.signature import Appearance, Report, Role, SignatureFacts, Verdict, sign
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import judge, shipped
from lienthong.signature.judging.inputs import NOTHING_KNOWN, Revocation, Standing, Trust
from lienthong.signature.judging.policy import SHIPPED, read_policy
from lienthong.signature.sentences import ORDER
from unit.signature import signed_files
from unit.signature.authority import LEADER, NOW, YEAR, authority, leader, rsa_key
from unit.signature.documents import LATER, composed, sealed, signed

TRUST = Trust("thử/1", (authority().root,), (authority().issuing,))
GOOD = Revocation(Standing.GOOD, source="crl")


@dataclass(frozen=True)
class Known:
    """The same answer for every certificate, or for the leaves alone."""

    answer: Revocation
    epoch: str = "7"

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        return GOOD if certificate == authority().issuing else self.answer


@cache
def facts(name: str) -> Facts:
    files = {"sealed": sealed, "signed": signed, "agencies": signed_files.as_agencies_sign, "old": signed_files.old}
    return gather(files[name]())


def first(name: str, answer: Revocation = GOOD, at: datetime = LATER, policy: str = "vn") -> SignatureFacts:
    return judge(facts(name), shipped(policy), TRUST, Known(answer), at).signatures[0]


def codes(told: SignatureFacts) -> set[str]:
    return {note.code for note in told.notes}


def test_a_report_names_all_it_was_judged_by():
    report = judge(facts("sealed"), shipped(), TRUST, Known(GOOD), LATER)
    assert report.conclusion is Verdict.VALID
    assert (report.policy, report.trust, report.revocation) == ("vn/1", "thử/1", "7")
    assert (report.sha256, report.size, report.validated_at) == (facts("sealed").sha256, len(sealed()), LATER)
    assert [told.level for told in report.signatures] == ["B-B", "B-B"]
    assert [told.indication for told in report.signatures] == ["TOTAL_PASSED"] * 2
    assert "revocation-not-checked" not in codes(report.signatures[0])


def test_the_same_facts_give_the_same_report_years_later():
    kept = decode(encode(facts("sealed")))
    again = judge(kept, shipped(), TRUST, Known(GOOD), LATER)
    assert again == judge(facts("sealed"), shipped(), TRUST, Known(GOOD), LATER)
    json.dumps(again.as_dict())


@pytest.mark.parametrize(
    ("answer", "verdict", "reason"),
    [
        (GOOD, Verdict.VALID, "valid"),
        (Revocation(Standing.REVOKED, NOW - YEAR / 4), Verdict.INVALID, "revoked"),
        (Revocation(Standing.REVOKED, NOW + timedelta(minutes=30)), Verdict.CANNOT_TELL, "revoked-unproved"),
        (Revocation(Standing.REVOKED, NOW + timedelta(minutes=30), "keyCompromise"), Verdict.INVALID, "revoked"),
        (Revocation(Standing.SUSPENDED, NOW), Verdict.CANNOT_TELL, "suspended"),
        (Revocation(Standing.STALE), Verdict.CANNOT_TELL, "revocation-stale"),
        (NOTHING_KNOWN, Verdict.CANNOT_TELL, "revocation-unknown"),
    ],
)
def test_what_is_known_of_revocation_decides(answer: Revocation, verdict: Verdict, reason: str):
    told = first("sealed", answer)
    assert (told.verdict, told.reason) == (verdict, reason)


def test_without_an_index_the_report_says_so():
    report = judge(facts("sealed"), shipped(), TRUST, None, LATER)
    assert all("revocation-not-checked" in codes(told) for told in report.signatures)
    assert report.conclusion is Verdict.VALID
    strict = judge(facts("sealed"), shipped("strict"), TRUST, None, LATER)
    assert strict.conclusion is Verdict.CANNOT_TELL


def test_a_trusted_stamp_is_the_time_of_judgement():
    """The certificate ended long ago: the stamp proves that the signature is older."""
    much_later = NOW + 5 * YEAR
    told = first("agencies", at=much_later)
    assert (told.verdict, told.best_time, told.level) == (Verdict.VALID, signed_files.AT, "PKCS#7+T")
    assert codes(told) >= {"not-pades"}
    assert "no-trusted-time" not in codes(told)
    assert first("signed", at=much_later).reason == "expired-unproved"


def test_revoked_after_the_stamp_stands_with_a_note():
    at = NOW + YEAR / 2  # those files claim the moment they were made at
    late = first("agencies", Revocation(Standing.REVOKED, signed_files.AT + timedelta(days=1)), at)
    assert late.verdict is Verdict.VALID
    assert "revoked-later" in codes(late)
    early = first("agencies", Revocation(Standing.REVOKED, signed_files.AT - timedelta(days=1)), at)
    assert (early.verdict, early.reason) == (Verdict.INVALID, "revoked")
    stolen = first("agencies", Revocation(Standing.REVOKED, signed_files.AT + timedelta(days=1), "keyCompromise"), at)
    assert (stolen.verdict, stolen.reason) == (Verdict.INVALID, "revoked")


@dataclass(frozen=True)
class StolenStamper(Known):
    """The key of the time-stamping authority came into other hands; everybody else is in order."""

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        return self.answer if certificate == signed_files.stamper_certificate() else GOOD


def test_stamps_of_a_stolen_key_prove_nothing_and_those_of_an_ended_one_do():
    later = signed_files.AT + timedelta(days=1)
    for reason, at in (("keyCompromise", None), ("superseded", signed_files.AT), ("", signed_files.AT)):
        known = StolenStamper(Revocation(Standing.REVOKED, later, reason))
        (told,) = judge(facts("agencies"), shipped(), TRUST, known, LATER).signatures
        assert told.best_time == at
        assert ("stamp-untrusted" in codes(told)) == (at is None)


def test_the_sha1_era_cannot_be_told_with_the_reason():
    told = first("old")
    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, "weak")
    assert told.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    assert "thuật toán" in told.sentence_vi


@pytest.mark.parametrize(
    ("certificate", "key"),
    [
        (signed_files.stamper_certificate(self_signed=True), "tsa"),
        (authority().issue(LEADER, rsa_key("tsa")).certificate, "tsa"),
    ],
    ids=["nobody certified it", "not for stamping"],
)
def test_a_lying_stamp_proves_nothing(certificate: bytes, key: str):
    stamps = signed_files.stamper(certificate, key=key)
    pdf = signed_files.signed_by_others(composed().pdf, leader(), stamps=stamps)
    (told,) = judge(gather(pdf), shipped(), TRUST, Known(GOOD), LATER).signatures
    assert told.best_time is None
    assert codes(told) & {"stamp-untrusted", "stamp-broken"}
    assert judge(gather(pdf), shipped(), TRUST, Known(GOOD), NOW + 5 * YEAR).signatures[0].reason == "expired-unproved"


def answered(status: ocsp.OCSPCertStatus, at: datetime, revoked: datetime | None = None) -> bytes:
    issuer = x509.load_der_x509_certificate(authority().issuing)
    builder = ocsp.OCSPResponseBuilder().add_response(
        x509.load_der_x509_certificate(leader().certificate),
        issuer,
        SHA256(),
        status,
        at,
        at + timedelta(hours=12),
        revoked,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
    return builder.sign(rsa_key("A issuing"), SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("status", "at", "revoked", "reason"),
    [
        (ocsp.OCSPCertStatus.GOOD, NOW, None, "valid"),
        (ocsp.OCSPCertStatus.GOOD, NOW - timedelta(days=30), None, "revocation-unknown"),
        (ocsp.OCSPCertStatus.REVOKED, NOW, NOW - timedelta(days=2), "revoked"),
    ],
)
def test_a_file_may_bring_its_own_answer(
    status: ocsp.OCSPCertStatus, at: datetime, revoked: datetime | None, reason: str
):
    brought = replace(facts("signed"), ocsps={"aa": answered(status, at, revoked)})
    (told,) = judge(brought, shipped(), TRUST, Known(NOTHING_KNOWN), LATER).signatures
    assert told.reason == reason


def test_an_answer_by_nobody_is_passed_over():
    good = answered(ocsp.OCSPCertStatus.GOOD, NOW)
    for bad in (b"", b"\x30\x00", good[:-1] + bytes([good[-1] ^ 1]), good[: len(good) // 2]):
        brought = replace(facts("signed"), ocsps={"aa": bad}, crls={"bb": bad})
        assert (
            judge(brought, shipped(), TRUST, Known(NOTHING_KNOWN), LATER).signatures[0].reason == "revocation-unknown"
        )


WORSE = [
    {"intact": False},
    {"intact": None, "fault": "unreadable"},
    {"coverage": "unclear"},
    {"modification": "other"},
    {"permitted": False},
    {"binds_other": True},
    {"digest": "md5"},
    {"profile": "x.y"},
    {"claimed_time": NOW + timedelta(days=400)},
    {"signer": "00" * 32},
]
RANK = {Verdict.VALID: 2, Verdict.CANNOT_TELL: 1, Verdict.INVALID: 0}


@pytest.mark.parametrize("change", WORSE, ids="-".join)
@pytest.mark.parametrize("policy", SHIPPED)
def test_worse_facts_never_give_a_better_verdict(change: dict[str, object], policy: str):
    for name in ("sealed", "agencies", "old"):
        whole = facts(name)
        before = judge(whole, shipped(policy), TRUST, Known(GOOD), LATER)
        worse = replace(whole.signatures[0], **change)  # type: ignore[arg-type]  # a field of its own each time
        after = judge(replace(whole, signatures=(worse, *whole.signatures[1:])), shipped(policy), TRUST, None, LATER)
        assert RANK[after.signatures[0].verdict] <= RANK[before.signatures[0].verdict]
        assert after.signatures[0].verdict is not Verdict.VALID
        assert RANK[after.conclusion] <= RANK[before.conclusion]


def test_every_check_is_told_and_one_decides():
    for name in ("sealed", "old"):
        for told in judge(facts(name), shipped(), TRUST, Known(GOOD), LATER).signatures:
            assert tuple(check.code for check in told.checks) == ORDER
            failed = [check.code for check in told.checks if check.result == "failed"]
            assert failed == ([] if told.verdict is Verdict.VALID else [told.reason])


def test_the_strict_policy_wants_proof_of_time():
    assert first("sealed", policy="strict").reason == "no-trusted-time"
    assert first("agencies", policy="strict").reason == "profile-unknown"


def test_policies_are_read_with_care():
    good = {name: json.loads(shipped_bytes(name)) for name in SHIPPED}
    assert read_policy(json.dumps(good["vn"]).encode()) == shipped()
    bad = [
        b"{",
        json.dumps(good["vn"] | {"checks": good["vn"]["checks"] | {"xyz": "fail"}}).encode(),
        json.dumps(good["vn"] | {"checks": {}}).encode(),
        json.dumps(good["vn"] | {"checks": good["vn"]["checks"] | {"broken": "perhaps"}}).encode(),
        json.dumps(good["vn"] | {"checks": good["vn"]["checks"] | {"time-differs": "fail"}}).encode(),
    ]
    for data in bad:
        with pytest.raises(ConfigurationInvalid):
            read_policy(data)
    with pytest.raises(ConfigurationInvalid):
        shipped("xyz")


def shipped_bytes(name: str) -> bytes:
    from importlib.resources import files  # noqa: PLC0415  only here

    return (files("lienthong.signature.judging") / "policies" / f"{name}.json").read_bytes()


def test_a_file_that_is_none():
    report: Report = judge(gather(b"words"), shipped(), TRUST, None, LATER)
    assert (report.unsigned, report.conclusion) == (True, Verdict.CANNOT_TELL)
    hidden = judge(gather(b"%PDF-1.7 nothing"), shipped(), TRUST, None, LATER)
    assert (hidden.unsigned, hidden.conclusion) == (False, Verdict.CANNOT_TELL)


def test_a_leader_alone_is_noted():
    pdf = sign(composed().pdf, leader(), Role.LEADER, Appearance(), NOW)
    assert [note.code for note in judge(gather(pdf), shipped(), TRUST, Known(GOOD), LATER).notes] == ["no-seal"]
