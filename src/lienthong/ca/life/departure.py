"""Departures [người rời cơ quan] as values: who leaves, why, on which day, and what is asked for then."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from lienthong.ca.life.forms import ChangeForm, RevocationForm
from lienthong.ca.life.kinds import CaseKind, Reason
from lienthong.document.times import VIETNAM
from lienthong.errors import InvalidValue

DAYS = 5
"""Working days from the day on within which the certificates should be over (signing.md §3.1)."""
_MOST_WHY = 1900


class Leaving(StrEnum):
    """Why a person is no longer where they were."""

    RETIREMENT = "retirement"
    LEAVING = "leaving"
    TRANSFER = "transfer"

    @property
    def vi(self) -> str:
        """The reason in Vietnamese."""
        return {"retirement": "nghỉ hưu", "leaving": "thôi việc", "transfer": "chuyển công tác"}[self.value]


class DepartureState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    OPENED = "opened"
    LATE = "late"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


RUNNING = (DepartureState.WAITING, DepartureState.OPENED, DepartureState.LATE)
"""Not over."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What an officer writes down. `day`: the first on which the person is no longer there; `to`: the organisation a
    transfer leads to; `letter`: SHA-256 of the signed letter.
    """

    reason: Leaving
    day: date
    to: str = ""
    why: str = ""
    letter: str = ""

    def __post_init__(self) -> None:
        if (self.reason is Leaving.TRANSFER) != bool(self.to):
            raise InvalidValue("to: chỉ khi chuyển công tác / of a transfer, and of nothing else")
        if len(self.why) > _MOST_WHY:
            raise InvalidValue(f"why: {len(self.why)}")

    @property
    def begins(self) -> datetime:
        """When the day begins in Vietnam."""
        return datetime.combine(self.day, time(), VIETNAM)

    @property
    def kind(self) -> CaseKind:
        """What is asked for on the day."""
        return CaseKind.CHANGE if self.to else CaseKind.REVOCATION

    def form(self, certificate: str, organisation: str) -> RevocationForm | ChangeForm:
        """The form about one of the person's certificates: it is revoked, or says where they are now."""
        if self.to:
            return ChangeForm(organisation=self.to, certificate=certificate, letter=self.letter)
        why = f"{self.reason.vi} từ ngày {self.day:%d/%m/%Y}. {self.why}".strip()
        return RevocationForm(
            organisation=organisation, letter=self.letter, certificate=certificate, reason=Reason.CESSATION, why=why
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """A person, known by one of their certificates, who leaves an organisation.

    `found`: what was found in the letter; `due`: when the certificates should be over; `problem`: why a case could not
    be opened.
    """

    certificate: str
    notice: Notice
    name: str
    organisation: str
    path: str
    recorder: str
    authority: str
    recorded: datetime
    due: datetime
    found: str = ""
    state: DepartureState = DepartureState.WAITING
    cases: tuple[str, ...] = ()
    problem: str = ""

    @property
    def begun(self) -> bool:
        """Whether there are cases: then they decide, and it is no longer taken back."""
        return bool(self.cases) and self.stands

    @property
    def stands(self) -> bool:
        """Whether it was neither taken back nor decided against."""
        return self.state in {*RUNNING, DepartureState.DONE}

    @property
    def goes(self) -> bool:
        """Whether the person's certificates are to end, and none to follow them."""
        return self.state in RUNNING and not self.notice.to

    def says(self, notice: Notice, recorder: str) -> bool:
        """Whether it is this very notice."""
        return (self.notice, self.recorder) == (notice, recorder)
