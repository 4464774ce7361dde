"""Making a seal and judging it in the ordinary cases."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lienthong.errors import (
    AlgorithmNotAllowed,
    InvalidValue,
    LienThongError,
    RegistryStale,
    SealInvalid,
    SealKeyExpired,
    SealKeyForeign,
    SealKeyRevoked,
    SealKeyUnknown,
)
from lienthong.seal import ALGORITHMS, Policy, SealResult, judge, seal, thumbprint
from seal_world import (
    MESSAGE,
    NOW,
    PARTS,
    SENDER,
    YEAR,
    Part,
    Signer,
    certificate,
    ec_key,
    entry,
    part,
    rsa_signer,
    sealed,
    signer,
    trust,
)


def header_of(text: str) -> dict[str, object]:
    head = text.split(".", maxsplit=1)[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))


def test_a_fresh_seal_is_valid_and_says_who_and_what():
    verdict = judge(sealed(), PARTS, trust(), NOW)
    assert (verdict.result, verdict.reason, verdict.detail) == (SealResult.VALID, None, "")
    assert (verdict.sender, verdict.message_id, verdict.signed_at) == (str(SENDER), MESSAGE, NOW)
    assert verdict.key is not None
    assert verdict.key.holder == "org:G09"
    assert verdict.expires_at is None
    verdict.raise_if_not_valid()


def test_the_time_to_live_is_sealed():
    until = NOW + timedelta(days=3)
    assert judge(sealed(expires_at=until), PARTS, trust(), NOW).expires_at == until


def test_the_requests_an_answer_answers_are_sealed() -> None:
    assert judge(sealed(), PARTS, trust(), NOW).answers == ()
    assert judge(sealed(answers=("a" * 32, "b" * 32)), PARTS, trust(), NOW).answers == ("a" * 32, "b" * 32)


def test_the_header_is_jades():
    header = header_of(sealed())
    assert header["alg"] == "ES256"
    assert header["b64"] is False
    assert header["crit"] == ["b64", "sigD"]
    assert header["iat"] == int(NOW.timestamp())
    assert header["x5t#S256"] == thumbprint(signer().certificate)
    assert base64.b64decode(header["x5c"][0]) == signer().certificate
    sigd = header["sigD"]
    assert sigd["mId"] == "http://uri.etsi.org/19182/ObjectIdByURIHash"
    assert sigd["hashM"] == "S256"
    assert sigd["pars"] == [each.name for each in PARTS]
    assert sigd["ctys"] == [each.media_type for each in PARTS]
    digests = [base64.urlsafe_b64decode(text + "=").hex() for text in sigd["hashV"]]
    assert digests == [each.sha256 for each in PARTS]


def test_the_payload_is_detached_and_empty():
    protected, payload, signature = sealed().split(".")
    assert payload == ""
    assert len(signature) == 86
    assert signer().key.public_key()
    verdict = judge(f"{protected}..{signature}", PARTS, trust(), NOW)
    assert verdict.result is SealResult.VALID


def test_rsa_seals_are_verified_in_both_paddings():
    by = rsa_signer()
    listed = trust(entry(by))
    made = sealed(by=by)
    assert header_of(made)["alg"] == "RS256"
    assert judge(made, PARTS, listed, NOW).result is SealResult.VALID


def test_ps256_is_made_when_the_table_prefers_it(monkeypatch: pytest.MonkeyPatch):
    by = rsa_signer(pss=True)
    only_pss = tuple(row for row in ALGORITHMS if row.id == "PS256")
    monkeypatch.setattr("lienthong.seal.make.for_key", lambda key, now: only_pss)
    made = sealed(by=by)
    assert header_of(made)["alg"] == "PS256"
    assert judge(made, PARTS, trust(entry(by)), NOW).result is SealResult.VALID


def test_a_wrong_key_behind_the_certificate_is_found_when_sealing():
    with pytest.raises(SealInvalid):
        sealed(by=Signer(ec_key("other"), signer().certificate))


def test_keys_no_algorithm_fits_cannot_seal():
    p384 = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(AlgorithmNotAllowed):
        sealed(by=Signer(p384, certificate(p384)))


@pytest.mark.parametrize(
    "parts",
    [(), (part("a"), part("a", b"y")), (replace(part("a"), sha256="AB" * 32),), (replace(part("a"), sha256="ab"),)],
)
def test_impossible_parts_cannot_be_sealed(parts: tuple[Part, ...]):
    with pytest.raises(InvalidValue):
        sealed(parts)


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 1025])
def test_names_that_no_judge_would_read_cannot_be_sealed(name: str):
    with pytest.raises(SealInvalid):
        sealed((part(name),))


def test_a_naive_moment_cannot_be_sealed():
    with pytest.raises(InvalidValue):
        seal(PARTS, signer(), NOW.replace(tzinfo=None), SENDER, MESSAGE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_to": NOW - timedelta(seconds=1)}, SealKeyExpired),
        ({"valid_from": NOW + timedelta(seconds=1)}, SealKeyExpired),
        ({"revoked_at": NOW}, SealKeyRevoked),
        ({"revoked_at": NOW - YEAR, "valid_to": NOW - timedelta(days=1)}, SealKeyRevoked),
        ({"holder": "org:G12"}, SealKeyForeign),
        ({"holder": "gateway:G09"}, SealKeyForeign),
        ({"purpose": "gateway"}, SealKeyUnknown),
        ({"purpose": "document-seal"}, SealKeyUnknown),
        ({"certificate": certificate(ec_key())}, SealKeyUnknown),
    ],
)
def test_keys_that_may_not_seal(changes: dict[str, object], reason: type[LienThongError]):
    verdict = judge(sealed(), PARTS, trust(entry(signer(), **changes)), NOW)
    assert (verdict.result, verdict.reason) == (SealResult.INVALID, reason)
    with pytest.raises(reason):
        verdict.raise_if_not_valid()


def test_a_later_revocation_does_not_reach_back():
    listed = trust(entry(signer(), revoked_at=NOW + timedelta(hours=1)))
    assert judge(sealed(), PARTS, listed, NOW).result is SealResult.VALID
    assert judge(sealed(), PARTS, listed, NOW + timedelta(hours=1)).reason is SealKeyRevoked


def test_the_key_must_be_valid_when_signed_and_when_judged():
    listed = trust(entry(signer(), valid_to=NOW + timedelta(days=1)))
    assert judge(sealed(), PARTS, listed, NOW + timedelta(days=2)).reason is SealKeyExpired


@pytest.mark.parametrize(
    ("ahead", "result"),
    [(timedelta(minutes=5), SealResult.VALID), (timedelta(minutes=5, seconds=1), SealResult.INVALID)],
)
def test_clocks_may_differ_by_five_minutes(ahead: timedelta, result: SealResult):
    assert judge(sealed(now=NOW + ahead), PARTS, trust(), NOW).result is result


def test_old_seals_are_refused_by_the_policy():
    policy = Policy(max_age=timedelta(days=3))
    later = NOW + timedelta(days=3)
    assert judge(sealed(), PARTS, trust(), later, policy).result is SealResult.VALID
    assert judge(sealed(), PARTS, trust(), later + timedelta(seconds=1), policy).reason is SealInvalid


def test_a_stale_list_cannot_tell_that_a_seal_is_good():
    verdict = judge(sealed(), PARTS, trust(fresh=False), NOW)
    assert (verdict.result, verdict.reason) == (SealResult.CANNOT_TELL, RegistryStale)
    assert verdict.sender == "G09"


def test_a_stale_list_cannot_tell_that_a_key_is_unknown():
    verdict = judge(sealed(), PARTS, trust(entry(signer("other")), fresh=False), NOW)
    assert verdict.result is SealResult.CANNOT_TELL


def test_a_stale_list_still_proves_a_revocation():
    verdict = judge(sealed(), PARTS, trust(entry(signer(), revoked_at=NOW), fresh=False), NOW)
    assert verdict.reason is SealKeyRevoked


def test_an_algorithm_is_retired_by_its_row():
    retired = tuple(replace(row, valid_to=NOW - timedelta(days=1)) for row in ALGORITHMS)
    verdict = judge(sealed(), PARTS, trust(), NOW, Policy(algorithms=retired))
    assert verdict.reason is AlgorithmNotAllowed


def test_verdicts_speak_both_languages():
    assert [each.vi for each in SealResult] == ["hợp lệ", "không hợp lệ", "chưa kết luận được"]
    assert [each.en for each in SealResult] == ["valid", "invalid", "cannot tell"]
