"""Search by every field: the twin and both databases find the same, count the same, and look it up in an index."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa  # noqa: TID251  # asks the databases how they would look

from lienthong.adapters import searching
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.finding import sought
from lienthong.adapters.sql.listing import page_of
from lienthong.adapters.sql.store import FILE
from lienthong.delivery import Content, Having, JourneyState, Lane, Search, Standing
from lienthong.delivery.ports import Transaction
from lienthong.gateway.boxes import RULES, BoxName, inside
from store_world import NOW, StoreAndLog, inbound, leg, memory_shelf, package, server_shelf, sql_shelf

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
LETTERS = [
    package(
        "a", sender="H26", number="15", notation="QĐ-MẪU", subject="Về đề án Chuyển đổi số 100%", issued="2026-11-01"
    ),
    package(
        "b",
        sender="H26",
        number="150",
        notation="CV-MẪU",
        subject="Đề nghị góp ý",
        issued="2026-11-02",
        kind="Tờ trình",
    ),
    package(
        "c", sender="G09", number="15", notation="", subject="Mời họp về đề án", issued="", at=NOW - DAY, business=2
    ),
    package(
        "d",
        sender="G09",
        subject="Thu hồi " + "x" * 200 + " văn bản",
        issued="2026-10-01",
        at=NOW - 9 * DAY,
        business=1,
    ),
    package("e", sender="H34", subject='文書 văn bản\'; DROP "TABLE"', issued="2026-12-31", at=NOW + DAY),
    package("f", sender="H26", subject="Trạng thái", content=Content.STATUS),
]
A, B, C, D, E, F = LETTERS
LEGS = [
    leg(A, "G09", Lane.OUT, state=JourneyState.DELIVERED, status="02"),
    leg(A, "H34", Lane.OUT, state=JourneyState.RECORDED),
    leg(B, "G14", Lane.OUT, state=JourneyState.REFUSED, standing=Standing.FROZEN),
    leg(B, "G09", Lane.OUT, state=JourneyState.HANDED_OVER, status="06"),
    inbound(C, "H26", status="01"),
    inbound(D, "H26", asked=1),
    inbound(E, "H26", state=JourneyState.HANDED_OVER, status="03"),
    inbound(E, "H29"),
    inbound(E, "G09", state=JourneyState.EXPIRED),
    leg(F, "G09", Lane.OUT),
]
WORDS = (
    "de an", "ĐỀ ÁN", "số chuyển", "15/qd-mau", "15/", "100%", "%", "_", "'; drop", '"table"', "文", "文書", "書", "x" * 64,
    "x" * 200, "x" * 201, "doc-a", "message-", "uyen", "", A.id, A.id[3:], "h26 15", "OR", "NOT de", "de*", ":*", "\\", "(", "& |",
)  # fmt: skip
SEARCHES = [
    *(Search(text=words) for words in WORDS),
    *(Search(party="H26", text=words) for words in WORDS[:4]),
    Search(number="15"), Search(number="15", notation="qđ-mẫu"), Search(notation="QD-MAU"), Search(number="5"),
    Search(document_id="doc-b"), Search(message_id="message-b"), Search(kind="Tờ trình"), Search(kind="tờ trình"),
    Search(agencies=frozenset({"G09"})), Search(party="H26", agencies=frozenset({"G14", "H34"})),
    Search(lane=Lane.IN, party="H26", agencies=frozenset({"H29"})), Search(agencies=frozenset({"nobody"})),
    Search(issued=("2026-11-01", "2026-11-01")), Search(issued=("2026-11-02", "")), Search(issued=("", "2026-11-01")),
    Search(recorded=(NOW, None)), Search(recorded=(None, NOW)), Search(recorded=(NOW - 2 * DAY, NOW + timedelta(seconds=1))),
    Search(states=frozenset({JourneyState.RECORDED})), Search(having=(Having(frozenset({JourneyState.REFUSED})),)),
    Search(having=(Having(statuses=frozenset({""})),)), Search(party="H26", having=(Having(statuses=frozenset({"02", "06"})),)),
    Search(having=(Having(standings=frozenset({Standing.FROZEN})), Having(asked=True))), Search(having=(Having(asked=False),)),
    Search(having=(Having(business=frozenset({1, 2})),)), Search(lacking=(Having(business=frozenset({0})),)),
    Search(lane=Lane.OUT, party="H26", lacking=(Having(frozenset({JourneyState.RECORDED})),)),
    Search(content=Content.STATUS), Search(party="H29", text="van ban"), Search(party="nobody"),
    *(Search(lane=lane, party=party, held=True) for lane in (None, Lane.IN, Lane.OUT) for party in ("H26", "G09")),
    *(Search(party=party, held=True, text="de an") for party in ("H26", "G09")),
    *(inside(box, Search(party="H26", held=held)) for box in BoxName for held in (False, True)),
]  # fmt: skip


def keep(tx: Transaction) -> None:
    for each in LETTERS:
        tx.add_package(each, {})
    for each in LEGS:
        tx.put_leg(each)


@pytest.fixture
async def stores(tmp_path: Path, database: str) -> AsyncIterator[tuple[StoreAndLog, ...]]:
    async with AsyncExitStack() as stack:
        shelves = (memory_shelf(tmp_path), sql_shelf(tmp_path / "data"), server_shelf(database))
        opened = [await stack.enter_async_context(shelf.open()) for shelf in shelves]
        for each in opened:
            await each.write(keep)
        yield tuple(opened)


async def test_the_twin_and_both_databases_find_and_count_the_same(stores: tuple[StoreAndLog, ...]) -> None:
    hits = 0
    for search in SEARCHES:
        found = [await store.read(lambda view, search=search: view.listing(search)) for store in stores]  # type: ignore[misc]  # bound now
        counted = [await store.read(lambda view, search=search: view.count(search)) for store in stores]  # type: ignore[misc]  # bound now
        told = [[(each.message_id, [leg.addressee for leg in legs]) for each, legs in page.entries] for page in found]
        assert told[0] == told[1] == told[2], search
        assert counted == [len(told[0])] * 3, search
        hits += len(told[0])
    assert hits > len(SEARCHES)


async def test_a_desk_finds_what_it_sent_and_of_what_came_only_what_it_has(stores: tuple[StoreAndLog, ...]) -> None:
    def found(party: str, **more: Any) -> Any:
        return lambda view: [each.message_id for each, _ in view.listing(Search(party=party, **more)).entries]

    for store in stores:
        assert await store.read(found("G09")) == ["message-e", "message-d", "message-c", "message-b", "message-a"]
        assert await store.read(found("G09", held=True)) == ["message-d", "message-c"]
        assert await store.read(found("H34")) == ["message-e", "message-a"]
        assert await store.read(found("H34", held=True)) == ["message-e"]


async def test_a_count_is_of_all_pages(stores: tuple[StoreAndLog, ...]) -> None:
    for store in stores:
        seen, search = list[str](), Search(party="H26", limit=2)
        while True:
            page = await store.read(lambda view, search=search: view.listing(search))
            assert await store.read(lambda view, search=search: view.count(search)) == 5
            seen += [each.message_id for each, _ in page.entries]
            if not page.next:
                break
            search = replace(search, after=page.next)
        assert len(seen) == len(set(seen)) == 5


G = package("g", sender="H34", at=NOW - 400 * DAY)
"""Refused before it was kept, then kept after all, under a clock that had jumped back."""


async def pages(store: StoreAndLog, search: Search) -> list[list[str]]:
    told, after = list[list[str]](), ""
    while True:
        page = await store.read(lambda view: view.listing(replace(search, after=after, limit=2)))
        told.append([each.message_id for each, _ in page.entries])
        if not (after := page.next):
            return told


async def test_pages_of_an_agency_and_of_days_are_the_twins(stores: tuple[StoreAndLog, ...]) -> None:
    for store in stores:
        await store.write(lambda tx: tx.put_leg(inbound(G, "H26", state=JourneyState.REFUSED)))
        await store.write(lambda tx: tx.add_package(G, {}))
        await store.write(lambda tx: tx.put_leg(replace(inbound(E, "H29"), recipient="H26")))  # two legs, one recipient
    days = [
        (None, None),
        (NOW - 401 * DAY, NOW - 399 * DAY),
        (NOW - DAY, None),
        (None, NOW),
        (NOW + DAY, NOW + 2 * DAY),
    ]
    for party in ("", "H26", "G09", "H29"):
        for lane in (None, Lane.IN, Lane.OUT):
            for span in days:
                search = Search(lane, party, recorded=span)
                told = [await pages(store, search) for store in stores]
                assert told[0] == told[1] == told[2], search
    assert await pages(stores[1], Search(party="H26", recorded=days[1])) == [["message-g"]]


@pytest.mark.parametrize(
    ("words", "hits"),
    [("de an", "ac"), ("15/qd", "a"), ("uyen", ""), ("chuyen doi", "a"), ("100%", "a"), ("文", "e"), ("書", "")],
)
def test_words_are_found_where_a_word_begins(words: str, hits: str) -> None:
    found = [each for each in LETTERS if searching.matches(Search(text=words), each, ())]
    assert [each.message_id[-1] for each in found] == list(hits)


def test_every_box_is_of_one_lane() -> None:
    assert RULES.keys() == set(BoxName)


# ---------------------------------------------------------------- indexes


PLANS = [
    (Search(text="de an"), "package_words"),
    (Search(number="15", notation="QĐ-MẪU"), "package_words"),
    (Search(issued=("2026-11-01", "2026-11-02")), "package_issued"),
    (Search(party="H26", lane=Lane.IN, having=(Having(statuses=frozenset({"03"})),)), "leg_standing"),
    (Search(lane=Lane.OUT, party="H26", having=(Having(statuses=frozenset({"02"})),)), "leg_status"),
    (Search(party="H26", document_id="doc-a", lane=Lane.OUT), "package_document"),
]


PAGES = [
    (Search(), ["package_listing"]),
    (Search(recorded=(NOW, NOW + DAY)), ["package_listing", "package_hour"]),
    (Search(party="H26"), ["package_sent", "leg_newest"]),
    (Search(party="H26", recorded=(NOW, NOW + DAY)), ["package_sent", "leg_newest", "package_hour"]),
    (Search(lane=Lane.IN, party="H26"), ["leg_newest"]),
    (Search(lane=Lane.IN, party="H26", held=True), ["leg_newest"]),
    (Search(party="H26", held=True), ["package_sent", "leg_newest"]),
]


def crowd(tx: Transaction) -> None:
    """Enough of others, so that an index is worth it."""
    keep(tx)
    for n in range(1200):
        other = package(
            f"other-{n}", sender=f"H{n % 40}", issued="2026-01-01", subject="Công văn khác", at=NOW - 90 * DAY
        )
        tx.add_package(other, {})
        tx.put_leg(leg(other, "G09", Lane.OUT, state=JourneyState.DELIVERED, status="06"))


def counting(connection: sa.Connection, search: Search) -> str:
    source, wanted, _ = sought(search, connection.dialect.name)
    return plan(connection, sa.select(sa.func.count()).select_from(source).where(*wanted))


def plan(connection: sa.Connection, statement: sa.Select[Any]) -> str:
    how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    explained = connection.execute(sa.text(how + " " + bound(statement, connection.dialect)))
    return "\n".join(str(tuple(row)) for row in explained)


def bound(statement: sa.Select[Any], dialect: sa.Dialect) -> str:
    """The statement with its values in it."""
    text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return text.replace("%%", "%").replace(":", r"\:")


async def test_sqlite_looks_them_up(tmp_path: Path) -> None:
    async with sql_shelf(tmp_path).open() as store:
        await store.write(crowd)
        engine = make_engine(f"sqlite:///{tmp_path / FILE}", writer=False)
        with engine.connect() as connection:
            for search, index in PLANS:
                found = counting(connection, search)
                assert index in found or ("VIRTUAL TABLE" in found and index == "package_words"), (search, found)
            for search, indexes in PAGES:
                found = plan(connection, page_of(search, connection.dialect.name))
                assert all(index in found or f"SEARCH {index}" in found for index in indexes), (search, found)
                assert "ORDER BY" not in found, "a page is read in its order, not sorted out of all there is"
        engine.dispose()


async def test_postgresql_looks_them_up(database: str) -> None:
    async with server_shelf(database).open() as store:
        await store.write(crowd)
        engine = make_engine(database, writer=True)
        try:
            with engine.connect() as connection:
                connection.execute(sa.text("ANALYZE"))
                for search, index in PLANS:
                    if not index.startswith("leg_"):  # it knows how few legs there are of an agency
                        found = counting(connection, search)
                        assert index in found, (search, found)
        finally:
            engine.dispose()
