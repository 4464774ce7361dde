"""What a search means, the same over tables of SQL and over a dictionary."""

from lienthong.delivery.model import Lane, Leg, Package, Search
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue


def search_text(package: Package) -> str:
    """What a search looks through, without case and marks: ids, sender, number and notation, subject."""
    head = package.head
    number = f"{head.number}/{head.notation}" if head.notation else head.number
    return folded(f"{package.id} {package.message_id} {package.sender} {head.document_id} {number} {head.subject}")


def words(search: Search) -> list[str]:
    """Pieces that must all stand in the search text, in any order."""
    return folded(search.text).split()


def shows(search: Search, package: Package, leg: Leg) -> bool:
    """Whether a leg is shown with its package: an agency sees the legs of what it sent, and its own."""
    if search.lane not in {None, leg.lane}:
        return False
    return not search.party or leg.recipient == search.party or (leg.lane is not Lane.IN and _sent(search, package))


def matches(search: Search, package: Package, legs: tuple[Leg, ...]) -> bool:
    """Whether a package with these shown legs is listed."""
    if package.head.content is not search.content or not all(word in search_text(package) for word in words(search)):
        return False
    if search.states and not any(leg.state in search.states for leg in legs):
        return False
    if search.lane is Lane.OUT and search.party and not _sent(search, package):
        return False
    return bool(legs) or not (search.lane or search.party) or (search.lane is None and _sent(search, package))


def cursor(search: Search) -> int | None:
    """The number of the row a page begins after, None for the first page. InvalidValue for what was never given."""
    if not search.after:
        return None
    if not (search.after.isascii() and search.after.isdigit() and len(search.after) < len(str(2**63))):
        raise InvalidValue(f"cursor {search.after[:40]!r}")
    return int(search.after)


def _sent(search: Search, package: Package) -> bool:
    return package.sender == search.party
