"""Receiving: peek, take, acknowledge, release."""

from datetime import timedelta

from lienthong.delivery import acknowledge, desk_topic, release, take
from lienthong.gateway import peeking, views
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.holding import package_held_by


async def waiting(
    gateway: Gateway, tenant: str, contents: frozenset[str], limit: int, seconds: float
) -> tuple[views.Entry, ...]:
    """What waits for the tenant's software; waits up to so many seconds for something."""
    deadline = gateway.now() + timedelta(seconds=seconds)
    while True:
        heard = gateway.bell.rings(desk_topic(tenant))
        found = await peeking.lines(gateway, tenant, contents, limit)
        left = (deadline - gateway.now()).total_seconds()
        if found or left <= 0:
            return found
        await gateway.bell.wait({desk_topic(tenant): heard}, left)


async def lock(gateway: Gateway, tenant: str, package_id: str, addressee: str) -> views.Taken:
    """Take a waiting document."""
    leg = await take(gateway.hop, tenant, package_id, addressee)
    package = await package_held_by(gateway, tenant, package_id)
    until = leg.locked_until or gateway.now()
    return views.Taken(leg.lock, until, views.entry(package, (leg,), gateway.directory()))


async def done(gateway: Gateway, tenant: str, package_id: str, addressee: str, token: str) -> None:
    """The software has stored the document."""
    await acknowledge(gateway.hop, tenant, package_id, addressee, token)


async def put_back(gateway: Gateway, tenant: str, package_id: str, addressee: str, token: str) -> None:
    """The software will not have it now."""
    await release(gateway.hop, tenant, package_id, addressee, token)
