"""The form check at a gateway's desk: before a document is recorded, and beside the report of one that arrives."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from lienthong.delivery import Hop
from lienthong.delivery.ports import Transaction
from lienthong.envelope import Edoc
from lienthong.errors import FormRefused, LienThongError
from lienthong.gateway.composing import AnyFile, LargeFile
from lienthong.signature import LegalValue, Report, Verdict
from lienthong.signature.facts.model import Facts
from lienthong.signature.form import Expected, Finding, Part, Severity, check
from lienthong.signature.form.tolerances import MM

PDF = b"%PDF"
LOOKED_AT = 32 * 2**20
"""Bytes of the largest PDF that is looked into: that takes all of it in memory."""
TOLD = 20
"""So many findings are told in a refusal; the list is there to be mended, not to be complete."""
TOO_LARGE = Report(
    Verdict.CANNOT_TELL,
    LegalValue.UNSETTLED,
    unsigned=False,
    sentence_vi="Tệp quá lớn nên máy chủ không xem chữ ký số bên trong; tệp vẫn được niêm phong cùng gói tin.",
    sentence_en="The file is too large for the gateway to look at signatures inside; it is sealed with its package.",
)


class Mode(StrEnum):
    """What findings do to a document handed in."""

    OFF = "off"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class SealWidth:
    """How wide the registered seal of an agency (by code) is."""

    agency: str
    millimetres: float


@dataclass(frozen=True, slots=True)
class FormSettings:
    """`[form]`: the mode, and the widths of seals (`[[form.seals]]`); a seal not named is not measured."""

    mode: Mode = Mode.WARN
    seals: tuple[SealWidth, ...] = ()

    def width(self, agency: str) -> float | None:
        """Points, where it is known."""
        return next((seal.millimetres * MM for seal in self.seals if seal.agency == agency), None)


class Looker(Protocol):
    """Whoever looks into a PDF with limits of time and memory, and judges its signatures."""

    async def look(self, pdf: bytes) -> tuple[Facts, Report]:
        """What is in the file and what its signatures are worth now. Never raises for what the file holds."""
        ...


@dataclass(frozen=True, slots=True)
class Looked:
    """One file of a document after a look."""

    name: str
    report: Report
    findings: tuple[Finding, ...]

    def to_json(self) -> str:
        """As it is kept: the report, with the findings in it."""
        found = [finding.as_dict() for finding in self.findings]
        return json.dumps(self.report.as_dict() | {"findings": found}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Forms:
    """The form check of one gateway; without a looker it is off."""

    settings: FormSettings = field(default_factory=FormSettings)
    looker: Looker | None = None

    @property
    def on(self) -> bool:
        """Whether documents handed in are looked at."""
        return self.looker is not None and self.settings.mode is not Mode.OFF

    async def look(
        self, message: Edoc, files: Iterable[tuple[str, bytes | None]], now: datetime, own: str = ""
    ) -> tuple[Looked, ...]:
        """Every PDF of a document, the first one as its main file. `own`: the agency whose seal's width is known."""
        expected = self.expected(message, now, own)
        looked = []
        for order, (name, pdf) in enumerate(each for each in files if each[1] is None or each[1].startswith(PDF)):
            looked.append(await self.one(name, pdf, expected if order == 0 else annex(expected)))
        return tuple(looked)

    async def one(self, name: str, pdf: bytes | None, expected: Expected) -> Looked:
        """One file against what is said of it."""
        if self.looker is None or pdf is None or len(pdf) > LOOKED_AT:
            return Looked(name, TOO_LARGE, ())
        facts, report = await self.looker.look(pdf)
        return Looked(name, report, check(facts, report, _as_copy(facts, expected)))

    def expected(self, message: Edoc, now: datetime, own: str = "") -> Expected:
        """What the message says of its main file."""
        parents = (message.sender.in_charge,) if message.sender.in_charge else ()
        return Expected(
            organisation=message.sender.name,
            parents=parents,
            signer=message.signer.full_name,
            competence=message.signer.competence,
            number=message.number.number,
            notation=message.number.notation,
            issued=message.issued,
            seal_width=self.settings.width(own),
            seen=now,
        )

    def require(self, looked: Sequence[Looked]) -> None:
        """Raises FormRefused with the findings where this gateway refuses and an error was found."""
        errors = [(each.name, one) for each in looked for one in each.findings if one.severity is Severity.ERROR]
        if errors and self.settings.mode is Mode.REFUSE:
            told = [{"file": name} | finding.as_dict() for name, finding in errors[:TOLD]]
            raise FormRefused(errors[0][1].vi, findings=json.dumps(told, ensure_ascii=False))


def annex(expected: Expected) -> Expected:
    """What is expected of a file behind the main one."""
    return replace(expected, part=Part.ANNEX)


def _as_copy(facts: Facts, expected: Expected) -> Expected:
    """A copy is known by its signature: the agency's alone, with the form of copy in the corner."""
    words = facts.looks.words.values() if facts.looks else ()
    text = " ".join(line.text for lines in words for line in lines).casefold()
    alone = len(facts.signatures) == 1 and any(form in text for form in ("sao y", "sao lục", "trích sao"))
    return replace(expected, part=Part.COPY) if alone else expected


async def contents(hop: Hop, files: Sequence[AnyFile]) -> list[tuple[str, bytes | None]]:
    """Name and bytes of what is handed in; None for a PDF too large to look at, the first bytes of what is none."""
    return [(file.name, await _content(hop, file)) for file in files]


async def _content(hop: Hop, file: AnyFile) -> bytes | None:
    if not isinstance(file, LargeFile):
        return file.content
    await hop.objects.adopt(file.upload, file.sha256)
    first = b"".join([block async for block in hop.objects.read(file.sha256, 0, len(PDF))])
    if first != PDF:  # a map of 500 MB is not brought into memory to learn that it is none
        return first
    if file.size > LOOKED_AT:
        return None
    return b"".join([block async for block in hop.objects.read(file.sha256)])


async def keep(hop: Hop, package_id: str, looked: Sequence[Looked]) -> None:
    """Keep reports with their findings beside the package."""
    if looked:
        await hop.store.write(partial(_keep, package_id, looked))


def _keep(package_id: str, looked: Sequence[Looked], tx: Transaction) -> None:
    for each in looked:
        tx.put_report(package_id, each.name, each.to_json())


def findings_of(reports: Mapping[str, Any]) -> dict[str, tuple[Finding, ...]]:
    """The findings kept in reports, by file name; older reports have none."""
    return {name: tuple(_read(told.get("findings", ()))) for name, told in reports.items() if name}


def _read(told: Iterable[dict[str, Any]]) -> Iterable[Finding]:
    for each in told:
        try:
            yield Finding.from_dict(each)
        except (KeyError, TypeError, ValueError) as error:
            raise LienThongError(f"finding: {error}") from error
