"""Whatever the office makes is PDF/A-2u, by the word of veraPDF: each kind, each step of signing, copies, annexes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from apps.office.outgoing import printing
from lienthong import layout
from lienthong.document import KINDS, Urgency
from lienthong.layout import Composed, Draft, Signatory, compose, compose_annex, compose_corner, form_of
from lienthong.signature import Appearance, Role, leader_picture, seal_picture, sign
from unit.layout.drafts import DECISION, LETTER
from unit.signature.authority import NOW, agency, leader
from unit.signature.test_levels import lasting

ROOT = Path(__file__).parents[2]
COPIES = ("SAO Y", "TRÍCH SAO", "SAO LỤC")
INITIALS, LEADER, SEAL = leader_picture("Trần Thị Ví Dụ"), leader_picture("Nguyễn Văn Mẫu"), seal_picture("Sở Ví Dụ")

Papers = Iterator[tuple[str, bytes]]


def faults(folder: Path, papers: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """What veraPDF finds wrong with each of the files, by the clauses of ISO 19005-2."""
    for name, pdf in papers.items():
        (folder / name).write_bytes(pdf)
    command = [sys.executable, str(ROOT / "tools" / "archival.py"), *papers]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(papers), done.stderr
    return {each["file"]: each["faults"] for each in told if not each["kept"]}


def draft(kind: str, urgency: Urgency = Urgency.NORMAL) -> Draft:
    """A page of the kind with its own outline, waiting for number and date."""
    form = form_of(kind)
    body = form.starting(DECISION.organisation, "GIÁM ĐỐC SỞ") or DECISION.body
    beside = Signatory(form.beside, "Trần Thị Ví Dụ") if form.beside else None
    to = ("Cục Ví Dụ",) if form.address else ()
    changed = replace(DECISION, kind=kind, body=body, beside=beside, recipients=to, urgency=urgency)
    return replace(changed, number="", pending=True, sample=False)


def steps(page: Draft) -> Papers:
    """The file after each step of its way out."""
    made = compose(page)
    yield "laid", (pdf := printing.with_places(made, page.notation, page.place, NOW))
    yield "initialled", (pdf := sign(pdf, leader(), Role.INITIALS, Appearance(INITIALS, made.anchors.initials), NOW))
    yield "signed", (pdf := sign(pdf, leader(), Role.LEADER, leader_look(made), NOW))
    yield "numbered", (pdf := printing.fill(pdf, "15", page.notation, page.place, date(2026, 11, 22), NOW))
    yield "sealed", sign(pdf, agency(), Role.SEAL, Appearance(SEAL, made.anchors.seal, "Phát hành"), NOW)


def leader_look(page: Composed) -> Appearance:
    return Appearance(LEADER, page.anchors.leader, "Phê duyệt", "Tỉnh Mẫu", page.anchors.seal)


def kinds() -> Papers:
    """Every kind as it leaves the agency; all urgencies among them."""
    for place, kind in enumerate(KINDS):
        page = draft(kind.name_vi, list(Urgency)[place % len(Urgency)])
        yield f"{place:02d}.pdf", list(steps(page))[-1][1]


def corners() -> Papers:
    """Copies and annexes with the agency's words in the corner (Annex I, ô 14)."""
    page = compose(DECISION)
    for place, form in enumerate(COPIES):
        words = compose_corner(layout.copy_words(form, DECISION.organisation, NOW), NOW)
        yield f"copy-{place}.pdf", sign(page.pdf, agency(), Role.COPY, Appearance(words, page.anchors.corner), NOW)
    annex = compose_annex("Phụ lục", ("STT", "Nội dung"), [("1", "Mẫu")] * 60, moment=NOW, landscape=True)
    words = compose_corner(layout.annex_words("5", "QĐ-SKHCN", NOW), NOW)
    yield "annex.pdf", sign(annex.pdf, agency(), Role.ANNEX, Appearance(words, annex.anchors.corner), NOW)
    arrival = compose_corner(layout.incoming_words("7", DECISION.organisation, NOW), NOW)
    yield "arrived.pdf", sign(page.pdf, agency(), Role.INCOMING, Appearance(arrival, page.anchors.corner), NOW)


def pictures() -> Papers:
    """Signatures' pictures as people bring them."""
    page = compose(DECISION)
    for mode, kind in (("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("L", "PNG"), ("RGB", "JPEG")):
        picture = BytesIO()
        Image.new("RGB", (200, 100), (20, 60, 170)).convert(mode).save(picture, kind)
        look = Appearance(picture.getvalue(), page.anchors.leader)
        yield f"picture-{mode}.pdf", sign(page.pdf, leader(), Role.LEADER, look, NOW)


def others() -> Papers:
    """A page signed without a look, a table in the text, the mark of samples, proofs and time stamp on top."""
    yield "unseen.pdf", sign(compose(LETTER).pdf, leader(), Role.LEADER, Appearance(), NOW)
    body = ("Số liệu:", "| STT | Nội dung |", "| 1 | Mẫu |", "Hết.")
    yield "table.pdf", compose(replace(LETTER, body=body)).pdf
    yield "lasting.pdf", lasting()


def test_all_that_leaves_the_office_is_archival(tmp_path: Path) -> None:
    way = {f"step-{name}.pdf": pdf for name, pdf in steps(draft("Quyết định"))}
    papers = way | dict(kinds()) | dict(corners()) | dict(pictures()) | dict(others())
    assert len(papers) > len(KINDS) + len(COPIES)
    assert faults(tmp_path, papers) == {}


def test_what_is_not_archival_is_told(tmp_path: Path) -> None:
    """The judge is there and judges: a page whose claim is another, one that only claims, and no PDF at all."""
    page = compose(DECISION).pdf
    claim = b"pdfaid:part>2<"
    assert claim in page
    hidden, torn = page.replace(claim, b"pdfaid:part>9<"), page.replace(b"/FontFile", b"/FontNone")
    found = faults(tmp_path, {"whole.pdf": page, "hidden.pdf": hidden, "torn.pdf": torn, "none.pdf": b"text"})
    assert set(found) == {"hidden.pdf", "torn.pdf", "none.pdf"}
    assert any(clause.startswith("6.2.11.4") for clause in found["torn.pdf"])
