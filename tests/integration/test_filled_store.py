"""What `bench scale` measures on: packages copied inside the database, a log that still verifies."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa  # noqa: TID251  counts rows behind the store's back

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.store import FILE
from lienthong.cli.bench.filling import SEED
from lienthong.cli.bench.scale import filled_hop
from lienthong.cli.demo.build import build
from lienthong.evidence import Checkpoint, leaf_hash
from lienthong.evidence.merkle import root_from_leaves
from lienthong.evidence.note import Note
from lienthong.registry import Book

pytestmark = pytest.mark.integration
TWICE = 2 * SEED


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
async def test_a_filled_store_is_what_axes_leave_behind(
    on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("database") if on == "postgresql" else ""
    place = build(tmp_path / "country")
    book = Book(root_certificates(place.root))
    book.offer(place.snapshot.read_bytes(), SystemClock().now())
    told: list[str] = []
    async with AsyncExitStack() as stack:  # opening refuses a log that is not what it says
        store = (await filled_hop(stack, place, TWICE, book.directory(), told.append, url)).store
        assert (await store.read(lambda view: view.counts()))["through/delivered"] == TWICE
        said = Checkpoint.parse(Note.parse(await store.checkpoint()).text)
        assert said.size == 3 * TWICE
        assert said.root == root_from_leaves([leaf_hash(each) for each in await store.leaves(0, said.size)])
        assert (await store.receipt(said.size - SEED)).index == said.size - SEED  # proved from tiles
    assert told[-1].endswith(f"{TWICE:,}")

    engine = make_engine(url or f"sqlite:///{place.folder / f'stored-{TWICE}' / FILE}", writer=True)
    with engine.connect() as connection:
        paired = sa.and_(t.leg.c.package == t.package.c.id, t.leg.c.package_seq == t.package.c.seq)
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.package).join(t.leg, paired)) == TWICE
        trail = sa.select(sa.func.count()).select_from(t.step).join(t.package, t.package.c.id == t.step.c.package)
        assert connection.scalar(trail) == 2 * TWICE
        half = sa.select(sa.func.count()).select_from(t.package).where(t.package.c.id < "8", t.package.c.seq > SEED)
        assert connection.scalar(half) == pytest.approx(SEED / 2, rel=0.1)  # ids lie where those to come will
        if on == "sqlite":
            modes = [connection.exec_driver_sql(f"PRAGMA {each}").scalar() for each in ("journal_mode", "synchronous")]
            assert modes == ["wal", 2]
    engine.dispose()
