"""The hops this console works with, each through its operations face: the token that looks, or the one that acts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string

from apps.accounts.models import User
from apps.accounts.roles import Right, may
from apps.config import ConsoleHop
from lienthong.client import Operations

ACTING = (Right.FREE_MESSAGES, Right.RUN_GATEWAYS)


def names() -> tuple[str, ...]:
    """The hops by name, the axis first."""
    console = settings.CONFIG.console
    return tuple(hop.name for hop in console.hop) if console else ()


def axis(person: User) -> Operations:
    """The axis's face. Raises `Http404` when the site works with none."""
    if not names():
        raise Http404
    return face(person, names()[0])


def face(person: User, name: str) -> Operations:
    """One hop's face: whoever may not act there gets the token that only looks. Raises `Http404` for an unknown hop."""
    console = settings.CONFIG.console
    hop = next((hop for hop in console.hop if hop.name == name), None) if console else None
    if console is None or hop is None:
        raise Http404
    made: Operations = import_string(console.hops)(hop, acts=any(may(person.role, right) for right in ACTING))
    return made


def real(hop: ConsoleHop, *, acts: bool) -> Operations:
    """The real face, with the token of its file."""
    file = hop.token_file if acts or hop.viewer_file is None else hop.viewer_file
    return _connected(hop.url, file.read_text("utf-8").strip(), hop.ca_file)


@cache
def _connected(url: str, token: str, ca: Path | None) -> Operations:
    """One connection for a hop and a token: a handshake per page would be felt."""
    return Operations(url, token, ca)
