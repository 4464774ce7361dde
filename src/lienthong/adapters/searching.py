"""What a search means, the same over tables of SQL and over a dictionary.

A word of the search text is found in a package whose search text holds it, each of its tokens at the beginning of a
token there. Tokens are runs of ASCII letters and digits and of everything that is not ASCII, as the tokenizer `ascii`
of SQLite cuts them: so both databases look them up in an index, and only what that finds is read.
"""

import re

from lienthong.delivery.journey import HELD
from lienthong.delivery.model import Having, Lane, Leg, Package, Search
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue

LONGEST = 64
"""Signs of a token that are looked up; the rest of a longer one is compared."""
_BETWEEN = re.compile(r"[\x00-/:-`{-\x7f]+")


def search_text(package: Package) -> str:
    """What a search looks through, without case and marks: ids, sender, number and notation, subject."""
    return folded(f"{_named(package)} {package.head.subject}")


def named_text(package: Package) -> str:
    """What an operator may search: the same without the subject, which is not theirs to read or to guess."""
    return folded(_named(package))


def _named(package: Package) -> str:
    head = package.head
    number = f"{head.number}/{head.notation}" if head.notation else head.number
    return f"{package.id} {package.message_id} {package.sender} {head.document_id} {number}"


def words(search: Search) -> list[str]:
    """Pieces that must all stand in the search text, in any order."""
    return folded(search.text).split()


def pieces(search: Search) -> list[str]:
    """The same with number and notation, which stand in it as ` 15/qd-mau `; it is read with a space behind it."""
    number, notation = folded(search.number), folded(search.notation)
    if number and notation:
        return [*words(search), f" {number}/{notation} "]
    return [*words(search), *([f" {number}/"] if number else []), *([f"/{notation} "] if notation else [])]


def tokens(text: str) -> list[str]:
    """What is looked up in the index, each a beginning."""
    return [token[:LONGEST] for token in _BETWEEN.split(text) if token]


def shows(search: Search, package: Package, leg: Leg) -> bool:
    """Whether a leg is shown with its package: an agency sees the legs of what it sent, and its own."""
    if search.lane not in {None, leg.lane}:
        return False
    if not search.party or (leg.lane is not Lane.IN and _sent(search, package)):
        return True
    there = leg.lane is Lane.IN and leg.state in HELD
    return leg.recipient == search.party and (there or not search.held)


def matches(search: Search, package: Package, legs: tuple[Leg, ...]) -> bool:
    """Whether a package with these shown legs is listed."""
    return (
        package.head.content is search.content
        and _is_of(search, package, legs)
        and _stands(search, package, legs)
        and _with(search, package, legs)
        and _says(search, package)
        and _reads(search, package)
    )


def _is_of(search: Search, package: Package, legs: tuple[Leg, ...]) -> bool:
    """Whether it concerns the party at all."""
    if search.lane is Lane.OUT and search.party and not _sent(search, package):
        return False
    return bool(legs) or not (search.lane or search.party) or (search.lane is None and _sent(search, package))


def _stands(search: Search, package: Package, legs: tuple[Leg, ...]) -> bool:
    """How far it got."""
    if search.states and not any(leg.state in search.states for leg in legs):
        return False
    if search.having and not any(has(each, package, leg) for each in search.having for leg in legs):
        return False
    return not any(has(each, package, leg) for each in search.lacking for leg in legs)


def has(wanted: Having, package: Package, leg: Leg) -> bool:
    """Whether a leg is as wanted."""
    pairs = ((wanted.states, leg.state), (wanted.statuses, leg.status), (wanted.standings, leg.standing))
    if any(some and found not in some for some, found in pairs):
        return False
    if wanted.business and package.head.business not in wanted.business:
        return False
    return wanted.asked in {None, bool(leg.asked)}


def _reads(search: Search, package: Package) -> bool:
    """Its words."""
    text = f"{search_text(package)} "
    there = tokens(text)
    return all(
        piece in text and all(any(one.startswith(token) for one in there) for token in tokens(piece))
        for piece in pieces(search)
    )


def _says(search: Search, package: Package) -> bool:
    """Its fields."""
    head, (first, last), (since, until) = package.head, search.issued, search.recorded
    exact = ((search.document_id, head.document_id), (search.message_id, package.message_id), (search.kind, head.kind))
    if any(wanted and wanted != found for wanted, found in exact):
        return False
    if (first and head.issued < first) or (last and not "" < head.issued <= last):
        return False
    return (since is None or package.recorded_at >= since) and (until is None or package.recorded_at < until)


def _with(search: Search, package: Package, legs: tuple[Leg, ...]) -> bool:
    ends = {package.sender, *(leg.recipient for leg in legs), *(leg.addressee for leg in legs)}
    return not search.agencies or bool(ends & search.agencies)


def cursor(search: Search) -> int | None:
    """The number of the row a page begins after, None for the first page. InvalidValue for what was never given."""
    if not search.after:
        return None
    if not (search.after.isascii() and search.after.isdigit() and len(search.after) < len(str(2**63))):
        raise InvalidValue(f"cursor {search.after[:40]!r}")
    return int(search.after)


def _sent(search: Search, package: Package) -> bool:
    return package.sender == search.party
