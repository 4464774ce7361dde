"""Wire the provinces' buses that the settings name."""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp

from lienthong.adapters.bootstrap import Job
from lienthong.adapters.buses.asking import Asker
from lienthong.adapters.buses.bkav import Bkav
from lienthong.adapters.buses.lang_son import LangSon
from lienthong.adapters.buses.quang_nam import QuangNam
from lienthong.adapters.files import read_secret
from lienthong.errors import ConfigurationInvalid
from lienthong.gateway.bus.ports import Bus
from lienthong.gateway.bus.settings import BusSettings, Shape
from lienthong.gateway.bus.work import Exchange
from lienthong.gateway.desk import Gateway


async def jobs(
    settings: Sequence[BusSettings], gateway: Gateway, stack: AsyncExitStack
) -> dict[str, tuple[float, Job]]:
    """One job a bus. ConfigurationInvalid."""
    _require_apart(settings)
    made: dict[str, tuple[float, Job]] = {}
    for each in settings:
        connector = aiohttp.TCPConnector(ssl=await asyncio.to_thread(_context, each), limit=4)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        exchange = Exchange(each.name, gateway, bus_of(each, session), each.agencies, each.largest)
        made[f"bus-{each.name}"] = (each.seconds, exchange.round)
    return made


def bus_of(settings: BusSettings, session: aiohttp.ClientSession) -> Bus:
    """The adapter for a shape."""
    asker = Asker(session, settings.url.rstrip("/"))
    secret = read_secret(settings.secret).decode("utf-8", "replace").strip()
    if settings.shape is Shape.BKAV:
        return Bkav(asker, settings.system, secret, settings.agencies)
    kind = QuangNam if settings.shape is Shape.QUANG_NAM else LangSon
    return kind(asker, settings.system, secret)


def _context(settings: BusSettings) -> ssl.SSLContext:
    """Credentials go over TLS, or stay on this machine."""
    parsed = urlsplit(settings.url)
    if parsed.scheme != "https" and parsed.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ConfigurationInvalid(f"bus {settings.name}: {settings.url}: phải là https / must be https")
    return ssl.create_default_context(cafile=str(settings.ca) if settings.ca else None)


def _require_apart(settings: Sequence[BusSettings]) -> None:
    """One agency, one bus; one name, one bus."""
    names = [each.name for each in settings]
    agencies = [agency for each in settings for agency in each.agencies]
    for found in (names, agencies):
        if twice := {each for each in found if found.count(each) > 1}:
            raise ConfigurationInvalid(f"[[bus]]: {', '.join(sorted(twice))}: hai lần / twice")
