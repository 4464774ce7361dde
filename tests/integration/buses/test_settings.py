"""`[[bus]]` of a gateway's settings: read, wired, working; and what is refused at start."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.adapters.bootstrap import read_config
from lienthong.errors import ConfigurationInvalid
from lienthong.gateway.bus import BusSettings, bootstrap
from lienthong.gateway.bus.settings import Shape
from lienthong.gateway.config import Config
from lienthong.gateway.desk import Gateway
from lienthong.testing.buses import BusServer
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import SHARED, World

pytestmark = pytest.mark.integration
GATEWAY = Path(__file__).parents[3] / "deploy" / "config" / "gateway.toml"
BUS = """
[[bus]]
name = "tinh-mau"
shape = "{shape}"
url = "{url}"
system = "he-thong-mau"
secret = "bus.secret"
agencies = ["H34"]
"""


def settings(folder: Path, server: BusServer) -> BusSettings:
    """As the operator writes them."""
    (folder / "bus.secret").write_text(server.secret)
    (folder / "bus.secret").chmod(0o600)
    (folder / "gateway.toml").write_text(GATEWAY.read_text() + BUS.format(shape=server.shape.value, url=server.url))
    [found] = read_config(folder / "gateway.toml", Config).bus
    return found


def gateway(world: World) -> Gateway:
    station = world.stations[SHARED]
    return Gateway(station.hop, station.store, station.bell, MemoryTenants(), station.wire)


@pytest.mark.parametrize("shape", Shape)
async def test_a_bus_in_the_settings_works(tmp_path: Path, shape: Shape) -> None:
    world = World()
    await world.send("H29", ["H34"], subject="V/v mẫu")
    await world.run()
    async with BusServer(shape) as server, AsyncExitStack() as stack:
        made = await bootstrap.jobs([settings(tmp_path, server)], gateway(world), stack)
        [(name, (pause, job))] = made.items()
        await job()
        assert (name, pause, len(server.got)) == ("bus-tinh-mau", 30.0, 1)


@pytest.mark.parametrize(
    "changes",
    [{"url": "http://lgsp.example"}, {"name": "other"}, {"agencies": ("H35",)}],
    ids=["in the open", "one agency, two buses", "one name, two buses"],
)
async def test_what_would_mislead_is_refused_at_start(tmp_path: Path, changes: dict[str, object]) -> None:
    async with BusServer(Shape.BKAV) as server, AsyncExitStack() as stack:
        first = settings(tmp_path, server)
        second = replace(first, **changes)  # type: ignore[arg-type]  # fields of the settings
        wanted = [second] if "url" in changes else [first, second]
        with pytest.raises(ConfigurationInvalid):
            await bootstrap.jobs(wanted, gateway(World()), stack)


async def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    async with BusServer(Shape.BKAV) as server, AsyncExitStack() as stack:
        found = settings(tmp_path, server)
        found.secret.chmod(0o644)
        with pytest.raises(ConfigurationInvalid):
            await bootstrap.jobs([found], gateway(World()), stack)
