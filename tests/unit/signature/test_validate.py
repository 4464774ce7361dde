import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lienthong.signature import Appearance, LegalValue, Report, Role, SignatureFacts, Verdict, sign, validate
from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.revision import append_field, fill
from unit.signature.authority import AGENCY, LEADER, NOW, YEAR, Soft, authority, leader, rsa_key
from unit.signature.documents import LATER, composed, judged, sealed, signed


def only(report: Report) -> SignatureFacts:
    (item,) = report.signatures
    return item


def with_text_added(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    words = generic.StreamObject(stream_data=b"q 1 0 0 rg 100 500 200 80 re f Q")
    writer.add_stream_to_page(0, writer.add_object(words))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_annotation(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    box = generic.ArrayObject(map(generic.NumberObject, (100, 400, 300, 500)))
    kind, subtype, rect = map(generic.pdf_name, ("/Type", "/Subtype", "/Rect"))
    note = {kind: generic.pdf_name("/Annot"), subtype: generic.pdf_name("/Square"), rect: box}
    page["/Annots"].append(writer.add_object(generic.DictionaryObject(note)))
    writer.update_container(page["/Annots"])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_flipped_byte_is_invalid():
    at = composed().pdf.index(b"stream") + 40
    report = judged(sealed()[:at] + bytes([sealed()[at] ^ 1]) + sealed()[at + 1 :])
    assert {item.verdict for item in report.signatures} == {Verdict.INVALID}
    assert report.signatures[0].reason == "broken"
    assert report.legal_value is LegalValue.UNSETTLED


@pytest.mark.parametrize("change", [with_text_added, with_annotation])
def test_an_intact_but_changed_document_is_invalid(change: Callable[[bytes], bytes]):
    report = judged(change(sealed()))
    assert all(item.integrity for item in report.signatures)
    assert [item.verdict for item in report.signatures] == [Verdict.INVALID] * 2
    assert {item.reason for item in report.signatures} == {"changed-after"}


def test_a_change_between_leader_and_seal_is_invalid():
    item = only(judged(with_text_added(signed())))
    assert (item.integrity, item.verdict, item.modification) == (True, Verdict.INVALID, "other")


def test_a_foreign_root_leaves_it_open():
    report = validate(sealed(), [authority("B").root], LATER)
    assert {(item.verdict, item.reason) for item in report.signatures} == {(Verdict.CANNOT_TELL, "unknown")}
    assert report.conclusion is Verdict.CANNOT_TELL
    assert validate(sealed(), [], LATER).conclusion is Verdict.CANNOT_TELL


def test_a_chain_may_come_from_outside():
    bare = Soft(leader().key, leader().certificate, ())
    pdf = sign(composed().pdf, bare, Role.LEADER, Appearance(), NOW)
    assert only(judged(pdf)).verdict is Verdict.CANNOT_TELL
    helped = validate(pdf, [authority().root], LATER, [authority().issuing])
    assert only(helped).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [(NOW - YEAR, NOW - YEAR / 2, "expired"), (NOW + YEAR / 2, NOW + YEAR, "not-yet-valid")],
)
def test_a_certificate_outside_its_validity_at_the_claimed_time(start: datetime, end: datetime, reason: str):
    late = authority().issue(LEADER, start=start, end=end)
    item = only(judged(sign(composed().pdf, late, Role.LEADER, Appearance(), NOW)))
    assert (item.verdict, item.reason) == (Verdict.INVALID, reason)
    assert "chứng thư" in item.sentence_vi


def test_expired_since_without_a_proof_of_time_leaves_it_open():
    item = only(validate(signed(), [authority().root], NOW + 2 * YEAR))
    assert (item.verdict, item.reason) == (Verdict.CANNOT_TELL, "expired-unproved")
    assert (item.indication, item.sub_indication) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")


def test_a_certificate_not_meant_for_signing():
    wrong = authority().issue(LEADER, signs=False)
    item = only(judged(sign(composed().pdf, wrong, Role.LEADER, Appearance(), NOW)))
    assert (item.verdict, item.reason) == (Verdict.INVALID, "unfit")


def test_a_time_in_the_future_leaves_it_open():
    pdf = sign(composed().pdf, leader(), Role.LEADER, Appearance(), LATER + timedelta(days=2))
    assert (only(judged(pdf)).verdict, only(judged(pdf)).reason) == (Verdict.CANNOT_TELL, "future")


def test_a_weak_key_leaves_it_open():
    weak = authority().issue(LEADER, rsa_key("weak", 1024))
    gap = append_field(composed().pdf, "LeaderSignature1", Appearance(), NOW)
    attributes = signed_attributes(gap.document_digest, weak.certificate)
    content = signed_data(attributes, weak.sign(attributes), weak.certificate, weak.chain)
    item = only(judged(fill(gap.pdf, (gap.start, gap.end), content)))
    assert (item.verdict, item.reason) == (Verdict.CANNOT_TELL, "weak")


def as_others_sign(pdf: bytes, soft: Soft, field: str) -> bytes:
    """PKCS#7 detached with a signing time attribute, as other tools sign."""
    key = soft.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register(asn1.Certificate.load(soft.chain[0]))
    signer = signers.SimpleSigner(
        asn1.Certificate.load(soft.certificate), keys.PrivateKeyInfo.load(key), store, embed_roots=False
    )
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    return signers.sign_pdf(writer, meta, signer).getvalue()


def test_the_older_profile_is_recognised_and_reported():
    pdf = as_others_sign(composed().pdf, leader(), "Chữ ký 1")
    report = validate(pdf, [authority().root], NOW + 9 * YEAR)
    item = only(report)
    assert item.profile == "adbe.pkcs7.detached"
    assert item.integrity is True
    assert "not-pades" in {note.code for note in item.notes}


@pytest.mark.parametrize(("subject", "role"), [(AGENCY, Role.SEAL), (LEADER, Role.LEADER)])
def test_roles_by_certificate_when_the_field_does_not_say(subject: Name, role: Role):
    pdf = as_others_sign(composed().pdf, authority().issue(subject), "Signature1")
    assert only(judged(pdf)).role is role


def test_a_persons_key_as_seal_is_noted():
    person = authority().issue(LEADER)
    pdf = sign(signed(), person, Role.SEAL, Appearance(), NOW)
    assert "role-mismatch" in {note.code for note in judged(pdf).signatures[1].notes}


def test_facts_are_in_words_and_plain_values():
    plain = judged(sealed()).as_dict()
    first = json.loads(json.dumps(plain, ensure_ascii=False))["signatures"][0]
    assert first["signer"] == "Nguyễn Văn Mẫu"
    assert first["issuer"] == "CA Mẫu A"
    assert first["claimed_time"] == "2026-11-22T08:12:00+07:00"
    assert first["sentence_vi"].startswith("Chữ ký của Nguyễn Văn Mẫu hợp lệ")
    assert first["sentence_en"].startswith("The signature of Nguyễn Văn Mẫu is valid")
    assert plain["legal_value"] == "original"


def test_an_unsigned_document_is_for_information_only():
    report = judged(composed().pdf)
    assert report.unsigned
    assert report.legal_value is LegalValue.INFORMATION
    assert report.legal_value.vi == "chỉ để biết"
    assert report.conclusion is Verdict.CANNOT_TELL


async def test_it_works_inside_a_running_event_loop():
    assert judged(sealed()).conclusion is Verdict.VALID


def hidden_in_the_gap(pdf: bytes) -> bytes:
    """The signature's string is cut short and text put into what the byte range leaves out."""
    at = pdf.rindex(b"0" * 200 + b">")
    return pdf[:at] + b">/A (" + b"x" * 194 + b")" + pdf[at + 200 :]


def test_text_hidden_beside_the_signature_is_never_valid():
    assert judged(hidden_in_the_gap(signed())).conclusion is not Verdict.VALID


HOSTILE = {
    "empty": b"",
    "words": "Đây không phải PDF".encode(),
    "zip": b"PK\x03\x04" + bytes(200),
    "head only": b"%PDF-1.7\n",
    "no root": b"%PDF-1.7\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF",
    "loop": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF",
    "deep": b"%PDF-1.7\n1 0 obj\n" + b"[" * 20000 + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF",
    "far": b"%PDF-1.7\nxref\n0 1\ntrailer\n<< /Root 9 0 R >>\nstartxref\n99999999999\n%%EOF",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_garbage_is_reported_never_raised(name: str):
    report = judged(HOSTILE[name])
    assert report.conclusion is Verdict.CANNOT_TELL
    assert report.signatures == ()
    assert report.sentence_vi
    assert report.sentence_en


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999])
def test_a_truncated_file_is_never_valid(share: float):
    assert judged(sealed()[: int(len(sealed()) * share)]).conclusion is not Verdict.VALID


def test_broken_signature_containers_cannot_be_told():
    start = signed().index(b"/Contents <") + len(b"/Contents <")
    for junk in (b"0" * 400, b"30820101" * 50, b"F" * 400):
        report = judged(signed()[:start] + junk + signed()[start + 400 :])
        assert only(report).verdict is Verdict.CANNOT_TELL
        assert only(report).role is Role.LEADER
