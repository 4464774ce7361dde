"""Finding sample documents by what they are."""

from lienthong.client import Entry
from lienthong.testing.desk import Town


def entry(town: Town, number: str, lane: str = "in", business: int = 0) -> Entry:
    """The sample with this number."""
    return next(e for e in town.entries["H29"] if (e.number, e.lane, e.business) == (number, lane, business))


WAITING, REGISTERED, IN_HAND, ASKED, DONE = "2411", "77", "1508", "45", "12980"
SENT, TO_ALL, UNDERWAY = "4520", "6031", "211"
