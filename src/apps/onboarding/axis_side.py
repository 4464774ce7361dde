"""The connection test from the axis's side: does it know this gateway, and has the gateway shown it a good token?

A gateway's own test says that it got through; only the axis can say that what got through was this gateway.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from apps.onboarding.models import Application
from lienthong.client import GatewayState, Operations
from lienthong.errors import LienThongError

UNASKED, NOT_SET, AWAY, UNKNOWN, SILENT, HELD = "", "not-set", "away", "unknown", "silent", "held"
WORDS = {
    UNASKED: "Bấm «Thử từ phía trục», hoặc chạy lienthong gateway join … --test trên máy chủ.",
    NOT_SET: "Bàn vận hành chưa nối với trục nào ([[console.hop]]).",
    AWAY: "Trục không trả lời bàn vận hành; thử lại sau.",
    UNKNOWN: "Trục chưa biết máy chủ này: bản danh bạ có nó chưa phát hành hoặc chưa tới trục.",
    SILENT: "Trục biết máy chủ nhưng máy chủ chưa gọi lần nào bằng khóa của mình.",
    HELD: "Máy chủ đang bị tạm giữ ở cửa trục.",
}
"""Why the axis does not see it, by the code that is kept."""


def test(of: Application) -> str:
    """Ask the axis and keep what it says; returns a key of `WORDS`, empty once the axis saw the gateway."""
    at, problem = _asked(of.gateway)
    of.seen_at, of.seen_problem = at or of.seen_at, problem
    of.save(update_fields=["seen_at", "seen_problem"])
    return problem


def _asked(gateway: str) -> tuple[datetime | None, str]:
    console = settings.CONFIG.console
    if console is None or not console.hop:
        return None, NOT_SET
    try:
        axis: Operations = import_string(console.hops)(console.hop[0], acts=False)
        states = axis.gateways()
    except (LienThongError, OSError):  # the axis, or the file of its token
        return None, AWAY
    return _judged(next((each for each in states if each.id == gateway), None))


def _judged(state: GatewayState | None) -> tuple[datetime | None, str]:
    if state is None:
        return None, UNKNOWN
    if state.hold:
        return None, HELD
    return (state.last_contact, UNASKED) if state.last_contact else (None, SILENT)
