"""Questions to a snapshot, answered from flat tables that are built once.

"Now" is always a moment of the caller's; organisations are judged by the Vietnamese calendar day it falls on.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from lienthong.document.codes import OrganisationCode
from lienthong.document.times import VIETNAM
from lienthong.registry.index import Index
from lienthong.registry.model import (
    CertificateEntry,
    Gateway,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    Status,
)
from lienthong.registry.search import Finder
from lienthong.registry.snapshot import Snapshot

REMEMBERED = 8192
"""So many ways a directory knows by heart: a circular names thousands of agencies."""


class ResolutionKind(Enum):
    """What became of a code."""

    CURRENT = "current"
    REDIRECTED = "redirected"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer to "who has this code now".

    `organisation` is the bearer (CURRENT), the successor (REDIRECTED), the closed one (CLOSED), or what is not yet in
    force (UNKNOWN, mostly None). `via` are the closed codes passed, the asked one first. `successors` are those a
    person may choose from when a closed code has no single one.
    """

    kind: ResolutionKind
    organisation: Organisation | None = None
    via: tuple[OrganisationCode, ...] = ()
    successors: tuple[Organisation, ...] = ()


class Way(NamedTuple):
    """Whom a code reaches on a day: its bearer's code, and the id of the gateway that speaks for that bearer."""

    recipient: str
    gateway: str


