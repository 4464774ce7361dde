from datetime import timedelta
from hashlib import sha256

import pytest

from evidence_made import AT, FILES, NOW, ORIGIN, PARTS, event, log_of, receipt, stamped, world
from lienthong.errors import InvalidValue
from lienthong.evidence import EventKind, Finding, Proof, ProofResult, SigningKey, cosign, hop_of, verify_receipt
from lienthong.evidence.note import COSIGNATURE

WITNESS = SigningKey("nhan-chung.vi-du", bytes(32), COSIGNATURE)


def failed(proof: Proof) -> set[str]:
    return {finding.code for finding in proof.findings if finding.ok is False}


def test_a_receipt_with_its_files_is_proved():
    proof = verify_receipt(receipt(), FILES, world().roots, NOW)
    assert proof.result is ProofResult.PROVED
    assert [finding.code for finding in proof.findings] == [
        *("event", "inclusion", "checkpoint-signature", "log-certificate", "manifest"),
        *("file", "file"),
    ]


def test_the_proof_speaks_plainly():
    proof = verify_receipt(receipt(), FILES, world().roots)
    vi = " ".join(finding.sentence() for finding in proof.findings)
    assert "Trục liên thông đã nhận gói tin m-1 của H29 lúc 08:12:00 ngày 22/11/2026 (giờ Việt Nam)" in vi
    assert "nhật ký không sửa được lienthong.vn/log/axis" in vi
    assert "Khóa ký thuộc Nhật ký trục (mẫu)" in vi
    assert "Tệp Quyết định.pdf đúng là tệp đã gửi." in vi
    assert "Người nhận đã đọc hay đã xử lý." in [words.sentence() for words in proof.limits]
    assert any("File edXML is exactly what was sent." in f.sentence("en") for f in proof.findings)


def test_files_may_be_given_by_digest_and_under_other_names():
    digest = sha256(FILES["Quyết định.pdf"]).hexdigest().upper()
    proof = verify_receipt(receipt(), {"ban-sao.pdf": digest}, world().roots)
    assert proof.result is ProofResult.PROVED
    assert "trong gói tin tên là Quyết định.pdf" in proof.findings[-1].vi


def test_files_not_compared_are_told():
    proof = verify_receipt(receipt(), {"edXML": FILES["edXML"]}, world().roots)
    assert "Chưa đối chiếu tệp: Quyết định.pdf." in [words.vi for words in proof.limits]


def test_without_a_root_nobody_knows_who_signed():
    proof = verify_receipt(stamped(), FILES)
    assert proof.result is ProofResult.CANNOT_TELL
    assert proof.found("inclusion") is True
    assert proof.found("checkpoint-signature") is True
    assert proof.found("log-certificate") is None
    assert proof.findings[0].vi.startswith("Biên nhận nói (chưa chứng minh)")
    assert "trùng với tệp mà biên nhận nêu" in proof.findings[-1].vi


def test_a_root_must_be_a_certificate():
    with pytest.raises(InvalidValue):
        verify_receipt(receipt(), {}, [b"khong phai"])


def test_a_file_is_bytes_or_a_digest():
    with pytest.raises(InvalidValue):
        verify_receipt(receipt(), {"a": "khong phai"}, world().roots)


def test_a_changed_file_is_told():
    proof = verify_receipt(receipt(), {"Quyết định.pdf": b"khac"}, world().roots)
    assert (proof.result, failed(proof)) == (ProofResult.NOT_PROVED, {"file"})
    assert "KHÁC" in proof.findings[-1].vi


def test_a_strange_file_is_told():
    proof = verify_receipt(receipt(), {"la.pdf": b"khac"}, world().roots)
    assert failed(proof) == {"file"}
    assert "không có trong gói tin" in proof.findings[-1].vi


def test_a_receipt_without_a_list_cannot_compare_files():
    made = world().log.receipts(event(EventKind.CONSIGNED))[0]
    assert verify_receipt(made, {}, world().roots).result is ProofResult.PROVED
    assert verify_receipt(made, FILES, world().roots).result is ProofResult.CANNOT_TELL


def test_a_list_beside_the_event_will_do():
    made = world().log.receipts(event(EventKind.CONSIGNED))[0].as_dict()
    told = made | {"manifest": receipt(manifest=PARTS).as_dict()["manifest"]}
    assert verify_receipt(type(receipt()).from_dict(told), FILES, world().roots).result is ProofResult.PROVED


def test_a_wrong_list_beside_the_event_is_told():
    proof = verify_receipt(receipt(manifest=PARTS[:1]), FILES, world().roots)
    assert failed(proof) == {"manifest"}
    assert proof.found("file") is None


def test_a_certificate_only_has_to_be_valid_when_it_happened():
    log = log_of(world().issuing, end=AT + timedelta(days=1))
    assert verify_receipt(log.receipts(event())[0], {}, world().roots, NOW).result is ProofResult.PROVED


def test_an_event_of_the_future_is_not_believed():
    assert failed(verify_receipt(receipt(), {}, world().roots, AT - timedelta(hours=1))) == {"event", "event-time"}
    assert verify_receipt(receipt(), {}, world().roots, AT - timedelta(minutes=4)).result is ProofResult.PROVED


def test_a_gateway_cannot_speak_for_the_axis():
    log = log_of(world().issuing, "lienthong.vn/log/gw-1")
    assert failed(verify_receipt(log.receipts(event())[0], {}, world().roots)) == {"event", "event-hop"}
    own = log.receipts(event(hop="gw-1"))[0]
    proof = verify_receipt(own, {}, world().roots)
    assert proof.result is ProofResult.PROVED
    assert "Máy chủ bảo mật gw-1" in proof.findings[0].vi


def test_the_hop_of_a_log():
    assert hop_of(ORIGIN) == "axis"
    assert hop_of("axis") == "axis"


def test_asked_for_witnesses_are_looked_for():
    seen = receipt(checkpoint=cosign(receipt().checkpoint, WITNESS, AT))
    assert verify_receipt(seen, {}, world().roots, None, [WITNESS.verifier]).found("witness") is True
    assert verify_receipt(seen, {}, world().roots).result is ProofResult.PROVED
    unseen = verify_receipt(receipt(), {}, world().roots, None, [WITNESS.verifier])
    assert (unseen.result, unseen.found("witness")) == (ProofResult.CANNOT_TELL, None)


def test_a_false_cosignature_is_a_forgery():
    moved = cosign(world().log.receipts(event())[0].checkpoint, WITNESS, AT).splitlines(keepends=True)[-1]
    forged = receipt(checkpoint=receipt().checkpoint + moved)
    assert failed(verify_receipt(forged, {}, world().roots, None, [WITNESS.verifier])) == {"witness"}


def test_a_proof_of_nothing_is_no_proof():
    assert Proof(()).result is ProofResult.CANNOT_TELL


def test_a_proof_as_json_values():
    proof = Proof((Finding("a", ok=None, vi="x", en="y", about="z"),))
    assert proof.as_dict() == {
        "result": "cannot-tell",
        "findings": [{"code": "a", "ok": None, "vi": "x", "en": "y", "about": "z"}],
        "limits": [],
    }


def test_a_rejected_submission_names_nobody():
    made = world().log.receipts(event(EventKind.SUBMISSION_REJECTED, package="", sender="", message="", document=""))[0]
    told = verify_receipt(made, {}, world().roots).findings[0]
    assert told.vi == "Trục liên thông đã từ chối nhận gói tin lúc 08:12:00 ngày 22/11/2026 (giờ Việt Nam)."
    assert told.en == "The axis rejected the package at 2026-11-22 08:12:00 (Vietnam time)."
