"""What the desk API does: the use cases of delivery, spoken in the desk's terms. One tenant at a time."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from lienthong.delivery import (
    HELD,
    Bell,
    HandIn,
    Hop,
    Lane,
    Leg,
    Order,
    Package,
    Search,
    StatusReport,
    Step,
    acknowledge,
    carrier,
    date,
    desk_topic,
    hand_in,
    release,
    take,
    wish,
)
from lienthong.delivery.dating import Dater
from lienthong.delivery.hop import INLINE
from lienthong.delivery.ports import Log, View
from lienthong.delivery.retention import require_contents
from lienthong.document import OrganisationCode, package_id
from lienthong.envelope import AnyPart, BusinessType, Edoc, Part, Reading, pack, unpack
from lienthong.envelope import PartRef as Elsewhere
from lienthong.errors import DocumentUnknown, EnvelopeUnreadable, InvalidValue, NotFound, SenderNotRepresented
from lienthong.evidence import Bundle, ManifestPart, Receipt
from lienthong.gateway import composing, files, forming, peeking, uploading, views
from lienthong.gateway.composing import AnyFile, File, LargeFile, Metadata
from lienthong.gateway.files import Shelf
from lienthong.gateway.pending import Pending, pending
from lienthong.gateway.ports import Tenants
from lienthong.gateway.signing import Signing
from lienthong.ranges import Source
from lienthong.registry import Directory, Organisation
from lienthong.signature.form import Finding


def _welcome() -> None:
    """A process alone is ready once it runs."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the gateway's faces stand on."""

    hop: Hop
    log: Log
    bell: Bell
    tenants: Tenants
    axis: Dater
    shelf: Shelf = field(default_factory=Shelf)
    room: Callable[[], None] = lambda: None
    """Raises StorageFull while the disk has no room for new documents."""
    stand: Callable[[], None] = _welcome
    trace: Callable[[], str] = str
    """The trace id of the request under way, or empty."""
    form: forming.Forms = field(default_factory=forming.Forms)
    """The form check of signatures."""
    signing: Signing | None = None
    """The signing service, where there is one."""

    def now(self) -> datetime:
        """This moment."""
        return self.hop.clock.now()

    def directory(self) -> Directory:
        """Who is who."""
        return self.hop.directory()

    def organisation(self, tenant: str) -> Organisation:
        """A tenant's own row; raises `SenderNotRepresented` unless this gateway speaks for it."""
        found = self.directory().organisation(OrganisationCode.parse(tenant))
        if found is None:
            raise SenderNotRepresented(tenant)
        return found


@dataclass(frozen=True, slots=True)
class _Held:
    """A document as this gateway holds it for one tenant."""

    package: Package
    legs: tuple[Leg, ...]
    steps: tuple[Step, ...]
    statuses: tuple[StatusReport, ...]
    reports: dict[str, Any]
    related: tuple[tuple[Package, tuple[Leg, ...]], ...]
    pending: Pending | None = None
    carries: bool = True  # whether the receiver's progress is reported on this package


# ---------------------------------------------------------------- handing in


async def send(
    gateway: Gateway, tenant: str, message_id: str, metadata: Metadata, given: Sequence[AnyFile], ttl: float | None
) -> str:
    """Hand in a document with its files; returns its package id. Idempotent by message id."""
    sender = gateway.organisation(tenant)
    rows = composing.file_rows((*given, *metadata.uploads))
    request = composing.request_digest("send", composing.said(metadata), rows, ttl)
    if (known := await _known(gateway, tenant, message_id, request)) is not None:
        await uploading.done(gateway.hop, tenant, given)
        return known
    await _replaceable(gateway, tenant, metadata.replaces)
    everything = (*given, *await uploading.uploaded(gateway.hop, tenant, metadata.uploads))
    message = composing.edoc(metadata, everything, sender, gateway.directory(), gateway.now())
    looked = await _looked(gateway, tenant, message, everything)
    staged = {file.sha256: file.upload for file in everything if isinstance(file, LargeFile)}
    found = await _hand_in(gateway, tenant, message_id, pack(message), request, ttl, staged)
    await forming.keep(gateway.hop, found, looked)
    await uploading.done(gateway.hop, tenant, everything)
    return found