class Directory:
    """A snapshot made quick to ask. Immutable after building, so threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._codes = Index(snapshot.organisations, "code")
        self._legacy = Index(snapshot.organisations, "legacy_code")
        self._gateways = Index(snapshot.gateways, "id")
        self._certificates = Index(snapshot.certificates, "thumbprint")
        self._logs = Index(snapshot.logs, "hop")
        self._speakers = Index(snapshot.representations, "organisation")
        self._spoken_for = Index(snapshot.representations, "gateway")
        self._finder = Finder(snapshot.organisations)
        self._way_on = lru_cache(REMEMBERED)(self._found_way)
        self._spelt = lru_cache(REMEMBERED)(self._registered)
        self._speaks = lru_cache(REMEMBERED)(self._found_speaking)

    def fresh(self, moment: datetime) -> bool:
        """Whether the snapshot may still be relied on at `moment`."""
        return self.snapshot.fresh(moment)

    def organisation(self, code: OrganisationCode) -> Organisation | None:
        """The row of a code of either generation, closed ones too."""
        return self._row_of(str(code))

    def resolve(self, code: OrganisationCode, on: datetime) -> Resolution:
        """Follow a code to who bears it on the day of `on`: single successors are followed, a fork or a loop is not."""
        return self._resolved(self.organisation(code), _day(on))

    def spelling(self, code: OrganisationCode) -> str | None:
        """The registry's own code for a code of either generation, if it knows it."""
        return self._spelt(code.value)

    def way(self, code: OrganisationCode, on: datetime) -> Way | None:
        """Where what is addressed to a code goes on the day of `on`.

        None: nowhere; `resolve` and `gateway_of` tell why.
        """
        return self._way_on(code.value, _day(on))

    def gateway(self, gateway_id: str) -> Gateway | None:
        return self._gateways.last(gateway_id)

    def gateways_at(self, host: str) -> Mapping[str, tuple[Gateway, ...]]:
        """Gateways whose endpoint names that host (a name or an address), by host.

        A wildcard names all it covers (RFC 6125 §6.4.3), one within a label (`gw*.example`) as much as a whole one.
        """
        asked = _host(host)
        if "*" in asked:
            above = asked.partition(".")[2]
            return {each: there for each, there in self._hosts.items() if each.partition(".")[2] == above}
        return {asked: self._hosts[asked]} if asked in self._hosts else {}

    def gateway_of(self, code: OrganisationCode, on: datetime) -> Gateway | None:
        """The gateway that speaks for exactly this organisation that day; nobody speaks for a closed or locked one."""
        spoken = self.representation_of(code, on)
        return self._gateways.last(spoken.gateway) if spoken else None

    def representation_of(self, code: OrganisationCode, on: datetime) -> Representation | None:
        """The row by which a gateway speaks for exactly this organisation that day.

        While one hands over to another both speak, and what comes goes to the one that began later.
        """
        return self._latest(self.organisation(code), _day(on))

    def represents(self, gateway_id: str, code: OrganisationCode, on: datetime) -> bool:
        """Whether that gateway speaks for that organisation on the day of `on`."""
        return self._speaks(gateway_id, code.value, _day(on))

    def winds_up(self, gateway_id: str, code: OrganisationCode, on: datetime) -> bool:
        """Whether the code is closed on the day of `on`, and that gateway spoke for it on its last day."""
        organisation = self.organisation(code)
        if organisation is None or organisation.valid_to is None or not organisation.closed_on(_day(on)):
            return False
        rows = self._speakers.all(str(organisation.code))
        spoke = any(row.gateway == gateway_id and row.covers(organisation.valid_to) for row in rows)
        return spoke and organisation.status is not Status.LOCKED

    def represented_by(self, gateway_id: str, on: datetime) -> tuple[Organisation, ...]:
        """The organisations that gateway speaks for on the day of `on`, in the order of the snapshot."""
        rows = self._spoken_for.all(gateway_id)
        found = (self._row(row.organisation) for row in rows if row.covers(_day(on)))
        return tuple(each for each in found if each is not None and _in_force(each, _day(on)))

    def sealing_key(self, thumbprint: str) -> CertificateEntry | None:
        """The certificate for sealing packages with this thumbprint; fits the seal's `Trust`."""
        return self._key(thumbprint, Purpose.PACKAGE_SEAL)

    def gateway_key(self, gateway_id: str, thumbprint: str) -> CertificateEntry | None:
        """The certificate with this thumbprint if that gateway holds it to identify itself; validity is not judged."""
        entry = self._key(thumbprint, Purpose.GATEWAY)
        return entry if entry is not None and entry.holder == f"gateway:{gateway_id}" else None

    def log_key(self, hop: str, origin: str = "") -> LogKey | None:
        """The verifier key of a hop's evidence log: of the one with that origin, or of its first.

        A hop of several processes has a log for each.
        """
        return next((key for key in self._logs.all(hop) if origin in {"", key.origin}), None)

    def search(self, text: str, limit: int = 20, skip: int = 0) -> tuple[Organisation, ...]:
        """Organisations whose code or name holds every word of `text`, accents and case aside; exact codes first."""
        return self._finder.find(text, limit, skip)

    @cached_property
    def _hosts(self) -> Mapping[str, tuple[Gateway, ...]]:
        """Built when first asked: a hop never asks."""
        found = defaultdict[str, tuple[Gateway, ...]](tuple)
        for each in self.snapshot.gateways:
            if host := _host_of(each.endpoint or ""):
                found[host] += (each,)
        return dict(found)

    def _row_of(self, text: str) -> Organisation | None:
        return self._codes.last(text) or self._legacy.last(text)

    def _row(self, code: OrganisationCode) -> Organisation | None:
        return self._codes.last(str(code))

    def _key(self, thumbprint: str, purpose: Purpose) -> CertificateEntry | None:
        entry = self._certificates.last(thumbprint)
        return entry if entry is not None and entry.purpose is purpose else None

    def _registered(self, text: str) -> str | None:
        found = self._row_of(text)
        return str(found.code) if found else None

    def _found_way(self, text: str, day: date) -> Way | None:
        bearer = self._resolved(self._row_of(text), day).organisation
        spoken = self._latest(bearer, day)  # nobody speaks for one that is closed, locked or not yet begun
        gateway = self._gateways.last(spoken.gateway) if spoken else None
        return Way(str(bearer.code), gateway.id) if bearer and gateway else None

    def _found_speaking(self, gateway_id: str, text: str, day: date) -> bool:
        speaking = self._speaking(self._row_of(text), day)
        return self._gateways.last(gateway_id) is not None and any(each.gateway == gateway_id for each in speaking)

    def _resolved(self, asked: Organisation | None, day: date) -> Resolution:
        if asked is None or not asked.begun_by(day):
            return Resolution(ResolutionKind.UNKNOWN, asked)
        if not asked.closed_on(day):
            return Resolution(ResolutionKind.CURRENT, asked)
        return self._follow(asked, day)

    def _follow(self, asked: Organisation, day: date) -> Resolution:
        path = list(self._path(asked, day))
        last = path[-1]
        via = tuple(each.code for each in path if each.closed_on(day))
        if not last.closed_on(day):
            return Resolution(ResolutionKind.REDIRECTED, last, via)
        found = (self._row(code) for code in last.successors)
        return Resolution(ResolutionKind.CLOSED, asked, via, tuple(each for each in found if each and each not in path))

    def _path(self, asked: Organisation, day: date) -> Iterator[Organisation]:
        """The asked one and its single successors, as far as they are known, begun and new."""
        seen: set[OrganisationCode] = set()
        here: Organisation | None = asked
        while here is not None and here.begun_by(day) and here.code not in seen:
            yield here
            seen.add(here.code)
            here = self._only_successor(here, day)

    def _only_successor(self, organisation: Organisation, day: date) -> Organisation | None:
        wanted = self.snapshot.rules.redirect_closed and organisation.closed_on(day)
        if not wanted or len(organisation.successors) != 1:
            return None
        return self._row(organisation.successors[0])

    def _latest(self, organisation: Organisation | None, day: date) -> Representation | None:
        return max(self._speaking(organisation, day), key=lambda each: each.valid_from or date.min, default=None)

    def _speaking(self, organisation: Organisation | None, day: date) -> Iterator[Representation]:
        if organisation is None or not _in_force(organisation, day):
            return iter(())
        return (each for each in self._speakers.all(str(organisation.code)) if each.covers(day))


def _in_force(organisation: Organisation, day: date) -> bool:
    open_that_day = organisation.begun_by(day) and not organisation.closed_on(day)
    return open_that_day and organisation.status is not Status.LOCKED


def _host_of(endpoint: str) -> str:
    """The host of a URL, or of `host:port`; empty where there is none."""
    try:
        return _host(urlsplit(endpoint if "//" in endpoint else f"//{endpoint}").hostname or "")
    except ValueError:
        return ""


def _host(text: str) -> str:
    """As two spellings of one host compare."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text.strip().rstrip(".").lower()


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
