"""`Operations`: an operator's door to one hop. What it tells of messages is where they are, never what they say."""

import ssl
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from lienthong.client.administration import Tenant
from lienthong.client.answers import decoded, problem
from lienthong.errors import Unavailable

T = TypeVar("T")
TIMEOUT = 20.0
"""Seconds a call may take."""
PERSON = "Lienthong-Person"


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate and its last moment."""

    holder: str
    purpose: str
    thumbprint: str
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """One moment of a hop. `days`: steps by day in Vietnam and kind; `dead`: dead letters by cause."""

    hop: str
    version: str
    at: datetime
    registry: int
    registry_issued_at: datetime
    registry_expires_at: datetime
    waiting: int
    oldest_waiting: datetime | None
    dead: dict[str, int]
    unstamped_since: datetime | None
    free_bytes: int
    days: dict[str, dict[str, int]]
    ending: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class GatewayState:
    """One gateway as the axis knows it. `hold` is empty, "paused" or "draining"; `order` says by whom and why."""

    id: str
    name: str
    kind: str
    operator: str
    tenants: int
    version: str
    last_contact: datetime | None
    waiting: int
    oldest_waiting: datetime | None
    hold: str
    held_at: datetime | None
    order: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a hop stands on; `code` is empty when nothing is wrong with it."""

    name: str
    code: str
    vi: str
    en: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class LegState:
    """One addressee's journey at the hop."""

    lane: str
    addressee: str
    recipient: str
    next_hop: str
    state: str
    since: datetime
    due: datetime
    attempts: int
    refusal: str
    detail: str
    standing: str
    status: str


@dataclass(frozen=True, slots=True)
class MessageState:
    """A message without its content."""

    id: str
    sender: str
    message_id: str
    content: str
    document_id: str
    number: str
    urgency: int
    size: int
    digest: str
    came_from: str
    recorded_at: datetime
    expires_at: datetime
    legs: tuple[LegState, ...]


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page; `next` is the cursor of the following one, empty at the end."""

    entries: tuple[MessageState, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class HopStep:
    """One step; `receipt` proves it (JSON), empty when nothing does."""

    at: datetime
    hop: str
    kind: str
    lane: str
    addressee: str
    code: str
    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What cannot go on by itself; `acts` is what an operator can do about it."""

    key: str
    work: str
    package: str
    lane: str
    addressee: str
    code: str
    vi: str
    en: str
    detail: str
    since: datetime
    last_try: datetime
    attempts: int
    next_try: datetime | None
    dead: bool
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadLetterPage:
    """A page; `next` is the number to ask beyond, 0 at the end."""

    entries: tuple[DeadLetter, ...]
    next: int = 0


@dataclass(frozen=True, slots=True)
class MessageWay:
    """A message with everything the hop knows of its way."""

    message: MessageState
    steps: tuple[HopStep, ...]
    troubles: tuple[DeadLetter, ...]


class _Done(msgspec.Struct):
    count: int


