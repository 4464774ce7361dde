"""A gateway's desk over HTTP in this process, on twins, behind its guard; one token for each set of scopes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from litestar.testing import TestClient

from lienthong.adapters.guard import Admission, Guard
from lienthong.adapters.http import openapi
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.gateway import app
from lienthong.gateway.allowance import rate_of
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Caller, Scope
from lienthong.gateway.routes import Callers
from lienthong.gateway.vxp.calls import House
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import OPEN, World

NOBODY, LATE, GONE = "nobody", "late", "gone"


def house(world: World, place: str) -> Gateway:
    """The gateway of a place; `CODE` as a token has every scope, `CODE:scope` that one alone."""
    station, tenants = world.stations[place], MemoryTenants()
    for code in (code for code, (_, _, gateway) in OPEN.items() if gateway == place):
        tenants.signers[code] = world.signer(code)
        caller = Caller(code, "phần mềm mẫu")
        tenants.callers[code] = caller
        for scope in Scope:
            tenants.callers[f"{code}:{scope}"] = replace(caller, scopes=frozenset({scope}))
        tenants.callers[f"{code}:{LATE}"] = replace(caller, expires=world.clock.now())
        tenants.callers[f"{code}:{GONE}"] = replace(caller, revoked=world.clock.now() - timedelta(days=1))
    return Gateway(station.hop, station.store, station.bell, tenants, station.wire)


@contextmanager
def http(
    gateway: Gateway, token: str, settings: Admission | None = None, vxp: House | None = None
) -> Iterator[TestClient]:
    """Its desk face, called with a token; `vxp`: the house of its VXP face, if it has one."""
    guard = Guard(settings or Admission(), Callers(gateway), bound=partial(rate_of, gateway))
    face = app.desk(gateway, EXCEPTION_HANDLERS, openapi("t", "1", "t"), [], [guard.middleware], vxp)
    with TestClient(face) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
