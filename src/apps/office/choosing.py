"""Choosing recipients from the directory: by search, or by codes typed in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lienthong.client import Desk, Org

OFFERED = 12
SEPARATORS = re.compile(r"[\s,;]+")


def search(desk: Desk, text: str, chosen: Iterable[str] = ()) -> tuple[Org, ...]:
    """Agencies whose name or code fits, without those already chosen."""
    if not text.strip():
        return ()
    taken = set(chosen)
    return tuple(org for org in desk.organisations(text.strip()[:100], limit=OFFERED) if org.code not in taken)


def codes_in(text: str) -> list[str]:
    """Codes typed in one field, separated by spaces, commas, semicolons or lines."""
    return [code.upper() for code in SEPARATORS.split(text.strip()) if code]


def named(desk: Desk, codes: Iterable[str]) -> list[Org | None]:
    """What the directory knows of each code; None for one it does not know."""
    return [_exact(desk, code) for code in codes]


def _exact(desk: Desk, code: str) -> Org | None:
    return next((org for org in desk.organisations(code, limit=OFFERED) if org.code == code), None)


def row_of(code: str, org: Org | None) -> dict[str, str]:
    """A line of a draft's recipients: the code with what the directory knows of it."""
    if org is None:
        return {"code": code, "name": "", "state": "unknown"}
    state = "open" if org.open else "closed"
    return {"code": code, "name": org.name, "state": state, "successor": org.successor or ""}
