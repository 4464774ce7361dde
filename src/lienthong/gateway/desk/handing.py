"""Handing in: documents, and what is said of them afterwards. Each is idempotent by the caller's own id."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from lienthong.delivery import HandIn, Order, Search, hand_in, wish
from lienthong.document import package_id
from lienthong.envelope import AnyPart, BusinessType, Edoc, Part, Reading, pack, unpack
from lienthong.errors import DocumentUnknown, InvalidValue, NotFound
from lienthong.gateway import composing, forming, uploading
from lienthong.gateway.composing import AnyFile, File, LargeFile, Metadata
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.holding import held_by, package_held_by, reading_of
from lienthong.signature.form import Finding


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
    everything = (*given, *await uploading.uploaded(gateway.hop, tenant, metadata.uploads))
    message = composing.edoc(metadata, everything, sender, gateway.directory(), gateway.now())
    looked = await _looked(gateway, tenant, message, everything)
    staged = {file.sha256: file.upload for file in everything if isinstance(file, LargeFile)}
    found = await _hand_in(gateway, tenant, message_id, pack(message), request, ttl, staged)
    await forming.keep(gateway.hop, found, looked)
    await uploading.done(gateway.hop, tenant, everything)
    return found


async def _replaceable(gateway: Gateway, tenant: str, reading: Reading) -> None:
    """Refuses to replace what this desk has as another's; an own document from before this gateway may be unknown."""
    named = reading.message.business.replaces if isinstance(reading.message, Edoc) else ()
    for wanted in {str(each.document_id) for each in named}:
        of_that_id = Search(party=tenant, held=True, document_id=wanted, limit=200)
        page = await gateway.hop.store.read(lambda view, asked=of_that_id: view.listing(asked))  # type: ignore[misc]  # bound now, not later
        issuers = {package.sender for package, _ in page.entries}
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
    """Hand in a ready edXML file, kept verbatim; returns its package id.

    Without an id its digest is the id, and whoever hands in the same file again means the same package.
    """
    digest = hashlib.sha256(data).hexdigest()
    parts = (Part("message.edxml", "application/xml", data),)
    request = composing.request_digest("edxml", digest, ttl if message_id else None)
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
    reported = await package_held_by(gateway, tenant, package_id)
    sender = gateway.organisation(tenant)
    message = composing.status(reported, sender, code, description, staff, gateway.now())
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
    await _replaceable(gateway, tenant, reading)
    live = timedelta(seconds=ttl) if ttl is not None else None
    quota = gateway.tenants.allotted(tenant).counts.quota
    handed = HandIn(tenant, message_id, parts, reading, request, live, staged or {}, gateway.trace(), quota)
    package = await hand_in(gateway.hop, gateway.tenants.signer(tenant), handed)
    gateway.shelf.put(package.id, reading)
    return package.id


async def _added_later(gateway: Gateway, tenant: str, package_id: str) -> list[str]:
    """Receivers that updates of the document brought in."""
    held = await held_by(gateway, tenant, package_id)
    updates = [legs for package, legs in held.related if package.head.business == BusinessType.UPDATE]
    return [leg.addressee for legs in updates for leg in legs]


async def _own_edoc(gateway: Gateway, tenant: str, package_id: str) -> Edoc:
    held = await held_by(gateway, tenant, package_id)
    message = (await reading_of(gateway, held)).message
    if held.package.sender != tenant or not isinstance(message, Edoc):
        raise NotFound(package_id)
    return message
