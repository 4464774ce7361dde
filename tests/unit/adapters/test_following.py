"""One trace follows a document over all hops, and what is told of it holds nothing of its words."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from lienthong.adapters.following import DONE, Done, FollowingStore
from lienthong.delivery import AXIS, HandIn, Package, hand_in
from lienthong.errors import InvalidValue, Unavailable
from lienthong.seal import trace_of
from lienthong.testing.world import DEDICATED, SHARED, World, handing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORDS = {"subject": "V/v điều động ông Nguyễn Bí Mật", "signer_name": "Phạm Thị Kín"}


class Country(World):
    """A world whose every hop tells what it did, to `told`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Done]] = []
        super().__init__(around=self._follow)

    def _follow(self, name: str, port: Any) -> Any:
        if not name.endswith(".store"):
            return port
        hop = name.removesuffix(".store")
        return FollowingStore(port, lambda done: self.told.append((hop, done)))

    async def hand_in_traced(self, recipients: list[str], trace: str = TRACE, **words: Any) -> Package:
        message = self.edoc("H29", recipients, **words)
        handed = replace(handing("H29", message, "traced"), trace=trace)
        return await hand_in(self.home("H29"), self.signer("H29"), handed)


async def test_one_trace_on_all_hops() -> None:
    country = Country()
    sent = await country.hand_in_traced(["G09"])
    await country.run()
    assert await country.hand_over("G09") == 1
    await country.run()
    assert {done.trace for _, done in country.told if done.package == sent.id} == {TRACE}
    assert {(hop, done.done) for hop, done in country.told} == {
        (DEDICATED, "handed-in"),
        (DEDICATED, "forwarded"),
        (AXIS, "accepted"),
        (SHARED, "pulled"),
        (AXIS, "delivered"),
        (SHARED, "delivered"),
        (SHARED, "handed-over"),
        (AXIS, "handed-over"),
        (DEDICATED, "delivered"),
        (DEDICATED, "handed-over"),
    }
    assert max(Counter((hop, done.done) for hop, done in country.told).values()) == 1


async def test_a_hop_that_starts_anew_knows_the_trace() -> None:
    country = Country()
    await country.hand_in_traced(["G09"])
    country.crash(DEDICATED)
    await country.run()
    assert (DEDICATED, "forwarded", TRACE) in {(hop, done.done, done.trace) for hop, done in country.told}


async def test_what_expires_is_told_once_with_its_trace() -> None:
    country = Country()
    await country.hand_in_traced(["H40"])
    await country.run()
    country.clock.advance(country.terms.time_to_live)
    await country.run()
    expired = [(hop, done.trace) for hop, done in country.told if done.done == "expired"]
    assert sorted(expired) == sorted([(AXIS, TRACE), (DEDICATED, TRACE)])


async def test_a_circular_is_one_line_and_counted_by_addressee() -> None:
    country = Country()
    before = DONE.labels("through", "delivered")._value.get()
    with capture_logs() as lines:
        await country.hand_in_traced(["G09", "G22", "H34"])
        await country.run()
    assert DONE.labels("through", "delivered")._value.get() - before == 3
    accepted = [line for line in lines if line["event"] == "accepted"]
    assert [(line["trace"], line["lane"]) for line in accepted] == [(TRACE, "through")]


async def test_nothing_is_told_of_what_was_not_written() -> None:
    country = Country()

    def fails(tx: Any) -> None:
        tx.add_step(step)
        raise InvalidValue("x")

    sent = await country.hand_in_traced(["G09"])
    step = country.steps(DEDICATED, sent)[0]
    country.told.clear()
    with pytest.raises(InvalidValue):
        await country.hop(DEDICATED).store.write(fails)
    assert country.told == []


async def test_a_fault_in_telling_harms_no_write() -> None:
    def broken(_: Done) -> None:
        raise OSError("no collector")

    country = World(around=lambda name, port: FollowingStore(port, broken) if name.endswith(".store") else port)
    with capture_logs() as lines:
        await country.send("H29", ["G09"])
        await country.run()
    assert len(await country.waiting("G09")) == 1
    assert {"event": "following", "error": "OSError", "log_level": "warning"} in lines


async def test_lines_hold_no_words_of_a_document() -> None:
    country = Country()
    with capture_logs() as lines:
        await country.hand_in_traced(["G09"], **WORDS)
        await country.run()
        await country.hand_over("G09")
        await country.run()
    told = [line for line in lines if "lane" in line]
    assert len(told) >= 10
    assert {name for line in told for name in line} <= {
        "event",
        "log_level",
        "package",
        "lane",
        "addressees",
        "code",
        "trace",
    }
    assert not re.search("Bí Mật|Kín|điều động", repr(lines))


@pytest.mark.parametrize("trace", ["0" * 32, "drop table", TRACE.upper()])
async def test_no_trace_is_sealed_that_is_none(trace: str) -> None:
    with pytest.raises(InvalidValue):
        await Country().hand_in_traced(["G09"], trace=trace)


def test_a_seal_without_a_trace_has_none() -> None:
    assert [trace_of(text) for text in ("", "%", "e30..", "eyJsdF90cmFjZSI6MX0..", "eyJsdF90cmFjZSI6IngifQ..")] == [
        ""
    ] * 5


async def test_a_store_away_costs_the_trace_and_nothing_else() -> None:
    country = Country()
    sent = await country.hand_in_traced(["G09"])
    step = country.steps(DEDICATED, sent)[0]

    class Away:
        write = country.stations[DEDICATED].store.write

        async def read(self, work: Any) -> Any:
            raise Unavailable

    told: list[Done] = []
    store = FollowingStore(Away(), told.append)  # type: ignore[arg-type]  # as much of a store as is asked
    await store.write(lambda tx: tx.add_step(replace(step, seq=0)))
    assert [done.trace for done in told] == [""]


def test_a_hand_in_has_no_trace_unless_given() -> None:
    assert HandIn.__dataclass_fields__["trace"].default == ""
