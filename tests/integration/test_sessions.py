"""One suite for the place that keeps signing sessions and its twin."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lienthong.errors import NotFound, SigningEnded
from lienthong.signature.session.keeping import Kept, Sessions
from lienthong.signature.session.machine import Act, moved
from lienthong.signature.session.model import State
from signing_world import NOW, Later, Opened, in_memory, in_tables, kept, trace

PLACES = [
    pytest.param(in_memory, id="memory"),
    pytest.param(in_tables, id="sqlite", marks=pytest.mark.integration),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration),
]
A, B = kept("a"), kept("b", batch="bulk")


@pytest.fixture(params=PLACES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    if request.param == "postgresql":
        return in_tables(request.getfixturevalue("database"))
    made: Opened = request.param(tmp_path / "data")
    return made


@pytest.fixture
async def sessions(opened: Opened) -> AsyncIterator[Sessions]:
    async with opened() as place:
        yield place


def ended(of: Kept) -> Kept:
    return replace(of, session=moved(of.session, Act.FINISH, NOW, result="c" * 64), result_size=7)


async def test_a_session_and_its_trail_outlive_the_process(opened: Opened) -> None:
    full = replace(A, submitted=NOW + timedelta(microseconds=3), answer="t")
    full = replace(full, session=replace(full.session, handle="h", problem="p", state=State.WAITING))
    async with opened() as sessions:
        assert await sessions.begin([full], [trace(full)]) == (full,)
    async with opened() as sessions:
        assert await sessions.get("H29", "a") == full
        assert await sessions.trail("H29", "a") == (trace(full),)


async def test_a_second_beginning_changes_nothing(sessions: Sessions) -> None:
    await sessions.begin([A], [trace(A)])
    other = kept("a", person="Người khác")
    assert await sessions.begin([other, B], [trace(other), trace(B)]) == (A,)
    assert await sessions.get("H29", "b") is None
    assert await sessions.trail("H29", "a") == (trace(A),)


async def test_tenants_do_not_see_one_another(sessions: Sessions) -> None:
    foreign = kept("a", "G09", batch="bulk")
    await sessions.begin([A], [trace(A)])
    await sessions.begin([foreign], [trace(foreign)])
    assert await sessions.get("G09", "a") == foreign
    assert await sessions.batch("H29", "bulk") == ()
    assert await sessions.trail("G09", "a") == (trace(foreign),)
    with pytest.raises(NotFound):
        await sessions.change("G09", "b", lambda kept: kept)


async def test_a_bulk_comes_in_its_order(sessions: Sessions) -> None:
    many = [kept(f"s{n}", batch="bulk") for n in (3, 1, 2)]
    await sessions.begin(many, [trace(each) for each in many])
    assert await sessions.batch("H29", "bulk") == tuple(many)


async def test_a_change_is_kept_with_its_trail(sessions: Sessions) -> None:
    await sessions.begin([A], [trace(A)])
    assert await sessions.change("H29", "a", ended, trace(A, "finish")) == ended(A)
    assert await sessions.get("H29", "a") == ended(A)
    assert [each.act for each in await sessions.trail("H29", "a")] == ["prepare", "finish"]


async def test_no_change_leaves_no_trail(sessions: Sessions) -> None:
    await sessions.begin([A], [])
    await sessions.change("H29", "a", lambda kept: kept, trace(A, "finish"))
    assert await sessions.trail("H29", "a") == ()


async def test_a_refused_change_changes_nothing(sessions: Sessions) -> None:
    await sessions.begin([A], [])
    await sessions.change("H29", "a", ended)

    def rejected(found: Kept) -> Kept:
        return replace(found, session=moved(found.session, Act.REJECT, NOW))

    with pytest.raises(SigningEnded):
        await sessions.change("H29", "a", rejected, trace(A, "reject"))
    assert await sessions.get("H29", "a") == ended(A)
    assert await sessions.trail("H29", "a") == ()
    await sessions.note(trace(A, "reject", "signing-ended"))
    assert len(await sessions.trail("H29", "a")) == 1


async def test_the_open_come_as_they_expire(sessions: Sessions) -> None:
    late = kept("late", expires=Later.over + timedelta(minutes=1))
    for each in (late, A, B):
        await sessions.begin([each], [])
    await sessions.change("H29", "b", ended)
    assert await sessions.open(9) == (A, late)
    assert await sessions.open(1) == (A,)


async def test_ended_sessions_hold_contents_until_told(sessions: Sessions) -> None:
    await sessions.begin([A, B], [])
    await sessions.change("H29", "a", ended)
    assert await sessions.held(A.session.expires, 9) == ()
    after = A.session.expires + timedelta(seconds=1)
    assert await sessions.held(after, 9) == (ended(A),)
    await sessions.change("H29", "a", lambda kept: replace(kept, prepared_size=0, result_size=0))
    assert await sessions.held(after, 9) == ()
