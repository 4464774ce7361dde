"""The parts of `lienthong chaos` alone: the same seed gives the same run, wires break as told, the count finds faults."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lienthong.cli.chaos.launcher import moved
from lienthong.cli.chaos.logs import roots_at
from lienthong.cli.chaos.papers import papers
from lienthong.cli.chaos.reckoning import Held, Reckoning, reckon
from lienthong.cli.chaos.record import Received, Record, Sent
from lienthong.cli.chaos.schedule import HOPS, Kind, Wish, schedule
from lienthong.client.model import Entry, Recipient
from lienthong.evidence import EventKind, leaf_hash, root_from_leaves
from lienthong.testing.clock import START

FILES = (("mau-1.bin", "ab" * 32),)


def test_the_same_seed_gives_the_same_run() -> None:
    wish = Wish(500, 20, 7)
    assert schedule(wish) == schedule(wish)
    assert schedule(wish) != schedule(Wish(500, 20, 8))
    assert papers(50, 7) == papers(50, 7)
    assert [p.files() for p in papers(5, 7)] == [p.files() for p in papers(5, 7)]


def test_every_run_has_everything() -> None:
    deeds = schedule(Wish(100, 4, 1))
    assert {deed.kind for deed in deeds} == set(Kind) - {Kind.DATABASE, Kind.FAILOVER, Kind.OBJECTS}
    assert {deed.target for deed in deeds if deed.kind is Kind.KILL} >= set(HOPS)
    assert {deed.target for deed in deeds if deed.kind is Kind.DISK} == set(HOPS)
    assert [deed.after for deed in deeds] == sorted(deed.after for deed in deeds)
    assert sum(deed.kind is Kind.KILL for deed in deeds) == 4


def test_a_clock_moves_under_way(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("600")
    now = moved(file)
    assert now() > datetime.now(UTC) + timedelta(seconds=590)  # noqa: TID251  # against the machine's
    other = tmp_path / "other"
    other.write_text("-600")
    other.replace(file)
    assert now() < datetime.now(UTC) - timedelta(seconds=590)  # noqa: TID251  # as above


def test_roots_of_every_beginning() -> None:
    leaves = [f"leaf {number}".encode() for number in range(9)]
    roots = roots_at({1, 4, 9, 12}, leaves)
    assert roots == {size: root_from_leaves([leaf_hash(leaf) for leaf in leaves[:size]]) for size in (1, 4, 9)}


# ---------------------------------------------------------------- the count


def entry(state: str = "handed-over", status: str = "", standing: str = "in-force") -> Entry:
    leg = Recipient(
        "G09", "G09", "Bộ mẫu", redirected=False, state=state, since=START, status=status, standing=standing
    )
    texts = dict.fromkeys(
        ("sender_name", "number", "notation", "subject", "kind", "issued", "signer", "due", "reason"), ""
    )
    return Entry(
        id="p", message_id="m", lane="out", sender="H29", document_id="d", urgency=0, business=0,
        recorded_at=START, expires_at=START, recipients=(leg,), **texts,
    )  # fmt: skip


def found(state: str = "handed-over", **more: str) -> tuple[Record, dict[str, Held]]:
    record = Record()
    record.note(Sent("m", "p", "H29", FILES, "d"))
    record.received["p", "G09"] = Received("G09", FILES, acknowledged=1.0)
    proofs = {(EventKind.SUBMISSION_ACCEPTED, ""), (EventKind.RELAYED, "G09"), (EventKind.HANDED_OVER, "G09")}
    return record, {"p": Held(entry(state, **more), 3, 0, frozenset(proofs))}


def counted(record: Record, held: dict[str, Held]) -> Reckoning:
    return reckon(record, held, (), ())


def test_a_run_in_which_all_is_well() -> None:
    assert counted(*found()).good


@pytest.mark.parametrize("state", ["accepted", "delivered", "recorded"])
def test_what_has_no_end_is_lost(state: str) -> None:
    record, held = found(state)
    assert counted(record, held).lost == 1
    assert counted(record, {}).lost == 1


def test_what_lies_in_no_register_is_lost() -> None:
    record, held = found()
    del record.received["p", "G09"]
    assert counted(record, held).lost == 1


def test_other_bytes_are_found() -> None:
    record, held = found()
    record.received["p", "G09"].files = (("mau-1.bin", "cd" * 32),)
    assert counted(record, held).altered == 1


def test_two_truths_are_found() -> None:
    record, held = found("expired")
    counts = counted(record, held)
    assert (counts.contradictions, counts.unproved) == (1, 1)


def test_offered_again_is_a_duplicate() -> None:
    record, held = found()
    record.received["p", "G09"].offered = 1
    assert counted(record, held).duplicates == 1


def test_a_status_its_sender_never_heard_of_is_lost() -> None:
    record, held = found(status="01")
    record.statuses["p", "G09"] = "03"
    assert counted(record, held).lost == 1


def test_an_end_without_proof_is_found() -> None:
    record, held = found()
    held["p"] = Held(held["p"].entry, 0, 0, frozenset())
    assert counted(record, held).unproved == 1


async def test_waiting_for_documents() -> None:
    record = Record()
    waiting = asyncio.create_task(record.reaches(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    record.note(Sent("m", "p", "H29", FILES, "d"))
    await waiting
