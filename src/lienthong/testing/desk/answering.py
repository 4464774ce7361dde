"""Keys of a sample desk that answer by themselves: a telephone, which does as its owner's habit is, and a service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from lienthong.client.papers import Paper, SigningKeyView, SigningSession
from lienthong.errors import NotFound, SecretWrong, SigningEnded
from lienthong.testing.desk import signing

PIN = "246810"
PATIENCE = 4
"""How often one looks until somebody who answers a moment later has answered."""
KINDS = {"phone": "phone", "remote": "remote"}


class Habit(Enum):
    """What the telephone's owner does when it rings."""

    ACCEPTS = "accepts"
    REFUSES = "refuses"
    IGNORES = "ignores"
    LATER = "accepts a moment later"


@dataclass
class Sessions:
    """What a gateway remembers of signing: sessions with their papers, and how the telephone answers."""

    habit: Habit = Habit.IGNORES
    kept: dict[str, tuple[SigningSession, Paper]] = field(default_factory=dict)
    signed: dict[str, bytes] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)

    def prepare(self, key: SigningKeyView, paper: Paper, role: str, person: str, id: str) -> SigningSession:
        """A session that waits for its key; a repeat gives the same."""
        now = datetime.now(UTC)
        made = SigningSession(
            id=id, state="prepared", role=role, level="B-B", person=person, key=key.id, kind=key.kind,
            title=paper.title, number=paper.number, pages=1, display=paper.title, code="4821", digest="",
            to_be_signed=b"", sha256="", created=now, expires=now + timedelta(minutes=10),
        )  # fmt: skip
        return self.kept.setdefault(id, (made, paper))[0]

    def complete(self, code: str, id: str, secret: str) -> SigningSession:
        """A service signs at once for the right PIN; a telephone rings."""
        session = self.look(code, id)
        if session.over:
            raise SigningEnded(id)
        if session.kind == "remote":
            if secret != PIN:
                raise SecretWrong(id)
            return self._sign(code, id)
        return self._moved(id, state="waiting")

    def look(self, code: str, id: str) -> SigningSession:
        """How it stands by now."""
        if id not in self.kept:
            raise NotFound(id)
        session, _ = self.kept[id]
        if session.state != "waiting" or self.habit is Habit.IGNORES:
            return session
        self.looks[id] += 1
        if self.habit is Habit.LATER and self.looks[id] < PATIENCE:
            return session
        if self.habit in {Habit.ACCEPTS, Habit.LATER}:
            return self._sign(code, id)
        return self._moved(
            id, state="rejected", problem="signing-ended",
            problem_vi="Người ký đã từ chối trên thiết bị.", problem_en="The signer refused on the device.",
        )  # fmt: skip

    def cancel(self, id: str) -> SigningSession:
        """Given up."""
        return self._moved(id, state="rejected")

    def _sign(self, code: str, id: str) -> SigningSession:
        session, paper = self.kept[id]
        self.signed[id] = signing.signed(code, paper, session.role, session.role)
        return self._moved(id, state="signed")

    def _moved(self, id: str, **change: str) -> SigningSession:
        session, paper = self.kept[id]
        self.kept[id] = (replace(session, **change), paper)  # type: ignore[arg-type]  # texts by name
        return self.kept[id][0]


def keys(plain: Sequence[SigningKeyView]) -> tuple[SigningKeyView, ...]:
    """The leader's key, in a telephone and at a service, beside the plain ones."""
    leader = [key for key in plain if key.id == "leader"]
    return tuple(replace(key, id=name, kind=kind) for key in leader for name, kind in KINDS.items())
