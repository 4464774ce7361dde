"""Receipts somebody tampered with: each forgery is found out, named, and ends in an exit code, never in a traceback."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from evidence_made import AT, FILES, NOW, Issuer, authority, certify, event, log_of, receipt, stamp, world
from lienthong.cli.main import app
from lienthong.errors import EvidenceBroken
from lienthong.evidence import EventKind, ProofResult, Receipt, read_evidence, verify_bundle, verify_receipt

pytestmark = pytest.mark.faults


def other_log() -> Receipt:
    """Signed by another log of the same authority, under the axis's name."""
    return log_of(world().issuing, certified="lienthong.vn/log/gw-1").receipts(event())[0]


def swapped_chain() -> Receipt:
    """A true receipt that brings another log's certificate."""
    return receipt(chain=log_of(world().issuing).chain)


def strangers_chain() -> Receipt:
    issuer = authority("Cơ quan cấp mẫu", world().stranger)
    return log_of(issuer).receipts(event())[0]


def issued_by_a_leaf() -> Receipt:
    """The holder of an ordinary certificate plays authority."""
    holder = authority("Người giữ khóa (mẫu)", world().issuing, ca=False)
    log = log_of(holder)
    return replace(log, chain=(*log.chain, world().issuing.der)).receipts(event())[0]


def expired() -> Receipt:
    return log_of(world().issuing, end=AT - timedelta(days=1)).receipts(event())[0]


def not_yet_valid() -> Receipt:
    return log_of(world().issuing, begin=AT + timedelta(days=1)).receipts(event())[0]


def changed_leaf() -> Receipt:
    return receipt(leaf=event(sender="G09").to_leaf())


def moved_leaf() -> Receipt:
    return receipt(index=3)


def borrowed_root() -> Receipt:
    """The proof of one tree under the checkpoint of another."""
    return receipt(checkpoint=world().log.receipts(event(), event(), event(EventKind.RELAYED))[0].checkpoint)


def changed_root() -> Receipt:
    lines = receipt().checkpoint.split("\n")
    lines[2] = "A" * 43 + "="
    return receipt(checkpoint="\n".join(lines))


def changed_size() -> Receipt:
    return receipt(size=6)


def changed_proof() -> Receipt:
    steps = receipt().proof
    return receipt(proof=(bytes(32), *steps[1:]))


def without_origin() -> Receipt:
    """An Ed25519 certificate that names no log."""
    key = Ed25519PrivateKey.generate()
    plain = certify("Không phải nhật ký", key, world().issuing, [])
    return receipt(chain=(plain.public_bytes(Encoding.DER), world().issuing.der))


def under_an_odd_issuer() -> Receipt:
    """The issuer carries a critical extension nobody here understands (RFC 5280 §6.1.4 (o))."""
    key = ec.generate_private_key(ec.SECP256R1())
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    extensions = [(x509.BasicConstraints(ca=True, path_length=None), True), (odd, True)]
    return log_of(Issuer("Lạ", key, certify("Lạ", key, world().root, extensions))).receipts(event())[0]


def too_deep() -> Receipt:
    """An authority below one that may have none below it (RFC 5280 §4.2.1.9)."""
    key = ec.generate_private_key(ec.SECP256R1())
    last = Issuer("Cuối", key, certify("Cuối", key, world().root, [(x509.BasicConstraints(True, 0), True)]))
    log = log_of(authority("Dưới cuối", last))
    return replace(log, chain=(*log.chain, last.der)).receipts(event())[0]


def swapped_stamp() -> Receipt:
    return receipt(stamp=stamp(bytes(32)))


FORGERIES: list[tuple[Callable[[], Receipt], str]] = [
    (other_log, "log-origin"),
    (swapped_chain, "checkpoint-signature"),
    (strangers_chain, "log-certificate"),
    (issued_by_a_leaf, "log-certificate"),
    (under_an_odd_issuer, "log-certificate"),
    (too_deep, "log-certificate"),
    (without_origin, "event"),
    (expired, "log-certificate"),
    (not_yet_valid, "log-certificate"),
    (changed_leaf, "inclusion"),
    (moved_leaf, "inclusion"),
    (borrowed_root, "inclusion"),
    (changed_root, "checkpoint-signature"),
    (changed_size, "inclusion"),
    (changed_proof, "inclusion"),
    (swapped_stamp, "stamp"),
    (lambda: receipt(chain=()), "event"),
    (lambda: receipt(chain=(b"x",)), "event"),
    (lambda: receipt(chain=(world().issuing.der,)), "event"),
    (lambda: receipt(checkpoint="khong phai"), "event"),
    (lambda: receipt(leaf=b"{}"), "event"),
]


@pytest.mark.parametrize(("forge", "code"), FORGERIES)
def test_every_forgery_is_found_out(forge: Callable[[], Receipt], code: str):
    proof = verify_receipt(forge(), FILES, world().roots, NOW)
    assert proof.result is ProofResult.NOT_PROVED
    assert proof.found(code) is False
    assert proof.findings[0].ok is False or code == "stamp"


def test_the_wrong_root_proves_nothing():
    proof = verify_receipt(receipt(), FILES, [world().stranger.der])
    assert proof.found("log-certificate") is False
    assert "đúng là tệp đã gửi" not in " ".join(finding.vi for finding in proof.findings)


def test_a_swapped_file_is_named():
    names = list(FILES)
    swapped = {names[0]: FILES[names[1]], names[1]: b"khac"}
    proof = verify_receipt(receipt(), swapped, world().roots)
    assert [(f.about, f.ok) for f in proof.findings if f.code == "file"] == [(names[0], True), (names[1], False)]


TEXT = receipt().to_json()
GARBAGE: dict[str, bytes] = {
    "empty": b"",
    "truncated": TEXT[: len(TEXT) // 2].encode(),
    "giant number": TEXT.replace('"index":2', '"index": ' + "9" * 5000).encode(),
    "number past 64 bits": TEXT.replace('"index":2', '"index": 18446744073709551616').encode(),
    "fraction": TEXT.replace('"index":2', '"index": 2.0').encode(),
    "deep": b'{"a":' * 200_000,
    "deep lists": b'{"format":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "duplicated key": TEXT.replace('"index":2', '"index": 2, "index": 3').encode(),
    "not UTF-8": b"\xff\xfe\x00",
    "binary": bytes(range(256)),
    "another JSON": b'{"format":"x"}',
    "lone surrogate": json.dumps({"format": "lienthong-receipt/1", "leaf": "\ud800"}).encode(),
    "PDF": b"%PDF-1.7",
}


@pytest.mark.parametrize("name", GARBAGE)
@pytest.mark.parametrize("options", [[], ["--json"], ["--language", "en"]])
def test_garbage_is_refused_in_words(name: str, options: list[str], tmp_path: Path):
    path = tmp_path / "bien-nhan.json"
    path.write_bytes(GARBAGE[name])
    result = CliRunner().invoke(app, ["verify", str(path), *options])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert result.output.strip()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_changed_byte_of_a_receipt_is_proved_or_raises(data: st.DataObject):
    raw = bytearray(json.dumps(receipt().as_dict()).encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        bundle = read_evidence(bytes(raw))
    except EvidenceBroken:
        return
    proof = verify_bundle(bundle, FILES, world().roots, NOW)
    assert proof.result is not ProofResult.PROVED or bundle.receipts == (receipt(),)
