"""What an agency's administrator sees of a shared gateway, as values. Unknown fields of a newer gateway are ignored."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an agency may use: documents and bytes a day, bytes of a package, requests a second, live tokens; 0: any."""

    documents: int = 0
    bytes: int = 0
    largest: int = 0
    rate: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What is counted a day, `documents` or `bytes`: `limit` 0 for any number, `left` then 0 too."""

    name: str
    limit: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be used of a gateway, and was used; counted anew at `until`."""

    shares: tuple[Share, ...] = ()
    until: datetime | None = None
    largest: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Administration:
    """The host's bounds, the agency's own, which of them count; `tokens`: how many open something."""

    host: Bounds
    own: Bounds
    counts: Bounds
    allowance: Allowance
    tokens: int


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token without what it is."""

    id: str
    name: str
    scopes: tuple[str, ...]
    issued: datetime | None
    expires: datetime | None
    revoked: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, told this once, and its row."""

    token: str = field(repr=False)
    row: AccessToken


@dataclass(frozen=True, slots=True)
class SystemSecret:
    """A secret of software, without what it is."""

    id: str
    made: datetime
    until: datetime | None
    revoked: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """Software of the VXP face that calls as the agency; `shared`: as others too, then only the host changes it."""

    id: str
    name: str
    shared: bool
    secrets: tuple[SystemSecret, ...]


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A secret, told this once."""

    system: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AdministrationAct:
    """What an administrator, or the host, did."""

    at: datetime
    act: str
    text: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """One agency of a shared gateway as its host sees it."""

    code: str
    name: str
    host: Bounds
    own: Bounds
    allowance: Allowance
    tokens: int
    administrators: int
