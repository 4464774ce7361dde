"""Number and date come after the leader's signature: it holds, the seal covers them, and nothing else may be added."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.errors import SignatureProblem
from lienthong.layout import compose, compose_line, number_words
from lienthong.signature import Field, LegalValue, Role, Verdict, Written, append_fields, fields_of, fill_fields, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.session.checks import Trusting, require_leader
from unit.layout.drafts import DECISION
from unit.signature.authority import NOW, agency, authority, leader
from unit.signature.documents import LATER, judged, leader_look, seal_look

NAME = "DocumentNumber"
SIZE = (196.4, 18.0)


def line(number: str) -> bytes:
    return compose_line(number_words(number, DECISION.notation), SIZE, NOW)


@cache
def page() -> bytes:
    composed = compose(replace(DECISION, number="", pending=True))
    assert composed.anchors.number is not None
    return append_fields(composed.pdf, [Field(NAME, composed.anchors.number, line(""))])


@cache
def signed() -> bytes:
    return sign(page(), leader(), Role.LEADER, leader_look(), NOW)


@cache
def numbered(number: str = "15") -> bytes:
    return fill_fields(signed(), {NAME: Written(number_words(number, DECISION.notation), line(number))})


@cache
def sealed() -> bytes:
    return sign(numbered(), agency(), Role.SEAL, seal_look(), NOW + timedelta(minutes=3))


def test_the_leaders_signature_holds_and_the_seal_makes_an_original() -> None:
    report = judged(sealed())
    assert [(one.role, one.verdict) for one in report.signatures] == [
        (Role.LEADER, Verdict.VALID),
        (Role.SEAL, Verdict.VALID),
    ]
    assert report.legal_value is LegalValue.ORIGINAL
    assert sealed().startswith(signed())


def test_the_page_says_its_number_to_readers_and_to_the_check() -> None:
    assert f"Số: 15/{DECISION.notation}" in [each.text for each in looks(sealed()).lines]
    assert fields_of(signed())[NAME].words == ""
    assert fields_of(sealed())[NAME].words == f"Số: 15/{DECISION.notation}"


def test_the_seal_is_let_on_a_numbered_page_and_on_no_changed_one() -> None:
    trusting = Trusting((authority().root,))
    require_leader(gather(numbered()), trusting, LATER)
    with pytest.raises(SignatureProblem, match="no leader"):
        require_leader(gather(page()), trusting, LATER)
    with pytest.raises(SignatureProblem):
        require_leader(gather(numbered()), Trusting(()), LATER)


def test_a_number_is_filled_once() -> None:
    with pytest.raises(SignatureProblem, match="filled already"):
        fill_fields(numbered(), {NAME: Written("Số: 16", line("16"))})
    with pytest.raises(SignatureProblem, match="no such place"):
        fill_fields(signed(), {"Other": Written("", line(""))})
    with pytest.raises(SignatureProblem):
        fields_of(b"%PDF-1.7 broken")


def test_a_number_changed_after_the_seal_is_seen() -> None:
    """By whoever bypasses the first rule: the field is emptied and filled anew by another program."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed()), strict=False)
    field = next(each.get_object() for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == NAME)
    field["/V"] = generic.TextStringObject("Số: 99")
    writer.update_container(field)
    output = BytesIO()
    writer.write(output)
    report = judged(output.getvalue())
    assert report.signatures[-1].verdict is not Verdict.VALID or report.conclusion is not Verdict.VALID


def test_it_is_drawn_where_the_page_leaves_room() -> None:
    drawn = pdfium.PdfDocument(sealed())
    drawn.init_forms()
    picture = drawn[0].render(scale=2).to_pil()
    drawn.close()
    place = compose(replace(DECISION, number="", pending=True)).anchors.number
    assert place is not None
    height = picture.height / 2
    box = [place.left * 2, (height - place.top) * 2, place.right * 2, (height - place.bottom) * 2]
    cut = picture.crop(tuple(round(side) for side in box)).convert("L")
    assert cut.getextrema()[0] < 60
