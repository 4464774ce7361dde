"""Gathering: what an entry's record will name, and keeping it as objects before the row that needs them.

A document: its files by digest, facts and report of every PDF, certificates up to the roots, what was said of them,
and, of own documents, the file at B-LTA. A tree: its stamps with the certificates they rest on. A later round: all of
the earlier ones, read and hashed anew.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from lienthong.delivery import Lane, Package
from lienthong.delivery.ports import View
from lienthong.delivery.retention import require_contents
from lienthong.errors import ContentsArchived, EvidenceBroken, NotFound, SignatureProblem, Unavailable
from lienthong.gateway.forming import LOOKED_AT
from lienthong.gateway.lasting.chain import RECORD, chain_of, content
from lienthong.gateway.lasting.raising import raised
from lienthong.gateway.lasting.securing import Lasting
from lienthong.ranges import Source, opened
from lienthong.signature import Report, Verdict
from lienthong.signature.facts.encoding import encode
from lienthong.signature.facts.model import Facts, StampFact
from lienthong.signature.judging.asking import Pair, pairs
from lienthong.signature.lasting import bundle as names
from lienthong.signature.lasting import leaf_of, make_record
from lienthong.signature.lasting.bundle import certificate_name, stamp_name
from lienthong.signature.lasting.dating import pairs_of
from lienthong.signature.lasting.keeping import Entry, Kind, Member
from lienthong.signature.proofs import ProofKind, Proofs, issuer_of, serial_of
from lienthong.signature.reporting.statement import ServiceKey, Statement, state

SILENT = frozenset({"revocation-unknown", "revocation-stale"})
_ENDINGS = {ProofKind.ANSWER: ".ocsp", ProofKind.LIST: ".crl"}
_PDF = b"%PDF"


@dataclass(slots=True)
class Basket:
    """What is gathered: members by name, the bytes of those that are kept here, and what could not be had."""

    members: dict[str, Member] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict, repr=False)
    lacks: list[str] = field(default_factory=list)

    def keep(self, name: str, data: bytes) -> None:
        """Something that is an object of its own from now on."""
        self.members[name] = Member(name, hashlib.sha256(data).hexdigest(), len(data))
        self.kept[name] = data

    def name(self, name: str, sha256: str, size: int) -> None:
        """A content that belongs to its package."""
        self.members[name] = Member(name, sha256, size, held=False)


def signed_report(service: str, key: ServiceKey, now: Callable[[], datetime], facts: Facts, report: Report) -> bytes:
    """A report as this service stands for it, naming the facts behind it."""
    return state(Statement(service, report, hashlib.sha256(encode(facts)).hexdigest()), key, now()).encode("ascii")


async def gathered(lasting: Lasting, entry: Entry) -> Entry:
    """The entry with its record, everything it needs durable. Raises what a later try may mend."""
    if entry.kind is Kind.TREE:
        basket, digests = await _tree(lasting, int(entry.of)), None
    elif entry.round:
        basket, digests = await _again(lasting, entry)
    else:
        basket, digests = await _document(lasting, entry), None
    return await _recorded(lasting, entry, basket, digests)


async def _recorded(lasting: Lasting, entry: Entry, basket: Basket, digests: Mapping[str, str] | None) -> Entry:
    algorithm = lasting.algorithms.tree
    if digests is None:
        digests = await _digests(lasting, entry, basket, algorithm)
    record = make_record(algorithm, digests)
    basket.keep(RECORD, record.text)
    await lasting.hop.objects.keep({basket.members[name].sha256: data for name, data in basket.kept.items()})
    return replace(
        entry,
        algorithm=algorithm,
        record=basket.members[RECORD].sha256,
        leaf=leaf_of(record).hex(),
        members=tuple(basket.members.values()),
        lacks=" ".join(sorted(set(basket.lacks))),
    )


async def _digests(lasting: Lasting, entry: Entry, basket: Basket, algorithm: str) -> dict[str, str]:
    """By the hash of the day; SHA-256 is known of everything already."""
    if algorithm == "sha256":
        return {name: member.sha256 for name, member in basket.members.items()}
    found = {}
    for name, member in basket.members.items():
        data = basket.kept.get(name)
        data = await content(lasting, entry.of, member) if data is None else data
        found[name] = hashlib.new(algorithm, data).hexdigest()
    return found


# ---------------------------------------------------------------- a document


async def _document(lasting: Lasting, entry: Entry) -> Basket:
    def look(view: View) -> tuple[Package, bool]:
        package = view.package(entry.of)
        if package is None:
            raise NotFound(entry.of)
        return package, bool(view.legs(entry.of, Lane.OUT))

    package, own = await lasting.hop.store.read(look)
    basket = Basket()
    if package.seal:
        basket.keep(f"{names.ENVELOPE}seal.json", package.seal.encode())
    try:
        await lasting.hop.store.read(partial(require_contents, package_id=package.id))
    except ContentsArchived:
        return await _without_contents(lasting, package, basket)
    first = package.parts[0]
    basket.name(f"{names.ENVELOPE}{first.name}", first.sha256, first.size)
    for name, source in await lasting.files(package):
        basket.name(names.FILES + name, source.sha256, source.size)
        if (pdf := await _pdf(lasting, name, source, basket)) is not None:
            await _seen(lasting, entry, (name, pdf), basket, own=own)
    return basket


async def _without_contents(lasting: Lasting, package: Package, basket: Basket) -> Basket:
    """The contents went before anything was secured: digests and the reports of their time are what there is."""
    for part in package.parts:
        basket.name(f"{names.ENVELOPE}{part.name}", part.sha256, part.size)
    reports = await lasting.hop.store.read(lambda view: view.reports(package.id))
    for name, report in reports.items():
        if name:
            basket.keep(f"{names.REPORTS}{name}.json", report.encode())
    basket.lacks.append(ContentsArchived.code)
    return basket


async def _pdf(lasting: Lasting, name: str, source: Source, basket: Basket) -> bytes | None:
    """The bytes of a PDF that is looked into. EvidenceBroken when they are not what was received."""
    start = b"".join([block async for block in opened(lasting.hop.objects, source, len(_PDF))])
    if start != _PDF and source.media_type != "application/pdf":
        return None
    if source.size > LOOKED_AT:
        basket.lacks.append("too-large")
        return None
    data = b"".join([block async for block in opened(lasting.hop.objects, source)])
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise EvidenceBroken(f"{name}: tệp đã lưu bị hỏng / the stored file is damaged")
    return data


async def _seen(lasting: Lasting, entry: Entry, file: tuple[str, bytes], basket: Basket, *, own: bool) -> None:
    name, pdf = file
    facts = await lasting.look(pdf)
    report = await lasting.court.judged(facts)
    silent = SILENT & {told.reason for told in report.signatures}
    if silent and lasting.court.sources is not None and lasting.now() - entry.since < lasting.settings.patience:
        raise Unavailable(f"{name}: {', '.join(sorted(silent))}")
    basket.lacks += sorted(silent) or (
        ["revocation-not-checked"] if report.signatures and not report.revocation else []
    )
    basket.keep(f"{names.FACTS}{name}.json", encode(facts))
    basket.keep(f"{names.REPORTS}{name}.jws", await asyncio.to_thread(lasting.stated, facts, report))
    ways = await asyncio.to_thread(pairs, facts, lasting.court.trust, lasting.now())
    known = await _known(lasting, ways)
    _take(basket, ways, known)
    if own and lasting.settings.raise_own and report.conclusion is Verdict.VALID:
        await _raise(lasting, (name, pdf), report, (ways, known), basket)


async def _raise(
    lasting: Lasting,
    file: tuple[str, bytes],
    report: Report,
    proofs: tuple[Sequence[Pair], Mapping[str, bytes]],
    basket: Basket,
    number: int = 1,
) -> None:
    """A file that cannot be raised stays as it is, and the proof beside it holds all the same."""
    name, pdf = file
    if number == 1 and all(told.level == "B-LTA" for told in report.signatures):
        return
    try:
        basket.keep(f"{names.LONG_TERM}{number}/{name}", await raised(lasting, pdf, *proofs))
    except SignatureProblem as problem:
        basket.lacks.append(problem.code)


async def _known(lasting: Lasting, ways: Iterable[Pair]) -> dict[str, bytes]:
    """The newest answer and the newest list about each certificate, by their names in a bundle."""
    proofs, found = lasting.court.proofs, dict[str, bytes]()
    if proofs is None:
        return found
    for certificate, issuer in ways:
        told = await proofs.about(issuer_of(issuer), serial_of(certificate))
        for kind, ending in _ENDINGS.items():
            newest = next((each for each in told if each.kind is kind), None)
            if newest is not None and (data := await _had(proofs, newest.sha256)) is not None:
                found[f"{names.REVOCATION}{newest.sha256}{ending}"] = data
    return found


async def _had(proofs: Proofs, sha256: str) -> bytes | None:
    try:
        return await proofs.data(sha256)
    except NotFound:  # it was superseded, and went
        return None


def _take(basket: Basket, ways: Iterable[Pair], known: Mapping[str, bytes]) -> None:
    for certificate in dict.fromkeys(each for pair in ways for each in pair):
        basket.keep(certificate_name(certificate), certificate)
    for name, data in known.items():
        basket.keep(name, data)


# ---------------------------------------------------------------- a tree whose stamps are renewed


async def _tree(lasting: Lasting, number: int) -> Basket:
    """RFC 4998 §5.2: before a stamp is renewed it is checked once more, and what proves it is put beside it."""
    tree, stamps = await lasting.ledger.tree(number)
    basket, root = Basket(), bytes.fromhex(tree.root)
    for each in stamps:
        basket.keep(stamp_name(root, each.token), each.token)
        try:
            found = await asyncio.to_thread(lasting.dated, each.token, root)
        except EvidenceBroken as error:
            basket.lacks.append(error.code)
            continue
        ways = tuple(pairs_of(found.path))
        await _ask(lasting, found.path)
        _take(basket, ways, await _known(lasting, ways))
    return basket


async def _ask(lasting: Lasting, path: Sequence[bytes]) -> None:
    """Have the court ask about an authority's certificates."""
    certificates = {hashlib.sha256(each).hexdigest(): each for each in path}
    signer = next(iter(certificates))
    stamp = StampFact(
        "document", lasting.now() - timedelta(seconds=1), intact=True, signer=signer, digest="", sha256=""
    )
    await lasting.court.learn_about(Facts("", 0, document_stamps=(stamp,), certificates=certificates))


