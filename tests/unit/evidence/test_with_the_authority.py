"""Certificates and time stamps as our own authority issues them are the ones verification accepts."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from evidence_made import event
from lienthong.ca import tsa
from lienthong.evidence import (
    Checkpoint,
    Frontier,
    ProofResult,
    Receipt,
    checkpoint_digest,
    leaf_hash,
    receipts,
    sign_checkpoint,
    stamp,
    verify_receipt,
)
from lienthong.testing.pki import MOMENT, pki


def made(hop: str = "axis") -> Receipt:
    log = pki().log(f"lienthong.example/log/{hop}")
    leaf = event(hop=hop, at=MOMENT).to_leaf()
    batch = Frontier().extend([leaf_hash(leaf)])
    note = sign_checkpoint(Checkpoint(log.name, batch.size, batch.root()), log)
    return receipts(batch, [leaf], note, [log.certificate, *log.chain])[0]


def test_a_log_certified_by_the_authority_is_proved():
    assert verify_receipt(made(), {}, pki().roots, MOMENT).result is ProofResult.PROVED


def test_a_gateways_log_too():
    assert verify_receipt(made("cổng-1"), {}, pki().roots, MOMENT).result is ProofResult.PROVED


def test_the_strangers_root_proves_nothing():
    assert verify_receipt(made(), {}, pki().stranger.roots, MOMENT).found("log-certificate") is False


def test_a_stamp_of_the_authority_is_proved():
    key = pki().tsa()
    digest = checkpoint_digest(made().checkpoint)
    assert isinstance(key.key, EllipticCurvePrivateKey)
    stamper = tsa.Stamper(key.key, key.certificate, key.chain)
    answer = tsa.answer(stamp.request(digest, 5), stamper, MOMENT, lambda: 7)
    proof = verify_receipt(replace(made(), stamp=stamp.token_of(answer, digest, 5)), {}, pki().roots, MOMENT)
    assert (proof.result, proof.found("stamp")) == (ProofResult.PROVED, True)
