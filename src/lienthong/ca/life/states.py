"""The states of a case and the service clock: what may follow what, and by when it should.

received ─examine─► examined ─approve─► approved ─begin─► issuing ─finish─► issued ─deliver─► delivered
    │                  │                   └──────────────finish──────────► done
    └─return─► returned ─resubmit─► received        stop ─► stopped, refuse ─► refused, withdraw ─► withdrawn

agree: what a transfer waits for before it is approved; the case stays where it is.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from lienthong.ca.life.kinds import CaseKind
from lienthong.document.times import VIETNAM
from lienthong.errors import IllegalMove


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    RETURNED = "returned"
    EXAMINED = "examined"
    APPROVED = "approved"
    ISSUING = "issuing"
    ISSUED = "issued"
    DELIVERED = "delivered"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"

    @property
    def vi(self) -> str:
        """The state in Vietnamese."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The state in English."""
        return _WORDS[self][1]


_WORDS = {
    CaseState.RECEIVED: ("đã tiếp nhận", "received"),
    CaseState.RETURNED: ("trả lại để bổ sung", "returned for completion"),
    CaseState.EXAMINED: ("đã thẩm tra", "examined"),
    CaseState.APPROVED: ("đã duyệt", "approved"),
    CaseState.ISSUING: ("đang cấp", "being issued"),
    CaseState.ISSUED: ("đã cấp, chờ bàn giao", "issued, to be handed over"),
    CaseState.DELIVERED: ("đã bàn giao", "handed over"),
    CaseState.DONE: ("đã thực hiện", "done"),
    CaseState.REFUSED: ("bị từ chối", "refused"),
    CaseState.WITHDRAWN: ("đã rút", "withdrawn"),
    CaseState.STOPPED: ("bị trung ương dừng", "stopped by the centre"),
}


class CaseAct(StrEnum):
    """What moves a case."""

    EXAMINE = "examine"
    RETURN = "return"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    STOP = "stop"
    BEGIN = "begin"
    FINISH = "finish"
    DELIVER = "deliver"
    GIVE_UP = "give-up"


_S, _A = CaseState, CaseAct
OPEN = frozenset({_S.RECEIVED, _S.RETURNED, _S.EXAMINED, _S.APPROVED, _S.ISSUING, _S.ISSUED})
"""Not over."""
UNISSUED = OPEN - {_S.ISSUED}
"""Not over, and without a certificate."""
UNDECIDED = (_S.RECEIVED, _S.RETURNED, _S.EXAMINED)
"""Neither approved nor refused."""
MOVES: dict[tuple[CaseState, CaseAct], CaseState] = {
    (_S.RECEIVED, _A.EXAMINE): _S.EXAMINED,
    (_S.RECEIVED, _A.RETURN): _S.RETURNED,
    (_S.EXAMINED, _A.RETURN): _S.RETURNED,
    (_S.RETURNED, _A.RESUBMIT): _S.RECEIVED,
    (_S.RECEIVED, _A.RESUBMIT): _S.RECEIVED,
    (_S.EXAMINED, _A.APPROVE): _S.APPROVED,
    **{(state, _A.AGREE): state for state in (_S.RECEIVED, _S.EXAMINED)},
    (_S.APPROVED, _A.BEGIN): _S.ISSUING,
    (_S.ISSUING, _A.FINISH): _S.ISSUED,
    (_S.APPROVED, _A.FINISH): _S.DONE,
    (_S.ISSUED, _A.DELIVER): _S.DELIVERED,
    (_S.APPROVED, _A.STOP): _S.STOPPED,
    (_S.APPROVED, _A.GIVE_UP): _S.STOPPED,
    (_S.ISSUING, _A.GIVE_UP): _S.STOPPED,
    **{(state, _A.STOP): _S.STOPPED for state in UNDECIDED},
    **{(state, _A.WITHDRAW): _S.WITHDRAWN for state in UNDECIDED},
    **{(state, _A.REFUSE): _S.REFUSED for state in UNDECIDED},
}
"""What is not here is not allowed. What began to be issued ends as issued, and is then revoked if it must be; only the
authority itself gives up what it finds it must not sign."""

WORKING_DAYS: dict[CaseState, int] = {
    CaseState.RECEIVED: 1,
    CaseState.RETURNED: 5,
    CaseState.EXAMINED: 1,
    CaseState.APPROVED: 1,
    CaseState.ISSUING: 1,
    CaseState.ISSUED: 5,
}
"""How many working days a step should take at most (signing.md §3.1: one for most, five for devices)."""
_SATURDAY = 5


def moved(state: CaseState, act: CaseAct) -> CaseState:
    """The state after an act. IllegalMove."""
    after = MOVES.get((state, act))
    if after is None:
        raise IllegalMove(f"{act.value}: {state.vi} / {state.en}")
    return after


@lru_cache(256)
def due(state: CaseState, since: datetime, holidays: frozenset[date] = frozenset()) -> datetime | None:
    """When a case that came into a state should leave it; None for an end. Weekends and holidays do not count."""
    days = WORKING_DAYS.get(state)
    return None if days is None else working_days(since, days, holidays)


def working_days(since: datetime, days: int, holidays: frozenset[date] = frozenset()) -> datetime:
    """So many working days later in Vietnam, at the same time of day."""
    moment = since.astimezone(VIETNAM)
    while days:
        moment += timedelta(days=1)
        days -= is_working_day(moment.date(), holidays)
    return moment.astimezone(since.tzinfo)


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether there is service."""
    return day.weekday() < _SATURDAY and day not in holidays


def needs_delivery(kind: CaseKind) -> bool:
    """Whether somebody must be handed what was issued; a machine fetches its own."""
    return kind is not CaseKind.DEVICE
