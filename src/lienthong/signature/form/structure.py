"""Is the file itself in order? (numbers 23, 29, 30)"""

from collections.abc import Iterator

from lienthong.signature.form.case import Case, found
from lienthong.signature.form.model import Finding

_TWICE = ("duplicate", "twice", "double", "field")


def structure(case: Case) -> Iterator[Finding]:
    """Locks, commands, kind, irregularities."""
    facts = case.facts
    if facts.encrypted:
        yield found("encrypted")
    elif facts.readable:
        yield found("unreadable")
        return
    if facts.active:
        yield found("active-content", what=", ".join(facts.active[:3]))
    if not facts.archival and not facts.encrypted:
        yield found("not-archival")
    yield from _odd(case)


def _odd(case: Case) -> Iterator[Finding]:
    """Fields of one name tell otherwise than the rest, as the remedy is to be understood."""
    twice = [word for word in case.facts.odd if any(part in word.casefold() for part in _TWICE)]
    other = [word for word in case.facts.odd if word not in twice]
    unclear = [each for each in case.signed if each.fact.intact and each.fact.coverage == "unclear"]
    if twice:
        yield found("field-twice", what=", ".join(twice[:3]))
    if other:
        yield found("byte-range", what=", ".join(other[:3]))
    elif unclear:
        yield found("byte-range", unclear[0].box, unclear[0].field, what=unclear[0].field)
