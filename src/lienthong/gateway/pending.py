"""What of a sent document waits for the axis: not confirmed and since when, or a wish to stop it; in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.delivery import JourneyState, Lane, Leg, Work
from lienthong.delivery.ports import View
from lienthong.delivery.retry import breaker
from lienthong.delivery.trouble import trouble_key

_SENDING = (
    "Đã ghi nhận ở đây, đang chờ trục liên thông xác nhận.",
    "Recorded here, waiting for the axis to confirm.",
)
_AWAY = (
    "Trục liên thông chưa xác nhận vì chưa liên lạc được; sẽ tự động gửi lại.",
    "Not confirmed: the axis cannot be reached; it is tried again by itself.",
)
_STOPPING = (
    "Đã yêu cầu dừng gửi; đang chờ trục liên thông trả lời.",
    "Asked to stop it; waiting for the axis to answer.",
)
_STOPPING_AWAY = (
    "Đã yêu cầu dừng gửi; trục liên thông chưa trả lời vì chưa liên lạc được, sẽ tự động hỏi lại.",
    "Asked to stop it; the axis cannot be reached and is asked again by itself.",
)


@dataclass(frozen=True, slots=True)
class Pending:
    """`kind` is `sending` or `stopping`. `axis_away_since` is none while the axis answers."""

    kind: str
    since: datetime
    axis_away_since: datetime | None
    text_vi: str
    text_en: str


def pending(view: View, legs: Sequence[Leg]) -> Pending | None:
    """None once the axis has answered, and for what was received."""
    waiting = [leg for leg in legs if leg.lane is Lane.OUT and leg.state is JourneyState.RECORDED]
    if not waiting:
        return None
    since = min(leg.since for leg in waiting)
    wish = view.trouble(trouble_key(Work.CANCEL, waiting[0].package))
    away = breaker(view, waiting[0].next_hop).since
    if wish is not None:
        unheard = wish.attempts > 0 and away is None
        return _said("stopping", wish.since, wish.since if unheard else away, _STOPPING, _STOPPING_AWAY)
    return _said("sending", since, away, _SENDING, _AWAY)


def _said(kind: str, since: datetime, away: datetime | None, calm: tuple[str, str], gone: tuple[str, str]) -> Pending:
    return Pending(kind, since, away, *(gone if away else calm))
