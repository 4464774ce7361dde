"""A country under every mishap we can think of: nothing is lost, nothing comes twice, nobody is told two truths.

Hypothesis plays clerks, workers, clocks and accidents in any order; every port of every hop may fail before or after
the work, requests may be done twice or long after the caller gave up, any process may die at any call. Then the
accidents stop, the world drains, and the books of all hops must agree.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from lienthong.delivery import (
    AXIS,
    Content,
    HandIn,
    JourneyState,
    Lane,
    Leg,
    Standing,
    Terms,
    acknowledge,
    expire,
    hand_in,
    release,
    take,
)
from lienthong.delivery.journey import MOVES, REACHABLE
from lienthong.delivery.status import merge
from lienthong.document import StatusCode
from lienthong.errors import DuplicateDiffers, LienThongError
from lienthong.evidence import (
    Event,
    EventKind,
    ProofResult,
    Receipt,
    VerifierKey,
    open_checkpoint,
    verify_consistency_of,
    verify_receipt,
)
from lienthong.gateway import composing
from lienthong.testing.mishaps import Crash, Mishap, befallen, catch_up
from lienthong.testing.world import DEDICATED, SHARED, World, handing, origin

S = JourneyState
TERMS = Terms(
    time_to_live=timedelta(hours=1),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(minutes=1),
    lock=timedelta(minutes=5),
    breaker_after=3,
)
SENDERS = ("H29", "G09", "H29.131")
RECIPIENTS = ("G09", "H34.7", "H29.01", "H29.27", "H29.131", "H40")
DESKS = ("G09", "H34.7", "H29", "H29.01", "H29.131")
ENDS = frozenset({S.HANDED_OVER, S.REFUSED, S.EXPIRED, S.CANCELLED})
FIRST = {Lane.OUT: {S.RECORDED}, Lane.THROUGH: {S.ACCEPTED, S.REFUSED}, Lane.IN: {S.ARRIVED}}

accidents = st.none() | st.tuples(st.integers(0, 11), st.sampled_from([m for m in Mishap if m is not Mishap.NONE]))


class Doom:
    """One accident, so many calls ahead."""

    def __init__(self) -> None:
        self.late: list[Callable[[], Awaitable[object]]] = []
        self._left, self._mishap = 0, Mishap.NONE

    def sentence(self, accident: tuple[int, Mishap] | None) -> None:
        self._left, self._mishap = accident or (0, Mishap.NONE)

    def next(self, port: str, method: str) -> Mishap:
        if self._mishap is Mishap.NONE:
            return Mishap.NONE
        self._left -= 1
        if self._left >= 0:
            return Mishap.NONE
        found, self._mishap = self._mishap, Mishap.NONE
        # a store does nothing twice and nothing behind one's back; its commit may well stand unheard
        return found if port.endswith(".wire") or found not in {Mishap.TWICE, Mishap.LATE} else Mishap.BEFORE


class Watched:
    """A store that sees every leg before it is put, and knows the tables."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[[Any], Any]) -> Any:
        return await self._store.write(lambda tx: work(_WatchedTransaction(tx)))


class _WatchedTransaction:
    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def put_leg(self, leg: Leg) -> None:
        before = self._tx.leg(leg.key)
        if before is None:
            assert leg.state in FIRST[leg.lane], f"{leg.lane} begins as {leg.state}"
        else:
            legal = REACHABLE if leg.lane is Lane.OUT else MOVES
            assert leg.state in legal[before.state] | {before.state}, f"{leg.lane}: {before.state} → {leg.state}"
        self._tx.put_leg(leg)


