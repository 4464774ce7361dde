"""The one page that all sample documents share: it says what it is."""

from __future__ import annotations

from datetime import date

from lienthong.layout import Draft, compose


def sample_page(organisation: str) -> bytes:
    """A PDF/A page of a letter, marked as a sample."""
    page = Draft(
        organisation=organisation,
        parent=None,
        number="01",
        notation="MAU-VP",
        place="Hà Nội",
        date=date(2026, 1, 5),
        kind="Thông báo",
        subject="Văn bản mẫu để chạy thử và đo tốc độ",
        body=("Trang này dùng chung cho mọi văn bản mẫu của phần mềm; không phải văn bản của cơ quan nào.",),
        authority=(),
        position="NGƯỜI KÝ MẪU",
        signer_name="Người Ký Mẫu A",
        recipients=(),
        to_places=("Lưu: VT (mẫu)",),
        sample=True,
    )
    return compose(page).pdf
