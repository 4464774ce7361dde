"""Accept: the axis takes a package for good, or refuses it with a code; both leave evidence (design §4, step 5).

Packages that come together in one request share the ways to the store and to the disk, and nothing else: each is taken
or refused as if it had come alone, and what was answered yes is durable whatever becomes of its neighbours.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from lienthong.delivery.entry import Before, Told, answer_of, leg_of, package_of, record, split, standing
from lienthong.delivery.evidence import acceptance_of
from lienthong.delivery.freight import apart
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import attempted
from lienthong.delivery.model import Contents, Lane, Leg, Package, PartRef
from lienthong.delivery.news import Accepted
from lienthong.delivery.opening import Opened, opened_all
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.refusing import Said, said_of, witness_refusal
from lienthong.delivery.rights import may_submit
from lienthong.delivery.uploads import claim, drop
from lienthong.envelope import Frame
from lienthong.errors import LienThongError, RegistryStale, SenderNotRepresented
from lienthong.evidence import EventKind


async def accept(hop: Hop, gateway: str, frame: Frame) -> Accepted:
    """Take a package from a gateway; returns once durable, with the receipt.

    A repeat gets the same stored receipt, whatever has become of keys, rights and time since. A final refusal is
    logged as evidence before it is raised, and carries the receipt (`refusing`).
    """
    (answer,) = await accept_all(hop, gateway, [frame])
    if isinstance(answer, Exception):
        raise answer
    return answer


async def accept_all(hop: Hop, gateway: str, frames: Sequence[Frame]) -> list[Accepted | Exception]:
    """Take several packages, each as `accept` would; in order, what it would answer or raise."""
    visit = _Visit(hop, gateway, hop.clock.now())
    coming = [_Coming(frame) for frame in frames]
    await visit.open(coming)
    await visit.keep([one for one in coming if one.failed is None and one.bulky])
    await visit.record([one for one in coming if one.failed is None])
    await _each(visit.refuse, [one for one in coming if one.failed is not None])
    return [one.answer or one.failed or LienThongError() for one in coming]


@dataclass(slots=True)
class _Coming:
    """A package on its way in, and what became of it so far."""

    frame: Frame
    package: Package | None = None
    legs: tuple[Leg, ...] = ()
    small: Contents = field(default_factory=dict)
    large: Contents = field(default_factory=dict)
    apart: tuple[PartRef, ...] = ()
    uploads: frozenset[str] = frozenset()
    answer: Accepted | None = None
    failed: Exception | None = None

    @property
    def bulky(self) -> bool:
        """Whether something of it is kept before its row is."""
        return bool(self.large or self.apart)

    @property
    def row(self) -> Package:
        """The package, once it has been opened."""
        assert self.package is not None  # noqa: S101  what failed to open goes no further
        return self.package


Step = Callable[[_Coming], Awaitable[None]]
_Entered = tuple[Package, Told | None] | LienThongError
"""A package as it stands in the store and what its legs are told, nothing if it was there; or why it is not."""


async def _tried(step: Step, one: _Coming) -> None:
    if isinstance(error := await attempted(step(one)), Exception):
        one.failed = error


async def _each(step: Step, coming: Sequence[_Coming]) -> None:
    """All at a time: what they write goes into one batch."""
    await asyncio.gather(*(_tried(step, one) for one in coming))


@dataclass(frozen=True, slots=True)
class _Visit:
    """The steps from frame to answer, for the packages of one request."""

    hop: Hop
    gateway: str
    now: datetime

    async def open(self, coming: Sequence[_Coming]) -> None:
        """What lies in the frames, by a registry that may still be relied on, and whether it may come in this way."""
        hop, frames = self.hop, [one.frame for one in coming]
        try:
            directory = hop.fresh_directory(self.now)
        except RegistryStale as error:
            for one in coming:
                one.failed = error
            return
        opened = await opened_all(frames, hop.opener.unfold, directory, self.now, hop.limits)
        for one, found in zip(coming, opened, strict=True):
            await _tried(partial(self._enter, found), one)

    async def _enter(self, opened: Opened | Exception, one: _Coming) -> None:
        """What it is, and where it is to go."""
        if isinstance(opened, Exception):
            raise opened
        hop, now = self.hop, self.now
        directory = hop.fresh_directory(now)
        if not may_submit(directory, self.gateway, opened.sender, opened.head.content, opened.signed_at, now):
            raise SenderNotRepresented(f"{self.gateway}: {opened.sender}")
        one.package = package = package_of(hop, opened, self.gateway, now)
        laden = bool(apart(hop, package))
        one.legs = tuple(leg_of(package, code, directory, now, laden=laden) for code in opened.recipients)
        one.small, one.large = split(opened.contents)
        one.apart = opened.apart

    async def keep(self, bulky: Sequence[_Coming]) -> None:
        """What is large, behind one barrier. Asked before: what is refused, or here already, leaves nothing there."""
        if not bulky:
            return
        fresh = await self.hop.store.read(lambda view: self._fresh(view, bulky))
        await _each(self._adopt, [one for one in fresh if one.apart])
        fresh = [one for one in fresh if one.failed is None]
        contents = {sha256: data for one in fresh for sha256, data in one.large.items()}
        if isinstance(error := await attempted(self.hop.objects.keep(contents)), Exception):
            for one in fresh:
                one.failed = error

    def _fresh(self, view: View, bulky: Sequence[_Coming]) -> list[_Coming]:
        """Those that nothing speaks against and that are not here yet."""
        before, fresh = Before.of(view, [one.row for one in bulky]), []
        for one in bulky:
            try:
                if standing(view, one.row, one.legs, self.now, before) is None:
                    fresh.append(one)
            except LienThongError as error:
                one.failed = error
        return fresh

    async def _adopt(self, one: _Coming) -> None:
        """What travelled apart becomes ours, if this very gateway uploaded it. PartMissing."""
        names = await claim(self.hop, self.gateway, one.apart)
        for sha256, name in names.items():
            await self.hop.objects.adopt(name, sha256)
        one.uploads = frozenset(names.values())

    async def record(self, coming: Sequence[_Coming]) -> None:
        """Rows, legs and leaves in one work; if that fails, each in one of its own."""
        entered = await attempted(self.hop.store.write(partial(self._entered, coming)))
        if not isinstance(entered, Exception):
            for one, found in zip(coming, entered, strict=True):
                await _tried(partial(self._settle, found), one)
        elif len(coming) == 1:
            coming[0].failed = entered
        else:
            await asyncio.gather(*(self.record([one]) for one in coming))

    def _entered(self, coming: Sequence[_Coming], tx: Transaction) -> list[_Entered]:
        before = Before.of(tx, [one.row for one in coming])
        return [self._recorded(tx, one, before) for one in coming]

    def _recorded(self, tx: Transaction, one: _Coming, before: Before) -> _Entered:
        """A refusal is told of a package of which nothing was entered; what is raised undoes the whole work."""
        try:
            known = standing(tx, one.row, one.legs, self.now, before)
        except LienThongError as refusal:
            return refusal
        if known is not None:
            return known, None
        before.here.add(one.row.id)
        return record(tx, self.hop, one.row, one.legs, one.small, self.now)

    async def _settle(self, entered: _Entered, one: _Coming) -> None:
        """Its uploads are done with, and it is answered."""
        if isinstance(entered, LienThongError):
            raise entered
        for name in one.uploads:
            await drop(self.hop, self.gateway, name)
        one.answer = await _answer(self.hop, *entered)

    async def refuse(self, one: _Coming) -> None:
        """A repeat has its stored yes; a final refusal is logged before it is told."""
        if not isinstance(refusal := one.failed, LienThongError):
            return
        said = said_of(self.hop, one.frame, self.now)
        if (known := await self._known(said)) is not None:
            one.answer = await _answer(self.hop, known)
        elif refusal.permanent:
            await witness_refusal(self.hop, self.gateway, one.frame, said, refusal)

    async def _known(self, said: Said | None) -> Package | None:
        """The package if this gateway handed in the very same bytes before: a yes once given is never taken back."""
        if said is None:
            return None
        known = await self.hop.store.read(lambda view: view.package(said.package))
        asked = (self.gateway, said.seal, said.digest)
        return known if known is not None and (known.came_from, known.seal, known.digest) == asked else None


async def accepted_again(hop: Hop, package: Package) -> Accepted:
    """The stored yes of a package, with what became of its addressees at acceptance."""
    return await _answer(hop, package)


async def _answer(hop: Hop, package: Package, fresh: Told | None = None) -> Accepted:
    """What was just recorded is told as it is; of a repeat, the store knows what has become of it."""
    receipt = await acceptance_of(hop, package)
    told = await hop.store.read(partial(_stored, package.id)) if fresh is None else fresh
    answers = [
        answer_of(leg, "" if index is None else (await hop.store.receipt(index)).to_json()) for leg, index in told
    ]
    return Accepted(package.id, receipt.to_json(), tuple(answers))


def _stored(package: str, view: View) -> Told:
    proofs = _proofs(view, package)
    return [(leg, proofs.get(leg.addressee)) for leg in view.legs(package, Lane.THROUGH)]


def _proofs(view: View, package: str) -> dict[str, int]:
    """Our leaves that tell of a refused or redirected addressee."""
    steps = [step for step in view.steps(package) if step.kind in {EventKind.REFUSED, EventKind.REDIRECTED}]
    return {step.addressee: step.index for step in steps if step.index is not None}
