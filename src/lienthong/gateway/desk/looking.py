"""Looking: lists, one document, its files."""

from dataclasses import replace

from lienthong.delivery import Package, Search
from lienthong.delivery.retention import require_contents
from lienthong.envelope import Edoc
from lienthong.errors import EnvelopeUnreadable, NotFound
from lienthong.gateway import files, forming, views
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.holding import held_by
from lienthong.ranges import Source


async def listing(gateway: Gateway, tenant: str, search: Search) -> views.Page:
    """A page of a tenant's documents, newest first."""
    page = await gateway.hop.store.read(lambda view: view.listing(replace(search, party=tenant)))
    directory = gateway.directory()
    return views.Page(tuple(views.entry(package, legs, directory) for package, legs in page.entries), page.next)


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
    held = await held_by(gateway, tenant, package_id)
    await gateway.hop.store.read(lambda view: require_contents(view, package_id))
    for file in await gateway.shelf.files(gateway.hop, held.package):
        if file.name == name:
            return await files.source(gateway.hop, held.package, file)
    for ref in held.package.parts:
        if ref.name == name:
            return await files.part_source(gateway.hop, ref, ref.media_type)
    raise NotFound(name)


async def edoc_of(gateway: Gateway, package: Package) -> Edoc | None:
    """What the message of a delivered package says; None when it says nothing of a document."""
    try:
        message = (await files.reading(gateway.hop, package)).message
    except EnvelopeUnreadable:
        return None
    return message if isinstance(message, Edoc) else None


async def files_of(gateway: Gateway, package: Package) -> list[tuple[str, Source]]:
    """Name and source of a delivered package's files, for the signature worker; one at a time is read."""
    try:
        found = await gateway.shelf.files(gateway.hop, package)
        return [(each.name, await files.source(gateway.hop, package, each)) for each in found]
    except EnvelopeUnreadable:
        return []
