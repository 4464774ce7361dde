"""Where a story is played: a seat at every desk, speaking plain HTTP so that nothing of ours smooths the answers."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

import httpx

from lienthong.cli.conformance.model import Broken, Cast, Line, Place
from lienthong.cli.conformance.sample import Sample

LOOKING = 0.1
"""Seconds between two looks at something that should come by itself."""
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a desk answered."""

    status: int
    headers: httpx.Headers
    content: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON; Broken when it is none."""
        try:
            return httpx.Response(self.status, content=self.content).json()
        except ValueError:
            raise Broken("Câu trả lời phải là JSON", "the answer must be JSON", self.content[:300]) from None

    @property
    def code(self) -> str:
        """The code of a problem document, or nothing."""
        if self.status < 400 or not self.content or not self.headers.get("content-type", "").startswith(PROBLEM):
            return ""
        told = self.json
        return str(told.get("code", "")) if isinstance(told, dict) else ""

    def good(self, status: int, vi: str, en: str) -> Any:
        """The body, once the status is the expected one."""
        if self.status != status:
            raise Broken(f"{vi}: phải trả lời {status}", f"{en}: must answer {status}", self.told)
        return self.json if self.content else None

    def refused(self, *codes: str, status: int = 0) -> dict[str, Any]:
        """The problem document, once it refuses with one of these codes, in both languages (RFC 9457)."""
        wanted = " | ".join(codes)
        if self.status < 400:
            raise Broken(f"Phải từ chối ({wanted})", f"must be refused ({wanted})", self.told)
        if not self.headers.get("content-type", "").startswith(PROBLEM):
            raise Broken(f"Lời từ chối phải là {PROBLEM}", f"a refusal must be {PROBLEM}", self.told)
        told = self.json
        if told.get("code") not in codes or (status and self.status != status):
            raise Broken(f"Phải từ chối với mã {wanted}", f"must be refused with code {wanted}", self.told)
        if told.get("status") != self.status or not told.get("title") or not told.get("tieu_de"):
            raise Broken("Lời từ chối phải nói bằng hai thứ tiếng", "a refusal must speak both languages", self.told)
        return dict(told)

    @property
    def told(self) -> str:
        """The answer in one line."""
        return f"{self.status} {self.headers.get('content-type', '')} {self.content[:400].decode('utf-8', 'replace')}"


@dataclass(frozen=True, slots=True)
class Seat:
    """One agency's desk as a story uses it; what is asked goes into the story's trail."""

    place: Place
    role: str
    http: httpx.Client = field(repr=False)
    trail: list[Line] = field(repr=False)

    @property
    def code(self) -> str:
        """The agency."""
        return self.place.code

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> Answer:
        """One request; `token` instead of the agency's own, empty for none. Broken when there is no answer."""
        shown = self.place.token if token is None else token
        headers = {**({"Authorization": f"Bearer {shown}"} if shown else {}), **more.pop("headers", {})}
        try:
            came = self.http.request(method, self.place.url + path, headers=headers, **more)
        except httpx.HTTPError as error:
            self.trail.append(Line(self.role, method, path, 0, type(error).__name__))
            raise Broken("Bàn làm việc phải trả lời", "the desk must answer", repr(error)) from error
        answer = Answer(came.status_code, came.headers, came.content)
        self.trail.append(Line(self.role, method, path, answer.status, answer.code))
        return answer

    # ------------------------------------------------------------ the everyday acts

    def hand_in(self, sample: Sample, id: str, **query: Any) -> Answer:
        """Hand in a document under an id of one's own."""
        return self.ask("PUT", f"/v1/outgoing/{id}", params=query, files=sample.form())

    def sends(self, sample: Sample, **query: Any) -> dict[str, Any]:
        """A document handed in and taken: what the desk shows of it."""
        return dict(self.hand_in(sample, own_id(), **query).good(201, "Gửi văn bản", "sending a document"))

    def document(self, id: str) -> dict[str, Any]:
        """One document of this desk."""
        return dict(self.ask("GET", f"/v1/documents/{id}").good(200, "Xem văn bản", "reading a document"))

    def lock(self, id: str, addressee: str = "") -> Answer:
        """Take a waiting document."""
        return self.ask("POST", f"/v1/inbox/{id}/{addressee or self.code}/lock")

    def acknowledge(self, id: str, lock: str, addressee: str = "") -> Answer:
        """Say that it is stored."""
        return self.ask("POST", f"/v1/inbox/{id}/{addressee or self.code}/acknowledge", json={"lock": lock})

    def report(self, id: str, code: str, description: str = "", **more: str) -> Answer:
        """Report a business status."""
        body = {"code": code, "description": description, **more}
        return self.ask("POST", f"/v1/documents/{id}/statuses", json=body)

    def reports(self, id: str, *codes: str, description: str = "") -> None:
        """Report statuses that must be taken."""
        for code in codes:
            self.report(id, code, description).good(201, f"Báo trạng thái {code}", f"reporting status {code}")