async def _replaceable(gateway: Gateway, tenant: str, document_ids: Sequence[str]) -> None:
    """Refuses to replace what is known here as another's; an own document from before this gateway may be unknown."""
    for wanted in document_ids:
        of_that_id = Search(party=tenant, text=wanted, limit=200)
        page = await gateway.hop.store.read(lambda view, asked=of_that_id: view.listing(asked))  # type: ignore[misc]  # bound now, not later
        issuers = {package.sender for package, _ in page.entries if package.head.document_id == wanted}
        if issuers and tenant not in issuers:
            raise DocumentUnknown(wanted)


async def _looked(
    gateway: Gateway, tenant: str, message: Edoc, everything: Sequence[AnyFile]
) -> tuple[forming.Looked, ...]:
    """The form check before anything is recorded; raises FormRefused where this gateway refuses."""
    if not gateway.form.on:
        return ()
    contents = await forming.contents(gateway.hop, everything)
    looked = await gateway.form.look(message, contents, gateway.now(), tenant)
    gateway.form.require(looked)
    return looked


async def form_check(
    gateway: Gateway, tenant: str, metadata: Metadata, given: Sequence[AnyFile]
) -> dict[str, tuple[Finding, ...]]:
    """What would be found, by file name; nothing is sent or recorded. The recipients need not be known yet."""
    sender, now = gateway.organisation(tenant), gateway.now()
    everything = (*given, *await uploading.uploaded(gateway.hop, tenant, metadata.uploads))
    message = composing.edoc(replace(metadata, recipients=()), everything, sender, gateway.directory(), now)
    said = message if metadata.issued else replace(message, issued=None)
    looked = await gateway.form.look(said, await forming.contents(gateway.hop, everything), now, tenant)
    return {each.name: each.findings for each in looked}


async def _known(gateway: Gateway, tenant: str, message_id: str, request: str) -> str | None:
    """The package that was made of the same request before: its uploads are done with."""
    found = await gateway.hop.store.read(lambda view: view.package(package_id(tenant, message_id)))
    return found.id if found is not None and found.request == request else None


async def send_edxml(gateway: Gateway, tenant: str, message_id: str, data: bytes, ttl: float | None) -> str:
    """Hand in a ready edXML file, kept verbatim; returns its package id. Without an id its digest is the id."""
    digest = hashlib.sha256(data).hexdigest()
    parts = (Part("message.edxml", "application/xml", data),)
    request = composing.request_digest("edxml", digest, ttl)
    name = message_id or digest
    if not gateway.form.on or (known := await _known(gateway, tenant, name, request)) is None:
        looked = await _looked_inside(gateway, tenant, parts)
        known = await _hand_in(gateway, tenant, name, parts, request, ttl)
        await forming.keep(gateway.hop, known, looked)
    return known


async def _looked_inside(gateway: Gateway, tenant: str, parts: Sequence[AnyPart]) -> tuple[forming.Looked, ...]:
    """The same for the files inside a ready edXML file."""
    message = unpack(parts, gateway.hop.limits).message if gateway.form.on else None
    if not isinstance(message, Edoc):
        return ()
    inside = [File(each.name, each.media_type, each.content.held or b"") for each in message.attachments]
    return await _looked(gateway, tenant, message, inside)


async def recall(gateway: Gateway, tenant: str, package_id: str, message_id: str, reason: str) -> str:
    """Recall an own document from everybody it went to."""
    original = await _own_edoc(gateway, tenant, package_id)
    added = await _added_later(gateway, tenant, package_id)
    message = composing.recalled(original, _reason(reason), added, gateway.directory(), gateway.now())
    request = composing.request_digest("recall", package_id, reason)
    return await _hand_in(gateway, tenant, message_id, pack(message), request, None)


async def update(
    gateway: Gateway,
    tenant: str,
    package_id: str,
    message_id: str,
    reason: str,
    add: Sequence[str],
    remove: Sequence[str],
) -> str:
    """Add or remove receivers of an own document."""
    if not add and not remove:
        raise InvalidValue("add, remove")
    original = await _own_edoc(gateway, tenant, package_id)
    message = composing.updated(original, _reason(reason), add, remove, gateway.directory(), gateway.now())
    request = composing.request_digest("update", package_id, reason, tuple(add), tuple(remove))
    return await _hand_in(gateway, tenant, message_id, pack(message), request, None)


