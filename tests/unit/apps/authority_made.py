"""An authority of one process behind the console's tests: the real officers' face, without a socket."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import ClassVar

import httpx
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from apps.config import Authority
from ca_house import CaWorld, ca_world
from lienthong.adapters.excel import form_to_fill, read_cells
from lienthong.adapters.http import EXCEPTION_HANDLERS
from lienthong.ca.bulk import Bulk
from lienthong.ca.casework import Casework
from lienthong.ca.faces.desk import OFFICE
from lienthong.ca.faces.office import Office, Tables
from lienthong.client import CertificateAuthority
from lienthong.errors import Unavailable

VERDICT = "Chữ ký mẫu hợp lệ"


class JudgedSo:
    """Takes every letter for signed rightly."""

    async def judged(self, data: bytes) -> str:
        assert data
        return VERDICT


class Made:
    """The authority at work, or none."""

    now: ClassVar["Made | None"] = None

    def __init__(self, world: CaWorld, client: TestClient[Litestar]) -> None:
        self.world, self.client = world, client

    def line(self, secret: str) -> CertificateAuthority:
        """An officer's line into this process."""
        made = CertificateAuthority("http://testserver.local", secret)
        made._http = httpx.Client(transport=self.client._transport, headers={"Authorization": f"Bearer {secret}"})
        return made


@contextmanager
def authority_at_work(folder: Path) -> Iterator[Made]:
    """Begun and ended."""
    found: list[CaWorld] = []

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with ca_world(folder) as world:
            object.__setattr__(world.house, "letters", JudgedSo())
            found.append(world)
            app.state.office = _office(world)
            yield

    app = Litestar(OFFICE, state=State({}), lifespan=[lifespan], exception_handlers=dict(EXCEPTION_HANDLERS))
    with TestClient(app) as client:
        Made.now = Made(found[0], client)
        yield Made.now
    Made.now = None


def _office(world: CaWorld) -> Office:
    casework = Casework(world.house, world.registers)
    bulk = Bulk(world.house, world.registers, casework)
    tables = Tables(read_cells, form_to_fill)
    return Office(world.house, world.registers, casework, world.carrying, world.people, bulk, tables)


def known(_: Authority, secret: str) -> CertificateAuthority:
    """The line the console would have."""
    if Made.now is None:
        raise Unavailable("mẫu")
    return Made.now.line(secret)
