"""What a tenant of a shared gateway has left: for `/v1/me`, for headers, for its administrators and its host."""

import asyncio
from dataclasses import fields
from math import ceil

from lienthong.delivery import Order
from lienthong.delivery.acts import ordered
from lienthong.delivery.quota import Quota, renewed, shares, used
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Bounds, Caller
from lienthong.gateway.views import Allowance, Share

DAY = 86_400


def rate_of(gateway: Gateway, tenant: str) -> float:
    """Requests a second that its bounds leave a tenant; 0 for no bound."""
    return gateway.tenants.allotted(tenant).counts.rate


def subject(tenant: str) -> str:
    """Under which name the log knows acts about a tenant."""
    return f"tenant:{tenant}"


def in_words(bounds: Bounds) -> str:
    """What is bounded, for people and for the log."""
    told = {each.name: getattr(bounds, each.name) for each in fields(bounds)}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value) or "–"


async def keep_act(gateway: Gateway, who: Caller, act: str, what: str) -> None:
    """What an agency's administrator did, as a leaf of the log."""
    order = Order(f"{who.tenant} {who.name}", what)
    await gateway.hop.store.write(lambda tx: ordered(tx, gateway.hop, order, act, subject(who.tenant)))


async def live_tokens(gateway: Gateway, tenant: str) -> tuple[Caller, ...]:
    """A tenant's tokens that open something now."""
    now, found = gateway.now(), await asyncio.to_thread(gateway.tenants.tokens, tenant)
    return tuple(each for each in found if not each.ended(now))


async def allowance(gateway: Gateway, tenant: str) -> Allowance:
    """A tenant's bounds, and what it has used of them today."""
    now, counts = gateway.now(), gateway.tenants.allotted(tenant).counts
    spent = await gateway.hop.store.read(lambda view: used(view, tenant, now))
    told = tuple(Share(each.name, each.limit, each.used, each.left) for each in shares(counts.quota, spent))
    return Allowance(told, renewed(now), counts.largest, counts.rate)


async def headers(gateway: Gateway, tenant: str) -> dict[str, str]:
    """The same of a day, in the words of draft-ietf-httpapi-ratelimit-headers; empty without a quota."""
    if gateway.tenants.allotted(tenant).counts.quota == Quota():
        return {}  # asked with every document: nothing is read for nothing
    found = await allowance(gateway, tenant)
    bounded = [each for each in found.shares if each.limit]
    if not bounded or found.until is None:
        return {}
    seconds = ceil((found.until - gateway.now()).total_seconds())
    return {
        "RateLimit-Policy": ", ".join(f'"{each.name}";q={each.limit};w={DAY}' for each in bounded),
        "RateLimit": ", ".join(f'"{each.name}";r={each.left};t={seconds}' for each in bounded),
    }
