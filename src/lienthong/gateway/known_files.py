"""What is known of a file, by its bytes or its digest alone: where it stands, what its signatures are worth.

A digest is answered for who has the file already: whose documents hold it, or who had it checked.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from lienthong.delivery import Content, Hop, Package
from lienthong.errors import ContentsArchived, LienThongError, NotFound
from lienthong.gateway import desk, views
from lienthong.gateway.checking import Checking
from lienthong.gateway.desk import Gateway
from lienthong.gateway.forming import LOOKED_AT, TOO_LARGE
from lienthong.ranges import opened
from lienthong.signature import Report
from lienthong.signature.facts.encoding import encode
from lienthong.signature.facts.gather import ENCRYPTED, NOT_A_PDF
from lienthong.signature.facts.model import Facts
from lienthong.signature.known import Known, Stand
from lienthong.signature.reporting import Statement, state

log = structlog.get_logger()
KEEP = timedelta(days=90)
"""So long what was only brought to be checked is known."""
LASTING = frozenset({"", NOT_A_PDF, ENCRYPTED})
"""What is true of a file at every look; that one took too long may be the day's fault."""
LISTED = "files:listed"
_STANDS = 20
_PAGE = 200

# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class StandView:
    """A document that holds the file, under the name it has there."""

    name: str
    document: views.Entry


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What is known of a file. `report` is none where its contents are no longer here and nothing was kept.

    `facts` is the SHA-256 of what was found in it, as the signed report names it.
    """

    sha256: str
    report: dict[str, Any] | None = None
    stands: tuple[StandView, ...] = ()
    facts: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    stands: tuple[StandView, ...]
    facts: Facts | None
    report: Report | None


async def check(gateway: Gateway, checking: Checking, tenant: str, pdf: bytes, policy: str) -> CheckedFile:
    """Check a file that is brought; it is looked at once. StorageFull, Unavailable, InvalidValue."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    facts = await checking.known.facts(sha256) or await checking.examine(pdf)
    if facts.readable in LASTING:
        await checking.known.keep(facts, checking.now(), tenant)
    stands = await _stands(gateway, checking, tenant, sha256)
    return _view(sha256, _Found(stands, facts, await checking.report(facts, policy)))


async def file(gateway: Gateway, checking: Checking, tenant: str, sha256: str, policy: str) -> CheckedFile:
    """What is known of a file by its digest, judged now. NotFound, also where only others have it."""
    return _view(sha256, await _found(gateway, checking, tenant, sha256, policy))


async def report(gateway: Gateway, checking: Checking, tenant: str, sha256: str, policy: str) -> Report:
    """The report alone. NotFound."""
    found = await _found(gateway, checking, tenant, sha256, policy)
    if found.report is None:
        raise NotFound(sha256)
    return found.report


async def statement(gateway: Gateway, checking: Checking, tenant: str, sha256: str, policy: str) -> str:
    """The report as this gateway signs it. NotFound."""
    found = await _found(gateway, checking, tenant, sha256, policy)
    if found.report is None:
        raise NotFound(sha256)
    said = Statement(checking.name, found.report, _name(found.facts))
    return await asyncio.to_thread(state, said, checking.key, checking.now())


def _view(sha256: str, found: _Found) -> CheckedFile:
    told = found.report.as_dict() if found.report else None
    return CheckedFile(sha256, told, found.stands, _name(found.facts))


def _name(facts: Facts | None) -> str:
    return hashlib.sha256(encode(replace(facts, looks=None))).hexdigest() if facts else ""


# ---------------------------------------------------------------- finding


async def _found(gateway: Gateway, checking: Checking, tenant: str, sha256: str, policy: str) -> _Found:
    stands = await _stands(gateway, checking, tenant, sha256)
    if not stands and not await checking.known.brought(tenant, sha256):
        raise NotFound(sha256)
    facts = await checking.known.facts(sha256)
    if facts is None and stands:
        try:
            facts = await _looked(gateway, checking, tenant, stands[0])
        except (ContentsArchived, NotFound):
            return _Found(stands, None, None)
        if facts is None:
            return _Found(stands, None, replace(TOO_LARGE, sha256=sha256))
    return _Found(stands, facts, await checking.report(facts, policy) if facts else None)


async def _stands(gateway: Gateway, checking: Checking, tenant: str, sha256: str) -> tuple[StandView, ...]:
    """The documents of this tenant that hold it; what others have stays theirs."""
    seen = []
    for stand in await checking.known.stands(sha256, _STANDS):
        try:
            held = await desk.document(gateway, tenant, stand.package)
        except NotFound:
            continue
        seen.append(StandView(stand.name, held.entry))
    return tuple(seen)


async def _looked(gateway: Gateway, checking: Checking, tenant: str, stand: StandView) -> Facts | None:
    """The file is read where it stands; None for one too large to look into."""
    source = await desk.part(gateway, tenant, stand.document.id, stand.name)
    if source.size > LOOKED_AT:
        return None
    data = b"".join([block async for block in opened(gateway.hop.objects, source)])
    facts = await checking.examine(data)
    await checking.keep(facts)
    return facts


# ---------------------------------------------------------------- what is done by itself


async def listing(gateway: Gateway, known: Known) -> None:
    """List the files of packages that came, so that a digest finds them. Off the path of requests."""
    while True:
        after = int(await gateway.hop.store.read(lambda view: view.mark(LISTED)) or 0)
        came = await gateway.hop.store.read(lambda view, beyond=after: view.swept_packages(beyond, _PAGE))  # type: ignore[misc]  # bound now, not later
        if not came:
            return
        await known.stand([stand for _, package in came for stand in await _files(gateway, package)])
        last = str(came[-1][0])
        await gateway.hop.store.write(lambda tx, mark=last: tx.set_mark(LISTED, mark))  # type: ignore[misc]  # bound now, not later


async def _files(gateway: Gateway, package: Package) -> Sequence[Stand]:
    """One that cannot be read is passed over: its files are found by its document, only not by their digest."""
    if package.head.content is not Content.EDOC:  # a status has no files
        return ()
    try:
        found = await gateway.shelf.files(gateway.hop, package)
    except LienThongError as error:
        if not error.permanent:
            raise
    except Exception as error:  # noqa: BLE001  the border around one package
        log.warning("listing", package=package.id, error=type(error).__name__)
    else:
        return [Stand(each.sha256, package.id, each.name) for each in found]
    return ()


async def forgetting(hop: Hop, known: Known) -> None:
    """Let go of what was only brought to be checked, long ago."""
    while await known.forget(hop.clock.now() - KEEP, _PAGE):
        pass
