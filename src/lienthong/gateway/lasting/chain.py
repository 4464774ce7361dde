"""The chain of a document's proofs as files of a bundle, and the bundle."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from lienthong.delivery import Package
from lienthong.errors import EvidenceBroken, LienThongError, NotFound, ProofPending
from lienthong.gateway import files as shelf
from lienthong.gateway.lasting.securing import Lasting
from lienthong.ranges import Source, opened
from lienthong.signature.lasting import Bundle, Grove
from lienthong.signature.lasting import bundle as names
from lienthong.signature.lasting.bundle import certificate_name, path_name, record_name, stamp_name
from lienthong.signature.lasting.keeping import Entry, Kind, Member, Planted, Stamp, State
from lienthong.signature.lasting.words import readme

RECORD = "record.txt"
"""The member that is the record itself; it has its place in the chain, not among the files."""
MOST_INSIDE = 64 << 20
"""Bytes of contents in one bundle; what is larger is named by its digest and fetched apart."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Links' own files by name, and what their records name beside."""

    files: dict[str, bytes] = field(repr=False)
    members: dict[str, Member]
    links: int


@dataclass(frozen=True, slots=True)
class _Link:
    entry: Entry
    tree: Planted
    stamps: Sequence[Stamp]


async def chain_of(lasting: Lasting, package_id: str) -> Chain:
    """The links of a document, oldest first. NotFound for none; ProofPending while the first is not stamped."""
    rounds = await lasting.ledger.entries(Kind.DOCUMENT, package_id)
    if not rounds:
        raise NotFound(package_id)
    links: list[_Link] = []
    for entry in rounds:
        if (link := await _link(lasting, entry)) is None:
            break
        links = [*links[: _named(entry)], link]
        while (more := await _taken_on(lasting, links[-1].tree)) is not None:
            links.append(more)
    if not links:
        raise ProofPending(package_id)
    return Chain(*await _written(lasting, links), len(links))


async def _link(lasting: Lasting, entry: Entry) -> _Link | None:
    """None until it is stamped."""
    if entry.state is not State.PLANTED:
        return None
    tree, stamps = await lasting.ledger.tree(entry.tree)
    return _Link(entry, tree, stamps) if stamps else None


async def _taken_on(lasting: Lasting, tree: Planted) -> _Link | None:
    found = await lasting.ledger.entries(Kind.TREE, str(tree.number)) if tree.renewed else ()
    return await _link(lasting, found[0]) if found else None


def _named(entry: Entry) -> int:
    """How many links before it a later round names; those after them went another way."""
    return sum(member.name.startswith("proof/") and member.name.endswith(RECORD) for member in entry.members)


async def _written(lasting: Lasting, links: Sequence[_Link]) -> tuple[dict[str, bytes], dict[str, Member]]:
    files, members = dict[str, bytes](), dict[str, Member]()
    for number, link in enumerate(links, start=1):
        root = bytes.fromhex(link.tree.root)
        grove = Grove(link.tree.algorithm, link.tree.leaves)
        files[record_name(number)] = await lasting.hop.objects.fetch(link.entry.record)
        files[path_name(number)] = (await asyncio.to_thread(grove.path, link.entry.place)).to_json()
        files |= {stamp_name(root, each.token): each.token for each in link.stamps}
        members |= {each.name: each for each in link.entry.members if each.name != RECORD}
    return files, {name: member for name, member in members.items() if name not in files}


async def content(lasting: Lasting, package_id: str, member: Member) -> bytes:
    """The bytes of a member. NotFound once the contents went; EvidenceBroken when they are damaged."""
    if member.held:
        return await lasting.hop.objects.fetch(member.sha256)
    package = await lasting.hop.store.read(lambda view: view.package(package_id))
    if package is None:
        raise NotFound(package_id)
    for part in package.parts:
        if part.sha256 == member.sha256:
            return await shelf.raw(lasting.hop, part)
    return await _inline(lasting, package, member)


async def _inline(lasting: Lasting, package: Package, member: Member) -> bytes:
    """A file inside the envelope."""
    for _, source in await lasting.files(package):
        if source.sha256 == member.sha256:
            return await _whole(lasting, source)
    raise NotFound(member.name)


async def _whole(lasting: Lasting, source: Source) -> bytes:
    return b"".join([block async for block in opened(lasting.hop.objects, source)])


async def exported(lasting: Lasting, package_id: str, receipts: bytes = b"") -> Bundle:
    """Everything about a document, for checking anywhere. What cannot be had is left out: the record names it.

    NotFound; ProofPending while it is not secured.
    """
    chain = await chain_of(lasting, package_id)
    files, left = dict(chain.files), MOST_INSIDE
    missing: dict[str, str] = {}
    for member in chain.members.values():
        if not member.held and member.size > left:
            missing[member.name] = "too-large"
            continue
        try:
            files[member.name] = await content(lasting, package_id, member)
        except (NotFound, EvidenceBroken) as error:
            missing[member.name] = error.code
        left -= 0 if member.held else member.size
    files |= await _authorities(lasting, chain)
    if receipts:
        files[names.RECEIPTS] = receipts
    return Bundle(files | {names.README: readme(chain.links, missing).encode()})


async def _authorities(lasting: Lasting, chain: Chain) -> dict[str, bytes]:
    """Certificates of the newest stamps: no record names them yet, and they prove themselves."""
    found: dict[str, bytes] = {}
    for name, token in chain.files.items():
        if name.startswith(names.STAMPS):
            try:
                root = bytes.fromhex(name.split("/")[1])
                path = (await asyncio.to_thread(lasting.dated, token, root)).path
            except LienThongError:
                continue  # told by whoever checks the bundle
            found |= {certificate_name(each): each for each in path}
    return found
