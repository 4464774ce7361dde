"""What an inbox shows: one document we fail to show is counted and passed over, the others are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lienthong.delivery import Hop, Leg, Package, Troubles, Work, inbox
from lienthong.delivery.isolation import began, count
from lienthong.delivery.ports import Transaction
from lienthong.delivery.trouble import trouble_key
from lienthong.gateway import views
from lienthong.registry import Directory

Waiting = tuple[Package, Leg]


class House(Protocol):
    """What of the gateway is needed here."""

    @property
    def hop(self) -> Hop:
        """Its memory."""
        ...

    def now(self) -> datetime:
        """This moment."""
        ...

    def directory(self) -> Directory:
        """Who is who."""
        ...


async def lines(gateway: House, tenant: str, contents: frozenset[str], limit: int) -> tuple[views.Entry, ...]:
    """The lines of a tenant's inbox. Another document takes the place of one that cannot be shown."""
    directory, asked = gateway.directory(), limit
    while True:
        found = await inbox(gateway.hop, tenant, contents, asked)
        shown, failed = _tried(found, directory)
        await _remember(gateway, found, failed)
        if len(found) < asked or asked >= limit + len(failed):
            return tuple(shown[:limit])
        asked = limit + len(failed)


def _tried(found: Sequence[Waiting], directory: Directory) -> tuple[list[views.Entry], dict[str, Exception]]:
    """Lines, and by key what went wrong with the others."""
    shown: list[views.Entry] = []
    failed: dict[str, Exception] = {}
    for package, leg in found:
        try:
            shown.append(views.entry(package, (leg,), directory))
        except Exception as error:  # noqa: BLE001  the border around one document
            failed[_key(leg)] = error
    return shown, failed


def _key(leg: Leg) -> str:
    return trouble_key(Work.INBOX, leg.package, leg.lane, leg.addressee)


async def _remember(gateway: House, found: Sequence[Waiting], failed: dict[str, Exception]) -> None:
    """Count what failed until it is parked, forget what is shown again; an inbox in order writes nothing."""
    troubles = await gateway.hop.store.read(lambda view: view.troubles(Troubles(work=Work.INBOX, limit=200)))
    parked = {trouble.key for trouble in troubles if trouble.parked}
    here = {_key(leg): leg for _, leg in found}
    mended = [each.key for each in troubles if each.key in here and each.key not in failed]
    fresh = {key: error for key, error in failed.items() if key not in parked}

    def note(tx: Transaction) -> None:
        for key in mended:
            tx.drop_trouble(key)
        for key, error in fresh.items():
            leg = here[key]
            begun = began(Work.INBOX, gateway.now(), leg.package, leg.lane, leg.addressee)
            count(tx, gateway.hop, begun, error)

    if mended or fresh:
        await gateway.hop.store.write(note)
