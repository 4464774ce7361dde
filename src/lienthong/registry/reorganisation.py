"""A reorganisation [sắp xếp tổ chức]: steps that take effect together on one day, worked out before anything changes.

    plan ─► carried_out(plan, known) ─► Outcome: every code before and after, who speaks for whom, what forbids it

A code is closed, never deleted, and never used again. Mail to a closed code follows a single successor; where there are
several nobody can say whose it is, so it is refused and they are named (`Directory.resolve`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import singledispatch
from typing import Protocol

import msgspec

from lienthong.document.codes import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry.differences import Difference, digest_of
from lienthong.registry.findings import Finding
from lienthong.registry.history import History, bearer, close, lay, row
from lienthong.registry.model import Organisation, Representation, Status
from lienthong.registry.rows import OrganisationRow, Row

_DAY = timedelta(days=1)


class Step(Row, frozen=True, tag_field="act"):
    """One thing that a plan does on its day."""


class Open(Step, frozen=True, tag="open"):
    """A new body with a new code; its dates are the plan's."""

    organisation: OrganisationRow


class Rename(Step, frozen=True, tag="rename"):
    """Another name, the same code (Decision 09/2025/QĐ-TTg did so with G10)."""

    code: str
    name: str
    name_en: str | None = None


class Move(Step, frozen=True, tag="move"):
    """Another parent, perhaps another level, the same code."""

    code: str
    parent: str | None
    level: str | None = None


class Close(Step, frozen=True, tag="close"):
    """No longer in force from the plan's day, taken over by the successors."""

    code: str
    successors: tuple[str, ...] = ()


class Merge(Step, frozen=True, tag="merge"):
    """Several bodies end in one that is or will be in force; if that is one of them, it keeps its code."""

    codes: tuple[str, ...]
    into: str


class Split(Step, frozen=True, tag="split"):
    """One body ends in several; `mail` names the one that takes its documents, else they are refused."""

    code: str
    into: tuple[str, ...]
    mail: str | None = None


class Represent(Step, frozen=True, tag="represent"):
    """A gateway speaks for an organisation from the plan's day."""

    gateway: str
    organisation: str


AnyStep = Open | Rename | Move | Close | Merge | Split | Represent


class Plan(Row, frozen=True):
    """Steps, in order, that take effect together. `basis` is the decision or resolution behind it."""

    title: str
    day: date
    basis: str = ""
    steps: tuple[AnyStep, ...] = ()


def read_plan(data: bytes) -> Plan:
    """A plan from its JSON. Raises InvalidValue, naming the place."""
    try:
        return msgspec.json.decode(data, type=Plan)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InvalidValue(str(error)) from error