class Country(RuleBasedStateMachine):
    documents = Bundle("documents")
    locks = Bundle("locks")

    @initialize()
    def found(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.doom = Doom()
        self.world = World(TERMS, self._around)
        self.wanted: dict[tuple[str, str], HandIn] = {}
        self.accepted: set[tuple[str, str]] = set()
        self.handed_over: set[tuple[str, str, str | None]] = set()
        self.read_leaves = Counter[str]()
        self.seen_checkpoints: dict[str, list[str]] = {name: [] for name in self.world.stations}

    def _around(self, name: str, port: Any) -> Any:
        return befallen(name, Watched(port) if name.endswith(".store") else port, self.doom)

    # ------------------------------------------------------------ running things

    def do(self, work: Awaitable[Any], accident: tuple[int, Mishap] | None = None) -> Any:
        """Run it; what fails, fails, and who dies starts anew."""
        self.doom.sentence(accident)
        try:
            return self.loop.run_until_complete(work)
        except LienThongError:
            return None
        except Crash as crash:
            self.world.crash(str(crash).partition(".")[0])
            return None
        finally:
            self.doom.sentence(None)

    async def _hand_in(self, handed: HandIn) -> Any:
        package = await hand_in(self.world.home(handed.tenant), self.world.signer(handed.tenant), handed)
        self.accepted.add((handed.tenant, handed.message_id))
        return package

    # ------------------------------------------------------------ clerks

    @rule(
        target=documents,
        sender=st.sampled_from(SENDERS),
        recipients=st.lists(st.sampled_from(RECIPIENTS), min_size=1, max_size=3, unique=True),
        minutes=st.sampled_from([2, 60]),
        accident=accidents,
    )
    def send(self, sender: str, recipients: list[str], minutes: int, accident: Any) -> Any:
        message = self.world.edoc(sender, [code for code in recipients if code != sender] or ["G22"])
        return self._first(sender, message, minutes, accident)

    def _first(self, sender: str, message: Any, minutes: int, accident: Any) -> Any:
        message_id = f"id-{len(self.wanted) + 1}"
        handed = handing(sender, message, message_id, timedelta(minutes=minutes))
        self.wanted[sender, message_id] = handed
        self.do(self._hand_in(handed), accident)
        return handed

    @rule(handed=documents, accident=accidents)
    def repeat(self, handed: HandIn, accident: Any) -> None:
        self.do(self._hand_in(handed), accident)

    @rule(handed=documents)
    def reuse_the_id(self, handed: HandIn) -> None:
        """Other content under a known id never replaces the first."""
        other = handing(handed.tenant, self.world.edoc(handed.tenant, ["G22"]), handed.message_id)
        if (handed.tenant, handed.message_id) not in self.accepted:
            return
        try:
            self.loop.run_until_complete(
                hand_in(self.world.home(handed.tenant), self.world.signer(handed.tenant), other)
            )
        except DuplicateDiffers:
            return
        raise AssertionError("the id was taken")

    @rule(target=documents, handed=documents, accident=accidents)
    def recall(self, handed: HandIn, accident: Any) -> Any:
        original = handed.reading.message
        if not hasattr(original, "business") or original.business.type != 0:
            return multiple()
        known = self.world.home(handed.tenant).directory()
        message = composing.recalled(original, "ban hành nhầm", (), known, self.world.clock.now())
        return self._first(handed.tenant, message, 60, accident)

    @rule(target=locks, desk=st.sampled_from(DESKS), accident=accidents)
    def take(self, desk: str, accident: Any) -> Any:
        waiting = self.do(self.world.waiting(desk)) or ()
        legs = [self.do(take(self.world.home(desk), desk, p.id, leg.addressee), accident) for p, leg in waiting[:1]]
        return multiple(*((desk, leg) for leg in legs if leg is not None))

    @rule(lock=locks, accident=accidents)
    def acknowledge(self, lock: tuple[str, Leg], accident: Any) -> None:
        desk, leg = lock
        self.do(acknowledge(self.world.home(desk), desk, leg.package, leg.addressee, leg.lock), accident)

    @rule(lock=consumes(locks), accident=accidents)
    def put_back(self, lock: tuple[str, Leg], accident: Any) -> None:
        desk, leg = lock
        self.do(release(self.world.home(desk), desk, leg.package, leg.addressee, leg.lock), accident)

    @rule(
        target=documents,
        lock=locks,
        code=st.sampled_from(["01", "02", "03", "05", "06", "15", "16", "09"]),
        accident=accidents,
    )
    def report(self, lock: tuple[str, Leg], code: str, accident: Any) -> Any:
        desk, leg = lock
        package = self.world.home(desk).store
        found = self.do(package.read(lambda view: view.package(leg.package)))
        if found is None or found.head.content is not Content.EDOC:
            return multiple()
        now = self.world.clock.now()
        message = composing.status(found, self.world.organisation(desk), code, "lý do", "Trần Thị Ví Dụ", now)
        handed = handing(desk, message, f"st-{len(self.wanted) + 1}")
        if self.do(self._hand_in(handed), accident) is None:
            return multiple()
        self.wanted[desk, handed.message_id] = handed
        return handed

    # ------------------------------------------------------------ workers, in any order

    @rule(gateway=st.sampled_from([DEDICATED, SHARED]), which=st.integers(0, 4), accident=accidents)
    def work(self, gateway: str, which: int, accident: Any) -> None:
        self.do(self.world.work(gateway)[which](), accident)

    @rule(
        workers=st.lists(st.tuples(st.sampled_from([DEDICATED, SHARED]), st.integers(0, 4)), min_size=1, max_size=3),
        accident=accidents,
    )
    def work_together(self, workers: list[tuple[str, int]], accident: Any) -> None:
        async def together() -> None:
            # the first one twice: two processes may be at the same work
            jobs = [self.world.work(gateway)[which]() for gateway, which in [workers[0], *workers]]
            for ended in await asyncio.gather(*jobs, return_exceptions=True):
                if isinstance(ended, Crash):
                    raise ended
                if isinstance(ended, BaseException) and not isinstance(ended, LienThongError):
                    raise ended

        self.do(together(), accident)

    @rule()
    def a_good_hour(self) -> None:
        """Everybody works, nothing breaks."""
        self.do(self.world.round())

    @rule(accident=accidents)
    def expire(self, accident: Any) -> None:
        self.do(expire(self.world.axis), accident)

    @rule(seconds=st.sampled_from([-30, 1, 30, 90, 600, 3000]))
    def jump(self, seconds: int) -> None:
        self.world.clock.advance(timedelta(seconds=seconds))

    @rule(hop=st.sampled_from([AXIS, DEDICATED, SHARED]))
    def die(self, hop: str) -> None:
        self.world.crash(hop)

    @rule()
    def late_requests_come(self) -> None:
        self.do(catch_up(self.doom))

    # ------------------------------------------------------------ what must hold at any time

    @invariant()
    def nobody_is_told_two_truths(self) -> None:
        legs = self._legs()
        for (package, lane, addressee), leg in legs.items():
            through = legs.get((package, Lane.THROUGH, addressee))
            if lane is Lane.THROUGH:
                continue
            if through is None:
                assert leg.state in {S.RECORDED, S.EXPIRED, S.REFUSED}, f"{leg.state} at {lane}, nothing at the axis"
            elif lane is Lane.OUT:
                assert leg.state is through.state or through.state in REACHABLE[leg.state], (leg.state, through.state)
            else:
                told = {S.ARRIVED: None, S.HANDED_OVER: {S.DELIVERED, S.HANDED_OVER}, S.DELIVERED: {S.DELIVERED}}
                allowed = told.get(leg.state, {leg.state})
                assert allowed is None or through.state in allowed, (leg.state, through.state)

    @invariant()
    def nothing_is_handed_over_twice(self) -> None:
        for name in self.world.gateways:
            for event in self._new_events(name):
                fact = (event.hop, event.package, event.addressee)
                if event.kind is EventKind.HANDED_OVER:
                    assert fact not in self.handed_over, fact
                    self.handed_over.add(fact)

    @invariant()
    def checkpoints_are_kept(self) -> None:
        for name, station in self.world.stations.items():
            note = self.loop.run_until_complete(station.store.checkpoint())
            if note and self.seen_checkpoints[name][-1:] != [note]:
                self.seen_checkpoints[name].append(note)

    # ------------------------------------------------------------ when the accidents are over

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self._drain()
            self._judge()
        finally:
            self.loop.close()

    def _drain(self) -> None:
        self.do(catch_up(self.doom))
        self.do(self.world.run())
        for desk in DESKS:
            self.do(self.world.hand_over(desk))
        self.world.clock.advance(timedelta(hours=2))
        for _ in range(2):
            self.do(self.world.run())
            for desk in (*DESKS, "G22"):
                self.do(self.world.hand_over(desk))
        self.do(self.world.run())

    def _judge(self) -> None:
        self.nobody_is_told_two_truths()
        self.nothing_is_handed_over_twice()
        self.checkpoints_are_kept()
        self._nothing_is_lost()
        self._statuses_arrived()
        self._receipts_hold()
        self._logs_are_consistent()

    def _nothing_is_lost(self) -> None:
        legs = self._legs()
        for sender, message_id in self.accepted:
            home = self.world.home(sender).name
            packages = self.world.stations[home].store.disk.state.packages.values()
            package = next(each for each in packages if (each.sender, each.message_id) == (sender, message_id))
            out = [leg for leg in legs.values() if leg.package == package.id and leg.lane is Lane.OUT]
            assert out, f"{message_id} has no leg"
            for leg in out:
                assert leg.state in ENDS, f"{message_id} → {leg.addressee}: {leg.state}, {leg.detail}"
                through = legs.get((package.id, Lane.THROUGH, leg.addressee))
                assert through is None or through.state is leg.state, f"{leg.state} ≠ {through and through.state}"
                arrived = legs.get((package.id, Lane.IN, leg.addressee))
                if leg.state is S.HANDED_OVER:
                    assert arrived is not None
                    assert arrived.state is S.HANDED_OVER
                proofs = [step.kind for step in self._steps(home, package.id) if step.hop == AXIS and step.receipt]
                assert through is None or proofs.count(EventKind.SUBMISSION_ACCEPTED) == 1, proofs

    def _statuses_arrived(self) -> None:
        for name in (DEDICATED, SHARED):
            state = self.world.stations[name].store.disk.state
            reports = list(state.statuses.values())
            for leg in state.legs.values():
                heard = [
                    r.code
                    for r in reports
                    if (r.package, r.lane) == (leg.package, leg.lane) and r.recipient in {leg.recipient, leg.addressee}
                ]
                own = merge(StatusCode(code) for code in heard if code in StatusCode.__members__.values())
                if leg.lane is Lane.OUT and leg.content is Content.EDOC:
                    assert leg.status == (own.value if own else ""), (leg.status, heard)
                if leg.standing is Standing.RECALLED:
                    assert "15" in heard

    def _receipts_hold(self) -> None:
        for name in (DEDICATED, SHARED):
            for step in self.world.stations[name].store.disk.state.steps:
                if step.receipt:
                    receipt = Receipt.from_json(step.receipt)
                    assert receipt.event.package == step.package
                    assert verify_receipt(receipt, None, self.world.pki.roots).result is ProofResult.PROVED

    def _logs_are_consistent(self) -> None:
        for name, notes in self.seen_checkpoints.items():
            key = VerifierKey.parse(self.world.pki.vkey(origin(name)))
            opened = [open_checkpoint(note, [key]) for note in notes]
            for old, new in pairwise(opened):
                proof = self.loop.run_until_complete(self.world.stations[name].store.consistency(old.size, new.size))
                verify_consistency_of(old, new, proof)

    # ------------------------------------------------------------ looking

    def _legs(self) -> dict[Any, Leg]:
        found: dict[Any, Leg] = {}
        for station in self.world.stations.values():
            found |= station.store.disk.state.legs
        return found

    def _steps(self, hop: str, package: str) -> list[Any]:
        return [step for step in self.world.stations[hop].store.disk.state.steps if step.package == package]

    def _new_events(self, hop: str) -> list[Event]:
        """What the hop testified to since we last looked."""
        leaves = self.loop.run_until_complete(self.world.stations[hop].store.leaves(self.read_leaves[hop], 1 << 30))
        self.read_leaves[hop] += len(leaves)
        return [Event.from_leaf(leaf) for leaf in leaves]


# one and a half times as many examples as the profile says: 150 in CI, always the same ones
Country.TestCase.settings = settings(
    max_examples=settings.default.max_examples * 3 // 2,  # type: ignore[union-attr]  # a profile is always loaded
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow],
)
test_any_order_and_any_accident = Country.TestCase
