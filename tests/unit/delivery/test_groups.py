"""Packages that go together: each is answered as if it had gone alone, and none harms its neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lienthong.delivery import AXIS, Accepted, JourneyState, accept, accept_all, forward
from lienthong.delivery.hop import INLINE
from lienthong.delivery.refusing import RECEIPT
from lienthong.document import package_id
from lienthong.errors import (
    Busy,
    DuplicateDiffers,
    LienThongError,
    PackageMalformed,
    PackageTooLarge,
    PartChanged,
    SenderNotRepresented,
    StorageFull,
    Unavailable,
)
from lienthong.testing.faults import Poison
from lienthong.testing.mishaps import Crash, Mishap, Script, befallen
from lienthong.testing.world import DEDICATED, World
from packages_made import framed

LARGE = {"lon.pdf": bytes(INLINE + 1)}
S = JourneyState


def letter(world: World, message_id: str, sender: str = "H29", **more: Any) -> bytes:
    return framed(world, world.edoc(sender, ("H34.7",), **more), message_id, sender=sender)


def codes(answers: Sequence[Accepted | Exception]) -> list[str]:
    return ["" if isinstance(each, Accepted) else getattr(each, "code", type(each).__name__) for each in answers]


# ---------------------------------------------------------------- at the axis


async def test_each_of_a_group_is_taken_or_refused_for_itself() -> None:
    world = World()
    good, large = letter(world, "id-1"), letter(world, "id-2", files=LARGE)
    changed = letter(world, "id-3")[:-1] + b"!"
    frames = [good, b"x", large, changed, letter(world, "id-4", "G09"), letter(world, "id-2"), letter(world, "id-5")]
    answers = await accept_all(world.axis, DEDICATED, frames)
    wrong = [PackageMalformed, PartChanged, SenderNotRepresented, DuplicateDiffers]
    assert codes(answers) == ["", wrong[0].code, "", *(each.code for each in wrong[1:]), ""]
    assert await accept(world.axis, DEDICATED, large) == answers[2]
    refused = [each for each in answers if isinstance(each, LienThongError)]
    assert [bool(each.facts.get(RECEIPT)) for each in refused] == [False, True, False, True]  # as if each came alone
    kinds = [event.kind for event in await world.events(AXIS)]
    assert (kinds.count("submission-accepted"), kinds.count("submission-rejected")) == (3, 4)


async def test_the_same_group_again_and_the_same_package_twice_get_the_same_receipts() -> None:
    world = World()
    frames = [letter(world, "id-1"), letter(world, "id-2", files=LARGE)]
    first = await accept_all(world.axis, DEDICATED, [*frames, *frames])
    assert first[:2] == first[2:]
    assert await accept_all(world.axis, DEDICATED, frames[::-1]) == first[1::-1]
    assert len(await world.events(AXIS)) == 2


async def test_a_fault_of_ours_over_one_package_is_its_answer_alone() -> None:
    world = World()
    poison = Poison(world.axis.store, "put_leg")
    frames = [letter(world, f"id-{each}") for each in range(3)]
    poison.package = package_id("H29", "id-1")
    answers = await accept_all(replace(world.axis, store=poison), DEDICATED, frames)
    assert codes(answers) == ["", "RuntimeError", ""]
    assert [event.package for event in await world.events(AXIS)] == [
        package_id("H29", "id-0"),
        package_id("H29", "id-2"),
    ]


async def test_a_work_for_all_that_fails_is_one_for_each() -> None:
    world, works = World(), list[int]()

    class Failing:
        async def write(self, work: Callable[[Any], Any]) -> Any:
            works.append(1)
            if len(works) == 1:
                raise Unavailable("the database went away")
            return await world.axis.store.write(work)

        def __getattr__(self, name: str) -> Any:
            return getattr(world.axis.store, name)

    frames = [letter(world, f"id-{each}") for each in range(3)]
    answers = await accept_all(replace(world.axis, store=Failing()), DEDICATED, frames)
    assert (codes(answers), len(works)) == ([""] * 3, 4)
    assert await accept_all(world.axis, DEDICATED, frames) == answers
    assert len(await world.events(AXIS)) == 3


async def test_no_room_for_what_is_large_refuses_the_large_alone() -> None:
    world = World()

    class Full:
        async def keep(self, contents: Any) -> None:
            if contents:
                raise StorageFull

    frames = [letter(world, "id-1"), letter(world, "id-2", files=LARGE)]
    assert codes(await accept_all(replace(world.axis, objects=Full()), DEDICATED, frames)) == ["", StorageFull.code]


async def test_what_is_large_is_kept_with_one_call_and_asked_for_once() -> None:
    world, calls = World(), list[str]()

    class Counting:
        def __init__(self, port: object) -> None:
            self._port = port

        def __getattr__(self, name: str) -> Any:
            calls.append(name)
            return getattr(self._port, name)

    frames = [letter(world, f"id-{each}", files={"lon.pdf": bytes(INLINE + 1 + each)}) for each in range(4)]
    axis = replace(world.axis, store=Counting(world.axis.store), objects=Counting(world.axis.objects))
    await accept_all(axis, DEDICATED, frames)
    assert (calls.count("read"), calls.count("keep"), calls.count("write")) == (1, 1, 1)


async def test_an_axis_that_dies_in_the_middle_has_told_nobody_yes_and_loses_nothing() -> None:
    fate = Script(write=[Mishap.CRASH_AFTER])
    world = World(around=lambda name, port: befallen(name, port, fate) if name == f"{AXIS}.store" else port)
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    await world.work(DEDICATED)[0]()
    assert [world.leg(DEDICATED, each, "G09").state for each in sent] == [S.RECORDED] * 3
    await world.run()
    assert [world.leg(DEDICATED, each, "G09").state for each in sent] == [S.DELIVERED] * 3
    kinds = [event.kind for event in await world.events(AXIS)]
    assert kinds.count("submission-accepted") == 3


async def test_a_crash_of_a_sender_goes_through() -> None:
    world = World()

    class Dying:
        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            raise Crash(DEDICATED)

    for _ in range(2):
        await world.send("H29", ["G09"])
    with pytest.raises(Crash):
        await forward(world.hop(DEDICATED), Dying())


# ---------------------------------------------------------------- at the gateway


class Line:
    """The axis, counted; one answer of a group may be exchanged."""

    def __init__(self, world: World, change: Callable[[int, Any], Any] = lambda _, answer: answer) -> None:
        self._wire, self._change, self.asked = world.wire(DEDICATED), change, list[int]()

    async def submit(self, frame: bytes) -> Accepted:
        self.asked.append(1)
        return await self._wire.submit(frame)

    async def submit_all(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        self.asked.append(len(frames))
        answers = await self._wire.submit_all(frames)
        return [self._change(place, answer) for place, answer in enumerate(answers)]


async def states(world: World, change: Callable[[int, Any], Any]) -> list[tuple[JourneyState, str]]:
    """Of three documents after a round in which that changed an answer."""
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    await forward(world.hop(DEDICATED), Line(world, change))
    legs = [world.leg(DEDICATED, each, "G09") for each in sent]
    return [(leg.state, leg.refusal or leg.detail) for leg in legs]


async def test_what_waits_goes_in_groups_and_a_single_one_as_it_always_did() -> None:
    world = World()
    line = Line(world)
    for many in (1, 3, 18):
        for _ in range(many):
            await world.send("H29", ["G09"])
        assert await forward(world.hop(DEDICATED), line) == many
    assert line.asked == [1, 3, 16, 2]


async def test_a_large_one_goes_by_itself() -> None:
    world = World()
    line, half = Line(world), {"lon.pdf": bytes(3 * 2**20)}
    for files in (None, half, half, None):
        await world.send("H29", ["G09"], files=files)
    await forward(world.hop(DEDICATED), line)
    assert line.asked == [2, 2]


async def test_a_recall_goes_behind_its_document_and_by_itself() -> None:
    world = World()
    line = Line(world)
    sent = [await world.send("H29", ["G09"]) for _ in range(2)]
    await world.recall(sent[0])
    await world.send("H29", ["G09"])
    assert await forward(world.hop(DEDICATED), line) == 4
    assert line.asked == [2, 1, 1]


@pytest.mark.parametrize(
    ("error", "state"),
    [(PackageTooLarge(), S.REFUSED), (Busy(retry_after="7"), S.RECORDED), (LienThongError(), S.RECORDED)],
)
async def test_one_answer_of_a_group_is_that_packages_alone(error: LienThongError, state: JourneyState) -> None:
    found = await states(World(), lambda place, answer: error if place == 1 else answer)
    assert found == [(S.ACCEPTED, ""), (state, error.code), (S.ACCEPTED, "")]


async def test_a_yes_for_a_neighbour_proves_nothing() -> None:
    kept: list[Accepted] = []

    def swapped(place: int, answer: Accepted) -> Accepted:
        kept.append(answer)
        return kept[0] if place == 1 else answer

    found = await states(World(), swapped)
    assert [state for state, _ in found] == [S.ACCEPTED, S.RECORDED, S.ACCEPTED]


async def test_the_rest_that_the_axis_had_no_room_for_goes_together_when_it_says() -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(4)]
    busy = Line(world, lambda place, answer: answer if place < 2 else Busy(retry_after="7"))
    assert await forward(world.hop(DEDICATED), busy) == 2
    assert await forward(world.hop(DEDICATED), busy) == 0
    world.clock.advance(world.terms.longest_retry)
    assert await forward(world.hop(DEDICATED), busy) == 2
    assert busy.asked == [4, 2]
    assert {world.leg(DEDICATED, each, "G09").state for each in sent} == {S.ACCEPTED}


async def test_a_dead_axis_is_one_failure_however_many_asked() -> None:
    world = World()
    for _ in range(world.terms.breaker_after + 1):
        await world.send("H29", ["G09"])

    class Dead:
        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            raise Unavailable

    assert await forward(world.hop(DEDICATED), Dead()) == 0
    world.clock.advance(world.terms.longest_retry)
    line = Line(world)
    assert await forward(world.hop(DEDICATED), line) == world.terms.breaker_after + 1
    assert line.asked == [1] * (world.terms.breaker_after + 1)  # who failed is not mixed with others again


@pytest.mark.parametrize(
    "answer", [PackageTooLarge(), LienThongError(), RuntimeError()], ids=lambda e: type(e).__name__
)
async def test_a_request_that_fails_as_a_whole_is_taken_apart(answer: Exception) -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]

    class Failing(Line):
        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            raise answer

    assert await forward(world.hop(DEDICATED), Failing(world)) == 3
    assert {world.leg(DEDICATED, each, "G09").state for each in sent} == {S.ACCEPTED}


async def test_an_axis_away_while_a_request_is_taken_apart_is_one_wait() -> None:
    world, asked = World(), list[int]()
    for _ in range(3):
        await world.send("H29", ["G09"])

    class Dying:
        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            raise LienThongError

        async def submit(self, frame: bytes) -> Any:
            asked.append(1)
            raise Unavailable

    assert await forward(world.hop(DEDICATED), Dying()) == 0
    assert len(asked) == 1


async def test_answers_that_do_not_count_up_are_no_answers() -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]

    class Short(Line):
        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            return (await self._wire.submit_all(frames))[:-1]

    assert await forward(world.hop(DEDICATED), Short(world)) == 3
    assert {world.leg(DEDICATED, each, "G09").state for each in sent} == {S.ACCEPTED}


async def test_our_own_unreadable_copy_holds_no_neighbour_up() -> None:
    world = World()
    lost = await world.send("H29", ["G09"], files=LARGE)
    world.stations[DEDICATED].objects.kept.clear()
    others = [await world.send("H29", ["G09"]) for _ in range(2)]
    line = Line(world)
    assert await forward(world.hop(DEDICATED), line) == 2
    assert line.asked == [2]
    assert (world.leg(DEDICATED, lost, "G09").state, world.leg(DEDICATED, lost, "G09").detail) == (
        S.RECORDED,
        "copy-unreadable",
    )
    assert {world.leg(DEDICATED, each, "G09").state for each in others} == {S.ACCEPTED}
