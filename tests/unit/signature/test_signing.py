from datetime import datetime, timedelta
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.errors import AlgorithmNotAllowed, SignatureProblem
from lienthong.layout import annex_words, compose_annex, compose_corner
from lienthong.signature import Appearance, LegalValue, Role, Verdict, complete, prepare, sign
from unit.signature.authority import LEADER, NOW, Soft, agency, authority, leader, rsa_key
from unit.signature.documents import composed, judged, leader_look, seal_look, sealed, signed


def widgets(pdf: bytes) -> dict[str, list[float]]:
    fields = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    return {field.get_object()["/T"]: [float(side) for side in field.get_object()["/Rect"]] for field in fields}


def test_leader_then_seal_are_both_valid_and_make_an_original():
    report = judged(sealed())
    assert [(item.role, item.verdict) for item in report.signatures] == [
        (Role.LEADER, Verdict.VALID),
        (Role.SEAL, Verdict.VALID),
    ]
    assert report.conclusion is Verdict.VALID
    assert report.legal_value is LegalValue.ORIGINAL


def test_each_signature_only_appends():
    assert signed().startswith(composed().pdf)
    assert sealed().startswith(signed())


def test_without_a_reserved_place_the_seal_brings_its_field():
    first = sign(composed().pdf, leader(), Role.LEADER, leader_look(certified=False), NOW)
    assert set(widgets(first)) == {"LeaderSignature1"}
    assert judged(sign(first, agency(), Role.SEAL, seal_look(), NOW)).conclusion is Verdict.VALID


def test_the_seal_stands_over_the_left_third_of_the_leaders_picture():
    leaders, seals = widgets(sealed())["LeaderSignature1"], widgets(sealed())["AgencySeal1"]
    covered = (seals[2] - leaders[0]) / (leaders[2] - leaders[0])
    assert 0.25 <= covered <= 0.40
    assert seals[0] < leaders[0]
    assert seals[1] < leaders[3]
    assert seals[3] > leaders[1]


def test_both_pictures_show_without_hiding_the_text():
    document = pdfium.PdfDocument(sealed())
    document.init_forms()
    page = document[0]
    pixels = page.render(scale=2).to_pil().convert("RGB")
    seen = [colour for _, colour in pixels.getcolors(1 << 20)]
    assert any(red > 200 and green < 60 and blue < 70 for red, green, blue in seen)
    assert any(blue > 150 and red < 60 for red, green, blue in seen)
    assert "PHÓ GIÁM ĐỐC" in page.get_textpage().get_text_bounded()


def test_the_same_arguments_give_the_same_bytes():
    assert sign(composed().pdf, leader(), Role.LEADER, leader_look(), NOW) == signed()


def test_two_steps_with_the_key_elsewhere():
    signer = leader()
    prepared = prepare(composed().pdf, Role.LEADER, signer.certificate, signer.chain, leader_look(), NOW)
    assert len(prepared.pdf) == len(signed())
    assert complete(prepared, signer.sign(prepared.to_be_signed)) == signed()


def test_a_value_of_another_key_is_refused():
    signer = leader()
    prepared = prepare(composed().pdf, Role.LEADER, signer.certificate, signer.chain, Appearance(), NOW)
    with pytest.raises(SignatureProblem):
        complete(prepared, agency().sign(prepared.to_be_signed))
    with pytest.raises(SignatureProblem):
        complete(prepared, signer.sign(prepared.to_be_signed + b"x"))


def test_an_elliptic_key_signs_invisibly():
    signer = authority().issue(LEADER, ec.generate_private_key(ec.SECP256R1()))
    report = judged(sign(composed().pdf, signer, Role.LEADER, Appearance(), NOW))
    assert [item.verdict for item in report.signatures] == [Verdict.VALID]
    assert report.legal_value is LegalValue.UNSETTLED
    assert [note.code for note in report.notes] == ["no-seal"]


