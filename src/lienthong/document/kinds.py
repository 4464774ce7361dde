"""Kinds of administrative documents (Decree 30/2020, Art. 7, Annex III; archive codes of Circular 05/2025/TT-BNV)."""

import re
from dataclasses import dataclass

from lienthong.document.texts import folded, nfc


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. `order` is its row in the decree (30 to 32 are the copies, which the decree does not number)."""

    order: int
    name_vi: str
    name_en: str
    abbreviation: str | None
    archive_code: str


KINDS: tuple[DocumentKind, ...] = (
    DocumentKind(1, "Nghị quyết", "resolution", "NQ", "01"),
    DocumentKind(2, "Quyết định", "decision", "QĐ", "02"),
    DocumentKind(3, "Chỉ thị", "directive", "CT", "03"),
    DocumentKind(4, "Quy chế", "regulation", "QC", "04"),
    DocumentKind(5, "Quy định", "rules", "QyĐ", "05"),
    DocumentKind(6, "Thông cáo", "communiqué", "TC", "06"),
    DocumentKind(7, "Thông báo", "notice", "TB", "07"),
    DocumentKind(8, "Hướng dẫn", "guidance", "HD", "08"),
    DocumentKind(9, "Chương trình", "programme", "CTr", "09"),
    DocumentKind(10, "Kế hoạch", "plan", "KH", "10"),
    DocumentKind(11, "Phương án", "scheme", "PA", "11"),
    DocumentKind(12, "Đề án", "project proposal", "ĐA", "12"),
    DocumentKind(13, "Dự án", "project", "DA", "13"),
    DocumentKind(14, "Báo cáo", "report", "BC", "14"),
    DocumentKind(15, "Biên bản", "minutes", "BB", "20"),
    DocumentKind(16, "Tờ trình", "submission", "TTr", "15"),
    DocumentKind(17, "Hợp đồng", "contract", "HĐ", "21"),
    DocumentKind(18, "Công văn", "official letter", None, "22"),
    DocumentKind(19, "Công điện", "telegram", "CĐ", "23"),
    DocumentKind(20, "Bản ghi nhớ", "memorandum", "BGN", "24"),
    DocumentKind(21, "Bản thỏa thuận", "agreement", "BTT", "25"),
    DocumentKind(22, "Giấy ủy quyền", "power of attorney", "GUQ", "16"),
    DocumentKind(23, "Giấy mời", "invitation", "GM", "26"),
    DocumentKind(24, "Giấy giới thiệu", "letter of introduction", "GGT", "27"),
    DocumentKind(25, "Giấy nghỉ phép", "leave form", "GNP", "28"),
    DocumentKind(26, "Phiếu gửi", "dispatch slip", "PG", "17"),
    DocumentKind(27, "Phiếu chuyển", "transfer slip", "PC", "18"),
    DocumentKind(28, "Phiếu báo", "notice slip", "PB", "19"),
    DocumentKind(29, "Thư công", "public letter", None, "29"),
    DocumentKind(30, "Bản sao y", "true copy", "SY", "32"),
    DocumentKind(31, "Bản trích sao", "extract copy", "TrS", "32"),
    DocumentKind(32, "Bản sao lục", "re-copy", "SL", "32"),
)

_REMARK = re.compile(r"\(.*?\)")  # the decree itself writes "Quyết định (cá biệt)"
_BY_NAME = {folded(kind.name_vi): kind for kind in KINDS}
_BY_ABBREVIATION = {kind.abbreviation.casefold(): kind for kind in KINDS if kind.abbreviation}


def by_name(text: str) -> DocumentKind | None:
    """The kind a name means, whatever its case, marks, spelling of tones or remark in brackets."""
    name = folded(_REMARK.sub(" ", text))
    return _BY_NAME.get(name) or _BY_NAME.get(f"ban {name}")


def by_abbreviation(text: str) -> DocumentKind | None:
    """The kind of an abbreviation (`QĐ`, `TTr`); case does not matter, marks do (`ĐA` and `DA` differ)."""
    return _BY_ABBREVIATION.get(nfc(text).casefold())