async def report(
    gateway: Gateway, tenant: str, package_id: str, message_id: str, code: str, description: str, staff: str
) -> str:
    """Report a business status on a received document; returns the id of the package that carries it."""
    held = await _held(gateway, tenant, package_id)
    sender = gateway.organisation(tenant)
    message = composing.status(held.package, sender, code, description, staff, gateway.now())
    request = composing.request_digest("status", package_id, code, description, staff)
    return await _hand_in(gateway, tenant, message_id or f"status-{request[:40]}", pack(message), request, None)


async def cancel(gateway: Gateway, tenant: str, package_id: str, reason: str) -> None:
    """Hold a sent document back and have the axis asked never to accept it. A repeat changes nothing."""
    await wish(gateway.hop, Order(tenant, _reason(reason)), package_id, tenant)


def _reason(text: str) -> str:
    if not text.strip():
        raise InvalidValue("reason: phải nêu lý do / a reason is required")
    return text


async def _hand_in(
    gateway: Gateway,
    tenant: str,
    message_id: str,
    parts: Sequence[AnyPart],
    request: str,
    ttl: float | None,
    staged: Mapping[str, str] | None = None,
) -> str:
    reading = unpack(parts, gateway.hop.limits)
    live = timedelta(seconds=ttl) if ttl is not None else None
    handed = HandIn(tenant, message_id, parts, reading, request, live, staged or {}, gateway.trace())
    package = await hand_in(gateway.hop, gateway.tenants.signer(tenant), handed)
    gateway.shelf.put(package.id, reading)
    return package.id


async def _added_later(gateway: Gateway, tenant: str, package_id: str) -> list[str]:
    """Receivers that updates of the document brought in."""
    held = await _held(gateway, tenant, package_id)
    updates = [legs for package, legs in held.related if package.head.business == BusinessType.UPDATE]
    return [leg.addressee for legs in updates for leg in legs]


async def _own_edoc(gateway: Gateway, tenant: str, package_id: str) -> Edoc:
    held = await _held(gateway, tenant, package_id)
    message = (await _reading(gateway, held)).message
    if held.package.sender != tenant or not isinstance(message, Edoc):
        raise NotFound(package_id)
    return message


# ---------------------------------------------------------------- looking


async def listing(gateway: Gateway, tenant: str, search: Search) -> views.Page:
    """A page of a tenant's documents, newest first."""
    page = await gateway.hop.store.read(lambda view: view.listing(replace(search, party=tenant)))
    directory = gateway.directory()
    return views.Page(tuple(views.entry(package, legs, directory) for package, legs in page.entries), page.next)


async def document(gateway: Gateway, tenant: str, package_id: str) -> views.Document:
    """Everything a tenant may know of one document."""
    held = await _held(gateway, tenant, package_id)
    directory = gateway.directory()
    entry = views.entry(held.package, held.legs, directory)
    return views.Document(
        entry=entry,
        parts=await gateway.shelf.files(gateway.hop, held.package),
        steps=tuple(views.step(step, directory) for step in held.steps),
        statuses=tuple(views.report(found, directory) for found in held.statuses),
        warnings=held.package.head.warnings,
        reports=held.reports,
        findings=forming.findings_of(held.reports),
        related=tuple(views.entry(package, legs, directory) for package, legs in held.related),
        next_statuses=views.next_statuses(held.legs, carries=held.carries),
        pending=held.pending,
    )


async def part(gateway: Gateway, tenant: str, package_id: str, name: str) -> Source:
    """A file of a document, or a raw part of its package; large ones stay where they lie."""
    held = await _held(gateway, tenant, package_id)
    await gateway.hop.store.read(lambda view: require_contents(view, package_id))
    for file in await gateway.shelf.files(gateway.hop, held.package):
        if file.name == name:
            return await files.source(gateway.hop, held.package, file)
    for ref in held.package.parts:
        if ref.name == name:
            return await files.part_source(gateway.hop, ref, ref.media_type)
    raise NotFound(name)


async def evidence(gateway: Gateway, tenant: str, package_id: str) -> Bundle:
    """All receipts of a document in one bundle that `lienthong verify` opens offline."""
    held = await _held(gateway, tenant, package_id)
    dated = await date(gateway.hop, gateway.axis, package_id)
    receipts = [await _receipt(gateway, held, step) for step in held.steps if _proved(step)]
    return Bundle.of([replace(dated.get(found.leaf, found), manifest=found.manifest) for found in receipts])


