"""Whereabouts: a gateway asks the axis what became of its own packages, many at once, and mends what it missed.

News may be lost when the axis is put back to a backup, and so may whole packages. The gateway keeps the sealed bytes of
what it sent, so it can hand the very same in again; everybody who saw it before knows it by its id.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from lienthong.delivery.accept import accepted_again
from lienthong.delivery.evidence import AXIS_WORD
from lienthong.delivery.forward import Outcome, Uplink, again, proofs_of, taken
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.learn import learn_one
from lienthong.delivery.model import Lane, Leg, Package, Step
from lienthong.delivery.news import News, Whereabouts
from lienthong.delivery.ports import View
from lienthong.errors import LienThongError
from lienthong.evidence import EventKind

MANY = 100
_HERE = frozenset({JourneyState.DELIVERED, JourneyState.HANDED_OVER})


class Informer(Uplink, Protocol):
    """The axis as a gateway that has lost track sees it."""

    async def whereabouts(self, packages: Sequence[str]) -> Sequence[Whereabouts]:
        """What it knows of these, one answer each, in order."""
        ...


async def whereabouts(hop: Hop, gateway: str, packages: Sequence[str]) -> tuple[Whereabouts, ...]:
    """At the axis: what it knows of a gateway's own packages; of others' it says nothing, as of unknown ones."""
    return tuple([await _whereabouts(hop, gateway, package) for package in packages[:MANY]])


async def _whereabouts(hop: Hop, gateway: str, package_id: str) -> Whereabouts:
    package, legs, steps = await hop.store.read(
        lambda view: (view.package(package_id), view.legs(package_id, Lane.THROUGH), view.steps(package_id))
    )
    if package is None or package.came_from != gateway:
        return Whereabouts(package_id)
    news = [await _completed(hop, each) for leg in legs for each in _news(hop.name, leg, steps)]
    return Whereabouts(package_id, await accepted_again(hop, package), tuple(news))


def _news(hop: str, leg: Leg, steps: Sequence[Step]) -> list[News]:
    """The news once told of a leg, put together again from its timeline."""
    mine = [step for step in steps if step.addressee == leg.addressee]
    ended = JourneyState.DELIVERED if leg.state in _HERE else leg.state
    told = []
    if (kind := AXIS_WORD.get(ended)) is not None:
        own = [step for step in mine if step.kind == kind and step.index is not None][-1:]
        foreign = [step.receipt for step in mine if step.receipt and step.kind != EventKind.HANDED_OVER]
        told = [_made(leg, ended, step, hop, tuple(foreign)) for step in own]
    over = [step for step in mine if step.receipt and step.kind == EventKind.HANDED_OVER]
    if leg.state is JourneyState.HANDED_OVER and over:
        receipts = tuple(step.receipt for step in over)
        told.append(_made(leg, leg.state, replace(over[-1], index=None), over[-1].hop, receipts))
    return told


def _made(leg: Leg, state: JourneyState, step: Step, teller: str, receipts: tuple[str, ...]) -> News:
    own = () if step.index is None else (step.index,)
    return News(
        leg.package, leg.addressee, leg.recipient, state, step.at, teller, leg.refusal, leg.detail, receipts, own
    )


async def _completed(hop: Hop, news: News) -> News:
    own = tuple([(await hop.store.receipt(index)).to_json() for index in news.own])
    return replace(news, receipts=(*own, *news.receipts), own=())


async def mend(hop: Hop, axis: Informer, packages: Sequence[Package]) -> int:
    """At a gateway: ask about packages whose news may be lost, and mend what is found; returns how many were mended."""
    mended = 0
    for start in range(0, len(packages), MANY):
        asked = packages[start : start + MANY]
        answers = await axis.whereabouts([package.id for package in asked])
        for package, answer in zip(asked, answers, strict=True):
            mended += await _mend(hop, axis, package, answer)
    return mended


async def _mend(hop: Hop, axis: Informer, package: Package, answer: Whereabouts) -> bool:
    before = await hop.store.read(lambda view: _standing(view, package))
    accepted = answer.accepted
    if accepted is None:
        if all(state is JourneyState.RECORDED for _, state in before[0]):
            return False  # not handed in yet: that is another worker's
        return await again(hop, axis, package) is Outcome.ANSWERED
    try:
        proofs = proofs_of(hop, package, accepted)
    except LienThongError:
        return False
    await hop.store.write(lambda tx: taken(tx, package, accepted, proofs))
    for news in answer.news:
        await learn_one(hop, news)
    return before != await hop.store.read(lambda view: _standing(view, package))


def _standing(view: View, package: Package) -> tuple[list[tuple[str, JourneyState]], int]:
    return [(leg.addressee, leg.state) for leg in view.legs(package.id, Lane.OUT)], len(view.steps(package.id))
