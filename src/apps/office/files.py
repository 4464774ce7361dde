"""The files of a package as tabs, and what the signature check found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from apps.office.incoming.intake import papers
from apps.ui.language import english, t
from apps.ui.times import clock
from lienthong.client import Document

TONES = {"valid": "done", "invalid": "seal", "cannot tell": "waiting"}
SIGNS = {"valid": "proved", "invalid": "not proved", "cannot tell": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One file: `key` names it in the page's address, `address` gives its bytes, `report` what its signatures are.

    `words` tells what became of a scan's words.
    """

    key: str
    label: str
    media_type: str
    here: bool
    address: str
    report: str
    words: str = ""

    @property
    def shown(self) -> bool:
        """Whether the page can show it; anything else is downloaded."""
        return self.media_type == "application/pdf"


@dataclass(frozen=True, slots=True)
class Banner:
    """The signatures of a file in words; `lines` one by one, opened on demand."""

    sign: str
    tone: str
    text: str
    lines: tuple[str, ...] = ()


def tabs(document: Document, chosen: str) -> list[Tab]:
    """The attachments, without the envelope that stands first; the chosen one, or the first."""
    found = papers(document.parts)
    here = next((i for i, _ in found if str(i) == chosen), found[0][0] if found else -1)
    package = document.entry.id
    return [
        Tab(
            str(i),
            part.name,
            part.media_type,
            i == here,
            reverse("part", args=[package, i]),
            reverse("signature-report", args=[package, i]),
        )
        for i, part in found
    ]


def banner(document: Document, tab: Tab) -> Banner:
    """What the check found for this file; three-valued, never silent."""
    if not document.reports and document.entry.lane == "in":
        said = t("Chữ ký đang được kiểm tra; xin xem lại sau giây lát, trước khi tiếp nhận.")
        return Banner("cannot tell", "waiting", said)
    report = document.reports.get(tab.label)
    if not report:
        return Banner(
            "cannot tell", "quiet", t("Tệp này không mang chữ ký số riêng; nó được niêm phong cùng cả gói tin.")
        )
    conclusion = str(report.get("conclusion", "cannot tell"))
    lines = tuple(_line(facts) for facts in report.get("signatures", ()))
    text = _sentence(report)
    return Banner(SIGNS.get(conclusion, "cannot tell"), TONES.get(conclusion, "waiting"), text, lines)


AWAY = {
    "valid": "Khi văn bản đến, chữ ký hợp lệ.",
    "invalid": "Khi văn bản đến, chữ ký KHÔNG hợp lệ.",
    "cannot tell": "Khi văn bản đến, chưa kết luận được về chữ ký.",
}


def away(verdict: str) -> Banner:
    """While the gateway does not answer: what was found when the document came."""
    told = t("Máy chủ bảo mật đang không trả lời nên chưa kiểm tra lại được chữ ký.")
    return Banner("cannot tell", "waiting", f"{told} {t(AWAY[verdict])}" if verdict in AWAY else told)


def _sentence(told: dict[str, Any]) -> str:
    return str(told.get("sentence_en" if english() else "sentence_vi", ""))


def _line(facts: dict[str, Any]) -> str:
    at = _read(facts.get("claimed_time"))
    return f"{_sentence(facts)} {t('Ký lúc {at}.', at=clock(at))}" if at else _sentence(facts)


def _read(text: object) -> datetime | None:
    if isinstance(text, datetime):
        return text
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
