"""What ends soon: reminders at 90, 60 and 30 days, each once, and a renewal of everything at a stroke."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ca_house import CaWorld, ca_world, csr, person
from lienthong.ca.bulk import Bulk
from lienthong.ca.life.table import Row
from lienthong.ca.reminders import Reminding, reminders, step_of
from lienthong.errors import InvalidValue
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


@pytest.mark.parametrize(
    ("days", "step"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (1, 30), (0, None), (-5, None)]
)
def test_the_step_a_certificate_has_reached(days: int, step: int | None) -> None:
    assert step_of(START + timedelta(days=days), START) == step


async def test_each_reminder_is_said_once(ca: CaWorld) -> None:
    held = await ca.issued(person())
    reminding = Reminding(ca.house, ca.registers)
    assert await reminding.round() == 0
    for days, said in ((89, [90]), (80, [90]), (59, [60, 90]), (29, [30, 60, 90]), (1, [30, 60, 90])):
        ca.clock.advance(held.ends - timedelta(days=days) - ca.clock.now())
        await reminding.round()
        found = await ca.registers.read(lambda view: reminders(view, lambda path: path.startswith("/H29/")))
        assert sorted(each.days for each in found) == said
    assert await ca.registers.read(lambda view: reminders(view, lambda _: False)) == []


async def test_everything_that_ends_is_renewed_at_a_stroke(ca: CaWorld) -> None:
    first = await ca.issued(person())
    await ca.revoked(await ca.issued(person("Trần Thị Ví Dụ"), "c2"))
    bulk = Bulk(ca.house, ca.registers, ca.casework)
    assert await bulk.renew(ca.asker("lan"), "lot") == []
    ca.clock.advance(first.ends - timedelta(days=45) - ca.clock.now())
    [opened] = await bulk.renew(ca.asker("lan"), "lot")
    assert (opened.about, opened.batch) == (first.id, "lot")
    assert await bulk.renew(ca.asker("lan"), "lot") == [opened]
    assert await bulk.renew(ca.asker("bo"), "other") == []


async def test_a_list_is_opened_whole_or_not_at_all(ca: CaWorld) -> None:
    bulk, twice = Bulk(ca.house, ca.registers, ca.casework), person(csr=csr())
    rows = [Row(2, person("Đỗ Văn Một")), Row(3, twice), Row(4, twice), Row(5, problem="cột lạ")]
    told = await bulk.preview(ca.asker("lan"), rows)
    assert [each.code for each in told] == ["", "", "invalid-value", "invalid-value"]
    with pytest.raises(InvalidValue, match=r"4 \(invalid-value\), 5 \(invalid-value\)"):
        await bulk.open(ca.asker("lan"), rows, "lot")
    assert len(await bulk.open(ca.asker("lan"), rows[:2], "lot")) == 2
