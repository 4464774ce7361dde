"""Packages opened in processes of their own: the same answers as in one, whatever befalls a child."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from multiprocessing import active_children
from typing import Any

import pytest

from lienthong.adapters.opening import WORTH, Openers, Unopened
from lienthong.delivery.hop import INLINE
from lienthong.delivery.opening import Folded, Here, Unfolded, folded, loose
from lienthong.errors import PackageTooLarge
from lienthong.testing.world import World
from packages_made import framed


@pytest.fixture
async def openers() -> AsyncIterator[Openers]:
    async with Openers(1) as made:
        yield made


@pytest.fixture
def world() -> World:
    return World()


def package(world: World, frame: bytes) -> Folded:
    return folded(loose(frame, world.axis.limits), world.axis.directory(), world.clock.now(), world.axis.limits)


def letters(world: World, many: int = WORTH) -> list[Folded]:
    message = world.edoc("H29", ("G09",), files={"lon.pdf": bytes(INLINE + 1)})
    return [package(world, framed(world, message, f"id-{each}")) for each in range(many)]


def test_files_stay_where_they_are(world: World) -> None:
    (asked,) = letters(world, 1)
    envelope, file = asked.parts
    assert file.size == INLINE + 1
    assert envelope.size == asked.size < 10_000


def test_a_file_is_bounded_and_an_envelope_by_the_whole_alone(world: World) -> None:
    frame = framed(world, world.edoc("H29", ("G09",), files={"a.pdf": bytes(1000)}), "id")
    envelope, file = loose(frame, replace(world.axis.limits, attachment_bytes=1000)).parts
    assert envelope.size > file.size == 1000
    with pytest.raises(PackageTooLarge):
        loose(frame, replace(world.axis.limits, attachment_bytes=999))


def told(found: Sequence[Unfolded | Exception]) -> list[Any]:
    return [(type(each), str(each), vars(each)) if isinstance(each, Exception) else each for each in found]


def child() -> int:
    (only,) = (each.pid for each in active_children())
    assert only is not None
    return only


async def test_a_child_gives_the_answers_that_this_process_would(openers: Openers, world: World) -> None:
    good, *_, other = letters(world)
    changed = replace(good, parts=(good.parts[0], replace(good.parts[1], sha256="0" * 64)))
    nothing = replace(good, seal="x")
    stale = replace(other, trust=replace(other.trust, current=False))
    unknown = replace(other, trust=replace(other.trust, key=None))
    apart = replace(other, envelope=None)
    asked = [good, nothing, changed, stale, unknown, apart, other]
    found = await openers.unfold(asked)
    assert told(found) == told(await Here().unfold(asked))
    assert [isinstance(each, Unfolded) for each in found] == [True, *[False] * 5, True]
    assert child() != os.getpid()


async def test_a_fault_nobody_foresaw_is_that_of_one_package_and_is_told_whole(openers: Openers, world: World) -> None:
    asked = letters(world)
    asked[1] = replace(asked[1], moment=asked[1].moment.replace(tzinfo=None))
    (here,) = await Here().unfold(asked[1:2])
    assert isinstance(here, TypeError)
    found = await openers.unfold(asked)
    assert [isinstance(each, Unfolded) for each in found] == [True, False, True, True]
    assert isinstance(found[1], Unopened)
    assert str(found[1]).startswith("Traceback")
    assert str(here) in str(found[1])


async def test_what_comes_alone_asks_no_child(openers: Openers, world: World) -> None:
    (found,) = await openers.unfold(letters(world, 1))
    assert isinstance(found, Unfolded)
    assert active_children() == []


async def test_a_signal_for_the_parent_ends_no_child_and_a_dead_one_is_replaced(openers: Openers, world: World) -> None:
    asked = letters(world)
    found = await openers.unfold(asked)
    first = child()
    os.kill(first, signal.SIGTERM)
    os.kill(first, signal.SIGINT)
    assert (await openers.unfold(asked), child()) == (found, first)
    os.kill(first, signal.SIGKILL)
    assert await openers.unfold(asked) == found
    assert child() != first


def deadly(package: Folded) -> Folded:
    """One that its child falls over: it is no question at all."""
    return replace(package, seal=0)  # type: ignore[arg-type]  # on purpose


def unspeakable(package: Folded) -> Folded:
    """One that nobody can be asked about."""
    return replace(package, seal="\ud800")


@pytest.mark.parametrize("fatal", [deadly, unspeakable])
async def test_the_package_a_child_falls_over_is_a_fault_of_ours_and_its_neighbours_are_opened(
    openers: Openers, world: World, fatal: Callable[[Folded], Folded]
) -> None:
    asked = letters(world)
    asked[1] = fatal(asked[1])
    found = await openers.unfold(asked)
    assert [isinstance(each, Unfolded) for each in found] == [True, False, True, True]
    assert isinstance(found[1], Unopened)


async def test_what_lay_behind_the_package_that_a_child_fell_over_is_opened(openers: Openers, world: World) -> None:
    good = letters(world)
    bad = [deadly(good[0]), *good[1:]]
    faulty, *others = await asyncio.gather(*map(openers.unfold, (bad, good, good, good)))
    assert [isinstance(each, Unopened) for each in faulty] == [True, False, False, False]
    assert others == [await Here().unfold(good)] * 3


async def test_a_package_that_takes_too_long_is_a_fault_of_ours(world: World) -> None:
    async with Openers(1, seconds=1e-6) as openers:
        found = await openers.unfold(letters(world))
    assert [type(each) for each in found] == [Unopened] * WORTH
    assert active_children() == []


async def test_who_asked_and_went_away_leaves_the_answers_in_their_order(openers: Openers, world: World) -> None:
    one, other = letters(world), letters(world, WORTH + 1)
    await openers.unfold(one)
    gone = asyncio.create_task(openers.unfold(one))
    waits = asyncio.create_task(openers.unfold(other))
    await asyncio.sleep(0)  # both are asked by now
    assert gone.cancel()
    assert await waits == await Here().unfold(other)
    assert gone.cancelled()


async def test_several_children_share_the_groups(world: World) -> None:
    asked = letters(world)
    async with Openers(2) as openers:
        found = await asyncio.gather(*[openers.unfold(asked) for _ in range(4)])
        assert len(active_children()) == 2
    assert found == [await Here().unfold(asked)] * 4
    assert active_children() == []


PARENT = """
import asyncio, multiprocessing, sys
from lienthong.adapters.opening import WORTH, Openers
from lienthong.delivery.opening import Folded, Listed
from lienthong.envelope import DEFAULT
from datetime import UTC, datetime
if __name__ == "__main__":
    openers = Openers(1)
    asyncio.run(openers.unfold([Folded("x", None, (), Listed(None, True), datetime.now(UTC), DEFAULT)] * WORTH))
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()
"""


def test_a_child_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        handle = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([handle], [], [], 30)[0]  # readable once it has ended
        finally:
            os.close(handle)
