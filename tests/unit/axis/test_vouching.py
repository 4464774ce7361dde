"""One round of stamping leaves no log behind, and ends although logs grow on."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from lienthong.axis.workers import vouch
from lienthong.delivery.ports import Log
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.memory import Disk, MemoryStore
from lienthong.testing.pki import pki
from lienthong.testing.stamping import MemoryTimestamper


class _Logs:
    """Several logs with newest checkpoints nobody has stamped; one of them grows with every stamp."""

    def __init__(self, origins: Sequence[str], growing: str = "") -> None:
        self.waiting = dict.fromkeys(origins, 1)
        self.growing = growing
        self.stamped: list[str] = []

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        """The one that waits longest."""
        for size, origin in enumerate(self.waiting):
            return size, f"{origin}\n1\n{'A' * 43}=\n\n— {origin} AAAAAAAA\n", START
        return None

    async def keep_stamp(self, _size: int, _token: bytes) -> None:
        origin = next(iter(self.waiting))
        del self.waiting[origin]
        self.stamped.append(origin)
        if origin == self.growing:
            self.waiting[origin] = 2


async def _vouched(logs: _Logs) -> list[str]:
    clock = FakeClock()
    store, stamps = MemoryStore(pki().log(), clock, Disk()), MemoryTimestamper(pki().tsa(), clock)
    assert await vouch(cast("Log", logs), store, stamps) == {}
    return logs.stamped


async def test_every_log_is_stamped_in_one_round():
    assert await _vouched(_Logs(["a", "b", "c"])) == ["a", "b", "c"]


async def test_a_log_that_grows_on_neither_starves_the_others_nor_holds_the_round():
    logs = _Logs(["a", "b"], growing="a")
    assert await _vouched(logs) == ["a", "b"]
    assert logs.waiting == {"a": 2}
