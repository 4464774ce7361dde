"""Checking a bundle with root certificates alone, also when every certificate in it has run out.

    record 1 ─► root 1 ─ stamp ─► named by record 2 ─► root 2 ─ stamp ─► … ─► now

Each stamp must have counted until the next one took over; the last one until the moment of the check. The signatures
are judged as of the first stamp: all that the verdict leans on existed then (RFC 4998 §5.3, EN 319 102-1 §5.6).
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import Finding, Proof
from lienthong.signature.facts.encoding import decode
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import NOTHING_KNOWN, Revocation, judge
from lienthong.signature.lasting import bundle as names
from lienthong.signature.lasting import words
from lienthong.signature.lasting.bundle import Bundle, Link
from lienthong.signature.lasting.record import Record, read_record
from lienthong.signature.lasting.stages import SKEW, Measure, Stage, stages_of
from lienthong.signature.reporting.statement import verified

_COVERED = (names.FILES, names.ENVELOPE, names.LONG_TERM, names.FACTS, names.REPORTS, names.REVOCATION)
"""What has no place in a bundle unless a record names it."""


def verify_lasting(bundle: Bundle, measure: Measure, given: Mapping[str, str] | None = None) -> Proof:
    """Everything a bundle claims; never raises for a hostile one. `given`: hex SHA-256 of files at hand, by name.

    Finding codes: bundle, content, file, path, stamp, renewal, algorithm, signature, long-term, report.
    """
    try:
        chain = tuple(_read(link) for link in bundle.links())
    except EvidenceBroken as error:
        return Proof((words.unreadable(error),))
    case = _Case(bundle, measure, tuple(stages_of(bundle, measure, chain)))
    found = (*case.content(given or {}), *case.through_time(), *case.documents(), *case.reports())
    return Proof(found, words.limits(reported=any(each.code == "report" for each in found)))


def _read(link: Link) -> tuple[Link, Record]:
    return link, read_record(link.record)


def _counted(number: int, stage: Stage) -> Finding:
    timely = [each for _, each in stage.found if each.at <= stage.until + SKEW]
    if stage.counted:
        return words.stamped(number, [each for _, each in stage.counted])
    if timely:
        return words.lapsed(number, max(each.ends for each in timely))
    if stage.found:
        return words.future(number)
    return words.stamp_broken(number, EvidenceBroken("there is no time stamp"))


@dataclass(frozen=True, slots=True)
class _Case:
    """A bundle whose links could be read."""

    bundle: Bundle
    measure: Measure
    stages: tuple[Stage, ...] = field(repr=False)

    @property
    def first(self) -> Record:
        return self.stages[0].record

    # ------------------------------------------------------------ what is there

    def content(self, given: Mapping[str, str]) -> Iterator[Finding]:
        """Every file against every record that names it; files at hand may stand for those that are not inside."""
        files = self.bundle.files
        pairs = [(name, stage.record) for stage in self.stages for name in stage.record.digests]
        bad = dict.fromkeys(name for name, record in pairs if name in files and not record.holds(name, files[name]))
        yield from map(words.changed, bad)
        if good := {name for name, _ in pairs if name in files} - bad.keys():
            yield words.same(len(good))
        yield from self._absent(set(given.values()))
        named = {name for name, _ in pairs}
        yield from (words.stray(name) for name in sorted(files) if name.startswith(_COVERED) and name not in named)
        known = set(self.first.digests.values())
        if self.first.algorithm == "sha256":
            yield from (words.given(name, known=digest in known) for name, digest in given.items())

    def _absent(self, at_hand: set[str]) -> Iterator[Finding]:
        for name, digest in self.first.digests.items():
            if name not in self.bundle.files and digest not in at_hand:
                yield words.missing(name, self.first.algorithm, digest)

    # ------------------------------------------------------------ the chain

    def through_time(self) -> Iterator[Finding]:
        """Each link until the next took over, the last until now."""
        for number, stage in enumerate(self.stages, start=1):
            yield words.placed(number, holds=stage.link.path.leads_from(stage.link.record))
            yield from (words.stamp_broken(number, fault) for fault in stage.faults)
            if self.measure.trust.roots:
                yield _counted(number, stage)
            if number > 1:
                before = self.stages[number - 2]
                kept = [name for name, _ in before.counted or before.found]
                yield words.renewed(number, holds=any(self._names(stage.record, name) for name in kept))
            yield from self._hash(number, stage.record)
        if not self.measure.trust.roots:
            yield words.without_root()

    def _names(self, record: Record, name: str) -> bool:
        return name in self.bundle.files and record.holds(name, self.bundle.files[name])

    def _hash(self, number: int, record: Record) -> Iterator[Finding]:
        """A record's hash must have counted until a later record hashed all of it anew."""
        ends, until = self.measure.algorithms.digest_ends(record.algorithm), self.measure.moment
        for later, stage in enumerate(self.stages[number:], start=number + 1):
            if _hashes_anew(stage.record, record, range(number, later)):
                until = stage.at or until
                break
        if ends < until:
            yield words.weak(number, record.algorithm, ends)

    # ------------------------------------------------------------ the documents

    def documents(self) -> Iterator[Finding]:
        """The signatures, as of the first stamp; own files that were raised."""
        at = self.stages[0].at or self.measure.moment
        for name in self._reported():
            yield from self._judged(name, at)
        for name, data in self.bundle.under(names.LONG_TERM).items():
            sent = self.bundle.files.get(names.FILES + name.partition("/")[2])
            if sent is not None:
                yield words.raised(names.LONG_TERM + name, holds=data.startswith(sent))

    def reports(self) -> Iterator[Finding]:
        """Who stands for the reports; that what they say existed, the stamps prove."""
        for name, data in self.bundle.under(names.REPORTS).items():
            if name.endswith(".jws"):
                with suppress(EvidenceBroken, UnicodeDecodeError):
                    yield words.reported(name, verified(data.decode("ascii"), self.measure.trust))

    def _reported(self) -> list[str]:
        found = (name for name in self.first.digests if name.startswith(names.FACTS))
        return [name.removeprefix(names.FACTS).removesuffix(".json") for name in found]

    def _judged(self, name: str, at: datetime) -> Iterator[Finding]:
        facts = self._facts(name)
        if facts is None:
            yield words.not_judged(name)
            return
        whole = replace(
            facts,
            certificates={**self._kept_of(names.CERTIFICATES, ".cer"), **facts.certificates},
            ocsps={**self._kept_of(names.REVOCATION, ".ocsp"), **facts.ocsps},
            crls={**self._kept_of(names.REVOCATION, ".crl"), **facts.crls},
        )
        known = self.measure.revocations or _Silence()
        report = judge(whole, self.measure.policy, self.measure.trust, known, at)
        if not report.unsigned:  # a scan among the annexes claims nothing that could be judged
            yield words.judged(name, report, at)

    def _facts(self, name: str) -> Facts | None:
        pdf = self.bundle.files.get(names.FILES + name)
        if pdf is not None and self.measure.look is not None:
            return self.measure.look(pdf)
        kept = self.bundle.files.get(f"{names.FACTS}{name}.json")
        try:
            return decode(kept) if kept is not None else None
        except InvalidValue:
            return None

    def _kept_of(self, folder: str, ending: str) -> dict[str, bytes]:
        """What was kept of a kind, by its SHA-256 as facts name it."""
        found = self.bundle.under(folder).items()
        return {name.removesuffix(ending): data for name, data in found if name.endswith(ending)}


class _Silence:
    """Whoever knows nothing beside what was kept: a certificate of which nothing was kept is not taken for good."""

    epoch = "0"

    def of(self, _certificate: bytes, _issuer: bytes, _moment: datetime) -> Revocation:
        return NOTHING_KNOWN


def _hashes_anew(record: Record, before: Record, links: range) -> bool:
    """Whether it names everything the earlier record named, and the links since then."""
    wanted = {*before.digests, *(name(n) for n in links for name in (names.record_name, names.path_name))}
    return wanted <= record.digests.keys()