async def receipt(gateway: Gateway, tenant: str, package_id: str, step_id: str) -> Receipt:
    """The receipt of one step."""
    held = await _held(gateway, tenant, package_id)
    for step in held.steps:
        if str(step.seq) == step_id and _proved(step):
            return await _receipt(gateway, held, step)
    raise NotFound(step_id)


def _proved(step: Step) -> bool:
    return bool(step.receipt) or step.index is not None


async def _receipt(gateway: Gateway, held: _Held, step: Step) -> Receipt:
    """The receipt of a step, dated where its log was time-stamped since, with the list of parts beside it."""
    manifest = tuple(ManifestPart(part.name, part.media_type, part.size, part.sha256) for part in held.package.parts)
    if step.index is None:
        found = Receipt.from_json(step.receipt)
    else:
        found = await gateway.log.stamped_receipt(step.index) or await gateway.hop.store.receipt(step.index)
    return replace(found, manifest=manifest)


async def _held(gateway: Gateway, tenant: str, package_id: str) -> _Held:
    """What is held for this tenant, and nothing of what concerns others on a shared gateway."""
    return await gateway.hop.store.read(lambda view: _look(view, tenant, package_id))


def _look(view: View, tenant: str, package_id: str) -> _Held:
    package = view.package(package_id)
    if package is None:
        raise NotFound(package_id)
    legs = _legs_for(view, package, tenant)
    if not legs:
        raise NotFound(package_id)
    mine, lane = {leg.addressee for leg in legs}, legs[0].lane
    return _Held(
        package=package,
        legs=legs,
        steps=tuple(step for step in view.steps(package_id) if step.lane == lane and step.addressee in mine | {""}),
        statuses=tuple(found for found in view.statuses(package_id) if found.lane == lane and found.addressee in mine),
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


async def _reading(gateway: Gateway, held: _Held) -> Reading:
    """As it was handed in; what lies in the object store stays there."""
    parts = [
        Part(ref.name, ref.media_type, await files.raw(gateway.hop, ref))
        if not order or ref.size <= INLINE
        else Elsewhere(ref.name, ref.media_type, ref.size, ref.sha256)
        for order, ref in enumerate(held.package.parts)
    ]
    return unpack(parts, gateway.hop.limits)


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


# ---------------------------------------------------------------- the inbox


async def waiting(
    gateway: Gateway, tenant: str, contents: frozenset[str], limit: int, seconds: float
) -> tuple[views.Entry, ...]:
    """What waits for the tenant's software; waits up to so many seconds for something."""
    deadline = gateway.now() + timedelta(seconds=seconds)
    while True:
        heard = gateway.bell.rings(desk_topic(tenant))
        found = await peeking.lines(gateway, tenant, contents, limit)
        left = (deadline - gateway.now()).total_seconds()
        if found or left <= 0:
            return found
        await gateway.bell.wait(desk_topic(tenant), heard, left)


async def lock(gateway: Gateway, tenant: str, package_id: str, addressee: str) -> views.Taken:
    """Take a waiting document."""
    leg = await take(gateway.hop, tenant, package_id, addressee)
    held = await _held(gateway, tenant, package_id)
    until = leg.locked_until or gateway.now()
    return views.Taken(leg.lock, until, views.entry(held.package, (leg,), gateway.directory()))


async def done(gateway: Gateway, tenant: str, package_id: str, addressee: str, token: str) -> None:
    """The software has stored the document."""
    await acknowledge(gateway.hop, tenant, package_id, addressee, token)


async def put_back(gateway: Gateway, tenant: str, package_id: str, addressee: str, token: str) -> None:
    """The software will not have it now."""
    await release(gateway.hop, tenant, package_id, addressee, token)


async def organisations(gateway: Gateway, text: str, limit: int) -> tuple[views.Org, ...]:
    """The directory, searched without accents; closed codes are shown with who took over."""
    directory, now = gateway.directory(), gateway.now()
    return tuple(_org(found, directory, now) for found in directory.search(text, limit))


def _org(found: Organisation, directory: Directory, now: datetime) -> views.Org:
    resolution = directory.resolve(found.code, now)
    redirected = resolution.organisation if resolution.kind.value == "redirected" else None
    goes_to = redirected or found
    return views.Org(
        code=str(found.code),
        name=found.name,
        parent=str(found.parent) if found.parent else None,
        level=found.level,
        open=resolution.kind.value == "current",
        successor=str(redirected.code) if redirected else None,
        reachable=directory.gateway_of(goes_to.code, now) is not None,
    )
