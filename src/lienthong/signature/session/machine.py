"""The life of a signing session as data: which act leads where. Pure; moments come in.

    prepared ─► waiting ─► signed | rejected | expired | failed        (prepared may go to every end as well)

A repeat of the act that led to the present state changes nothing; any other act on an ended session is `SigningEnded`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from lienthong.errors import SigningEnded
from lienthong.signature.session.model import Session, State


class Act(Enum):
    """What can happen to a session."""

    SUBMIT = "submit"
    FINISH = "finish"
    REJECT = "reject"
    EXPIRE = "expire"
    FAIL = "fail"


ENDS = frozenset({State.SIGNED, State.REJECTED, State.EXPIRED, State.FAILED})
OPEN = frozenset(State) - ENDS
MOVES: Mapping[tuple[State, Act], State] = MappingProxyType(
    {
        (state, act): target
        for state in (State.PREPARED, State.WAITING)
        for act, target in (
            (Act.SUBMIT, State.WAITING),
            (Act.FINISH, State.SIGNED),
            (Act.REJECT, State.REJECTED),
            (Act.EXPIRE, State.EXPIRED),
            (Act.FAIL, State.FAILED),
        )
    }
)
"""Everything that may happen; what is not here is refused."""
_LED = {State.SIGNED: Act.FINISH, State.REJECTED: Act.REJECT, State.EXPIRED: Act.EXPIRE, State.FAILED: Act.FAIL}


def moved(
    session: Session, act: Act, now: datetime, *, handle: str = "", result: str = "", problem: str = ""
) -> Session:
    """The session after an act at a moment.

    `handle` comes with SUBMIT once the provider gave it, `result` (hex SHA-256 of the signed file) with FINISH,
    `problem` (a code of `lienthong.errors`) with the other ends. Nothing but EXPIRE, FAIL and REJECT counts after
    `expires`, and EXPIRE not before it. Raises SigningEnded.
    """
    if session.state in ENDS:
        return _repeated(session, act, result)
    _require_timely(session, act, now)
    return replace(
        session,
        state=MOVES[session.state, act],
        handle=handle or session.handle,
        result=result or session.result,
        problem=problem or session.problem,
    )


def _repeated(session: Session, act: Act, result: str) -> Session:
    if _LED[session.state] is act and (act is not Act.FINISH or result == session.result):
        return session
    raise SigningEnded(f"{session.id}: {session.state.value}")


def _require_timely(session: Session, act: Act, now: datetime) -> None:
    late = now >= session.expires
    if late and act in {Act.SUBMIT, Act.FINISH}:
        raise SigningEnded(f"{session.id}: {session.expires.isoformat()}")
    if act is Act.EXPIRE and not late:
        raise SigningEnded(f"{session.id}: {session.expires.isoformat()} is still to come")
