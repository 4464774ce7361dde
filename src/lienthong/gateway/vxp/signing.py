"""How a call of SDK 2.0.x is signed, and how it is judged.

The SDK keeps every header of every call it has made and signs them all, each time. So what is signed is the call's
parameters and stale ones of calls before; a call takes what it knows and leaves the rest.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from lienthong.document import VIETNAM
from lienthong.errors import ClockSkewed, InvalidValue, TokenInvalid
from lienthong.gateway.vxp.roster import Roster
from lienthong.gateway.vxp.systems import System

PREFIX = "xroadvnpt-"
AHEAD = timedelta(minutes=10)
"""So far a caller's clock may be ahead."""
_TIME = re.compile(r"(\d{2})(\d{2})(\d{4})T(\d{2})(\d{2})(\d{2})\+(\d{1,4})", re.ASCII)
_SIGNED = msgspec.json.Decoder(dict[str, str]).decode

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Call:
    """A proved call: by whom, and its signed parameters by lower-case name without prefix."""

    system: System
    params: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str:
        """A parameter, or empty."""
        return self.params.get(name.lower(), "").strip()


def claimed(headers: Headers) -> str:
    """Which system the caller says it is, unproved."""
    return _headers(headers).get("systemid", ("",))[-1][:64]


def opened(headers: Headers, roster: Roster, now: datetime, window: float) -> Call:
    """The call that these headers prove. `window`: seconds its time may be old, unless the system has its own.

    TokenInvalid (unknown system and wrong HMAC alike, or a header that is not the signed one), InvalidValue (what is
    signed is no JSON object of texts), ClockSkewed.
    """
    told = _headers(headers)
    name, signed, mark = (told.get(each, ("",))[-1] for each in ("systemid", "sign-header", "hash-header"))
    proved = roster.proves(name, signed.encode("utf-8", "surrogateescape"), mark, now)
    system = roster.system(name)
    if not proved or system is None:
        raise TokenInvalid("XroadVnpt-systemid, XroadVnpt-hash-header")
    params = _params(signed, told)
    if params.get("systemid") != name:
        raise TokenInvalid("XroadVnpt-systemid ∉ XroadVnpt-sign-header")
    _require_recent(params.get("timestamp", ""), now, timedelta(seconds=system.window or window))
    return Call(system, params)


def _headers(headers: Headers) -> dict[str, tuple[str, ...]]:
    """Those with the prefix, by the rest of their names; HTTP keeps no space around a value."""
    found: dict[str, tuple[str, ...]] = {}
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX)
            found[key] = (*found.get(key, ()), value.decode("utf-8", "surrogateescape").strip())
    return found


def _params(signed: str, told: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    try:
        values = _SIGNED(signed)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InvalidValue("XroadVnpt-sign-header") from error
    params = {name.lower().removeprefix(PREFIX): value for name, value in values.items()}
    if wrong := [name for name, value in params.items() if value.strip() not in told.get(name, ())]:
        raise TokenInvalid(f"XroadVnpt-{wrong[0][:64]} ≠ XroadVnpt-sign-header")
    return params


def _require_recent(text: str, now: datetime, window: timedelta) -> None:
    at = read_timestamp(text)
    if at is None:
        raise InvalidValue(f"XroadVnpt-timestamp: {text[:40]!r}, ddMMyyyy'T'HHmmss+SSSS")
    if not now - window <= at <= now + AHEAD:
        raise ClockSkewed(f"XroadVnpt-timestamp {text} / {now.astimezone(VIETNAM):%d%m%YT%H%M%S}")


def read_timestamp(text: str) -> datetime | None:
    """The moment of `ddMMyyyy'T'HHmmss+SSSS`: Vietnam time, milliseconds behind the plus. None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year, hour, minute, second, milliseconds = map(int, found.groups())
    try:
        whole = datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        return None
    return whole + timedelta(milliseconds=milliseconds)