class Waiting:
    """Waits for what comes by itself; whoever is one has patience (seconds) and a trail."""

    patience: float
    trail: list[Line]

    def until(self, look: Callable[[], Any], vi: str, en: str) -> Any:
        """What `look` finds once it finds something; Broken when it never does."""
        ends = time.monotonic() + self.patience
        while not (found := look()):
            if time.monotonic() > ends:
                raise Broken(f"{vi}: chờ {self.patience:.0f} giây không thấy", f"{en}: waited in vain", self._last())
            time.sleep(LOOKING)
        return found

    def _last(self) -> str:
        return "; ".join(f"{line.method} {line.path} {line.status} {line.code}" for line in self.trail[-2:])


@dataclass(frozen=True)
class Stage(Waiting):
    """One story's stage. Its trail is its own; connections are shared by all stories."""

    cast: Cast
    http: httpx.Client = field(repr=False)
    patience: float = 30.0
    trail: list[Line] = field(default_factory=list)

    @cached_property
    def tested(self) -> Seat:
        """The desk under examination."""
        return self._seat(self.cast.tested, "tested")

    @cached_property
    def partner(self) -> Seat:
        """Its counterpart."""
        return self._seat(self.cast.partner, "partner")

    @cached_property
    def stranger(self) -> Seat:
        """A third agency."""
        return self._seat(self.cast.stranger, "stranger")

    @cached_property
    def represented(self) -> Seat:
        """An agency on another's gateway."""
        return self._seat(self.cast.represented, "represented")

    @cached_property
    def revoked(self) -> Seat:
        """An agency whose certificate is revoked."""
        return self._seat(self.cast.revoked, "revoked")

    def _seat(self, place: Place | None, role: str) -> Seat:
        if place is None:
            raise LookupError(role)
        return Seat(place, role, self.http, self.trail)

    def seat_of(self, code: str) -> Seat:
        """The desk of an agency of the cast. Broken when nobody here sits there."""
        everybody = {"tested": self.cast.tested, "partner": self.cast.partner, "stranger": self.cast.stranger}
        for role, place in {**everybody, "represented": self.cast.represented}.items():
            if place is not None and place.code == code:
                return self._seat(place, role)
        raise Broken(f"Không có bàn của {code}", f"nobody of the cast sits at {code}")

    # ------------------------------------------------------------ what comes by itself

    def arrives(self, seat: Seat, id: str) -> dict[str, Any]:
        """The document as its receiver sees it, once it is there."""
        found = lambda: (came := seat.ask("GET", f"/v1/documents/{id}")).status == 200 and came.json  # noqa: E731  asked again and again
        return dict(self.until(found, f"Văn bản phải đến {seat.code}", f"the document must arrive at {seat.code}"))

    def taken(self, seat: Seat, id: str, addressee: str = "") -> dict[str, Any]:
        """Arrived, locked, acknowledged."""
        self.arrives(seat, id)
        lock = seat.lock(id, addressee).good(200, "Nhận giữ văn bản", "locking a document")["lock"]
        seat.acknowledge(id, lock, addressee).good(204, "Xác nhận đã lưu", "acknowledging a document")
        return seat.document(id)

    def leg(self, seat: Seat, id: str, addressee: str, vi: str, en: str, **wanted: object) -> dict[str, Any]:
        """The sender's line about one addressee, once it says what is wanted."""

        def look() -> dict[str, Any] | None:
            rows = seat.document(id)["entry"]["recipients"]
            mine = [row for row in rows if row["addressee"] == addressee]
            return mine[0] if mine and all(mine[0].get(name) == value for name, value in wanted.items()) else None

        return dict(self.until(look, vi, en))


def own_id() -> str:
    """An id as software makes them."""
    return f"cf-{uuid4().hex}"


def connections(cast: Cast) -> httpx.Client:
    """The connections of a run."""
    verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(cast.ca)) if cast.ca else True
    return httpx.Client(verify=verify, timeout=90.0)


def expect(condition: object, vi: str, en: str, got: object = "") -> None:
    """A promise; Broken when it is not kept."""
    if not condition:
        raise Broken(vi, en, got)
