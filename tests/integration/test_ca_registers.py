"""The authority's memory: one suite for SQLite and PostgreSQL."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from ca_made import Opened, case, held, in_tables
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.life.states import CaseState
from lienthong.ca.registers import CasesWanted, Change, Deed, Record, RecordsWanted, Wanted
from lienthong.errors import InvalidValue
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    place = tmp_path / "ca" if request.param == "sqlite" else request.getfixturevalue("database")
    return in_tables(place)


@pytest.fixture
async def registers(opened: Opened) -> AsyncIterator[SqlRegisters]:
    async with opened() as place:
        yield place


async def add(registers: SqlRegisters, *fresh: object) -> None:
    await registers.write(lambda tx: tx.add_certificates(fresh))  # type: ignore[arg-type]  # made here


async def found(registers: SqlRegisters, **wanted: Any) -> list[int]:
    rows = await registers.read(lambda view: view.certificates(Wanted(**wanted)))
    return [row.serial for row in rows]


async def test_a_certificate_outlives_the_process(opened: Opened) -> None:
    first = held(0xABC)
    async with opened() as registers:
        await add(registers, first)
    async with opened() as registers:
        again = await registers.read(lambda view: view.certificate("persons/abc"))
        assert again == replace(first, number=1)
        assert [each.number for each in await registers.read(lambda view: view.of_key(first.key))] == [1]


async def test_certificates_are_called_by_the_names_in_them(registers: SqlRegisters) -> None:
    await add(registers, held(1), held(2, "Đỗ Thị Nguyên"))
    called = await registers.read(lambda view: view.names({"persons/2", "persons/77", "organisations/1"}))
    assert called == {"persons/2": "Đỗ Thị Nguyên"}


async def test_names_are_found_by_any_of_their_words_without_accents(registers: SqlRegisters) -> None:
    await add(registers, held(1), held(2, "Đỗ Thị Nguyên"), held(3, "Sở Nội vụ"))
    assert await found(registers, text="NGUYEN") == [2, 1]
    assert await found(registers, text="nguyễn văn") == [1]
    assert await found(registers, text="van mau") == [1]
    assert await found(registers, text="noi") == [3]
    assert await found(registers, text="xa la") == []


async def test_searches_go_on_where_they_stopped(registers: SqlRegisters) -> None:
    await add(registers, *[held(n, f"Nguyễn {n:02}") for n in range(1, 8)])
    first = await registers.read(lambda view: view.certificates(Wanted(text="nguyen", limit=3)))
    assert [each.serial for each in first] == [1, 2, 3]
    assert await found(registers, text="nguyen", after=first[-1].number, limit=3) == [4, 5, 6]
    assert await found(registers, after=4, limit=2) == [3, 2]


async def test_each_wish_narrows_the_search(registers: SqlRegisters) -> None:
    other = held(2, path="/G09/", uid="MST:01", ends=START + timedelta(days=9), profile="document-seal")
    await add(registers, held(1), other)
    assert await found(registers, uid="MST:01") == [2]
    assert await found(registers, serial="0002") == [2]
    assert await found(registers, organisation="H29.12") == [1]
    assert await found(registers, profile="document-seal") == [2]
    assert await found(registers, scope=("/H29/",)) == [1]
    assert await found(registers, scope=("/H2/",)) == []
    assert await found(registers, ends_before=START + timedelta(days=10)) == [2]
    assert await found(registers, state="revoked") == []


async def test_a_change_of_state_is_in_the_feed_and_on_its_list(registers: SqlRegisters) -> None:
    await add(registers, held(1), held(2))
    two = await registers.read(lambda view: view.certificate("persons/2"))
    assert two is not None
    gone = replace(two, state=CertificateState.REVOKED, changed=START, reason=Reason.KEY_COMPROMISE)
    assert await registers.write(lambda tx: tx.put_state(gone)) == 1
    assert list(await registers.read(lambda view: view.revoked("persons", 0))) == [gone]
    [line] = await registers.read(lambda view: view.changes("persons", 0, 10))
    assert (line.number, line.serial, line.state, line.reason) == (1, 2, gone.state, gone.reason)
    assert list(await registers.read(lambda view: view.changes("persons", 1, 10))) == []


async def test_a_case_is_changed_in_place(registers: SqlRegisters) -> None:
    await registers.write(lambda tx: tx.put_cases([case("a"), case("b", path="/G09/")]))
    moved = case("a", CaseState.EXAMINED, examiner="hoa")
    await registers.write(lambda tx: tx.put_cases([moved, case("c")]))
    assert await registers.read(lambda view: view.case("a")) == moved
    all_of = await registers.read(lambda view: view.cases(CasesWanted(scope=("/H29/",))))
    assert [each.id for _, each in all_of] == ["c", "a"]
    late = START + timedelta(days=2)
    overdue = await registers.read(lambda view: view.cases(CasesWanted(state="examined", overdue=late)))
    assert [each.id for _, each in overdue] == ["a"]
    await registers.write(lambda tx: tx.put_cases([structs.replace(moved, path="/G09/", batch="x"), case("c")]))
    elsewhere = await registers.read(lambda view: view.cases(CasesWanted(scope=("/G09/",), batch="x")))
    assert [each.id for _, each in elsewhere] == ["a"]


async def test_what_fails_leaves_nothing(registers: SqlRegisters) -> None:
    def work(tx: Change) -> None:
        tx.add_certificates([held(5)])
        tx.note(Deed(START, "lan", "issue"))
        raise InvalidValue("no")

    with pytest.raises(InvalidValue):
        await registers.write(work)
    assert await found(registers) == []
    assert await registers.read(lambda view: view.latest()) is None


async def test_a_serial_number_is_never_given_twice(registers: SqlRegisters) -> None:
    await add(registers, held(5))
    with pytest.raises(InvalidValue):
        await add(registers, held(5, "Kẻ Khác"))
    assert await found(registers, text="ke khac") == []


async def test_an_order_counts_once(registers: SqlRegisters) -> None:
    assert await registers.write(lambda tx: tx.add_order("0" * 64, "a", b"s", b"v"))
    assert not await registers.write(lambda tx: tx.add_order("0" * 64, "a", b"s", b"v"))


async def test_deeds_are_leaves_of_the_log(registers: SqlRegisters) -> None:
    deed = Deed(START, "lan", "issue", case="a", certificate="persons/1", text="đã cấp")
    await registers.write(lambda tx: tx.note(deed, replace(deed, act="deliver")))
    told = await registers.read(lambda view: view.deeds(case="a"))
    assert [(each.act, each.index) for each in told] == [("issue", 0), ("deliver", 1)]
    leaves = await registers._store.leaves(0, 9)
    assert leaves == [each.to_leaf("CA mẫu") for each in told]


async def test_records_are_found_by_owner_and_state(registers: SqlRegisters) -> None:
    one = Record("token", "T1", {"holder": "lan"}, owner="H29", state="issued")
    await registers.write(lambda tx: tx.put_record(one))
    await registers.write(lambda tx: tx.put_record(replace(one, state="lost")))
    assert json.loads(await registers.read(lambda view: view.record("token", "T1"))) == {"holder": "lan"}
    assert len(await registers.read(lambda view: view.records(RecordsWanted("token", "H29", "lost")))) == 1
    assert await registers.read(lambda view: view.records(RecordsWanted("token", state="issued"))) == []
    await registers.write(lambda tx: tx.drop_record("token", "T1"))
    assert await registers.read(lambda view: view.record("token", "T1")) is None


async def test_records_are_found_and_counted_by_scope_and_due(registers: SqlRegisters) -> None:
    rows = (
        ("a", "/H29/H29.1/", 3, "waiting"),
        ("b", "/H29/", 1, "waiting"),
        ("c", "/H2/", 2, "late"),
        ("d", "/G09/", 4, "late"),
    )
    made = [Record("k", name, name, path, state, START + timedelta(days=days)) for name, path, days, state in rows]
    await registers.write(lambda tx: [tx.put_record(each) for each in made])

    async def ids(**wanted: Any) -> str:
        found = await registers.read(lambda view: view.records(RecordsWanted("k", **wanted)))
        return "".join(map(json.loads, found))

    assert [await ids(), await ids(within=("/H29/",)), await ids(within=("/H2/", "/G09/"))] == ["bcad", "ba", "cd"]
    assert await ids(due=START + timedelta(days=2)) == "bc"
    assert [await ids(offset=1, limit=2), await ids(state="late", offset=1)] == ["ca", "d"]
    told = await registers.read(lambda view: [dict(view.tally("k", scope)) for scope in ((), ("/H29/",))])
    assert told == [{"waiting": 2, "late": 2}, {"waiting": 2}]


async def test_counts_are_of_the_scope(registers: SqlRegisters) -> None:
    await add(registers, held(1), held(2, path="/G09/", ends=START + timedelta(days=30)))
    await registers.write(lambda tx: tx.put_cases([case("a")]))
    told = await registers.read(lambda view: view.counts((), START))
    assert (told["issued"], told["active"], told["ending"]) == (2, 2, 1)
    assert told["ending_within"] == {"30": 1, "60": 1, "90": 1}
    assert [(row["of"], row["issued"], row["ending_30"]) for row in told["levels"]] == [(1, 1, 1), (2, 1, 0)]
    assert {row["of"]: row["active"] for row in told["organisations"]} == {"H29.12": 1, "G09": 1}
    mine = await registers.read(lambda view: view.counts(("/H29/",), START + timedelta(days=2)))
    assert (mine["issued"], mine["ending"], mine["overdue"], mine["cases"]) == (1, 0, 1, {"received": 1})


async def test_days_and_waits_are_of_the_scope(registers: SqlRegisters) -> None:
    later = START + timedelta(hours=30)
    issue = Deed(later, "ca", "issue", "a", "persons/1")
    told = [Deed(START, "lan", "open", "a"), Deed(START, "bo", "open", "b"), issue]
    await registers.write(lambda tx: tx.put_cases([case("a"), case("b", path="/G09/")]))
    await registers.write(lambda tx: tx.note(*told))
    mine = await registers.read(lambda view: view.counts(("/H29/",), later))
    assert mine["waits"] == {"issued": 1, "median_seconds": 30 * 3600}
    days = list(mine["days"].items())
    assert len(days) == 14
    assert days[-1][1] == {"issue": 1}
    assert sum(each.get("open", 0) for _, each in days) == 1
    empty = await registers.read(lambda view: view.counts(("/H01/",), later))
    assert empty["waits"] == {"issued": 0, "median_seconds": None}
    assert (empty["issued"], empty["ending"], empty["levels"]) == (0, 0, [])


async def test_papers_are_kept_once(registers: SqlRegisters) -> None:
    await registers.write(lambda tx: tx.add_paper("f" * 64, b"%PDF"))
    await registers.write(lambda tx: tx.add_paper("f" * 64, b"%PDF"))
    assert await registers.read(lambda view: view.paper("f" * 64)) == b"%PDF"
    assert await registers.read(lambda view: view.paper("0" * 64)) is None
