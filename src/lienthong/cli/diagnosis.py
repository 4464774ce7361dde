"""What the doctor finds: one line each, well, to be put right or not known, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text

from lienthong.cli.printing import both, out, plain
from lienthong.errors import LienThongError

Words = tuple[str, str]
"""The same in Vietnamese and English."""
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok`: well (True), to be put right (False), not known or not yet urgent (None)."""

    about: str
    ok: bool | None
    vi: str
    en: str
    advice_vi: str = ""
    advice_en: str = ""


def well(about: str, words: Words) -> Finding:
    """Nothing to do."""
    return Finding(about, ok=True, vi=words[0], en=words[1])


def unsure(about: str, words: Words, advice: Words) -> Finding:
    """Not known, or not yet urgent."""
    return Finding(about, None, *words, *advice)


def ill(about: str, words: Words, advice: Words) -> Finding:
    """Something must be done."""
    return Finding(about, ok=False, vi=words[0], en=words[1], advice_vi=advice[0], advice_en=advice[1])


def failed(about: str, error: LienThongError, advice: Words | None = None) -> Finding:
    """A refusal met on the way."""
    words = f"{error.sentence('vi')} [{error.code}]", error.sentence("en")
    return ill(about, words, advice or _ADVICE.get(error.code, ("xem thông báo trên", "see the message")))


_ADVICE: dict[str, Words] = {
    "unavailable": (
        "kiểm tra mạng, địa chỉ và máy chủ bảo mật có đang chạy",
        "check the network, the address and whether the gateway runs",
    ),
    "token-invalid": ("xin cấp lại mã truy cập", "ask for a new token"),
    "registry-stale": ("kiểm tra trục và bản danh bạ mới nhất", "check the axis and the newest snapshot"),
    "configuration-invalid": ("kiểm tra chứng thư gốc (ca) và địa chỉ", "check the root (ca) and the address"),
}


def show(findings: Iterable[Finding]) -> None:
    """Print every finding, advice below."""
    for finding in findings:
        mark, style = _MARKS[finding.ok]
        line = Text.assemble((mark, style), f" {plain(finding.about)}: ").append_text(both(finding.vi, finding.en))
        out().print(line, soft_wrap=True)
        if finding.advice_vi:
            out().print(Text("    → ").append_text(both(finding.advice_vi, finding.advice_en)), soft_wrap=True)
