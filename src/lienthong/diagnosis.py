"""What a doctor finds: one line each, well, to be put right or not known, and what to do about it. Pure.

The command line and the page that a gateway shows its operator judge by the same rules, which are here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.errors import LienThongError

SKEW, SKEW_FELT = 60.0, 5.0
"""Seconds a clock may differ; from the second on we speak of it."""
DAYS_LEFT = 30
FREE_BYTES = 2 * 10**9

Words = tuple[str, str]
"""The same in Vietnamese and English."""


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
        "kiểm tra mạng, địa chỉ, và trục hoặc máy chủ bảo mật có đang chạy",
        "check network, address, and whether axis or gateway runs",
    ),
    "clock-skewed": ("đồng bộ giờ (NTP) trên máy này", "synchronise this machine's time (NTP)"),
    "token-invalid": ("xin cấp lại mã truy cập hoặc chứng thư", "ask for a new token or certificate"),
    "registry-stale": ("kiểm tra trục và bản danh bạ mới nhất", "check the axis and the newest snapshot"),
    "configuration-invalid": ("kiểm tra chứng thư gốc (ca) và địa chỉ", "check the root (ca) and the address"),
}


# ---------------------------------------------------------------- judged one by one


def days(about: str, left: int, whose: Words, until: str = "") -> Finding:
    """A certificate with so many days left; `until` says the day."""
    day = f" ({until})" if until else ""
    if left < 0:
        words = f"chứng thư {whose[0]} đã hết hạn{day}", f"{whose[1]} certificate expired{day}"
        return ill(about, words, ("thay chứng thư", "replace the certificate"))
    words = f"chứng thư {whose[0]} còn {left} ngày{day}", f"{whose[1]} certificate runs {left} days more{day}"
    if left < DAYS_LEFT:
        return unsure(about, words, ("xin cấp chứng thư mới", "ask for a new certificate"))
    return well(about, words)


def clock(about: str, skew: float | None) -> Finding:
    """This clock so many seconds ahead of the other side's; None: it told no time."""
    advice = "đồng bộ giờ (NTP)", "synchronise the time (NTP)"
    if skew is None:
        return unsure(about, ("máy chủ không báo giờ", "the server tells no time"), advice)
    words = f"lệch {round(skew)} giây so với máy chủ", f"{round(skew)} s from the server's"
    if abs(skew) <= SKEW_FELT:
        return well(about, words)
    return (unsure if abs(skew) < SKEW else ill)(about, words, advice)


def room(about: str, free: int, whole: int) -> Finding:
    """Bytes that are free of all bytes."""
    words = f"còn {free / 10**9:.1f} GB", f"{free / 10**9:.1f} GB free"
    if free < FREE_BYTES or free < whole / 50:
        return ill(about, words, ("giải phóng chỗ", "make room"))
    return well(about, words)


def worst(findings: Iterable[Finding]) -> bool | None:
    """False if something must be done, else None if something is not known, else True."""
    found = {finding.ok for finding in findings}
    return False if False in found else None if None in found else True
