"""What `bench scale` measures on: packages copied inside the database, a log that still verifies."""

from pathlib import Path

import pytest
import sqlalchemy as sa  # noqa: TID251  counts rows behind the store's back

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.store import FILE
from lienthong.cli.bench.filling import SEED, fill
from lienthong.cli.bench.inside import axis_inside
from lienthong.cli.demo.build import build
from lienthong.registry import Book

pytestmark = pytest.mark.integration


async def test_a_filled_store_holds_what_it_says_and_its_log_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    place = build(tmp_path / "country")
    book = Book(root_certificates(place.root))
    book.offer(place.snapshot.read_bytes(), SystemClock().now())
    async with axis_inside(place, folder, book.directory()) as hop:
        engine = make_engine(f"sqlite:///{folder / FILE}", writer=True)
        await fill(hop, engine, 2 * SEED, lambda _: None)
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(t.package)) == 2 * SEED
            orphans = (
                sa.select(sa.func.count()).select_from(t.leg).where(t.leg.c.package.not_in(sa.select(t.package.c.id)))
            )
            assert connection.scalar(orphans) == 0
        engine.dispose()
    async with axis_inside(place, folder, book.directory()) as hop:  # refuses a log that is not what it says
        assert (await hop.store.read(lambda view: view.counts()))["through/delivered"] == 2 * SEED
