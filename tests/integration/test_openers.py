"""Packages opened in processes of their own: the same answers as in one, whatever befalls a child."""

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import active_children
from typing import Any

import pytest

from lienthong.adapters.opening import WORTH, Openers
from lienthong.delivery.hop import INLINE
from lienthong.delivery.opening import Folded, Here, Unfolded, folded, loose
from lienthong.envelope.package import Part, PartRef
from lienthong.errors import LienThongError, PackageTooLarge, WorkFailed
from lienthong.testing.world import World
from packages_made import framed


@pytest.fixture
def openers() -> Iterator[Openers]:
    with Openers(1) as made:
        yield made


@pytest.fixture
def world() -> World:
    return World()


def package(world: World, frame: bytes) -> Folded:
    return folded(loose(frame, world.axis.limits), world.axis.directory(), world.clock.now(), world.axis.limits)


def letters(world: World, many: int = WORTH) -> list[Folded]:
    message = world.edoc("H29", ("G09",), files={"lon.pdf": bytes(INLINE + 1)})
    return [package(world, framed(world, message, f"id-{each}")) for each in range(many)]


async def test_files_stay_where_they_are(world: World) -> None:
    envelope, *files = letters(world, 1)[0].parts
    assert isinstance(envelope, Part)
    assert files
    assert all(isinstance(each, PartRef) for each in files)


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
    asked = [good, nothing, changed, stale, unknown, other]
    found = await openers.unfold(asked)
    assert told(found) == told(await Here().unfold(asked))
    assert [isinstance(each, Unfolded) for each in found] == [True, False, False, False, False, True]
    assert child() != os.getpid()


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


class Deadly(bytes):
    """A package that its reader falls over: unpickled, the process ends."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


async def test_the_package_a_child_falls_over_is_a_fault_of_ours_and_its_neighbours_are_opened(
    openers: Openers, world: World
) -> None:
    asked = letters(world)
    envelope, *files = asked[1].parts
    asked[1] = replace(asked[1], parts=(replace(envelope, content=Deadly(envelope.content)), *files))
    found = await openers.unfold(asked)
    assert [isinstance(each, Unfolded) for each in found] == [True, False, True, True]
    assert isinstance(found[1], BrokenProcessPool)


PARENT = """
import asyncio, multiprocessing, sys
from lienthong.adapters.opening import WORTH, Openers
from lienthong.delivery.opening import Folded, Listed
from lienthong.envelope import DEFAULT
from datetime import UTC, datetime
if __name__ == "__main__":
    openers = Openers(1)
    asyncio.run(openers.unfold([Folded("x", (), Listed(None, True), datetime.now(UTC), DEFAULT)] * WORTH))
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


def test_a_refusal_crosses_from_process_to_process_as_it_was_raised() -> None:
    for raised in (WorkFailed(), WorkFailed("vì sao"), LienThongError("chi tiết", receipt="{}")):
        crossed = pickle.loads(pickle.dumps(raised))  # noqa: S301  our own, as just dumped
        assert told([crossed]) == told([raised])
