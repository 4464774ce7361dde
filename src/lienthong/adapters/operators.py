"""Operators of a hop in a file of hashed tokens; without the file nobody is one."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from lienthong.adapters.files import edition, write_whole
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotAllowed, TokenInvalid


class Role(StrEnum):
    """What a token opens."""

    VIEWER = "viewer"  # search, journeys, dead letters
    OPERATOR = "operator"  # and the acts


@dataclass(frozen=True, slots=True)
class Operator:
    """Who calls: the name that stands in the log."""

    name: str
    role: Role


class Operators:
    """Reads the file when it changed: no restart for a new operator, and none for one who has left."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: tuple[int, ...] | None = None
        self._known: dict[str, Operator] = {}

    def caller(self, authorization: str, *, acts: bool) -> Operator:
        """Whose token it is. Raises `TokenInvalid`, and `NotAllowed` for a viewer who wants to act."""
        scheme, _, token = authorization.partition(" ")
        self._refresh()
        wanted = _digest(token)
        found = [each for digest, each in self._known.items() if hmac.compare_digest(digest, wanted)]
        if scheme != "Bearer" or not found:
            raise TokenInvalid("lienthong … operator")
        if acts and found[0].role is not Role.OPERATOR:
            raise NotAllowed(found[0].role)
        return found[0]

    def _refresh(self) -> None:
        if self._path is not None and (there := edition(self._path)) != self._read:
            self._known, self._read = read_operators(self._path), there


def read_operators(path: Path) -> dict[str, Operator]:
    """Digest → operator; empty when there is no file. Raises `ConfigurationInvalid`."""
    if not path.exists():
        return {}
    try:
        told = json.loads(path.read_text("utf-8"))
        return {digest: Operator(row["name"], Role(row["role"])) for digest, row in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def add_operator(path: Path, token: str, operator: Operator) -> None:
    """Let an operator in with this token, in place of any the name had before."""
    if not operator.name.strip():
        raise InvalidValue("name")
    kept = {digest: each for digest, each in read_operators(path).items() if each.name != operator.name}
    _write(path, kept | {_digest(token): operator})


def remove_operator(path: Path, name: str) -> None:
    """Let nobody in under this name any more."""
    _write(path, {digest: each for digest, each in read_operators(path).items() if each.name != name})


def _write(path: Path, operators: dict[str, Operator]) -> None:
    rows = {digest: asdict(each) for digest, each in operators.items()}
    write_whole(path, json.dumps(rows, ensure_ascii=False, indent=1).encode(), mode=0o600)


def _digest(token: str) -> str:
    """How a token is kept: SHA-256, hex. Tokens are 128 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
