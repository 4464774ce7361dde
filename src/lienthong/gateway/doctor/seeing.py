"""Looking at a gateway: ask the axis, the store, the disk and the certificates, once, for the judgement."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.delivery import AXIS, Standstill
from lienthong.delivery.ports import View
from lienthong.delivery.quota import Share, shares, used
from lienthong.delivery.retry import breaker
from lienthong.diagnosis import Finding, Words
from lienthong.errors import LienThongError, Unavailable
from lienthong.gateway.desk import Gateway
from lienthong.gateway.doctor.judging import Observed, of_gateway
from lienthong.gateway.views import name_of

STILL = timedelta(minutes=15)
"""So long a leg may stand before it is spoken of."""
MOST = 200
PATIENCE = 10.0
"""Seconds the axis has for its answer."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Ends by name (in both languages), of the tenants' seals by code; what could not be read, with the reason."""

    ends: Mapping[Words, datetime] = field(default_factory=dict)
    seals: Mapping[str, datetime] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doctor:
    """What to look at. `axis_time` asks the axis for its time, raising what any call to it does; `certificates` and
    `room` (free bytes, all bytes) read files; `troubled`: sources of revocation that do not answer; `buses`: names;
    `vxp`: where that face listens; `systems`: whether each that is not shut out can call.
    """

    gateway: Gateway
    axis_time: Callable[[], Awaitable[datetime | None]]
    certificates: Callable[[], Certificates]
    room: Callable[[], tuple[int, int]]
    troubled: Callable[[], Mapping[str, str]] = dict
    buses: tuple[str, ...] = ()
    vxp: str = ""
    systems: Callable[[], Mapping[str, bool]] = dict

    async def examine(self) -> tuple[Finding, ...]:
        """Everything there is to say now."""
        return tuple(of_gateway(await self._observed()))

    async def _observed(self) -> Observed:
        gateway = self.gateway
        refusal, skew = await self._asked()
        certificates = await asyncio.to_thread(self.certificates)
        free, whole = await asyncio.to_thread(self.room)
        kept = await gateway.hop.store.read(lambda view: _kept(view, gateway.now() - STILL, self.buses))
        directory, now = gateway.directory(), gateway.now()
        here = [str(each.code) for each in directory.represented_by(gateway.hop.name, now)]
        return Observed(
            at=now,
            axis=refusal,
            skew=skew,
            away_since=kept.away_since,
            certificates=certificates.ends,
            seals=certificates.seals,
            unreadable=certificates.unreadable,
            registry=directory.snapshot.version,
            registry_ends=directory.snapshot.expires_at if directory.snapshot.version else None,
            still=kept.still,
            dead=kept.dead,
            names={each.recipient: name_of(directory, each.recipient) for each in kept.still},
            free=free,
            whole=whole,
            troubled=self.troubled(),
            buses=kept.buses,
            vxp=self.vxp,
            systems=self.systems(),
            quotas=await gateway.hop.store.read(lambda view: _quotas(view, gateway, here)),
        )

    async def _asked(self) -> tuple[LienThongError | None, float | None]:
        """What the axis says to being asked, and how far this clock is ahead of its own, in seconds."""
        before = self.gateway.now()
        try:
            told = await asyncio.wait_for(self.axis_time(), PATIENCE)
        except TimeoutError:
            return Unavailable("axis"), None
        except LienThongError as error:
            return error, None
        middle = before + (self.gateway.now() - before) / 2
        # HTTP dates are whole seconds, cut off: half a second is the middle
        return None, (middle - told).total_seconds() - 0.5 if told else None


def _quotas(view: View, gateway: Gateway, codes: list[str]) -> dict[str, tuple[Share, ...]]:
    told = {code: gateway.tenants.allotted(code).counts.quota for code in codes}
    bounded = {code: quota for code, quota in told.items() if quota.documents or quota.size}
    return {code: shares(quota, used(view, code, gateway.now())) for code, quota in bounded.items()}


@dataclass(frozen=True, slots=True)
class _Kept:
    still: tuple[Standstill, ...]
    dead: Mapping[str, int]
    away_since: datetime | None
    buses: Mapping[str, datetime | None]


def _kept(view: View, before: datetime, buses: tuple[str, ...]) -> _Kept:
    away = {name: breaker(view, f"bus:{name}").since for name in buses}
    return _Kept(tuple(view.standstill(before, MOST)), view.dead_letters(), breaker(view, AXIS).since, away)
