"""Receipts of a document's steps."""

import asyncio
from dataclasses import replace

from lienthong.delivery import Step, date
from lienthong.errors import NotFound
from lienthong.evidence import Bundle, ManifestPart, Receipt
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.holding import Held, held_by
from lienthong.gateway.lasting import exported


async def evidence(gateway: Gateway, tenant: str, package_id: str) -> Bundle:
    """All receipts of a document in one bundle that `lienthong verify` opens offline."""
    held = await held_by(gateway, tenant, package_id)
    dated = await date(gateway.hop, gateway.axis, package_id)
    receipts = [await _receipt(gateway, held, step) for step in held.steps if _proved(step)]
    return Bundle.of([replace(dated.get(found.leaf, found), manifest=found.manifest) for found in receipts])


async def proof(gateway: Gateway, tenant: str, package_id: str) -> bytes:
    """Everything that proves a document for years to come, as one ZIP. NotFound, also where nothing is secured."""
    if gateway.lasting is None:
        raise NotFound("[lasting]")
    receipts = (await evidence(gateway, tenant, package_id)).to_json().encode()
    bundle = await exported(gateway.lasting, package_id, receipts)
    return await asyncio.to_thread(bundle.to_zip)


async def receipt(gateway: Gateway, tenant: str, package_id: str, step_id: str) -> Receipt:
    """The receipt of one step."""
    held = await held_by(gateway, tenant, package_id)
    for step in held.steps:
        if str(step.seq) == step_id and _proved(step):
            return await _receipt(gateway, held, step)
    raise NotFound(step_id)


def _proved(step: Step) -> bool:
    return bool(step.receipt) or step.index is not None


async def _receipt(gateway: Gateway, held: Held, step: Step) -> Receipt:
    """The receipt of a step, dated where its log was time-stamped since, with the list of parts beside it."""
    manifest = tuple(ManifestPart(part.name, part.media_type, part.size, part.sha256) for part in held.package.parts)
    if step.index is None:
        found = Receipt.from_json(step.receipt)
    else:
        found = await gateway.log.stamped_receipt(step.index) or await gateway.hop.store.receipt(step.index)
    return replace(found, manifest=manifest)
