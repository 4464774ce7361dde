"""Dated evidence: receipts at a checkpoint that a time-stamping authority has dated (RFC 3161), once there is one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import msgspec

from lienthong.delivery.evidence import read_receipt
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import AXIS, Lane, Step, towards
from lienthong.delivery.ports import Log, View
from lienthong.delivery.witnessing import cosigned
from lienthong.errors import EvidenceBroken, LienThongError, NotFound
from lienthong.evidence import Receipt


class Dater(Protocol):
    """The axis as a gateway that wants dated receipts sees it."""

    async def dated(self, package_id: str) -> tuple[str, ...]:
        """The axis's time-stamped receipts of a package (JSON); empty while it has none."""
        ...


async def dated_receipts(hop: Hop, log: Log, gateway: str, package_id: str) -> tuple[str, ...]:
    """At the axis: the dated receipts of a package that this gateway sent or receives; `NotFound` for any other."""
    steps = await hop.store.read(lambda view: _steps_for(view, gateway, package_id))
    found = [await log.stamped_receipt(step.index) for step in steps if step.index is not None]
    return tuple([(await _cosigned(hop, receipt)).to_json() for receipt in found if receipt is not None])


async def _cosigned(hop: Hop, receipt: Receipt) -> Receipt:
    """What was stamped is the checkpoint as the witnesses had signed it."""
    return replace(receipt, checkpoint=await cosigned(hop.store, receipt.checkpoint))


def _steps_for(view: View, gateway: str, package_id: str) -> list[Step]:
    package = view.package(package_id)
    legs = view.legs(package_id, Lane.THROUGH)
    own = {leg.addressee for leg in legs if towards(leg.next_hop, gateway)}
    if package is None or (package.came_from != gateway and not own):
        raise NotFound(package_id)
    if package.came_from == gateway:
        return list(view.steps(package_id))
    return [step for step in view.steps(package_id) if step.addressee in own | {""}]


async def date(hop: Hop, axis: Dater, package_id: str) -> Mapping[bytes, Receipt]:
    """At a gateway: dated receipts by leaf. Kept, and asked again only for what the axis told since.

    Without any, or without the axis, what is kept, which may be nothing.
    """
    name = f"dated:{package_id}"
    kept, told = await hop.store.read(lambda view: (view.mark(name), _told(view, package_id)))
    found = _by_leaf(msgspec.json.decode(kept, type=tuple[str, ...])) if kept else {}
    if kept and told <= found.keys():
        return found
    try:
        texts = await axis.dated(package_id)
        for text in texts:
            _check(hop, text)
    except LienThongError:
        return found
    if texts:
        await hop.store.write(lambda tx: tx.set_mark(name, msgspec.json.encode(texts).decode()))
    return _by_leaf(texts)


def _told(view: View, package_id: str) -> set[bytes]:
    """The leaves of the axis's log that this timeline knows."""
    steps = (step for step in view.steps(package_id) if step.hop == AXIS and step.receipt)
    return {Receipt.from_json(step.receipt).leaf for step in steps}


def _check(hop: Hop, text: str) -> None:
    receipt, _ = read_receipt(hop, AXIS, text, hop.clock.now())
    if receipt.stamp is None:
        raise EvidenceBroken("no time stamp")


def _by_leaf(texts: tuple[str, ...]) -> dict[bytes, Receipt]:
    receipts = map(Receipt.from_json, texts)
    return {receipt.leaf: receipt for receipt in receipts}
