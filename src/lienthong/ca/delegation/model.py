"""Registration authorities and their officers, as the centre wrote them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.rules.names import is_address
from lienthong.errors import InvalidValue

CENTRE = "centre"
"""The id of the authority's own registration authority."""


class Level(StrEnum):
    """Who decides an operation."""

    CENTRE = "centre"
    DELEGATED = "delegated"


class Duty(StrEnum):
    """What an officer may do; duties are given one by one and never follow from one another."""

    REQUEST = "request"
    EXAMINE = "examine"
    APPROVE = "approve"
    DELIVER = "deliver"
    LOOK = "look"
    AUDIT = "audit"
    STOP = "stop"
    ADMINISTER = "administer"


CENTRAL = frozenset({Duty.STOP, Duty.ADMINISTER, Duty.AUDIT})
"""Duties of the centre alone."""
_APART = ({Duty.EXAMINE, Duty.APPROVE}, {Duty.ADMINISTER, Duty.APPROVE}, {Duty.ADMINISTER, Duty.EXAMINE})
"""Duties no one person holds together: roles are separated."""
LOOKING = frozenset({Duty.LOOK, Duty.AUDIT})
"""Duties of who changes nothing."""
_OTHERS = Duty.AUDIT
"""An auditor does nothing else but look."""


@dataclass(frozen=True, slots=True)
class RegistrationAuthority:
    """An RA [cơ quan đăng ký] of a ministry or a province.

    `roots`: codes of the organisations whose subtrees are its scope; `profiles` it may have issued; `daily`: how many
    certificates a day; `matrix`: operations whose level differs from the default for it. One that is not `active` acts
    no more.
    """

    id: str
    name: str
    roots: tuple[str, ...] = ()
    profiles: frozenset[str] = frozenset()
    daily: int = 200
    matrix: Mapping[CaseKind, Level] = field(default_factory=dict)
    active: bool = True

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.name.strip() or self.daily < 0:
            raise InvalidValue("registration authority: id, name, daily")
        if self.id != CENTRE and not self.roots:
            raise InvalidValue(f"{self.id}: roots")

    @property
    def is_centre(self) -> bool:
        """Whether it sees and may decide everything."""
        return self.id == CENTRE

    def covers(self, path: str) -> bool:
        """Whether an organisation's path (`/H29/H29.12/`) lies in its scope."""
        return self.is_centre or any(f"/{root}/" in path for root in self.roots)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who acts for a registration authority.

    `certificate`: the DER certificate their orders are signed with, in base64; `secret`: SHA-256 of their access token;
    `email`: where reminders go.
    """

    id: str
    name: str
    authority: str
    duties: frozenset[Duty]
    certificate: str = ""
    secret: str = field(default="", repr=False)
    active: bool = True
    email: str = ""

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.name.strip() or not self.duties:
            raise InvalidValue("officer: id, name, duties")
        if self.email and not is_address(self.email):
            raise InvalidValue(f"{self.id}: e-mail {self.email[:60]!r}")
        if self.authority != CENTRE and self.duties & CENTRAL:
            raise InvalidValue(f"{self.id}: việc của trung ương / a duty of the centre")
        if any(pair <= self.duties for pair in _APART):
            raise InvalidValue(f"{self.id}: hai vai trò phải tách riêng / duties that are kept apart")
        if _OTHERS in self.duties and self.duties - {_OTHERS, Duty.LOOK}:
            raise InvalidValue(f"{self.id}: người kiểm toán chỉ xem / an auditor only looks")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and for which registration authority."""

    officer: Officer
    authority: RegistrationAuthority
