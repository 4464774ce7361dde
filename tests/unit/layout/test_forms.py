"""Each of the 29 kinds composed from its own form, and its text read back from the page."""

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from lienthong.document import KINDS, DocumentKind
from lienthong.layout import Signatory, authority_of, capacity_lines, compose, form_of, notation_of
from unit.layout.drafts import DECISION

COPIES = 30
OFFICE = DECISION.organisation
NAMED = [kind for kind in KINDS if kind.order < COPIES]


def read(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    document.close()
    return text


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.name_vi)
def test_a_kind_reads_as_its_form_says(kind: DocumentKind):
    form = form_of(kind.name_vi)
    other = Signatory(form.beside, "Lê Văn Ví Dụ") if form.beside else None
    draft = replace(
        DECISION,
        kind=kind.name_vi,
        notation=notation_of(kind.name_vi, "SKHCN", "VP"),
        subject="thử nghiệm thể thức",
        body=form.starting(OFFICE, authority_of(OFFICE, DECISION.authority, DECISION.position)),
        recipients=("Văn phòng Bộ Mẫu",) if form.address else (),
        beside=other,
    )
    text = read(compose(draft).pdf)
    title = f"{kind.name_vi.upper()} thử nghiệm thể thức" if form.abstract else kind.name_vi.upper()
    expected = [
        f"Số: 05/{draft.notation}",
        "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
        "Nguyễn Văn Mẫu",
        "./.",
        "Nơi nhận: - Như Điều 2;",
    ]
    expected += [title] if form.titled else ["V/v thử nghiệm thể thức"]
    expected += [f"{form.address.format(organisation=OFFICE)} Văn phòng Bộ Mẫu"] if form.address else []
    expected += [form.beside.upper(), "Lê Văn Ví Dụ"] if other else []
    assert [words for words in expected if words not in text] == []
    assert all(line.rstrip(".;, ") in text for line in draft.body)


def test_all_29_kinds_have_a_form_of_their_own():
    assert len(NAMED) == 29
    assert all(form_of(kind.name_vi).outline for kind in NAMED)
    assert form_of("Thư tình").outline == ()


@pytest.mark.parametrize(
    ("kind", "notation"),
    [("Quyết định (cá biệt)", "QĐ-SKHCN"), ("Công văn", "SKHCN-VP"), ("Thư công", "SKHCN-VP"), ("Đề án", "ĐA-SKHCN")],
)
def test_notations(kind: str, notation: str):
    assert notation_of(kind, "SKHCN", "VP") == notation


@pytest.mark.parametrize(
    ("capacity", "position", "authority"),
    [
        ("", "Giám đốc", "GIÁM ĐỐC SỞ MẪU"),
        ("KT. Giám đốc", "Phó Giám đốc", "GIÁM ĐỐC SỞ MẪU"),
        ("Q. Giám đốc", "Phó Giám đốc", "GIÁM ĐỐC SỞ MẪU"),
        ("TM. Ủy ban nhân dân; KT. Chủ tịch", "Phó Chủ tịch", "SỞ MẪU"),
    ],
)
def test_whose_decision_it_is(capacity: str, position: str, authority: str):
    assert authority_of("Sở Mẫu", capacity_lines(capacity), position) == authority
