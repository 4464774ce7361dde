"""VXP faces on the gateways of a world in memory, and calls as the SDK makes them."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import AsyncTestClient

from lienthong.adapters.guard import Admission, Guard
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode
from lienthong.envelope import Edoc, Party, attach, write
from lienthong.gateway.desk import Gateway
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.face import Callers, application
from lienthong.gateway.vxp.roster import Roster
from lienthong.gateway.vxp.systems import Secret, System
from lienthong.gateway.vxp.trail import Trail
from lienthong.testing.systems import MemorySystems, PlainVault
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, OPEN, SHARED, World

VIETNAM = timedelta(hours=7)
PDF = b"%PDF-1.7\n% van ban mau\n%%EOF\n"
WINDOW, HOLD = 31 * 86400.0, timedelta(days=1)
SECRETS = {"phan-mem-h29": "bi-mat-mau-cua-h29", "phan-mem-g22": "bi-mat-mau-của-g22", "phan-mem-g09": "bi-mat-g09"}
SERVES = {"phan-mem-h29": ("H29", "H29.01"), "phan-mem-g22": ("G22", "H34"), "phan-mem-g09": ("G09",)}
HOMES = {"phan-mem-h29": DEDICATED, "phan-mem-g22": SHARED, "phan-mem-g09": SHARED}


def house_of(world: World, name: str) -> House:
    station, kept = world.stations[name], MemorySystems()
    tenants = MemoryTenants()
    tenants.signers.update({code: world.signer(code) for code, (_, _, home) in OPEN.items() if home == name})
    gateway = Gateway(station.hop, station.store, station.bell, tenants, station.wire)
    return House(gateway, kept, Roster(kept, PlainVault()), Trail(kept), WINDOW, HOLD)


async def settle(house: House, name: str) -> None:
    """The systems of that gateway, with the secrets above."""
    for system in (each for each, home in HOMES.items() if home == name):
        sealed, now = PlainVault().seal(f"{system}/s1", SECRETS[system]), house.gateway.now()
        await house.kept.add(System(system, "Phần mềm mẫu", SERVES[system], now, (Secret("s1", sealed, now),)))
    await house.roster.refresh()


@dataclass
class Sdk:
    """Keeps every header it ever sent, signs all of them, prints a file's digest without leading zeros."""

    http: AsyncTestClient[Litestar]
    system: str
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    def signed(self, **changes: str) -> dict[str, str]:
        """The headers of a call."""
        text = json.dumps({f"XroadVnpt-{name}": value for name, value in self.headers.items()}, separators=(",", ":"))
        made = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        kept = {f"XroadVnpt-{name}": value for name, value in self.headers.items()}
        proofs = {
            "XroadVnpt-sign-header-key": ";".join(self.headers),
            "XroadVnpt-sign-header": text,
            "XroadVnpt-hash-header": made,
            "XroadVnpt-version": "3.0.201608",
            "User-Agent": "JAVASDKAgent/1.0.0 XRoad/VPCP",
        }
        return {**kept, "Content-Type": self.headers.get("Content-Type", "application/json"), **proofs, **changes}

    async def ask(self, path: str, body: bytes = b"", method: str = "POST", **params: str) -> httpx.Response:
        self.headers |= {"Content-Type": "application/json", **{_name(key): value for key, value in params.items()}}
        return await self.http.request(method, path, content=body, headers=self.signed())

    async def call(self, path: str, body: bytes = b"", method: str = "POST", **params: str) -> dict[str, Any]:
        """A call that is answered in the SDK's shape."""
        return shaped(await self.ask(path, body, method, **params), path)

    async def send(self, data: bytes, sender: str, kind: str = "edoc", **params: str) -> dict[str, Any]:
        digest = "".join(f"{byte:x}" for byte in hashlib.sha256(data).digest())
        said = {"from": sender, "servicetype": "eDoc", "messagetype": kind, "hash-file": digest, **params}
        self.headers |= {"Content-Type": "application/octet-stream", **said}
        came = await self.http.post("/sendEdoc", content=data, headers=self.signed())
        return shaped(came, "/sendEdoc")

    async def waiting(self, kind: str = "edoc") -> list[dict[str, str]]:
        found = await self.call("/getReceivedEdocList", servicetype="eDoc", messagetype=kind)
        assert found["status"] == "OK", found
        return list(found["data"])


def _name(key: str) -> str:
    return {"doc_id": "docId", "agency_code": "AgencyCode"}.get(key, key.replace("_", "-"))


def shaped(came: httpx.Response, path: str) -> dict[str, Any]:
    """What the SDK reads without a fault: 200, three texts, no null, `DocId` after `sendEdoc`."""
    told: dict[str, Any] = came.json()
    assert came.status_code == 200, came.text
    assert all(isinstance(told[name], str) for name in ("status", "ErrorCode", "ErrorDesc")), told
    assert (told["status"] == "OK") == (told["ErrorCode"] == "0"), told
    assert path != "/sendEdoc" or isinstance(told["DocId"], str)
    assert None not in told.values()
    return told


def code_of(told: Mapping[str, Any]) -> str:
    """The stable code of a refusal."""
    assert told["status"] == "FAIL", told
    return str(told["ErrorDesc"]).partition(":")[0]


def timestamp(moment: datetime) -> str:
    return f"{moment + VIETNAM:%d%m%YT%H%M%S}+0143"


def edxml(sender: str, *recipients: str, number: str = "15", pdf: bytes = PDF) -> bytes:
    """A letter as software of the national axis writes it."""
    named = DocumentNumber(number, "CV-MẪU")
    made = Edoc(
        sender=Party(OrganisationCode(sender), "Cơ quan Mẫu"),
        recipients=tuple(Party(OrganisationCode(code), f"Nơi nhận {code}") for code in recipients),
        document_id=DocumentId(f"{sender},2026/11/22,{named}"),
        number=named,
        kind_name="Công văn",
        subject="Văn bản mẫu để thử",
        content="Văn bản mẫu để thử",
        attachments=attach([("van-ban.pdf", "application/pdf", pdf)]),
    )
    return write(made, {})


@dataclass
class Stand:
    """A world with both faces open."""

    world: World
    houses: dict[str, House]
    clients: dict[str, AsyncTestClient[Litestar]]

    def sdk(self, system: str, secret: str = "") -> Sdk:
        """An object of the SDK: its time is taken now and kept."""
        headers = {"timestamp": timestamp(self.world.clock.now()), "systemid": system}
        return Sdk(self.clients[HOMES.get(system, SHARED)], system, secret or SECRETS[system], headers)

    def house(self, system: str) -> House:
        return self.houses[HOMES[system]]


@asynccontextmanager
async def standing(admission: Admission | None = None, world: World | None = None) -> AsyncIterator[Stand]:
    """Both gateways' faces, guards and all, without a socket."""
    found = Stand(world or World(), {}, {})
    for name in (DEDICATED, SHARED):
        house = house_of(found.world, name)
        await settle(house, name)
        guard = Guard(admission or Admission(), Callers(house), under="/")
        found.houses[name] = house
        found.clients[name] = AsyncTestClient(application(house, EXCEPTION_HANDLERS, [guard.middleware]))
    async with found.clients[DEDICATED], found.clients[SHARED]:
        yield found
