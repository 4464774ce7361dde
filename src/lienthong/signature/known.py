"""What a hop knows of files by their SHA-256: the facts found in them, the packages they stand in, who brought them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lienthong.signature.facts.model import Facts


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a file stands: a package by its id, and the file's name in it."""

    sha256: str
    package: str
    name: str


class Known(Protocol):
    """Where it is kept. Each call is one transaction, durable on return; repeats change nothing. Unavailable."""

    async def keep(self, facts: Facts, now: datetime, tenant: str = "") -> None:
        """Keep facts without their looks; `tenant` is who brought the file to be checked, if it stands nowhere yet."""
        ...

    async def facts(self, sha256: str) -> Facts | None:
        """The facts of a file."""
        ...

    async def brought(self, tenant: str, sha256: str) -> bool:
        """Whether a tenant brought the file to be checked."""
        ...

    async def stands(self, sha256: str, limit: int) -> Sequence[Stand]:
        """Where a file stands, the newest first."""
        ...

    async def stand(self, stands: Sequence[Stand]) -> None:
        """Keep where files stand."""
        ...

    async def forget(self, before: datetime, limit: int) -> int:
        """Let go of what was only brought to be checked, before a moment; how many files."""
        ...
