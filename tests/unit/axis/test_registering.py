"""Who waits at the axis's bell is woken by a newer registry, and by nothing that was not taken."""

from types import SimpleNamespace

import pytest

from lienthong.axis.workers import registering
from lienthong.delivery import REGISTRY_TOPIC, Bell
from lienthong.errors import SnapshotUntrusted


async def test_what_was_taken_into_force_rings_once() -> None:
    axis = SimpleNamespace(book=SimpleNamespace(version=1), bell=Bell())

    async def read() -> None:
        axis.book.version = 2

    for _ in range(2):
        await registering(axis, read)  # type: ignore[arg-type]  # as much of an axis as has a registry
    assert axis.bell.rings(REGISTRY_TOPIC) == 1


async def test_what_is_not_trusted_rings_nobody() -> None:
    axis = SimpleNamespace(book=SimpleNamespace(version=1), bell=Bell())

    async def read() -> None:
        raise SnapshotUntrusted("rollback")

    with pytest.raises(SnapshotUntrusted):
        await registering(axis, read)  # type: ignore[arg-type]  # as above
    assert axis.bell.rings(REGISTRY_TOPIC) == 0
