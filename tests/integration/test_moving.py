"""A stopped hop moves to other stores with every row, every object and its log; a kill anywhere only delays it."""

import asyncio
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa  # noqa: TID251  the tables are looked at

from lienthong.adapters.installation import at_rest
from lienthong.adapters.moving import MOVED, move
from lienthong.adapters.object_settings import open_objects
from lienthong.adapters.sql import SqlStore, copying
from lienthong.delivery.model import Notice
from lienthong.errors import ConfigurationInvalid, EvidenceBroken, NotFound
from lienthong.evidence import ProofResult, Receipt, verify_receipt
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import accept, package
from stored_hops import LARGE, Place, drop_newest_notices, execute, fill, large, outgrown, quiet, receipts

pytestmark = pytest.mark.integration
MANY = 40


class Killed(BaseException):
    """The command ends here."""


@pytest.fixture
def old(tmp_path: Path) -> Place:
    return Place(tmp_path / "old")


@pytest.fixture(params=["embedded", "outgrown"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "outgrown":
        return outgrown(request, tmp_path / "new")
    return Place(tmp_path / "new")


def filled(place: Place) -> list[str]:
    return asyncio.run(fill(place, range(MANY)))


def test_everything_is_at_the_new_place_and_the_old_one_is_shut(old: Place, new: Place) -> None:
    given = filled(old)
    done = move(old, new, quiet)
    assert done.rows["package"] == done.rows["leaf"] == MANY
    assert done.objects == LARGE
    assert asyncio.run(receipts(new, MANY)) == given
    for text in given[:3]:
        assert verify_receipt(Receipt.from_json(text), None, pki().roots).result is ProofResult.PROVED
    objects = open_objects(new.objects, new.data)
    for digest in asyncio.run(_large_digests(new)):
        assert asyncio.run(objects.fetch(digest)) in {large(number) for number in range(LARGE)}
    with pytest.raises(ConfigurationInvalid, match="moved elsewhere"):
        asyncio.run(receipts(old, 1))
    with pytest.raises(ConfigurationInvalid, match="moved elsewhere"):
        move(old, Place(old.data.with_name("third")), quiet)


async def _large_digests(place: Place) -> set[str]:
    async with SqlStore.open(place.where, pki().log(), FakeClock()) as store:
        page = await store.read(lambda view: [view.package(package(f"Văn bản {n}").id) for n in range(MANY)])
    return {part.sha256 for found in page if found for part in found.parts if part.size > 65536}


def test_the_log_goes_on_and_numbers_never_come_again(old: Place, new: Place) -> None:
    filled(old)
    last = asyncio.run(drop_newest_notices(old))
    move(old, new, quiet)

    async def go_on() -> tuple[int, int]:
        async with SqlStore.open(new.where, pki().log(), FakeClock()) as store:
            index = await store.write(accept(package("after the move")))
            await store.write(lambda tx: tx.add_notice(Notice("gateway-1", "p", "new")))
            return index, (await store.read(lambda view: view.notices("gateway-1", 0, 9)))[0].seq

    index, seq = asyncio.run(go_on())
    assert index == MANY
    assert seq > last


def test_a_move_cut_off_anywhere_goes_on(old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PORTION", 9)
    monkeypatch.setattr(copying, "PORTION_OF_BYTES", 7)
    given, new = filled(old), Place(tmp_path / "new")
    for allowed in count(1, 7):
        calls = count(1)

        def tell(_what: str, _done: int, calls: "count[int]" = calls, allowed: int = allowed) -> None:
            if next(calls) > allowed:
                raise Killed

        try:
            move(old, new, tell)
            break
        except Killed:
            with pytest.raises(ConfigurationInvalid, match="not all is copied"):
                asyncio.run(receipts(new, 1))
    assert allowed > 20
    assert asyncio.run(receipts(new, MANY)) == given


def test_a_move_cut_off_between_its_two_last_steps_goes_on(
    old: Place, new: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = filled(old)

    def killed(_connection: sa.Connection) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(copying, "let_go", killed)
        with pytest.raises(Killed):
            move(old, new, quiet)
    move(old, new, quiet)
    assert asyncio.run(receipts(new, MANY)) == given
    with at_rest(old) as found, found.engine.connect() as connection:
        assert copying.held(connection) == MOVED


def test_a_place_in_use_is_refused(old: Place, new: Place) -> None:
    filled(old)

    async def meanwhile(running: Place) -> None:
        async with SqlStore.open(running.where, pki().log(), FakeClock()):
            with pytest.raises(ConfigurationInvalid, match="another process"):
                await asyncio.to_thread(move, old, new, quiet)

    asyncio.run(meanwhile(old))
    asyncio.run(meanwhile(new))


def test_a_place_that_holds_something_is_refused(old: Place, new: Place) -> None:
    filled(old)
    given = asyncio.run(fill(new, range(2)))
    with pytest.raises(ConfigurationInvalid, match="not empty"):
        move(old, new, quiet)
    assert asyncio.run(receipts(new, 2)) == given
    assert len(asyncio.run(receipts(old, MANY))) == MANY


HARM = {
    "a leaf": "UPDATE leaf SET body = CAST(body || ' ' AS BLOB) WHERE \"index\" = 3",
    "a leaf and its hash": 'UPDATE leaf SET hash = zeroblob(32) WHERE "index" = 3',
    "a missing leaf": 'DELETE FROM leaf WHERE "index" = 5',
    "the newest checkpoint": "UPDATE checkpoint SET note = replace(note, char(10) || '40' || char(10), char(10) || '41' || char(10))",
    "a small content": "UPDATE content SET data = x'00'",
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_broken_does_not_move(old: Place, tmp_path: Path, harm: str) -> None:
    new = Place(tmp_path / "new")
    filled(old)
    execute(old, HARM[harm])
    with pytest.raises(EvidenceBroken):
        move(old, new, quiet)
    with pytest.raises((ConfigurationInvalid, NotFound)):
        asyncio.run(receipts(new, 1))


def test_a_missing_object_is_told(old: Place, new: Place) -> None:
    filled(old)
    next(path for path in (old.data / "objects").rglob("*") if path.is_file()).unlink()
    with pytest.raises(NotFound):
        move(old, new, quiet)


def test_a_row_that_changed_between_two_tries_is_found(old: Place, new: Place) -> None:
    filled(old)

    def killed(what: str, _done: int) -> None:
        if what == "objects":
            raise Killed

    with pytest.raises(Killed):
        move(old, new, killed)
    execute(old, "UPDATE leg SET attempts = 7")
    with pytest.raises(EvidenceBroken, match="leg 40"):
        move(old, new, quiet)


def test_back_again(old: Place, new: Place, tmp_path: Path) -> None:
    given = filled(old)
    move(old, new, quiet)
    home = Place(tmp_path / "home")
    move(new, home, quiet)
    assert asyncio.run(receipts(home, MANY)) == given


def test_an_empty_hop_moves_too(old: Place, new: Place) -> None:
    with at_rest(old):
        pass
    assert move(old, new, quiet).logs == ()
