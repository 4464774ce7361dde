"""Access tokens of the desks' software in one file, hashed: issued, listed, rotated, revoked; no restart for any of it.

    {"<sha256 of the token>": {"tenant": "H29", "name": "…", "id": "…", "scopes": ["read", "send"], "issued": "…",
                               "expires": "…", "revoked": "…"}}

A row of an older file has only `tenant` and `name`: such a token has every scope and no end. A revoked one stays
listed, so that its next caller, and who looks later, can see since when.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from lienthong.adapters.files import PRIVATE, write_whole
from lienthong.document import OrganisationCode
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotFound
from lienthong.gateway.ports import Caller

ID_DIGITS = 12
"""Digits of a token's digest that name it where people see it."""


def token_digest(token: str) -> str:
    """How a token is kept: SHA-256, hex. Tokens are 128 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_tokens(path: Path) -> dict[str, Caller]:
    """Digest → caller, revoked ones too; empty when there is no file. Raises `ConfigurationInvalid`."""
    if not path.exists():
        return {}
    try:
        rows = msgspec.json.decode(path.read_bytes(), type=dict[str, Caller])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error
    return {digest: replace(row, id=row.id or digest[:ID_DIGITS]) for digest, row in rows.items()}


def add_token(path: Path, token: str, caller: Caller) -> None:
    """Let software in with this token from now on."""
    with _changing(path) as rows:
        rows[token_digest(token)] = caller


def issue(path: Path, caller: Caller) -> tuple[str, Caller]:
    """A new token, told this once, and its row. InvalidValue: no name, no scope, or it has ended before it begins."""
    tenant = str(OrganisationCode.parse(caller.tenant))
    if not caller.name.strip() or not caller.scopes:
        raise InvalidValue("name, scopes")
    if caller.expires is not None and caller.issued is not None and caller.expires <= caller.issued:
        raise InvalidValue(f"expires {caller.expires:%Y-%m-%d}")
    token = secrets.token_hex(16)
    made = replace(caller, tenant=tenant, id=token_digest(token)[:ID_DIGITS], revoked=None)
    add_token(path, token, made)
    return token, made


def rotate(
    path: Path, id: str, now: datetime, overlap: timedelta, life: timedelta | None, tenant: str = ""
) -> tuple[str, Caller]:
    """A new token with the same rights; the old one goes on for `overlap`, so that software can be changed over.

    NotFound, also for a token of another than `tenant`, where one is named; InvalidValue for one that has ended.
    """
    old = _known(read_tokens(path), id, tenant)[1]
    if ended := old.ended(now):
        raise InvalidValue(f"{id}: {ended}")
    token, made = issue(path, replace(old, issued=now, expires=now + life if life else None))
    until = now + overlap
    with _changing(path) as rows:
        digest, old = _known(rows, id)
        rows[digest] = replace(old, expires=min(old.expires or until, until))
    return token, made


def revoke(path: Path, id: str, now: datetime, tenant: str = "") -> Caller:
    """Let nobody in with it from now on. A repeat changes nothing. NotFound, also for a token of another `tenant`."""
    with _changing(path) as rows:
        digest, old = _known(rows, id, tenant)
        rows[digest] = replace(old, revoked=old.revoked or now)
        return rows[digest]


def _known(rows: dict[str, Caller], id: str, tenant: str = "") -> tuple[str, Caller]:
    found = [
        (digest, caller) for digest, caller in rows.items() if id and caller.id == id and tenant in {"", caller.tenant}
    ]
    if not found:
        raise NotFound(id)
    return found[0]


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Caller]]:
    """The rows to be changed, one change at a time on this machine; written whole unless something raised."""
    with alone(path):
        rows = read_tokens(path)
        yield rows
        write_whole(path, msgspec.json.format(msgspec.json.encode(rows), indent=1), mode=PRIVATE)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One change at a time on this machine of what lies in the file's folder."""
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go when the handle is closed
        yield
    finally:
        os.close(handle)
