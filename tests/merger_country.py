"""The country before and after the mergers of 2025 at full size, synthetic below level 1: 63 provinces → 34, no districts.

Level-1 codes and who absorbed whom are the shipped data (Decision 09/2025/QĐ-TTg, Resolution 202/2025/QH15); districts and
communes are made up in the numbers of the real ones: 705 and 10,600 before, 3,321 communes after.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from lienthong.document import OrganisationCode
from lienthong.registry import Gateway, GatewayKind, Histories, Organisation, Representation, level1_organisations
from lienthong.registry.reorganisation import AnyStep, Close, Merge, Open, Plan, Represent, Split
from lienthong.registry.rows import OrganisationRow

DAY = date(2025, 7, 1)
PROVINCES, DISTRICTS, COMMUNES, AFTER = 63, 705, 10_600, 3_321
UNCHANGED = ("H14", "H18", "H26", "H27", "H35", "H37", "H41", "H49", "H52", "H56", "H57")
"""Provinces that absorbed nobody."""


@cache
def provinces() -> list[Organisation]:
    """The 63, as they were before."""
    found = [each for each in level1_organisations() if str(each.code).startswith("H")]
    return [replace(each, valid_to=None, successors=(), status=type(each.status).ACTIVE) for each in found]


def absorbed() -> dict[str, str]:
    """Closed province → the one that took it over."""
    merged = [each for each in level1_organisations() if str(each.code).startswith("H") and each.successors]
    return {str(each.code): str(each.successors[0]) for each in merged}


@cache
def districts() -> list[Organisation]:
    """705 of them, shared out over the provinces."""
    return [_unit(f"{_province(number)}.{number // PROVINCES + 1:02}", "district", _province(number), number)
            for number in range(DISTRICTS)]  # fmt: skip


@cache
def communes() -> list[Organisation]:
    """10,600 of them, shared out over the districts."""
    above = [str(each.code) for each in districts()]
    return [_unit(f"{above[number % DISTRICTS]}.{number // DISTRICTS + 1:02}", "commune", above[number % DISTRICTS], number)
            for number in range(COMMUNES)]  # fmt: skip


@cache
def before() -> Histories:
    """Everything below and with the provinces, one period each."""
    return {each.code: (each,) for each in (*provinces(), *districts(), *communes())}


def gateways() -> list[Gateway]:
    """One shared gateway a province."""
    return [Gateway(gateway_of(str(each.code)), f"Máy chủ mẫu {each.code}", each.code, GatewayKind.SHARED)
            for each in provinces()]  # fmt: skip


def gateway_of(code: str) -> str:
    return f"gw-{code[:3].lower()}"


def representations() -> Iterator[Representation]:
    """Everybody is reached through the province's gateway."""
    return (Representation(gateway_of(str(code)), code, date(2020, 9, 15)) for code in before())


@cache
def heirs() -> dict[str, str]:
    """Old commune → new commune: those of a keeping province and what it absorbed are shared out over its new ones."""
    kept = sorted(set(map(str, [each.code for each in provinces()])) - absorbed().keys())
    new = {code: [f"{code}.C{number // len(kept) + 1:03}" for number in range(place, AFTER, len(kept))]
           for place, code in enumerate(kept)}  # fmt: skip
    return {str(each.code): _heir(str(each.code), number, new) for number, each in enumerate(communes())}


def _heir(code: str, number: int, new: dict[str, list[str]]) -> str:
    there = new[absorbed().get(code[:3], code[:3])]
    return there[number % len(there)]


@cache
def plan() -> Plan:
    """The whole of 1 July 2025 as one plan."""
    return Plan(title="Sắp xếp đơn vị hành chính năm 2025 (mẫu)", day=DAY, basis="202/2025/QH15", steps=tuple(_steps()))


def _steps() -> Iterator[AnyStep]:
    takes = heirs()
    everything = sorted(set(takes.values()) | set(_missing(takes)))
    for code in everything:
        row = OrganisationRow(code=code, name=f"Ủy ban nhân dân xã mới {code} (mẫu)", level="commune", parent=code[:3])
        yield Open(organisation=row)
        yield Represent(gateway=gateway_of(code), organisation=code)
    for old, new in takes.items():
        yield Merge(codes=(old,), into=new)
    for each in districts():
        yield _end_of(str(each.code), takes)
    for old, new in absorbed().items():
        yield Merge(codes=(old, new), into=new)


def _missing(takes: dict[str, str]) -> Iterator[str]:
    """New communes to which no old one leads, so that there are 3,321 of them."""
    kept = sorted(set(map(str, [each.code for each in provinces()])) - absorbed().keys())
    for place, code in enumerate(kept):
        for number in range(place, AFTER, len(kept)):
            yield f"{code}.C{number // len(kept) + 1:03}"


def _end_of(district: str, takes: dict[str, str]) -> AnyStep:
    """A district ends in the communes that took over its own: whose its documents are nobody can say."""
    found = sorted({new for old, new in takes.items() if old.startswith(f"{district}.")})
    return Split(code=district, into=tuple(found)) if len(found) > 1 else Close(code=district, successors=tuple(found))


def _province(number: int) -> str:
    return f"H{number % PROVINCES + 1:02}"


def _unit(code: str, level: str, parent: str, number: int) -> Organisation:
    name = f"Ủy ban nhân dân {'huyện' if level == 'district' else 'xã'} mẫu số {number + 1}"
    return Organisation(
        OrganisationCode(code), name, level, parent=OrganisationCode(parent), valid_from=date(2020, 9, 15)
    )
