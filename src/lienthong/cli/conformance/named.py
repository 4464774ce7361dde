"""Whom a run plays with where the command line says it: two agencies of `desks.json`, the first at a given address."""

from pathlib import Path

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli import desks as known
from lienthong.cli.conformance.model import Cast, Place
from lienthong.errors import InvalidValue


def named(url: str, tested: str, partner: str, desks: Path | None) -> Cast:
    """The desk at `url` is examined as the agency `tested`. DeskUnknown, ConfigurationInvalid, InvalidValue."""
    known.check_url(url)
    here, there = known.place_of(tested, desks), known.place_of(partner, desks)
    if here.code == there.code:
        raise InvalidValue(f"--as {here.code}, --partner {there.code}")
    roots = root_certificates(here.ca) if here.ca else ()
    seats = Place(url.rstrip("/"), here.code, here.token()), Place(there.url, there.code, there.token())
    return Cast(*seats, ca=here.ca, roots=roots)
