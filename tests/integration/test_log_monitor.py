"""A monitor outside: what it takes for growth, what it cries out at, and what it keeps of a lie."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from lienthong.axis.workers import vouch
from lienthong.cli.log.memory import STATE, Memory
from lienthong.cli.log.monitor import Look, Terms, look
from lienthong.cli.log.reading import ServedLog
from lienthong.errors import ConfigurationInvalid
from lienthong.evidence import SigningKey
from lienthong.testing.pki import pki
from lienthong.testing.stamping import MemoryTimestamper
from log_made import URL, Made, happening, through
from second_verifier import open_note, vkey

pytestmark = pytest.mark.integration
ONE, TWO, OTHER = [happening(1)], [happening(2)], [happening(9)]


class Watch:
    """One monitor over one made log."""

    def __init__(self, made: Made, folder: Path, transport: httpx.BaseTransport) -> None:
        self.made, self.memory = made, Memory(folder, URL)
        self.log = ServedLog(URL, transport)
        self.terms = Terms([made.key])

    def look(self, **terms: object) -> Look:
        return look(self.log, self.memory, replace(self.terms, **terms), self.made.now)  # type: ignore[arg-type]  # tests change any

    def codes(self, **terms: object) -> list[str]:
        return [each.code for each in self.look(**terms).alarms]


@contextmanager
def watch(made: Made, folder: Path) -> Iterator[Watch]:
    with made.served() as client:
        found = Watch(made, folder, through(client))
        with found.log:
            yield found


@pytest.fixture
def made() -> Made:
    return Made()


async def test_a_log_that_grows_is_followed_over_restarts(made: Made, tmp_path: Path) -> None:
    for rounds in range(3):
        await made.grow([happening(rounds * 300 + number) for number in range(300)])
        with watch(made, tmp_path) as monitor:
            found = monitor.look()
        assert (found.size, found.alarms) == (300 * (rounds + 1), ())


async def test_an_empty_log_is_nothing_to_cry_about(made: Made, tmp_path: Path) -> None:
    with watch(made, tmp_path) as monitor:
        assert monitor.codes() == []


async def test_a_rollback(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    copy = deepcopy(made.store.disk)
    await made.grow(TWO)
    with watch(made, tmp_path) as monitor:
        assert monitor.codes() == []
        made.store = made.fresh(copy)
        assert monitor.codes() == ["rollback"]
        made.store = made.fresh()
        assert monitor.codes() == ["rollback"]


@pytest.mark.parametrize("further", [0, 1, 300])
async def test_a_fork_and_its_evidence(made: Made, tmp_path: Path, further: int) -> None:
    await made.grow(ONE)
    copy = deepcopy(made.store.disk)
    await made.grow(TWO)
    with watch(made, tmp_path) as monitor:
        assert monitor.codes() == []
        made.store = made.fresh(copy)
        await made.grow([*OTHER, *(happening(20 + number) for number in range(further))])
        found = monitor.look()
        assert [each.code for each in found.alarms] == ["fork"]
        monitor.look()
    # two notes signed by the same key that cannot both be true: anybody can check that without us
    [place] = found.kept
    key = vkey(str(made.key))
    seen, shown = (open_note((place / f"{name}.checkpoint").read_text(), key) for name in ("seen", "shown"))
    assert seen.root != shown.root
    assert json.loads((place / "alarm.json").read_text())["code"] == "fork"
    assert len([each for each in monitor.memory.folder.iterdir() if each.is_dir()]) == 1


async def test_entries_that_are_not_those_that_were_signed(made: Made, tmp_path: Path) -> None:
    await made.grow([*ONE, *TWO])
    made.store.disk.log.bodies[1] = happening(7).to_leaf()
    with watch(made, tmp_path) as monitor:
        assert monitor.codes() == ["leaves"]
        assert not (monitor.memory.folder / STATE).exists()


async def test_an_entry_in_the_name_of_another_hop(made: Made, tmp_path: Path) -> None:
    await made.grow([happening(1, hop="gw-h29")])
    with watch(made, tmp_path) as monitor:
        assert monitor.codes() == ["foreign-leaf"]


async def test_a_key_nobody_knows(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    stranger = SigningKey(made.key.name, b"s" * 32).verifier
    with watch(made, tmp_path) as monitor:
        assert monitor.codes(keys=[stranger]) == ["unexpected-key"]


async def test_a_log_that_stands_still(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    with watch(made, tmp_path) as monitor:
        assert monitor.codes(stalled=timedelta(hours=1)) == []
        made.clock.advance(timedelta(hours=2))
        found = monitor.look(stalled=timedelta(hours=1))
        assert [(each.code, each.grave) for each in found.alarms] == [("stalled", False)]
        await made.grow(TWO)
        assert monitor.codes(stalled=timedelta(hours=1)) == []


async def test_checkpoints_that_nobody_dates_any_more(made: Made, tmp_path: Path) -> None:
    stamps = MemoryTimestamper(pki().tsa(), made.clock)
    await made.grow(ONE)
    await vouch(made.store, made.store, stamps)
    terms = {"stamp_age": timedelta(hours=1), "roots": pki().roots}
    with watch(made, tmp_path) as monitor:
        assert monitor.codes(**terms) == []
        made.clock.advance(timedelta(hours=2))
        assert monitor.codes(**terms) == []  # nothing new happened: the stamp covers all there is
        await made.grow([happening(2, at=made.now)])
        assert monitor.codes(**terms) == []
        made.clock.advance(timedelta(hours=2))
        assert monitor.codes(**terms) == ["unstamped"]
        await vouch(made.store, made.store, stamps)
        assert monitor.codes(**terms) == []


async def test_a_stamp_of_something_else(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    await made.store.keep_stamp(1, await MemoryTimestamper(pki().tsa(), made.clock).stamp(b"x" * 32))
    with watch(made, tmp_path) as monitor:
        assert monitor.codes(roots=pki().roots) == ["stamp-broken"]


async def test_two_monitors_that_are_shown_two_logs(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    copy = deepcopy(made.store.disk)
    await made.grow(TWO)
    with watch(made, tmp_path / "a") as first, watch(made, tmp_path / "b") as second:
        peer = [first.memory.folder / STATE]
        assert first.codes() == []
        assert second.codes(peers=peer) == []
        made.store = made.fresh(copy)
        await made.grow([*OTHER, *ONE])
        fresh = Memory(tmp_path / "c", URL)
        second.memory = fresh
        found = second.look(peers=peer)
        assert [each.code for each in found.alarms] == ["fork"]
        assert (found.kept[0] / "peer-0.checkpoint").read_text() != (found.kept[0] / "shown.checkpoint").read_text()


async def test_nobody_answers(made: Made, tmp_path: Path) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with ServedLog(URL, httpx.MockTransport(down)) as log:
        found = look(log, Memory(tmp_path, URL), Terms([made.key]), made.now)
    assert [(each.code, each.grave) for each in found.alarms] == [("unreachable", False)]


async def test_a_damaged_memory_is_not_begun_anew(made: Made, tmp_path: Path) -> None:
    await made.grow(ONE)
    with watch(made, tmp_path) as monitor:
        monitor.look()
        (monitor.memory.folder / STATE).write_text("{}")
        with pytest.raises(ConfigurationInvalid):
            monitor.look()
