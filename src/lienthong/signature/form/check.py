"""The form check of one file: every check of the table, the gravest first."""

from collections.abc import Callable, Iterator

from lienthong.signature.facts.model import Facts
from lienthong.signature.form.case import Case, case_of
from lienthong.signature.form.corner import corner
from lienthong.signature.form.model import Expected, Finding, Severity
from lienthong.signature.form.moments import moments
from lienthong.signature.form.people import people
from lienthong.signature.form.pictures import pictures
from lienthong.signature.form.presence import presence
from lienthong.signature.form.saying import saying
from lienthong.signature.form.structure import structure
from lienthong.signature.form.table import CHECKS
from lienthong.signature.form.trusting import trusting
from lienthong.signature.model import Report

_WEIGHT = {severity: order for order, severity in enumerate(Severity)}
_ORDER = {code: order for order, code in enumerate(CHECKS)}
_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    structure, presence, people, moments, trusting, pictures, corner, saying,
)  # fmt: skip


def check(facts: Facts, report: Report, expected: Expected) -> tuple[Finding, ...]:
    """Everything that is not in the prescribed form, errors first, each kind in the order of the table.

    A file that cannot be read or is locked has that one finding: nothing else can be said of it.
    """
    case = case_of(facts, report, expected)
    if facts.readable or facts.encrypted:
        return tuple(structure(case))
    findings = [finding for one in _CHECKS for finding in one(case)]
    return tuple(sorted(findings, key=lambda each: (_WEIGHT[each.severity], _ORDER[each.code], each.field)))
