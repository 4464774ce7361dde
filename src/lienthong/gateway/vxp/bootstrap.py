"""Wire the VXP face of a gateway: where its systems are kept, the vault, its jobs, its guard."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lienthong.adapters.bootstrap import Job
from lienthong.adapters.guard import Admission, Guard
from lienthong.adapters.operators import Operators
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.systems import SqlSystems
from lienthong.adapters.vault import FileVault
from lienthong.errors import ConfigurationInvalid
from lienthong.gateway.desk import Gateway
from lienthong.gateway.vxp import operations
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.face import Callers, application
from lienthong.gateway.vxp.roster import Roster
from lienthong.gateway.vxp.settings import VxpSettings
from lienthong.gateway.vxp.trail import Trail

REFRESHED = 1.0
"""Seconds after which what another process of this gateway changed counts here too, and what is trailed is kept."""
JOBS = frozenset({"systems", "trailing"})
"""Every process of a gateway does them."""


async def open_house(settings: VxpSettings, gateway: Gateway, store: SqlStore) -> House:
    """The house with its systems read. ConfigurationInvalid when the vault's key does not open their secrets."""
    kept = SqlSystems(store)
    roster = Roster(kept, await asyncio.to_thread(FileVault, settings.vault))
    await roster.refresh()
    if roster.unopened:
        raise ConfigurationInvalid(f"{settings.vault}: {', '.join(roster.unopened)}")
    hold = timedelta(seconds=settings.hold_seconds)
    return House(gateway, kept, roster, Trail(kept), settings.window_seconds, hold)


def jobs(house: House) -> dict[str, tuple[float, Job]]:
    """What goes on in the background."""
    return {"systems": (REFRESHED, house.roster.refresh), "trailing": (REFRESHED, house.trail.keep)}


def face(house: House, settings: VxpSettings, admission: Admission) -> Any:
    """What software built on the SDK calls."""
    own = replace(admission, rate=settings.rate, burst=settings.burst, weights=())
    guard = Guard(own, Callers(house), house.gateway.room, under="/")
    return application(house, EXCEPTION_HANDLERS, [guard.middleware])


def operators_face(house: House, operators: Operators) -> list[Any]:
    """The operators' addresses."""
    return operations.operations(house, lambda told, acts: operators.caller(told, acts=acts).name)
