"""What a gateway holds of one document for one agency, and nothing of what concerns others on a shared gateway."""

from dataclasses import dataclass
from typing import Any

import msgspec

from lienthong.delivery import HELD, Lane, Leg, Package, StatusReport, Step, as_done, carrier
from lienthong.delivery.hop import INLINE
from lienthong.delivery.ports import View
from lienthong.envelope import Part, Reading, unpack
from lienthong.envelope import PartRef as Elsewhere
from lienthong.errors import NotFound
from lienthong.gateway import files
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.pending import Pending, pending


@dataclass(frozen=True, slots=True)
class Held:
    """A document as this gateway holds it for one tenant."""

    package: Package
    legs: tuple[Leg, ...]
    steps: tuple[Step, ...]
    statuses: tuple[StatusReport, ...]
    reports: dict[str, Any]
    related: tuple[tuple[Package, tuple[Leg, ...]], ...]
    pending: Pending | None = None
    carries: bool = True  # whether the receiver's progress is reported on this package


async def held_by(gateway: Gateway, tenant: str, package_id: str) -> Held:
    """What is held for this tenant, and nothing of what concerns others on a shared gateway. NotFound."""
    return await gateway.hop.store.read(lambda view: _look(view, tenant, package_id))


async def package_held_by(gateway: Gateway, tenant: str, package_id: str) -> Package:
    """The package alone, for whoever asks for nothing of what became of it. NotFound."""
    return await gateway.hop.store.read(lambda view: found_for(view, tenant, package_id)[0])


def found_for(view: View, tenant: str, package_id: str) -> tuple[Package, tuple[Leg, ...]]:
    """A package with the legs of this tenant. NotFound, also where only others have it."""
    package = view.package(package_id)
    legs = _legs_for(view, package, tenant) if package is not None else ()
    if package is None or not legs:
        raise NotFound(package_id)
    return package, legs


def _look(view: View, tenant: str, package_id: str) -> Held:
    package, legs = found_for(view, tenant, package_id)
    mine, lane = {leg.addressee for leg in legs}, legs[0].lane
    return Held(
        package=package,
        legs=legs,
        steps=tuple(step for step in view.steps(package_id) if step.lane == lane and step.addressee in mine | {""}),
        statuses=tuple(as_done(one for one in view.statuses(package_id) if one.lane == lane and one.addressee in mine)),
        reports={name: msgspec.json.decode(text) for name, text in view.reports(package_id).items()},
        related=_related(view, package, tenant),
        pending=pending(view, legs),
        carries=_carries(view, package, tenant),
    )


def _legs_for(view: View, package: Package, tenant: str) -> tuple[Leg, ...]:
    if package.sender == tenant and (own := view.legs(package.id, Lane.OUT)):
        return tuple(own)
    return tuple(leg for leg in view.legs(package.id, Lane.IN) if leg.recipient == tenant and leg.state in HELD)


def _carries(view: View, package: Package, tenant: str) -> bool:
    found = carrier(view, package.sender, package.head.document_id, Lane.IN, tenant)
    return found is not None and found[0].id == package.id


def _related(view: View, package: Package, tenant: str) -> tuple[tuple[Package, tuple[Leg, ...]], ...]:
    ids = {package.head.document_id, package.head.affects, *package.head.replaces} - {""}
    found = [other for document_id in ids for other in view.packages_of(package.sender, document_id)]
    seen = [(other, _legs_for(view, other, tenant)) for other in found if other.id != package.id]
    return tuple((other, legs) for other, legs in seen if legs)


async def reading_of(gateway: Gateway, held: Held) -> Reading:
    """As it was handed in; what lies in the object store stays there."""
    parts = [
        Part(ref.name, ref.media_type, await files.raw(gateway.hop, ref))
        if not order or ref.size <= INLINE
        else Elsewhere(ref.name, ref.media_type, ref.size, ref.sha256)
        for order, ref in enumerate(held.package.parts)
    ]
    return unpack(parts, gateway.hop.limits)
