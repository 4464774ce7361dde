"""An axis of one process behind the console's tests: the real operations face, without a socket."""

import asyncio
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from litestar import Litestar
from litestar.testing import TestClient

from apps.config import ConsoleHop
from desk_http import house
from lienthong.adapters.metrics import Watched
from lienthong.adapters.operations import operations
from lienthong.adapters.operations_watching import basic_probes, holding, watching
from lienthong.adapters.operators import Operator, Operators, Role, add_operator
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.client import Operations
from lienthong.delivery import AXIS, Order
from lienthong.delivery.oversight import Contact, keep_contacts, tally
from lienthong.errors import Unavailable
from lienthong.gateway.ports import Bounds
from lienthong.gateway.tenancy import operations as tenants
from lienthong.testing.world import DEDICATED, SHARED, World

_ONE = threading.Lock()
ACTS, LOOKS = "a" * 32, "b" * 32
SECRET = "Nội dung chỉ hai cơ quan được đọc"


class Axis:
    """The world, its face, and what is held."""

    now: ClassVar["Axis | None"] = None

    def __init__(self, folder: Path) -> None:
        self.world, self.held = World(), dict[str, Any]()
        add_operator(folder / "operators.json", ACTS, Operator("bàn vận hành", Role.OPERATOR))
        add_operator(folder / "operators.json", LOOKS, Operator("bàn xem", Role.VIEWER))
        who, hop = Operators(folder / "operators.json"), self.world.axis
        watched = Watched(self.world.stations[AXIS].store, folder)
        routes = [*operations(hop, who), *watching(hop, who, watched, basic_probes(hop, watched, lambda: None))]
        gateway = house(self.world, SHARED)
        gateway.tenants.allot("G22", host=Bounds(documents=500))
        routes += tenants(gateway, lambda _: None, lambda _, reason: Order("", reason))
        face = Litestar([*routes, *holding(hop, who, self.hold)], exception_handlers=dict(EXCEPTION_HANDLERS))
        self.client = TestClient(face)
        self.package = asyncio.run(self._live())

    async def _live(self) -> str:
        sent = await self.world.send("H29", ["G22", "H40"])
        await self.world.run()
        await tally(self.world.axis)
        came = {DEDICATED: Contact(self.world.clock.now(), "lienthong/0.1.0")}
        await self.world.axis.store.write(lambda tx: keep_contacts(tx, came))
        return sent.id

    def hold(self, known: Mapping[str, Any]) -> None:
        self.held = dict(known)


def lively(hop: ConsoleHop, *, acts: bool) -> Operations:
    """The same for a site of its own: the axis begins with the first question."""
    with _ONE:
        if Axis.now is None:
            Axis.now = Axis(Path(tempfile.mkdtemp(prefix="lienthong-axis-")))
            Axis.now.client.__enter__()
    return known(hop, acts=acts)


def known(_: ConsoleHop, *, acts: bool) -> Operations:
    """The face with the token that the console would use."""
    if Axis.now is None:
        raise Unavailable("mẫu")
    made = Operations("http://testserver.local", ACTS if acts else LOOKS)
    made._http = Axis.now.client
    made._http.headers["Authorization"] = f"Bearer {ACTS if acts else LOOKS}"
    return made