def test_seal_first_is_refused():
    with pytest.raises(SignatureProblem, match="leader"):
        sign(composed().pdf, agency(), Role.SEAL, seal_look(), NOW)


def test_nobody_signs_twice_and_nothing_follows_the_seal():
    with pytest.raises(SignatureProblem, match="already"):
        sign(signed(), leader(), Role.LEADER, leader_look(), NOW)
    with pytest.raises(SignatureProblem, match="already"):
        sign(sealed(), agency(), Role.SEAL, seal_look(), NOW)


def test_a_seal_is_refused_over_a_broken_leaders_signature():
    at = signed().index(b"stream") + 40
    broken = signed()[:at] + b"X" + signed()[at + 1 :]
    with pytest.raises(SignatureProblem):
        sign(broken, agency(), Role.SEAL, seal_look(), NOW)


@pytest.mark.parametrize("pdf", [b"", b"not a pdf", b"%PDF-1.7\n", b"%PDF-1.7\ntrailer<</Root 1 0 R>>\n%%EOF"])
def test_what_is_no_pdf_cannot_be_signed(pdf: bytes):
    with pytest.raises(SignatureProblem):
        sign(pdf, leader(), Role.LEADER, Appearance(), NOW)


def test_other_roles_and_weak_keys_do_not_sign():
    with pytest.raises(SignatureProblem):
        sign(composed().pdf, leader(), Role.OTHER, Appearance(), NOW)
    weak = authority().issue(LEADER, rsa_key("weak", 1024))
    with pytest.raises(AlgorithmNotAllowed):
        sign(composed().pdf, weak, Role.LEADER, Appearance(), NOW)


def test_a_chain_too_long_for_the_reserved_space_is_refused():
    signer = leader()
    long = Soft(signer.key, signer.certificate, signer.chain * 12)
    with pytest.raises(SignatureProblem, match="larger"):
        sign(composed().pdf, long, Role.LEADER, Appearance(), NOW)


def test_the_claimed_time_is_written_in_vietnamese_time():
    value = PdfFileReader(BytesIO(signed())).embedded_signatures[0].sig_object["/M"]
    assert value == "D:20261122081200+07'00'"
    assert judged(sealed()).signatures[1].claimed_time == NOW + timedelta(minutes=3)


def annexed(moment: datetime = NOW) -> bytes:
    annex = compose_annex("Phụ lục: Danh sách đơn vị", ["STT", "Tên"], [["1", "Đơn vị Ví Dụ"]], moment=NOW)
    words = compose_corner(annex_words("5", "QĐ-SKHCN", moment), moment)
    return sign(annex.pdf, agency(), Role.ANNEX, Appearance(words, annex.anchors.corner), moment)


def test_the_agency_alone_signs_a_separate_annex_with_words_in_the_corner():
    report = judged(annexed())
    assert [(item.role, item.verdict) for item in report.signatures] == [(Role.ANNEX, Verdict.VALID)]
    assert report.legal_value is LegalValue.ORIGINAL
    assert annexed() == annexed()


def test_the_words_of_the_corner_are_black_text_and_no_picture():
    document = pdfium.PdfDocument(annexed())
    document.init_forms()
    corner = document[0].render(scale=2, crop=(345, 779, 42, 22)).to_pil().convert("RGB")
    assert (0, 0, 0) in {colour for _, colour in corner.getcolors(1 << 20)}
    field = PdfFileReader(BytesIO(annexed())).embedded_signatures[0].sig_field
    words = field["/AP"]["/N"]["/Resources"]["/XObject"]["/Words"]
    assert words["/Subtype"] == "/Form"
    assert "Tinos-Regular" in next(iter(words["/Resources"]["/Font"].values())).get_object()["/BaseFont"]


def test_an_annex_is_signed_once():
    with pytest.raises(SignatureProblem):
        sign(annexed(), agency(), Role.ANNEX, Appearance(), NOW)
    with pytest.raises(SignatureProblem):
        sign(signed(), agency(), Role.ANNEX, Appearance(), NOW)