class Known(Protocol):
    """The directory as a plan asks it."""

    def history(self, code: OrganisationCode) -> History:
        """Every period of a code, () for one never used."""
        ...

    def children(self, code: OrganisationCode, day: date) -> Sequence[OrganisationCode]:
        """The codes in force that day whose parent it is."""
        ...

    def speaking(self, code: OrganisationCode) -> Sequence[Representation]:
        """Who speaks, spoke or will speak for a code."""
        ...

    def has_gateway(self, gateway: str) -> bool:
        """Whether there is such a gateway."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What carrying out a plan does. It may be carried out only without `findings`; `notes` are for people to weigh.

    `digest` covers every code and representation before and after: it differs as soon as anything they stand on did.
    """

    day: date
    before: Mapping[OrganisationCode, History]
    after: Mapping[OrganisationCode, History]
    ended: tuple[Representation, ...]
    begun: tuple[Representation, ...]
    speaking: tuple[Representation, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    def differences(self) -> tuple[Difference, ...]:
        """Each touched code on the eve and on the day."""
        return tuple(Difference(self._on_the_eve(code), row(after, self.day)) for code, after in self.after.items())

    def _on_the_eve(self, code: OrganisationCode) -> Organisation | None:
        before = self.before.get(code)
        return row(before, self.day - _DAY) if before else None

    def closed(self) -> tuple[OrganisationCode, ...]:
        """The codes that end."""
        return tuple(code for code, after in self.after.items() if bearer(after, self.day) is None)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what was looked at and what comes of it."""
        rows = [each for side in (self.before, self.after) for code in sorted(side) for each in (*side[code], None)]
        spoken = sorted(map(repr, (*self.speaking, *self.ended, *self.begun)))
        return digest_of([*rows, *map(_as_row, spoken)])


def _as_row(text: str) -> Organisation:
    return Organisation(OrganisationCode("-"), text, "")


def carried_out(plan: Plan, known: Known) -> Outcome:
    """What the plan does to the directory, in one piece; nothing is changed here. Every fault of it is a finding."""
    work = _Work(plan.day, known)
    for number, step in enumerate(plan.steps, 1):
        work.step = number
        try:
            _take(step, work)
        except InvalidValue as error:
            work.refuse(error.detail, error.detail)
    work.step = 0
    if not plan.steps:
        work.refuse("kế hoạch chưa có bước nào", "the plan has no step")
    _settle(work)
    return Outcome(
        plan.day,
        work.before,
        work.after,
        tuple(work.ended),
        tuple(work.begun),
        tuple(each for code in work.after for each in known.speaking(code)),
        tuple(work.findings),
        tuple(work.notes),
    )


@dataclass(slots=True)
class _Work:
    """The directory with the steps so far laid over it."""

    day: date
    known: Known
    step: int = 0
    before: dict[OrganisationCode, History] = field(default_factory=dict)
    after: dict[OrganisationCode, History] = field(default_factory=dict)
    ended: dict[Representation, None] = field(default_factory=dict)
    begun: list[Representation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def history(self, code: OrganisationCode) -> History:
        return self.after[code] if code in self.after else self.known.history(code)

    def put(self, code: OrganisationCode, history: History) -> None:
        self.before.setdefault(code, self.known.history(code))
        self.after[code] = history

    def on_the_day(self, code: OrganisationCode) -> Organisation | None:
        return bearer(self.history(code), self.day)

    def in_force(self, text: str) -> Organisation:
        """The bearer on the plan's day. Raises InvalidValue."""
        code = OrganisationCode.parse(text)
        found = self.on_the_day(code)
        if found is None:
            raise InvalidValue(f"{code}: không có hiệu lực ngày / not in force on {self.day:%d/%m/%Y}")
        return found

    def refuse(self, vi: str, en: str, where: str = "") -> None:
        self.findings.append(Finding(where or (f"step {self.step}" if self.step else "plan"), vi, en))

    def note(self, where: object, vi: str, en: str) -> None:
        self.notes.append(Finding(str(where), vi, en))

    def change(self, text: str, edit: Callable[[Organisation], Organisation]) -> None:
        """Other facts from the plan's day until the next change already known, or the end."""
        now = self.in_force(text)
        self.put(now.code, lay(self.history(now.code), replace(edit(now), valid_from=self.day)))

    def end(self, text: str, successors: tuple[OrganisationCode, ...]) -> None:
        """Close a code, and its gateway's right to speak for it."""
        code = OrganisationCode.parse(text)
        if code in successors:
            raise InvalidValue(f"{code}: kế thừa chính mình / succeeds itself")
        self.in_force(text)
        self.put(code, close(self.history(code), self.day, successors))
        for spoken in self.known.speaking(code):
            if spoken.valid_to is None or spoken.valid_to >= self.day:
                self.ended[spoken] = None


@singledispatch
def _take(step: AnyStep, work: _Work) -> None:
    raise NotImplementedError(type(step))


@_take.register
def _(step: Open, work: _Work) -> None:
    new = replace(step.organisation.value(), valid_from=work.day, valid_to=None, successors=(), status=Status.ACTIVE)
    if work.history(new.code):
        raise InvalidValue(f"{new.code}: mã đã cấp, không dùng lại / issued before, never used again")
    work.put(new.code, (new,))


@_take.register
def _(step: Rename, work: _Work) -> None:
    if not step.name.strip():
        raise InvalidValue(f"{step.code}: thiếu tên / has no name")
    work.change(step.code, lambda now: replace(now, name=step.name, name_en=step.name_en or now.name_en))


@_take.register
def _(step: Move, work: _Work) -> None:
    parent = None if step.parent is None else work.in_force(step.parent).code
    work.change(step.code, lambda now: replace(now, parent=parent, level=step.level or now.level))


@_take.register
def _(step: Close, work: _Work) -> None:
    work.end(step.code, tuple(map(OrganisationCode.parse, step.successors)))


@_take.register
def _(step: Merge, work: _Work) -> None:
    into = OrganisationCode.parse(step.into)
    ending = [code for code in map(OrganisationCode.parse, step.codes) if code != into]
    if not ending:
        raise InvalidValue(f"{into}: không có cơ quan nào để sáp nhập / nothing to merge")
    for code in ending:
        work.end(str(code), (into,))


@_take.register
def _(step: Split, work: _Work) -> None:
    parts = tuple(map(OrganisationCode.parse, step.into))
    if len(set(parts)) < 2:
        raise InvalidValue(f"{step.code}: chia tách phải có từ hai nơi nhận / a split needs two or more")
    if step.mail is None:
        work.end(step.code, parts)
        return
    mail = OrganisationCode.parse(step.mail)
    if mail not in parts:
        raise InvalidValue(f"{mail}: không phải một phần của / not a part of {step.code}")
    work.end(step.code, (mail,))


@_take.register
def _(step: Represent, work: _Work) -> None:
    code = work.in_force(step.organisation).code
    if not work.known.has_gateway(step.gateway):
        raise InvalidValue(f"{step.gateway}: không có trong danh bạ / not in the directory")
    work.ended |= dict.fromkeys(each for each in work.known.speaking(code) if _speaks(each, work.day))
    work.begun.append(Representation(step.gateway, code, work.day))


# ---------------------------------------------------------------- what only the whole shows


def _settle(work: _Work) -> None:
    """Every code on its own was lawful; now the directory of the plan's day as a whole."""
    for code in [code for code in work.after if work.on_the_day(code) is None]:
        _left_behind(work, code)
        _taken_over(work, code)
    for code in [code for code in work.after if work.on_the_day(code) is not None]:
        _placed(work, code)
    living = {code for code in work.after if work.on_the_day(code) is not None}
    begun = Counter(each.organisation for each in work.begun)
    for code in sorted(living | begun.keys()):
        _reached(work, code, begun[code])


def _left_behind(work: _Work, closed: OrganisationCode) -> None:
    for child in work.known.children(closed, work.day):
        there = work.on_the_day(child)
        if there is not None and there.parent == closed:
            work.refuse(
                f"vẫn trực thuộc {closed} đã đóng: cần chuyển hoặc đóng",
                f"is still under {closed}, which ends: move or close it",
                f"organisation {child}",
            )


def _taken_over(work: _Work, closed: OrganisationCode) -> None:
    successors = work.history(closed)[-1].successors
    where = f"organisation {closed}"
    for code in successors:
        if work.on_the_day(code) is None:
            work.refuse(f"cơ quan kế thừa {code} không có hiệu lực", f"its successor {code} is not in force", where)
    if len(successors) != 1:
        told = ", ".join(map(str, successors)) or "–"
        work.note(
            where,
            f"văn bản gửi đến sẽ bị từ chối, nêu tên: {told}",
            f"documents to it will be refused, naming: {told}",
        )


def _placed(work: _Work, code: OrganisationCode) -> None:
    here, seen = work.on_the_day(code), set[OrganisationCode]()
    while here is not None and here.parent is not None:
        if here.code in seen:
            work.refuse("vòng lặp cấp trên", "is above itself", f"organisation {code}")
            return
        seen.add(here.code)
        above = work.on_the_day(here.parent)
        if above is None:
            vi, en = f"cấp trên {here.parent} không có hiệu lực", f"its parent {here.parent} is not in force"
            work.refuse(vi, en, f"organisation {here.code}")
            return
        here = above


def _reached(work: _Work, code: OrganisationCode, begins: int) -> None:
    stays = [each for each in work.known.speaking(code) if _speaks(each, work.day) and each not in work.ended]
    lasting = [each for each in stays if each.valid_to is None]  # one that hands over has its end already
    if len(lasting) + begins > 1:
        work.refuse("hai máy chủ cùng đại diện", "two gateways at once", f"organisation {code}")
    if not stays and not begins:
        vi, en = "chưa có máy chủ bảo mật nào đại diện từ ngày này", "no gateway speaks for it from that day"
        work.note(f"organisation {code}", vi, en)


def _speaks(each: Representation, day: date) -> bool:
    return each.valid_to is None or each.valid_to >= day


def closing(representation: Representation, day: date) -> Representation | None:
    """A representation that ends before that day; None when it never began."""
    if representation.valid_from is not None and representation.valid_from >= day:
        return None
    return replace(representation, valid_to=day - _DAY)


def touched(plan: Plan) -> Iterator[str]:
    """Every code a plan names, opened ones and successors too: whose business it is."""
    for step in plan.steps:
        match step:
            case Open(organisation=new):
                yield new.code
            case Merge(codes=codes, into=into):
                yield from (*codes, into)
            case Split(code=code, into=parts):
                yield from (code, *parts)
            case Close(code=code, successors=successors):
                yield from (code, *successors)
            case Represent(organisation=code):
                yield code
            case Rename(code=code) | Move(code=code):
                yield code
