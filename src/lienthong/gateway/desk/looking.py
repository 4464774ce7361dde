"""Looking: lists, one document, its files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lienthong.delivery import JourneyState, Leg, Package, Page, Search
from lienthong.delivery.ports import View
from lienthong.delivery.retention import require_contents
from lienthong.envelope import Edoc
from lienthong.errors import EnvelopeUnreadable, InvalidValue, NotFound
from lienthong.gateway import files, forming, views
from lienthong.gateway.boxes import BoxName, inside
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.holding import found_for, held_by
from lienthong.ranges import Source


async def listing(gateway: Gateway, tenant: str, search: Search, *, counted: bool = False) -> views.Page:
    """A page of a tenant's documents, newest first; how many there are in all, where that is asked for."""
    own = replace(search, party=tenant, held=True)

    def look(view: View) -> tuple[Page, int | None]:
        return view.listing(own), view.count(own) if counted else None

    (page, total), directory = await gateway.hop.store.read(look), gateway.directory()
    entries = tuple(views.entry(package, legs, directory) for package, legs in page.entries)
    return views.Page(entries, page.next, total)


async def counts(gateway: Gateway, tenant: str, wanted: Sequence[BoxName]) -> dict[str, int]:
    """How many documents each of these boxes holds for a tenant."""
    searches = {box.value: inside(box, Search(party=tenant, held=True)) for box in wanted}
    return await gateway.hop.store.read(lambda view: {name: view.count(each) for name, each in searches.items()})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which recipients of a document; empty means any."""

    states: frozenset[JourneyState]
    statuses: frozenset[str]
    after: str
    limit: int


async def recipients(gateway: Gateway, tenant: str, package_id: str, asked: Asked) -> views.Recipients:
    """A page of a document's recipients, and how many stand where. InvalidValue for a cursor that none was given."""
    held = await held_by(gateway, tenant, package_id)
    found = [(place, leg) for place, leg in enumerate(held.legs, 1) if _asked_for(leg, asked)]
    if asked.after and not (asked.after.isascii() and asked.after.isdigit()):
        raise InvalidValue(f"cursor {asked.after!r}")
    rest = [(place, leg) for place, leg in found if place > int(asked.after or 0)]
    page, directory = rest[: asked.limit], gateway.directory()
    return views.Recipients(
        entries=tuple(views.recipient(leg, directory) for _, leg in page),
        next=str(page[-1][0]) if len(rest) > len(page) else "",
        total=len(found),
        states=Counter(leg.state.value for leg in held.legs),
        statuses=Counter(leg.status or "none" for leg in held.legs),
    )


def _asked_for(leg: Leg, asked: Asked) -> bool:
    return (not asked.states or leg.state in asked.states) and (
        not asked.statuses or (leg.status or "none") in asked.statuses
    )


async def document(gateway: Gateway, tenant: str, package_id: str) -> views.Document:
    """Everything a tenant may know of one document."""
    held = await held_by(gateway, tenant, package_id)
    directory = gateway.directory()
    entry = views.entry(held.package, held.legs, directory)
    listed = await gateway.shelf.listed(gateway.hop, held.package)
    return views.Document(
        entry=entry,
        parts=listed.files,
        steps=tuple(views.step(step, directory) for step in held.steps),
        statuses=tuple(views.report(found, directory) for found in held.statuses),
        warnings=held.package.head.warnings,
        reports=held.reports,
        findings=forming.findings_of(held.reports),
        related=tuple(views.entry(package, legs, directory) for package, legs in held.related),
        next_statuses=views.next_statuses(held.legs, carries=held.carries),
        pending=held.pending,
        repairs=tuple(views.Repair(each.code, each.where, each.vi, each.en) for each in listed.repairs),
    )


async def part(gateway: Gateway, tenant: str, package_id: str, name: str) -> Source:
    """A file of a document, or a raw part of its package; large ones stay where they lie."""

    def look(view: View) -> Package:
        package, _ = found_for(view, tenant, package_id)
        require_contents(view, package_id)
        return package

    package = await gateway.hop.store.read(look)
    for file in await gateway.shelf.files(gateway.hop, package):
        if file.name == name:
            return await files.source(gateway.hop, package, file)
    for ref in package.parts:
        if ref.name == name:
            return await files.part_source(gateway.hop, ref, ref.media_type)
    raise NotFound(name)


async def edoc_of(gateway: Gateway, package: Package) -> Edoc | None:
    """What the message of a delivered package says, in short; None when it says nothing of a document."""
    try:
        return (await gateway.shelf.listed(gateway.hop, package)).message
    except EnvelopeUnreadable:
        return None


async def files_of(gateway: Gateway, package: Package) -> list[tuple[str, Source]]:
    """Name and source of a delivered package's files, for the signature worker; one at a time is read."""
    return await files.listed(gateway.shelf, gateway.hop, package)