class Operations:
    """A connection to a hop's operations face. Raises errors of `lienthong.errors` and nothing else.

    Acts take the name of the `person` who acts, kept with the order in the hop's log; the token alone is judged.

    >>> with Operations("https://axis.example:8444", token, ca=Path("root.pem")) as axis:   # doctest: +SKIP
    ...     axis.requeue(package, "đã phục hồi kho", person="Lê Văn Mẫu")
    """

    def __init__(self, url: str, token: str, ca: Path | None = None) -> None:
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(ca)) if ca else True
        self._url = url.rstrip("/")
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, verify=verify, timeout=TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    # ------------------------------------------------------------ looking

    def overview(self, days: int = 14) -> Overview:
        """Numbers of now and of the last days, and what runs out."""
        return self._get(Overview, "/v1/overview", days=days)

    def diagnostics(self) -> tuple[Check, ...]:
        """What the hop stands on, looked at now."""
        return self._get(tuple[Check, ...], "/v1/diagnostics")

    def tenants(self) -> tuple[Tenant, ...]:
        """Agencies of a gateway: bounds, what each used today, administrators; a gateway alone answers."""
        return self._get(tuple[Tenant, ...], "/v1/tenants")

    def gateways(self) -> tuple[GatewayState, ...]:
        """Every gateway of the registry; the axis alone answers."""
        return self._get(tuple[GatewayState, ...], "/v1/gateways")

    def waiting(self) -> dict[str, int]:
        """How many documents and statuses wait for each recipient that has any; the axis alone answers."""
        return self._get(dict[str, int], "/v1/waiting")

    def messages(
        self,
        text: str = "",
        agency: str = "",
        since: date | None = None,
        until: date | None = None,
        content: Literal["edoc", "status"] = "edoc",
        after: str = "",
        limit: int = 50,
        *,
        waiting: bool = False,
    ) -> MessagePage:
        """Messages by any id, number, agency or day, newest first; `waiting`: only those that wait for somebody."""
        asked = {"text": text, "agency": agency, "since": since, "until": until, "after": after}
        asked |= {"waiting": "true"} if waiting else {}
        return self._get(
            MessagePage, "/v1/messages", content=content, limit=limit, **{k: str(v) for k, v in asked.items() if v}
        )

    def message(self, package: str) -> MessageWay:
        """One message: where it is for everybody it goes to, every step, what is wrong."""
        return self._get(MessageWay, f"/v1/messages/{quote(package, safe='')}")

    def dead_letters(self, code: str = "", *, every: bool = False, after: int = 0, limit: int = 50) -> DeadLetterPage:
        """What cannot go on by itself; with `every` also what is still tried."""
        show = "all" if every else "dead"
        return self._get(DeadLetterPage, "/v1/dead-letters", code=code, show=show, after=after, limit=limit)

    # ------------------------------------------------------------ acting

    def requeue(self, package: str, reason: str, addressee: str = "", *, person: str = "") -> int:
        """Try again now; how many pieces."""
        return self._act(package, "requeue", reason, addressee, person)

    def cancel(self, package: str, reason: str, addressee: str = "", *, person: str = "") -> int:
        """Stop what is not delivered; how many legs."""
        return self._act(package, "cancel", reason, addressee, person)

    def expire(self, package: str, reason: str, addressee: str = "", *, person: str = "") -> int:
        """End the time to live now; how many legs."""
        return self._act(package, "expire", reason, addressee, person)

    def requeue_cause(self, code: str, reason: str, *, person: str = "") -> int:
        """Try everything with one cause again now; how many packages."""
        return self._post(_Done, "/v1/dead-letters/requeue", {"code": code, "reason": reason}, person).count

    def close_letter(self, key: str, reason: str, *, person: str = "") -> None:
        """Take an entry off the list."""
        self._post(_Done, "/v1/dead-letters/close", {"key": key, "reason": reason}, person)

    def hold(self, gateway: str, how: Literal["paused", "draining"], reason: str, *, person: str = "") -> GatewayState:
        """Hold a gateway at the axis's door."""
        path = f"/v1/gateways/{quote(gateway, safe='')}/hold"
        return self._post(GatewayState, path, {"hold": how, "reason": reason}, person)

    def resume(self, gateway: str, reason: str, *, person: str = "") -> GatewayState:
        """Let a held gateway go."""
        return self._post(GatewayState, f"/v1/gateways/{quote(gateway, safe='')}/resume", {"reason": reason}, person)

    # ------------------------------------------------------------ the wire

    def _act(self, package: str, act: str, reason: str, addressee: str, person: str) -> int:
        body = {"reason": reason, "addressee": addressee}
        return self._post(_Done, f"/v1/messages/{quote(package, safe='')}/{act}", body, person).count

    def _get(self, kind: type[T], path: str, **query: Any) -> T:
        return self._ask(kind, "GET", path, params=query)

    def _post(self, kind: type[T], path: str, body: dict[str, Any], person: str) -> T:
        return self._ask(kind, "POST", path, json=body, headers={PERSON: quote(person)} if person else {})

    def _ask(self, kind: type[T], method: str, path: str, **more: Any) -> T:
        try:
            answer = self._http.request(method, self._url + path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._url}: {type(error).__name__}") from error
        if answer.status_code >= 400:
            raise problem(answer.status_code, answer.content, answer.headers.get("Retry-After", ""))
        return decoded(kind, answer.content)
