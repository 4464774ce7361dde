"""What the VXP face needs kept: systems, wishes, the trail; and secrets sealed at rest."""

from collections.abc import Callable, Sequence
from typing import Protocol

from lienthong.gateway.vxp.systems import System, TrailRow, Wish


class Systems(Protocol):
    """The registered systems of a gateway."""

    async def all(self) -> Sequence[System]:
        """Every system, by id."""
        ...

    async def add(self, system: System) -> None:
        """Keep a new one; InvalidValue when the id is taken."""
        ...

    async def change(self, id: str, work: Callable[[System], System]) -> System:
        """What `work` makes of it, kept; NotFound."""
        ...

    async def wish(self, wish: Wish) -> Wish:
        """Keep a wish; one that says the same and still waits stands for it. Busy beyond `MOST_WISHES`."""
        ...

    async def wishes(self, *, waiting: bool) -> Sequence[Wish]:
        """In the order they came; those that wait, or the newest of all."""
        ...

    async def decide(self, id: str, work: Callable[[Wish], Wish]) -> Wish:
        """What `work` makes of a waiting wish, kept; NotFound."""
        ...

    async def note(self, rows: Sequence[TrailRow]) -> None:
        """Add counts to the trail."""
        ...

    async def trail(self, system: str, limit: int) -> Sequence[TrailRow]:
        """The newest rows, of one system or of all."""
        ...


MOST_WISHES = 1000
"""Wishes of one system that may wait."""


class Vault(Protocol):
    """Keeps secrets unreadable at rest."""

    def seal(self, place: str, text: str) -> bytes:
        """What may be stored, bound to its place."""
        ...

    def open(self, place: str, sealed: bytes) -> str:
        """The secret. ConfigurationInvalid under another key or in another place."""
        ...
