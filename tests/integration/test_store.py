"""One suite for the store and its twin."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Lane, Leg, Notice, Search, Standing, StatusReport, Step
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work
from lienthong.document import VIETNAM
from lienthong.errors import InvalidValue, NotAllowed, NotFound
from lienthong.evidence import EventKind, ProofResult, open_checkpoint, verify_consistency_of, verify_receipt
from lienthong.evidence.merkle import leaf_hash
from lienthong.evidence.note import VerifierKey
from lienthong.testing.pki import pki
from store_world import (
    NOW,
    Shelf,
    StoreAndLog,
    accept,
    digest,
    event,
    inbound,
    leg,
    memory_shelf,
    package,
    server_shelf,
    sql_shelf,
)

STORES = [
    pytest.param(memory_shelf, id="memory"),
    pytest.param(sql_shelf, id="sqlite", marks=pytest.mark.integration),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration),
]
A = package("a")


@pytest.fixture(params=STORES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "postgresql":
        return server_shelf(request.getfixturevalue("database"))
    made: Shelf = request.param(tmp_path / "data")
    return made


@pytest.fixture
async def store(shelf: Shelf) -> AsyncIterator[StoreAndLog]:
    async with shelf.open() as opened:
        yield opened


def refuse(_tx: Transaction) -> None:
    raise NotAllowed("by the work")


# ---------------------------------------------------------------- what is kept


async def test_a_package_comes_back_whole(store: StoreAndLog) -> None:
    head = replace(A.head, replaces=("x", "y"), warnings=("sửa ngày",), urgency=3, number="15", notation="QĐ-BNV")
    kept = replace(A, head=head, request="r", index=7)
    await store.write(lambda tx: tx.add_package(kept, {digest("s"): b"small"}))
    assert await store.read(lambda view: view.package(A.id)) == kept
    assert await store.read(lambda view: view.content(digest("s"))) == b"small"


async def test_a_leg_comes_back_whole(store: StoreAndLog) -> None:
    later = NOW + timedelta(hours=1, microseconds=7)
    full = Leg(
        A.id, Lane.IN, "000.00.00.G09", "G09", "desk", JourneyState.DELIVERED, NOW, later, later, 4, 2, "token", later,
        "refused", "detail", Standing.FROZEN, 1, "asker", "03", later, Content.STATUS,
    )  # fmt: skip
    await store.write(lambda tx: tx.put_leg(full))
    assert await store.read(lambda view: view.leg(full.key)) == full


async def test_what_is_not_there(store: StoreAndLog) -> None:
    def look(view: View) -> tuple[object, ...]:
        return view.package("x"), view.leg(("x", Lane.IN, "y")), view.mark("m"), view.content("c"), view.counts()

    assert await store.read(look) == (None, None, "", None, {})
    assert await store.checkpoint() == ""
    assert await store.unstamped() is None
    with pytest.raises(NotFound):
        await store.receipt(0)


async def test_writing_the_same_again_changes_nothing(store: StoreAndLog) -> None:
    first = await store.write(accept(A))
    assert await store.write(accept(A)) == first
    await store.write(lambda tx: tx.add_package(replace(A, seal="another"), {}))
    found = await store.read(lambda view: (view.package(A.id), view.legs(A.id), view.steps(A.id)))
    assert found[0] is not None
    assert found[0].seal == A.seal
    assert (len(found[1]), len(found[2])) == (1, 1)


async def test_legs_keep_the_order_in_which_they_were_put(store: StoreAndLog) -> None:
    legs = [leg(A, code) for code in ("H29", "H26", "G14")]
    await store.write(lambda tx: [tx.put_leg(each) for each in legs])
    changed = replace(legs[0], state=JourneyState.DELIVERED)
    await store.write(lambda tx: tx.put_leg(changed))
    await store.write(lambda tx: tx.put_leg(inbound(A, "G01")))
    assert await store.read(lambda view: view.legs(A.id, Lane.THROUGH)) == [changed, *legs[1:]]
    assert len(await store.read(lambda view: view.legs(A.id))) == 4
    hops = {leg.next_hop for leg in legs}
    for hop in (*hops, "nobody"):
        towards = [leg for leg in [changed, *legs[1:]] if leg.next_hop == hop]
        assert await store.read(lambda view, hop=hop: view.legs(A.id, Lane.THROUGH, hop)) == towards


async def test_which_of_several_are_here_and_marked(store: StoreAndLog) -> None:
    waiting, names = package("w"), ["old", "new", "gone", "never"]

    def work(tx: Transaction) -> tuple[object, ...]:
        tx.add_package(waiting, {})
        tx.set_mark("new", "1")
        tx.set_mark("gone", "")
        return tx.known([A.id, waiting.id, "none"]), tx.marked(names), tx.known([]), tx.marked([])

    await store.write(lambda tx: (tx.add_package(A, {}), tx.set_mark("old", "1"), tx.set_mark("gone", "1")))
    here, marked = frozenset({A.id, waiting.id}), frozenset({"old", "new"})
    assert await store.write(work) == (here, marked, frozenset(), frozenset())
    assert await store.read(lambda view: view.known([A.id, waiting.id, "none"])) == here
    assert await store.read(lambda view: view.marked(names)) == marked


async def test_packages_of_a_document_oldest_first(store: StoreAndLog) -> None:
    mine = [package(name, document_id="doc") for name in ("c", "a", "b")]
    status = package("s", document_id="doc", content=Content.STATUS)
    others = [package("o", document_id="doc", sender="G14"), package("p", document_id="other"), status]
    await store.write(lambda tx: [tx.add_package(each, {}) for each in (*mine, *others)])
    assert await store.read(lambda view: view.packages_of("G09", "doc")) == mine


async def test_timeline_and_statuses(store: StoreAndLog) -> None:
    steps = [Step(A.id, NOW, "axis", "relayed", "H26", "c", f"t{n}", "receipt", n) for n in range(3)]
    report = StatusReport("carrier", A.id, "H26", "H26", "03", NOW, "text", "staff", NOW + timedelta(seconds=1))
    other = replace(report, carrier="carrier-2", recorded_at=None)

    def work(tx: Transaction) -> list[bool]:
        tx.add_package(A, {})
        for step in steps:
            tx.add_step(step)
        return [tx.add_status(report), tx.add_status(replace(report, code="04")), tx.add_status(other)]

    assert await store.write(work) == [True, False, True]
    assert await store.write(lambda tx: tx.add_status(report)) is False
    found = await store.read(lambda view: view.steps(A.id))
    assert [replace(step, seq=0) for step in found] == steps
    assert found[0].seq < found[1].seq < found[2].seq
    assert await store.read(lambda view: view.statuses(A.id)) == [report, other]


async def test_a_status_of_an_unknown_package_is_refused(store: StoreAndLog) -> None:
    with pytest.raises(InvalidValue):
        await store.write(lambda tx: tx.add_status(StatusReport("c", "none", "H26", "H26", "03", NOW)))


async def test_notices_are_numbered_for_ever(store: StoreAndLog) -> None:
    await store.write(lambda tx: [tx.add_notice(Notice(to, A.id, f"{n}")) for n in range(3) for to in ("g1", "g2")])
    first = await store.read(lambda view: view.notices("g1", 0, 2))
    assert [notice.body for notice in first] == ["0", "1"]
    rest = await store.read(lambda view: view.notices("g1", first[-1].seq, 10))
    assert [notice.body for notice in rest] == ["2"]
    await store.write(lambda tx: (tx.drop_notices("g1", 10**9), tx.drop_notices("g2", 10**9)))
    assert await store.read(lambda view: view.notices("g1", 0, 9)) == []
    await store.write(lambda tx: tx.add_notice(Notice("g1", A.id, "new")))
    newest = await store.read(lambda view: view.notices("g1", 0, 9))
    assert newest[0].seq > rest[0].seq, "a dropped number must not come again"


async def test_a_notice_put_back_in_one_work_goes_behind_the_others(store: StoreAndLog) -> None:
    await store.write(lambda tx: [tx.add_notice(Notice("g1", A.id, f"{n}")) for n in range(3)])
    (first,) = await store.read(lambda view: view.notices("g1", 0, 1))
    await store.write(lambda tx: (tx.drop_notices("g1", first.seq), tx.add_notice(first)))
    kept = await store.read(lambda view: view.notices("g1", 0, 9))
    assert [notice.body for notice in kept] == ["1", "2", "0"]
    assert kept[-1].seq > kept[-2].seq > first.seq


async def test_marks(store: StoreAndLog) -> None:
    await store.write(lambda tx: tx.set_mark("cursor", "1"))
    assert await store.write(lambda tx: (tx.mark("cursor"), tx.set_mark("cursor", "2"), tx.mark("cursor"))) == (
        "1",
        None,
        "2",
    )
    await store.write(lambda tx: tx.set_mark("cursor", ""))
    assert await store.read(lambda view: view.mark("cursor")) == ""


async def test_signature_reports_are_wanted_once(store: StoreAndLog) -> None:
    b, out = package("b"), package("out")

    def work(tx: Transaction) -> None:
        for each in (A, b, out):
            tx.add_package(each, {})
        tx.put_leg(inbound(A, state=JourneyState.ARRIVED))
        tx.put_leg(inbound(b))
        tx.put_leg(leg(out, lane=Lane.OUT))

    await store.write(work)
    assert await store.read(lambda view: view.unreported(9)) == [b]
    await store.write(lambda tx: tx.put_leg(inbound(A)))
    assert await store.read(lambda view: view.unreported(9)) == [A, b]
    await store.write(lambda tx: (tx.put_report(A.id, "x.pdf", "{}"), tx.put_report(A.id, "x.pdf", '{"v":1}')))
    await store.write(lambda tx: tx.put_leg(inbound(A, state=JourneyState.HANDED_OVER)))
    assert await store.read(lambda view: view.unreported(9)) == [b]
    assert await store.read(lambda view: view.reports(A.id)) == {"x.pdf": '{"v":1}'}


async def test_counts(store: StoreAndLog) -> None:
    since = NOW - timedelta(seconds=30)
    await store.write(
        lambda tx: [tx.put_leg(each) for each in (leg(A), leg(A, "H29", since=since), inbound(A), inbound(A, "X"))]
    )
    told = await store.read(lambda view: view.counts())
    assert told == {"through/accepted": 2, "in/delivered": 2, "oldest_waiting": int(since.timestamp())}


async def test_what_waits_by_hop_and_steps_by_day(store: StoreAndLog) -> None:
    since = NOW - timedelta(seconds=30)
    await store.write(lambda tx: [tx.put_leg(each) for each in (leg(A), leg(A, "H29", since=since), inbound(A))])
    waiting = await store.read(lambda view: view.waiting())
    assert {hop: count for hop, (count, _) in waiting.items()} == {leg(A).next_hop: 2}
    assert {when for _, when in waiting.values()} == {since}
    [hop] = waiting
    assert await store.read(lambda view: view.waiting_for()) == {leg(A).recipient: 1, leg(A, "H29").recipient: 1}
    assert await store.read(lambda view: view.awaited(hop)) == {leg(A).recipient, leg(A, "H29").recipient}
    assert await store.read(lambda view: view.awaiting(hop, leg(A).recipient, 1)) == [leg(A)]
    assert await store.read(lambda view: (view.awaited("gw-khac"), view.awaiting(hop, "X", 9))) == (frozenset(), [])
    await store.write(accept(A))
    cursor, counted = await store.read(lambda view: view.tally("axis", 0, 1000))
    assert sum(counted.values()) >= 1
    assert {day for day, _ in counted} == {NOW.astimezone(VIETNAM).date()}
    assert await store.read(lambda view: view.tally("axis", cursor, 1000)) == (cursor, {})


async def test_what_stands_still_is_told_by_recipient_oldest_first(store: StoreAndLog) -> None:
    def at(minutes: int) -> datetime:
        return NOW - timedelta(minutes=minutes)

    out = replace(leg(A), lane=Lane.OUT)
    legs = (
        replace(out, addressee="H26", recipient="H26", state=JourneyState.RECORDED, since=at(30)),
        replace(out, addressee="H27", recipient="H27", state=JourneyState.ACCEPTED, since=at(40)),
        replace(out, addressee="H27.1", recipient="H27", state=JourneyState.ACCEPTED, since=at(20)),
        replace(out, addressee="H28", recipient="H28", state=JourneyState.ACCEPTED, since=at(1)),
        replace(out, addressee="H29", recipient="H29", state=JourneyState.DELIVERED, since=at(90)),
        replace(inbound(A), since=at(50)),
        replace(inbound(A, "X"), state=JourneyState.HANDED_OVER, since=at(99)),
        replace(leg(A), since=at(70)),
    )
    await store.write(lambda tx: [tx.put_leg(each) for each in legs])
    told = await store.read(lambda view: view.standstill(at(10), 9))
    assert [(each.lane, each.state, each.recipient, each.legs, each.since) for each in told] == [
        (Lane.IN, JourneyState.DELIVERED, inbound(A).recipient, 1, at(50)),
        (Lane.OUT, JourneyState.ACCEPTED, "H27", 2, at(40)),
        (Lane.OUT, JourneyState.RECORDED, "H26", 1, at(30)),
    ]
    assert len(await store.read(lambda view: view.standstill(at(10), 1))) == 1


# ---------------------------------------------------------------- all or nothing


async def test_a_failed_work_leaves_nothing(store: StoreAndLog) -> None:
    await store.write(accept(A))

    def half(tx: Transaction) -> None:
        tx.record(event(A, EventKind.RELAYED))
        tx.add_package(package("b"), {digest("b"): b"b"})
        tx.add_status(StatusReport("c", package("b").id, "H26", "H26", "03", NOW))
        tx.put_leg(replace(leg(A), state=JourneyState.DELIVERED))
        tx.set_mark("m", "1")
        assert len(tx.legs(package("b").id)) == 0
        refuse(tx)

    with pytest.raises(NotAllowed, match="by the work"):
        await store.write(half)
    found = await store.read(lambda v: (v.package(package("b").id), v.mark("m"), v.legs(A.id), v.content(digest("b"))))
    assert found == (None, "", [leg(A)], None)
    assert len(await store.leaves(0, 9)) == 1
    assert await store.write(accept(package("c"))) == 1, "the log has no gap"


async def test_errors_stay_with_their_caller(store: StoreAndLog) -> None:
    works = [refuse if n % 3 == 0 else accept(package(str(n))) for n in range(30)]
    answers = await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True)
    assert [isinstance(answer, NotAllowed) for answer in answers] == [n % 3 == 0 for n in range(30)]
    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(20))


async def test_a_value_nobody_can_write_hurts_only_its_giver(store: StoreAndLog) -> None:
    bad = replace(leg(package("bad")), urgency=2**70)
    writes = [store.write(accept(package(str(n)))) for n in range(8)]
    answers = await asyncio.gather(*writes, store.write(lambda tx: tx.put_leg(bad)), return_exceptions=True)
    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(8))


async def test_works_see_those_before_them(store: StoreAndLog) -> None:
    def count(tx: Transaction) -> int:
        seen = int(tx.mark("n") or 0) + 1
        tx.set_mark("n", str(seen))
        tx.add_step(Step(A.id, NOW, "axis", str(seen)))
        tx.put_leg(replace(leg(A), attempts=seen))
        found = tx.leg(leg(A).key)
        assert found is not None
        assert found.attempts == seen
        return len(tx.steps(A.id))

    assert await asyncio.gather(*(store.write(count) for _ in range(20))) == list(range(1, 21))


async def test_two_hundred_at_once(store: StoreAndLog) -> None:
    packages = [package(str(n)) for n in range(200)]
    indexes = await asyncio.gather(*(store.write(accept(each)) for each in packages))
    assert sorted(indexes) == list(range(200))
    for each, index in zip(packages, indexes, strict=True):
        assert (await store.receipt(index)).event.package == each.id


# ---------------------------------------------------------------- questions with an order


async def test_the_front_of_a_line_is_its_oldest_of_one_urgency(store: StoreAndLog) -> None:
    legs = [
        leg(package("late"), due=NOW - timedelta(seconds=1)),
        leg(package("early"), due=NOW - timedelta(seconds=9)),
        leg(package("locked"), due=NOW - timedelta(seconds=20), lock="x", locked_until=NOW + timedelta(seconds=1)),
        leg(package("flash"), urgency=3, due=NOW - timedelta(seconds=4)),
        leg(package("future"), urgency=2, due=NOW + timedelta(seconds=1)),
        leg(package("elsewhere"), next_hop="gateway-9", due=NOW - timedelta(seconds=30)),
        leg(package("done"), state=JourneyState.DELIVERED, due=NOW - timedelta(seconds=40)),
    ]
    await store.write(lambda tx: [tx.put_leg(each) for each in legs])

    def fronts(view: View) -> list[datetime | None]:
        line = (Lane.THROUGH, "gateway-2", JourneyState.ACCEPTED)
        return [view.front(*line, urgency, NOW) for urgency in (0, 3, 2, 1)]

    assert await store.read(fronts) == [NOW - timedelta(seconds=9), NOW - timedelta(seconds=4), None, None]


async def test_due_the_most_urgent_first_then_the_oldest(store: StoreAndLog) -> None:
    legs = [
        leg(package("late"), due=NOW - timedelta(seconds=1)),
        leg(package("early"), due=NOW - timedelta(seconds=9)),
        leg(package("flash"), urgency=3),
        leg(package("future"), due=NOW + timedelta(seconds=1)),
        leg(package("elsewhere"), next_hop="gateway-9"),
        leg(package("done"), state=JourneyState.DELIVERED),
    ]
    await store.write(lambda tx: [tx.put_leg(each) for each in legs])
    states = frozenset({JourneyState.ACCEPTED, JourneyState.RECORDED})
    found = await store.read(lambda view: view.due(Lane.THROUGH, "gateway-2", states, NOW, 9))
    assert found == [legs[2], legs[1], legs[0]]
    assert await store.read(lambda view: view.due(Lane.THROUGH, "gateway-2", states, NOW, 1)) == [legs[2]]
    assert await store.read(lambda view: view.due(Lane.THROUGH, "gateway-2", frozenset(), NOW, 1)) == []


async def test_inbox_urgent_first_and_locks_hide_until_they_run_out(store: StoreAndLog) -> None:
    old, new = inbound(package("old")), inbound(package("new", at=NOW + timedelta(seconds=5)))
    urgent = inbound(package("urgent", at=NOW + timedelta(seconds=9)), urgency=1)
    status = inbound(package("status", content=Content.STATUS))
    others = [inbound(package("x"), "H29"), inbound(package("y"), state=JourneyState.ARRIVED)]
    await store.write(lambda tx: [tx.put_leg(each) for each in (new, old, urgent, status, *others)])
    edoc = frozenset({"edoc"})
    assert await store.read(lambda view: view.inbox("H26", edoc, NOW, 9)) == [urgent, old, new]
    until = NOW + timedelta(minutes=5)
    await store.write(lambda tx: tx.put_leg(replace(urgent, lock="t", locked_until=until)))
    assert await store.read(lambda view: view.inbox("H26", edoc, NOW, 9)) == [old, new]
    assert len(await store.read(lambda view: view.inbox("H26", edoc, until, 9))) == 3
    both = frozenset({"edoc", "status"})
    assert await store.read(lambda view: view.inbox("H26", both, NOW, 9)) == [old, status, new]


async def test_expiring(store: StoreAndLog) -> None:
    soon, later = NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)
    legs = [
        leg(package("b"), expires_at=later),
        leg(package("a"), lane=Lane.OUT, state=JourneyState.RECORDED, expires_at=soon),
        leg(package("c"), expires_at=soon, state=JourneyState.DELIVERED),
        inbound(package("d"), expires_at=soon, state=JourneyState.ARRIVED),
    ]
    await store.write(lambda tx: [tx.put_leg(each) for each in legs])
    assert await store.read(lambda view: view.expiring(NOW, 9)) == []
    assert await store.read(lambda view: view.expiring(soon, 9)) == [legs[1]]
    assert await store.read(lambda view: view.expiring(later, 9)) == [legs[1], legs[0]]


async def test_expiring_leaves_out_what_is_put_aside(store: StoreAndLog) -> None:
    aside = leg(A, expires_at=NOW, lock="aside", locked_until=NOW + timedelta(minutes=1))
    await store.write(lambda tx: tx.put_leg(aside))
    assert await store.read(lambda view: view.expiring(NOW, 9)) == []
    assert await store.read(lambda view: view.expiring(NOW + timedelta(minutes=1), 9)) == [aside]


def trouble(key: str, **more: object) -> Trouble:
    told: dict[str, object] = {"work": Work.FORWARD, "code": "work-failed", "since": NOW, "at": NOW, "due": NOW}
    return Trouble(key, **(told | more))  # type: ignore[arg-type]  # keywords of the test's own


async def test_troubles_keep_their_place_and_are_found_by_what_they_are(store: StoreAndLog) -> None:
    first = trouble("a", package=A.id, lane="out", addressee="H26", detail="lỗi", body="{}")
    parked = trouble("b", work=Work.NEWS, code="not-found", due=NEVER, dead=True, attempts=8)
    await store.write(lambda tx: [tx.put_trouble(each) for each in (first, parked)])
    again = replace(first, attempts=2, due=NOW + timedelta(seconds=4))
    await store.write(lambda tx: tx.put_trouble(again))

    async def found(wanted: Troubles) -> list[str]:
        return [each.key for each in await store.read(lambda view: view.troubles(wanted))]

    assert await store.read(lambda view: view.trouble("a")) == replace(again, seq=1)
    assert await store.read(lambda view: view.trouble("c")) is None
    assert await found(Troubles()) == ["a", "b"]
    assert await found(Troubles(after=1)) == ["b"]
    assert await found(Troubles(limit=1)) == ["a"]
    assert await found(Troubles(dead=True)) == ["b"]
    assert await found(Troubles(due=NOW)) == []
    assert await found(Troubles(work=Work.FORWARD, due=NOW + timedelta(seconds=4))) == ["a"]
    assert await found(Troubles(package=A.id, code="work-failed")) == ["a"]
    assert await store.read(lambda view: view.dead_letters()) == {"not-found": 1}
    await store.write(lambda tx: [tx.drop_trouble(key) for key in ("a", "b", "c")])
    assert await found(Troubles()) == []
    assert await store.read(lambda view: view.dead_letters()) == {}


async def test_a_sweep_passes_everything_once(store: StoreAndLog) -> None:
    kept = [package(name) for name in "abc"]
    for each in kept:
        await store.write(accept(each))
    await store.write(lambda tx: tx.put_leg(leg(kept[0], state=JourneyState.DELIVERED)))
    legs = await store.read(lambda view: view.swept_legs(0, 2))
    assert [(number, found.package, found.state) for number, found in legs] == [
        (1, kept[0].id, "delivered"),
        (2, kept[1].id, "accepted"),
    ]
    assert [found.package for _, found in await store.read(lambda view: view.swept_legs(2, 9))] == [kept[2].id]
    assert [found.id for _, found in await store.read(lambda view: view.swept_packages(1, 9))] == [
        kept[1].id,
        kept[2].id,
    ]
    assert await store.read(lambda view: view.swept_packages(3, 9)) == []


async def test_pages_without_gaps_or_repeats_while_rows_arrive(store: StoreAndLog) -> None:
    names = [f"{n:02}" for n in range(25)]
    for name in names:
        await store.write(accept(package(name)))
    seen: list[str] = []
    search = Search(lane=Lane.THROUGH, limit=4)
    while True:
        page = await store.read(lambda view, search=search: view.listing(search))
        seen += [found.message_id for found, _ in page.entries]
        await store.write(accept(package(f"new after {len(seen)}")))
        if not page.next:
            break
        search = replace(search, after=page.next)
    assert seen == [f"message-{name}" for name in reversed(names)]


async def test_listings_of_a_party(store: StoreAndLog) -> None:
    sent, got = package("sent", sender="H26"), package("got", sender="G09")
    status = package("st", sender="H26", content=Content.STATUS)

    def work(tx: Transaction) -> None:
        for each in (sent, got, status):
            tx.add_package(each, {})
        tx.put_leg(leg(sent, "G14", Lane.OUT, state=JourneyState.RECORDED))
        tx.put_leg(leg(status, "G14", Lane.OUT))
        tx.put_leg(inbound(got, "H26"))
        tx.put_leg(inbound(got, "H29"))

    await store.write(work)

    async def listed(**search: object) -> list[tuple[str, list[str]]]:
        asked = Search(**search)  # type: ignore[arg-type]  # keywords of the test's own
        page = await store.read(lambda view: view.listing(asked))
        return [(found.message_id, [each.addressee for each in legs]) for found, legs in page.entries]

    assert await listed(lane=Lane.OUT, party="H26") == [("message-sent", ["G14"])]
    assert await listed(lane=Lane.OUT, party="G09") == []
    assert await listed(lane=Lane.IN, party="H26") == [("message-got", ["H26"])]
    assert await listed(party="H26") == [("message-got", ["H26"]), ("message-sent", ["G14"])]
    assert await listed(party="H29", content=Content.STATUS) == []
    assert await listed(party="H26", content=Content.STATUS) == [("message-st", ["G14"])]
    assert await listed() == [("message-got", ["H26", "H29"]), ("message-sent", ["G14"])]
    assert await listed(lane=Lane.IN) == [("message-got", ["H26", "H29"])]
    recorded = frozenset({JourneyState.RECORDED})
    assert await listed(states=recorded) == [("message-sent", ["G14"])]
    assert await listed(lane=Lane.IN, party="H26", states=recorded) == []


async def test_search_reads_past_marks_and_case(store: StoreAndLog) -> None:
    found = package("q", number="15", notation="QĐ-BNV", subject="Về đề án Chuyển đổi số 100%_")
    await store.write(lambda tx: [tx.add_package(each, {}) for each in (found, package("other"))])

    async def hits(text: str) -> int:
        return len((await store.read(lambda view: view.listing(Search(text=text)))).entries)

    for text in ("de an", "ĐỀ ÁN", "số chuyển", "15/qd-bnv", "doc-q", found.id, "message-q", "100%_"):
        assert await hits(text) == 1, text
    assert await hits("de%an") == 0
    assert await hits("") == 2


async def test_a_cursor_nobody_gave(store: StoreAndLog) -> None:
    for after in ("x", "-1", "9" * 40):
        with pytest.raises(InvalidValue):
            await store.read(lambda view, after=after: view.listing(Search(after=after)))


# ---------------------------------------------------------------- the log


async def test_receipts_prove_and_never_change(shelf: Shelf) -> None:
    async with shelf.open() as store:
        for batch in range(6):
            await asyncio.gather(*(store.write(accept(package(f"{batch}/{n}"))) for n in range(batch + 1)))
        size = len(await store.leaves(0, 100))
        before = [(await store.receipt(index)).to_json() for index in range(size)]
        proofs = [verify_receipt(await store.receipt(index), None, pki().roots) for index in range(size)]
    assert size == 21
    assert {proof.result for proof in proofs} == {ProofResult.PROVED}
    async with shelf.open() as store:
        await asyncio.gather(*(store.write(accept(package(f"more/{n}"))) for n in range(5)))
        assert [(await store.receipt(index)).to_json() for index in range(size)] == before


async def test_the_log_only_grows(store: StoreAndLog) -> None:
    keys, seen = [VerifierKey.parse(pki().vkey())], []
    for batch in range(8):
        await asyncio.gather(*(store.write(accept(package(f"{batch}/{n}"))) for n in range(batch * 9 % 7 + 1)))
        seen.append(open_checkpoint(await store.checkpoint(), keys))
    for old, new in ((old, new) for place, old in enumerate(seen) for new in seen[place:]):
        verify_consistency_of(old, new, await store.consistency(old.size, new.size))
    with pytest.raises(NotFound):
        await store.consistency(1, seen[-1].size + 1)


async def test_tiles_and_leaves(store: StoreAndLog) -> None:
    await asyncio.gather(*(store.write(accept(package(str(n)))) for n in range(300)))
    leaves = await store.leaves(0, 1000)
    assert len(leaves) == 300
    assert await store.leaves(290, 1000) == leaves[290:]
    assert await store.leaves(300, 5) == []
    assert await store.tile(0, 0, 256) == b"".join(map(leaf_hash, leaves[:256]))
    assert await store.tile(0, 1, 44) == b"".join(map(leaf_hash, leaves[256:]))
    assert len(await store.tile(1, 0, 1)) == 32
    for level, index, width in ((0, 1, 45), (1, 0, 2), (1, 1, 1), (2, 0, 1)):
        with pytest.raises(NotFound):
            await store.tile(level, index, width)
    for level, index, width in ((-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)):
        with pytest.raises(InvalidValue):
            await store.tile(level, index, width)


async def test_stamps(store: StoreAndLog, shelf: Shelf) -> None:
    at = shelf.clock.advance(1.5)
    await store.write(accept(A))
    assert await store.stamped_receipt(0) is None
    found = await store.unstamped()
    assert found == (1, await store.checkpoint(), at)
    plain = await store.receipt(0)
    await store.write(accept(package("b")))
    await store.keep_stamp(2, b"token")
    await store.keep_stamp(2, b"another")
    assert await store.unstamped() is None
    assert await store.stamped() == (2, await store.checkpoint(), b"token")
    assert await store.unstamped_since() is None
    stamped = await store.stamped_receipt(0)
    assert stamped is not None
    assert (stamped.stamp, stamped.size, stamped.checkpoint) == (b"token", 2, await store.checkpoint())
    assert verify_receipt(replace(stamped, stamp=None), None, pki().roots).result is ProofResult.PROVED
    assert await store.receipt(0) == plain
    await store.write(accept(package("c")))
    assert (await store.unstamped() or (0,))[0] == 3
    assert (await store.stamped() or (0,))[0] == 2
    assert await store.unstamped_since() == shelf.clock.now()
    assert await store.stamped_receipt(2) is None
    with pytest.raises(NotFound):
        await store.keep_stamp(99, b"token")


async def test_reopened_it_remembers(shelf: Shelf) -> None:
    async with shelf.open() as store:
        await store.write(accept(A))
        note = await store.checkpoint()
    async with shelf.open() as store:
        assert await store.read(lambda view: view.package(A.id)) == replace(A, index=0)
        assert await store.checkpoint() == note
        assert await store.write(accept(package("b"))) == 1
