"""Answers to time-stamp requests, read back by two other implementations."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar, Never

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from lienthong.ca import Failure, Stamper, answer, rejection
from lienthong.ca.tsa import POLICY
from lienthong.errors import AlgorithmNotAllowed
from lienthong.evidence import stamp
from lienthong.testing.pki import MOMENT, pki

DIGEST = hashlib.sha256(b"checkpoint").digest()
TSA = pki().tsa()
STAMPER = Stamper(TSA.key, TSA.certificate, TSA.chain)


class Response(core.Sequence):
    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def request(digest: bytes = DIGEST, algorithm: str = "sha256", **fields: Any):
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    return tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True, **fields}).dump()


def ask(body: bytes, now: datetime = MOMENT, stamper: Stamper = STAMPER):
    return Response.load(answer(body, stamper, now, lambda: 4711), strict=True)


def info(response: Any):
    return response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


def failure(response: Any):
    assert response["status"]["status"].native == "rejection"
    assert response["time_stamp_token"].native is None
    return set(response["status"]["fail_info"].native)


def test_a_token_says_what_was_asked_and_when():
    found = info(ask(request(nonce=99), MOMENT.replace(microsecond=987654)))
    assert found["message_imprint"]["hashed_message"].native == DIGEST
    assert found["gen_time"].native == MOMENT
    assert (found["serial_number"].native, found["nonce"].native, found["policy"].native) == (4711, 99, POLICY)
    assert found["accuracy"]["seconds"].native == 1


def test_moments_are_told_in_utc():
    vietnam = MOMENT.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+07:00").tzinfo)
    assert info(ask(request(), vietnam))["gen_time"].native == MOMENT


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_digests_that_are_taken(algorithm: str):
    digest = hashlib.new(algorithm, b"x").digest()
    found = info(ask(request(digest, algorithm)))["message_imprint"]
    assert (found["hash_algorithm"]["algorithm"].native, found["hashed_message"].native) == (algorithm, digest)


def test_null_parameters_are_as_good_as_none():
    imprint = {"hash_algorithm": {"algorithm": "sha256", "parameters": core.Null()}, "hashed_message": DIGEST}
    assert (
        ask(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint}).dump())["status"]["status"].native
        == "granted"
    )


def test_a_nonce_is_only_answered_when_asked():
    assert info(ask(request()))["nonce"].native is None


def test_certificates_only_when_asked():
    with_them = ask(request())["time_stamp_token"]["content"]["certificates"]
    without = ask(request(cert_req=False))["time_stamp_token"]["content"]["certificates"]
    assert {found.chosen.dump() for found in with_them} == {STAMPER.certificate, *STAMPER.chain}
    assert without.native is None


def test_our_own_verifier_agrees():
    token = ask(request())["time_stamp_token"].dump()
    facts = stamp.check(token, DIGEST, pki().roots)
    assert (facts.time, facts.policy, facts.serial) == (MOMENT, POLICY, 4711)


async def test_pyhanko_agrees():
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(der) for der in pki().roots], moment=MOMENT, allow_fetching=False
    )
    signed = ask(request())["time_stamp_token"]["content"]
    found = await validate_tst_signed_data(signed, context, lambda _: DIGEST)
    assert (found["valid"], found["intact"], found["trust_problem_indic"]) == (True, True, None)
    assert found["timestamp"] == MOMENT


async def test_pyhanko_does_not_trust_a_strangers_root():
    roots = [asn1.Certificate.load(der) for der in pki().stranger.roots]
    context = ValidationContext(trust_roots=roots, moment=MOMENT, allow_fetching=False)
    found = await validate_tst_signed_data(ask(request())["time_stamp_token"]["content"], context, lambda _: DIGEST)
    assert found["trust_problem_indic"] is not None


def test_the_signature_covers_the_attributes_as_a_set():
    signer = ask(request())["time_stamp_token"]["content"]["signer_infos"][0]
    public = x509.load_der_x509_certificate(STAMPER.certificate).public_key()
    public.verify(signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Failure.BAD_DATA),
        (b"garbage", Failure.BAD_DATA),
        (request() + b"\x00", Failure.BAD_DATA),
        (request()[:-1], Failure.BAD_DATA),
        (request(hashlib.sha1(b"x", usedforsecurity=False).digest(), "sha1"), Failure.BAD_ALG),
        (request(hashlib.md5(b"x", usedforsecurity=False).digest(), "md5"), Failure.BAD_ALG),
        (request(DIGEST, "1.2.3.4"), Failure.BAD_ALG),
        (request(DIGEST[:31]), Failure.BAD_DATA),
        (request(DIGEST, "sha512"), Failure.BAD_DATA),
        (request(version="v2"), Failure.BAD_REQUEST),
        (request(req_policy="1.2.3.4"), Failure.POLICY),
        (request(nonce=1 << 300), Failure.BAD_REQUEST),
        (request(extensions=[{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"x"}]), Failure.EXTENSION),
        (request(extensions=[{"extn_id": "1.2.3.4", "critical": False, "extn_value": b"x"}]), Failure.EXTENSION),
    ],
)
def test_what_is_not_granted_is_refused_by_name(body: bytes, reason: Failure):
    assert failure(ask(body)) == {reason.value}


def test_our_policy_may_be_asked_for():
    assert info(ask(request(req_policy=POLICY)))["policy"].native == POLICY


@pytest.mark.parametrize("days", [-40, 6 * 365])
def test_nothing_is_stamped_outside_the_certificates_life(days: int):
    assert failure(ask(request(), MOMENT + timedelta(days=days))) == {Failure.NO_TIME.value}


def test_a_refused_request_draws_no_serial():
    def never() -> Never:
        raise AssertionError

    assert answer(b"garbage", STAMPER, MOMENT, never)


def test_a_refusal_by_hand():
    assert failure(Response.load(rejection(Failure.SYSTEM, "quá tải"))) == {"system_failure"}


def test_only_p256_keys_stamp():
    with pytest.raises(AlgorithmNotAllowed):
        Stamper(ed25519.Ed25519PrivateKey.generate(), b"")


def test_a_stamper_does_not_show_its_key():
    assert "key=" not in repr(STAMPER)
