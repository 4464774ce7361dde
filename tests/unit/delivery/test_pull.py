"""The recipient's gateway checks for itself what the axis checked, and opens nothing before the axis confirmed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from lienthong.delivery import (
    AXIS,
    JourneyState,
    Lane,
    LegAnswer,
    MailItem,
    acknowledge,
    inbox,
    pull,
    settle,
    take,
)
from lienthong.delivery.model import Content
from lienthong.delivery.rights import may_answer
from lienthong.envelope import Part, content_digest, frame, manifest
from lienthong.errors import EvidenceBroken, RegistryStale, Unavailable
from lienthong.evidence import EventKind
from lienthong.registry import Directory
from lienthong.testing.mishaps import Mishap, Script, befallen
from lienthong.testing.pki import REVOKED_AT, pki
from lienthong.testing.world import DEDICATED, SHARED, World
from packages_made import framed, sealed

ALL = frozenset(Content)


class LyingAxis:
    """The axis as a gateway reaches it, saying otherwise than it should."""

    def __init__(self, world: World, gateway: str = SHARED, **lies: Callable[..., Any]) -> None:
        self._wire, self._lies = world.wire(gateway), lies

    async def mailbox(self) -> Any:
        found = await self._wire.mailbox()
        return [self._lies.get("item", lambda each: each)(each) for each in found]

    async def collect(self, package_id: str) -> bytes:
        return self._lies.get("frame", lambda data: data)(await self._wire.collect(package_id))  # type: ignore[no-any-return]  # lies are typed by whoever tells them

    async def confirm(self, words: Any) -> Any:
        answers = await self._wire.confirm(words)
        return [self._lies.get("answer", lambda each: each)(each) for each in answers]


async def on_its_way(*recipients: str, **metadata: Any) -> tuple[World, Any]:
    """A package that waits at the axis for the shared gateway."""
    world = World()
    sent = await world.send("H29", recipients or ("G09",), **metadata)
    await world.work(DEDICATED)[0]()
    return world, sent


async def test_a_fetched_package_is_seen_by_its_desk_only_after_the_axis_confirmed() -> None:
    world, sent = await on_its_way()
    assert await pull(world.hop(SHARED), world.wire(SHARED)) == 1
    assert world.leg(SHARED, sent, "G09").state is JourneyState.ARRIVED
    assert await world.waiting("G09") == ()
    assert await settle(world.hop(SHARED), world.wire(SHARED)) == 1
    ((package, leg),) = await world.waiting("G09")
    assert (package.id, package.expires_at) == (sent.id, sent.expires_at)
    assert leg.state is JourneyState.DELIVERED


async def test_fetching_again_changes_nothing() -> None:
    world, sent = await on_its_way("G09", "H34.7")
    assert await pull(world.hop(SHARED), world.wire(SHARED)) == 2
    assert await pull(world.hop(SHARED), world.wire(SHARED)) == 0
    await settle(world.hop(SHARED), world.wire(SHARED))
    assert await settle(world.hop(SHARED), world.wire(SHARED)) == 0
    kinds = [event.kind for event in await world.events(SHARED)]
    assert kinds == [EventKind.CONSIGNED, EventKind.CONSIGNED]
    assert [step.kind for step in world.steps(SHARED, sent)].count(EventKind.RELAYED) == 2


async def test_every_hop_sees_the_same_end() -> None:
    world = World()
    world.clock.advance(timedelta(microseconds=987_654))
    sent = await world.send("H29", ["G09"], time_to_live=timedelta(minutes=7))
    await world.run()
    ends = {world.stations[hop].store.disk.state.packages[sent.id].expires_at for hop in (DEDICATED, AXIS, SHARED)}
    assert len(ends) == 1
    assert ends.pop().microsecond == 0
    assert {world.leg(hop, sent, "G09").expires_at for hop in (DEDICATED, AXIS, SHARED)} == {sent.expires_at}


# ---------------------------------------------------------------- refusals, with evidence and the axis's word on them


def _other(world: World, change: Callable[[tuple[Part, ...]], tuple[Part, ...]]) -> Callable[[bytes], bytes]:
    made, parts = sealed(world, world.edoc("H29", ["G09"]))
    return lambda _: frame(made, change(parts))


BAD: dict[str, tuple[str, Callable[[World], dict[str, Any]]]] = {
    "cut off": ("package-malformed", lambda _: {"frame": lambda data: data[:-1]}),
    "changed": ("part-changed", lambda w: {"frame": _other(w, lambda p: (p[0], replace(p[1], content=b"%PDF")))}),
    "part missing": ("part-missing", lambda w: {"frame": _other(w, lambda p: p[:1])}),
    "part extra": ("part-unexpected", lambda w: {"frame": _other(w, lambda p: (*p, Part("x", "text/plain", b"x")))}),
    "another package": ("part-changed", lambda w: {"frame": lambda _: framed(w, w.edoc("H29", ["G09"]), "khác")}),
    "unknown key": ("seal-key-unknown", lambda w: _signed(w, signer=pki().foreign("H29"))),
    "another tenant's key": ("seal-key-foreign", lambda w: _signed(w, signer=w.signer("H29.01"))),
    "signed tomorrow": ("seal-invalid", lambda w: _signed(w, now=w.clock.now() + timedelta(days=1))),
    "secret": ("secret-not-allowed", lambda w: _framed(w, subject="Kế hoạch (Tối mật)")),
    "not addressed to it": ("not-a-recipient", lambda _: {"item": lambda item: replace(item, addressee="H34.7")}),
    "not ours to take": ("sender-not-represented", lambda _: {"item": lambda item: replace(item, recipient="H29.01")}),
    "xml bomb": ("envelope-unsafe", lambda w: {"frame": lambda _: framed(w, w.edoc("H29", ["G09"]), parts=BOMB)}),
}
BOMB = (Part("message.edxml", "application/xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),)


def _signed(world: World, **how: Any) -> dict[str, Any]:
    return {"frame": lambda _: framed(world, world.edoc("H29", ["G09"]), "H29-1", **how)}


def _framed(world: World, **metadata: Any) -> dict[str, Any]:
    return {"frame": lambda _: framed(world, world.edoc("H29", ["G09"], **metadata), "H29-1")}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_refused_here_too(name: str) -> None:
    code, lies = BAD[name]
    world, sent = await on_its_way()
    axis = LyingAxis(world, **lies(world))
    assert await pull(world.hop(SHARED), axis) == 1
    state = world.stations[SHARED].store.disk.state
    (leg,) = state.legs.values()
    assert (leg.state, leg.refusal) == (JourneyState.ARRIVED, code)
    assert not state.packages
    assert not state.contents
    (event,) = await world.events(SHARED)
    assert (event.kind, event.code, event.package) == (EventKind.REFUSED, code, sent.id)
    assert [(step.kind, step.code) for step in state.steps] == [("refused", code)]
    assert await pull(world.hop(SHARED), axis) == 0


@pytest.mark.parametrize("name", ["unknown key", "secret", "cut off"])
async def test_the_sender_hears_of_a_refusal_with_both_hops_proofs(name: str) -> None:
    code, lies = BAD[name]
    world, sent = await on_its_way()
    await pull(world.hop(SHARED), LyingAxis(world, **lies(world)))
    await world.run()
    assert [world.leg(hop, sent, "G09").state for hop in (DEDICATED, AXIS, SHARED)] == ["refused"] * 3
    assert world.leg(DEDICATED, sent, "G09").refusal == code
    assert await world.waiting("G09") == ()


async def test_a_revoked_key_is_refused_after_the_axis_let_it_pass() -> None:
    world, sent = await on_its_way()
    rows = [
        replace(row, revoked_at=REVOKED_AT) if row.holder == "org:H29" else row for row in world.registry.certificates
    ]
    world.publish(world.newer(certificates=tuple(rows)))
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").refusal == "seal-key-revoked"


@pytest.mark.parametrize("missing", ["certificates", "representations"])
async def test_an_older_registry_refuses_nothing_that_the_newer_may_allow(missing: str) -> None:
    """The axis routes by version 2; a gateway that still has version 1 waits for it."""
    world = World()
    newer = world.newer()
    world.publish(world.newer(**{missing: ()}), SHARED)
    older = replace(world.stations[SHARED].book[0].snapshot, version=1)
    world.publish(older, SHARED)
    world.publish(newer, AXIS, DEDICATED)
    sent = await world.send("H29", ["G09"])
    await world.run()
    assert world.leg(AXIS, sent, "G09").state is JourneyState.ACCEPTED
    assert not world.stations[SHARED].store.disk.state.legs
    world.publish(newer, SHARED)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_a_registry_that_comes_while_a_package_is_judged_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    newer = world.newer()
    older = replace(world.newer(representations=()), version=1)
    world.publish(older, SHARED)
    world.publish(newer, AXIS, DEDICATED)
    sent = await world.send("H29", ["G09"])

    def judged(directory: Directory, gateway: str, code: str, now: datetime) -> bool:
        found = may_answer(directory, gateway, code, now)
        if gateway == SHARED:
            world.publish(newer, SHARED)
        return found

    monkeypatch.setattr(import_module("lienthong.delivery.pull"), "may_answer", judged)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_a_stale_registry_stops_fetching_without_refusing() -> None:
    world, _ = await on_its_way()
    world.publish(world.newer(expires_at=world.clock.now()), SHARED)
    with pytest.raises(RegistryStale):
        await pull(world.hop(SHARED), world.wire(SHARED))
    assert not world.stations[SHARED].store.disk.state.legs


# ---------------------------------------------------------------- nothing holds anything else up


async def test_what_the_axis_cannot_give_holds_nothing_up() -> None:
    world, first = await on_its_way(files={"lon.pdf": bytes(70_000)})
    world.stations[AXIS].objects.kept.clear()
    second = await world.send("H29", ["G09"])
    await world.run()
    assert world.leg(AXIS, first, "G09").state is JourneyState.ACCEPTED
    assert world.leg(DEDICATED, second, "G09").state is JourneyState.DELIVERED


async def test_a_dead_line_is_tried_again() -> None:
    fate = Script(collect=[Mishap.BEFORE])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    with pytest.raises(Unavailable):
        await pull(world.hop(SHARED), world.wire(SHARED))
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_one_word_the_axis_will_not_take_holds_no_other_up() -> None:
    world, _ = await on_its_way("G09", "H34.7")
    await pull(world.hop(SHARED), world.wire(SHARED))
    wire = world.wire(SHARED)

    class Picky:
        async def confirm(self, words: Any) -> Any:
            if any(word.addressee == "G09" for word in words):
                raise EvidenceBroken("G09")
            return await wire.confirm(words)

    assert await settle(world.hop(SHARED), Picky()) == 1  # type: ignore[arg-type]  # only confirm is asked
    assert [leg.addressee for _, leg in await world.waiting("H34.7")] == ["H34.7"]
    put_off = next(leg for leg in world.stations[SHARED].store.disk.state.legs.values() if leg.addressee == "G09")
    assert (put_off.state, put_off.attempts, put_off.detail) == (JourneyState.ARRIVED, 1, "evidence-broken")
    assert put_off.due > world.clock.now()
    await world.run()
    ((_, leg),) = await world.waiting("G09")
    assert leg.detail == ""


async def test_a_dead_line_while_confirming_one_by_one_is_heard() -> None:
    world, _ = await on_its_way()
    await pull(world.hop(SHARED), world.wire(SHARED))
    answers = iter([EvidenceBroken("tất cả / all"), Unavailable("mất / gone")])

    class Failing:
        async def confirm(self, words: Any) -> Any:
            raise next(answers)

    with pytest.raises(Unavailable):
        await settle(world.hop(SHARED), Failing())  # type: ignore[arg-type]  # only confirm is asked


async def test_a_dead_line_while_confirming_is_heard() -> None:
    fate = Script(confirm=[Mishap.BEFORE])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    await pull(world.hop(SHARED), world.wire(SHARED))
    with pytest.raises(Unavailable):
        await settle(world.hop(SHARED), world.wire(SHARED))
    assert world.leg(SHARED, sent, "G09").attempts == 0


async def test_two_workers_settle_one_leg_once() -> None:
    world, sent = await on_its_way()
    await pull(world.hop(SHARED), world.wire(SHARED))
    hop, wire = world.hop(SHARED), world.wire(SHARED)

    class Slow:
        """While it asks, another worker settles the same leg and the desk takes it."""

        async def confirm(self, words: Any) -> Any:
            answers = await wire.confirm(words)
            await settle(hop, wire)
            lock = (await take(hop, "G09", sent.id, "G09")).lock
            await acknowledge(hop, "G09", sent.id, "G09", lock)
            return answers

    assert await settle(hop, Slow()) == 1  # type: ignore[arg-type]  # only confirm is asked
    assert world.leg(SHARED, sent, "G09").state is JourneyState.HANDED_OVER


async def test_a_leg_that_is_settled_meanwhile_is_not_put_off() -> None:
    world, sent = await on_its_way()
    hop, wire = world.hop(SHARED), world.wire(SHARED)
    await pull(hop, wire)

    class Late:
        async def confirm(self, words: Any) -> Any:
            if world.leg(SHARED, sent, "G09").state is JourneyState.ARRIVED:
                await settle(hop, wire)
            raise EvidenceBroken

    assert await settle(hop, Late()) == 0  # type: ignore[arg-type]  # only confirm is asked
    assert world.leg(SHARED, sent, "G09").state is JourneyState.DELIVERED


LIES: dict[str, Callable[[LegAnswer], LegAnswer]] = {
    "no proof": lambda answer: replace(answer, receipt=""),
    "still waiting": lambda answer: replace(answer, state=JourneyState.ACCEPTED),
    "expired, with the proof of delivery": lambda answer: replace(answer, state=JourneyState.EXPIRED),
    "of another addressee": lambda answer: replace(answer, addressee="H34.7"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_answer_without_its_proof_opens_no_desk(lie: str) -> None:
    world, sent = await on_its_way()
    await pull(world.hop(SHARED), world.wire(SHARED))
    assert await settle(world.hop(SHARED), LyingAxis(world, answer=LIES[lie])) == 0
    assert world.leg(SHARED, sent, "G09").state is JourneyState.ARRIVED
    assert await world.waiting("G09") == ()


async def test_what_was_refused_here_is_never_opened_whatever_the_axis_says() -> None:
    world, sent = await on_its_way()
    await pull(world.hop(SHARED), LyingAxis(world, frame=lambda data: data[:-1]))
    lying = LyingAxis(world, answer=lambda answer: replace(answer, state=JourneyState.DELIVERED))
    assert await settle(world.hop(SHARED), lying) == 0
    assert world.leg(SHARED, sent, "G09").state is JourneyState.ARRIVED


# ---------------------------------------------------------------- two workers, one mail


async def test_a_slow_refusal_does_not_undo_what_another_worker_stored() -> None:
    world, sent = await on_its_way()
    hop, wire = world.hop(SHARED), world.wire(SHARED)

    class Slow(LyingAxis):
        async def collect(self, package_id: str) -> bytes:
            await pull(hop, wire)
            await settle(hop, wire)
            return b"cut off"

    assert await pull(hop, Slow(world)) == 0
    assert world.leg(SHARED, sent, "G09").state is JourneyState.DELIVERED


async def test_a_slow_store_does_not_undo_what_another_worker_delivered() -> None:
    world, sent = await on_its_way()
    hop, wire = world.hop(SHARED), world.wire(SHARED)

    class Slow(LyingAxis):
        async def collect(self, package_id: str) -> bytes:
            data = await wire.collect(package_id)
            await pull(hop, wire)
            await settle(hop, wire)
            return data

    assert await pull(hop, Slow(world)) == 0
    assert world.leg(SHARED, sent, "G09").state is JourneyState.DELIVERED
    assert [event.kind for event in await world.events(SHARED)] == [EventKind.CONSIGNED]


async def test_another_content_under_a_known_id_is_refused() -> None:
    """A tenant that moved between gateways may have left a package of that id behind."""
    world = World()
    await world.hand_in("G09", world.edoc("G09", ["H34.7"]), "id-1")
    made, parts = sealed(world, world.edoc("G09", ["H34.7"]), "id-1", sender="G09")
    forged = frame(made, parts)

    class Other:
        async def mailbox(self) -> Any:
            package = next(iter(world.stations[SHARED].store.disk.state.packages.values()))
            digest = content_digest(manifest(parts))
            return [MailItem(package.id, "H34.7", "H34.7", "G09", "id-1", digest, 1, 0, package.expires_at)]

        async def collect(self, package_id: str) -> bytes:
            return forged

    assert await pull(world.hop(SHARED), Other()) == 1  # type: ignore[arg-type]  # nothing is confirmed here
    legs = world.stations[SHARED].store.disk.state.legs.values()
    assert [leg.refusal for leg in legs if leg.lane is Lane.IN] == ["duplicate-differs"]


async def test_one_package_to_two_tenants_is_kept_once() -> None:
    world, sent = await on_its_way("G09", "H34.7")
    await world.run()
    assert list(world.stations[SHARED].store.disk.state.packages) == [sent.id]
    assert [len(await world.waiting(code)) for code in ("G09", "H34.7", "G22")] == [1, 1, 0]
    assert await inbox(world.hop(SHARED), "G09", frozenset({Content.STATUS})) == ()


async def test_large_files_travel_through_the_object_store() -> None:
    world, sent = await on_its_way(files={"lon.pdf": bytes(70_000), "nho.pdf": b"%PDF"})
    await world.run()
    small = world.stations[SHARED].store.disk.state.contents
    sizes = {part.size: part.sha256 in small for part in sent.parts}
    assert sizes[70_000] is False
    assert sizes[4] is True
    assert len(world.stations[SHARED].objects.kept) == 1
