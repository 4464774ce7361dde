"""What a conformance run is made of: whom it plays with, its stories, and what became of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Place:
    """A desk to sit down at: address, agency's code, access token. Or a system: its id, and as token its secret."""

    url: str
    code: str
    token: str = field(repr=False)
    system: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody a run knows. `tested` is examined, `partner` is its counterpart; the others are wanted by some stories.

    `stranger`: a third agency, to which the first two's documents are none of its business. `absent`: a code whose
    gateway never answers. `closed`: a code that ended, `successor` who took over (one of the desks here). `unclear`: a
    code that ended without one successor. `represented`: an agency on another's gateway. `revoked`: an agency whose
    sealing certificate, or a system whose secret is revoked. `expired`: a system whose secret ran out. `brief`: a
    system whose packages may be under way for seconds only. `ca`: certificates that TLS may lean on, PEM; none: those
    of the machine. `roots`: those receipts must lead to, DER.
    """

    tested: Place
    partner: Place
    stranger: Place | None = None
    represented: Place | None = None
    revoked: Place | None = None
    expired: Place | None = None
    brief: Place | None = None
    absent: str = ""
    closed: str = ""
    successor: str = ""
    unclear: str = ""
    ca: Path | None = None
    roots: tuple[bytes, ...] = field(default=(), repr=False)

    def lacks(self, story: "Story") -> tuple[str, ...]:
        """What a story needs and this run does not have."""
        return tuple(need for need in story.needs if not getattr(self, need))


class _Seat(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    code: str
    token_file: str = ""
    system: str = ""
    secret_file: str = ""


class _Profile(msgspec.Struct, forbid_unknown_fields=True):
    tested: _Seat
    partner: _Seat
    stranger: _Seat | None = None
    represented: _Seat | None = None
    revoked: _Seat | None = None
    expired: _Seat | None = None
    brief: _Seat | None = None
    absent: str = ""
    closed: str = ""
    successor: str = ""
    unclear: str = ""
    ca: str = ""
    root: str = ""


def read_cast(path: Path, ders: Callable[[Path], tuple[bytes, ...]], *, systems: bool = False) -> Cast:
    """The cast of a profile (TOML), at desks or of systems; paths in it are beside the profile. Raises InvalidValue."""
    try:
        told = msgspec.toml.decode(path.read_bytes(), type=_Profile)
        return _cast(told, path.parent, ders, systems=systems)
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{path}: {error}") from error


def _cast(told: _Profile, beside: Path, ders: Callable[[Path], tuple[bytes, ...]], *, systems: bool) -> Cast:
    def place(seat: _Seat) -> Place:
        file = seat.secret_file if systems else seat.token_file
        if not file or systems != bool(seat.system):
            raise InvalidValue("url, code, system, secret_file" if systems else "url, code, token_file")
        return Place(seat.url.rstrip("/"), seat.code, (beside / file).read_text("utf-8").strip(), seat.system)

    def maybe(seat: _Seat | None) -> Place | None:
        return place(seat) if seat else None

    return Cast(
        place(told.tested),
        place(told.partner),
        maybe(told.stranger),
        maybe(told.represented),
        maybe(told.revoked),
        maybe(told.expired),
        maybe(told.brief),
        told.absent,
        told.closed,
        told.successor,
        told.unclear,
        beside / told.ca if told.ca else None,
        ders(beside / told.root) if told.root else (),
    )


class Broken(Exception):
    """A promise that was not kept, in both languages, with what came instead."""

    def __init__(self, vi: str, en: str, got: object = "") -> None:
        super().__init__(en)
        self.vi, self.en, self.got = vi, en, str(got)[:2000]


@dataclass(frozen=True, slots=True)
class Story:
    """One scripted story. `code` never changes once published; `needs` names fields of the cast."""

    code: str
    vi: str
    en: str
    play: "Play" = field(repr=False)
    needs: tuple[str, ...] = ()


Play = Callable[[Any], None]
"""Plays on a stage of its suite."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Stories about one thing."""

    vi: str
    en: str
    stories: list[Story] = field(default_factory=list)

    def story(self, code: str, vi: str, en: str, *needs: str) -> Callable[[Play], Play]:
        """Enter a function as a story of this chapter."""

        def entered(play: Play) -> Play:
            self.stories.append(Story(code, vi, en, play, needs))
            return play

        return entered


class Result(StrEnum):
    """What became of a story."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_PLAYED = "not-played"


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a story and what was answered."""

    who: str
    method: str
    path: str
    status: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A story's end. `vi`, `en`: what was expected and did not come, or what was missing to play; `got` what came."""

    story: Story
    result: Result
    seconds: float = 0.0
    vi: str = ""
    en: str = ""
    got: str = ""
    trail: tuple[Line, ...] = ()