# ---------------------------------------------------------------- a later round


async def _again(lasting: Lasting, entry: Entry) -> tuple[Basket, dict[str, str]]:
    """Everything the earlier rounds named and the links since, by the hash of the day.

    NotFound, EvidenceBroken when a content is not there any more: then the old hash is all there will ever be.
    """
    chain = await chain_of(lasting, entry.of)
    basket, algorithm = Basket(), lasting.algorithms.tree
    digests: dict[str, str] = {}
    for member in chain.members.values():
        data = await content(lasting, entry.of, member)
        basket.members[member.name] = member
        digests[member.name] = hashlib.new(algorithm, data).hexdigest()
    for name, data in chain.files.items():
        basket.keep(name, data)
        digests[name] = hashlib.new(algorithm, data).hexdigest()
    fresh = set(basket.kept)
    await _raise_again(lasting, entry, basket)
    digests |= {name: hashlib.new(algorithm, basket.kept[name]).hexdigest() for name in basket.kept.keys() - fresh}
    return basket, digests


async def _raise_again(lasting: Lasting, entry: Entry, basket: Basket) -> None:
    """Raised files get one more stamp on top, from the newest of each on."""
    for name, (number, member) in _newest(basket.members.values()).items():
        pdf = await content(lasting, entry.of, member)
        facts = await lasting.look(pdf)
        report = await lasting.court.judged(facts)
        ways = await asyncio.to_thread(pairs, facts, lasting.court.trust, lasting.now())
        known = await _known(lasting, ways)
        _take(basket, ways, known)
        await _raise(lasting, (name, pdf), report, (ways, known), basket, number + 1)


def _newest(members: Iterable[Member]) -> dict[str, tuple[int, Member]]:
    found: dict[str, tuple[int, Member]] = {}
    for member in list(members):
        if member.name.startswith(names.LONG_TERM):
            number, _, name = member.name.removeprefix(names.LONG_TERM).partition("/")
            found[name] = max(found.get(name, (0, member)), (int(number), member), key=lambda each: each[0])
    return found
