"""Whether the process runs and can take documents."""

from litestar import MediaType, get
from litestar.datastructures import State

from lienthong.errors import RegistryStale
from lienthong.gateway.calling import gateway_of
from lienthong.openapi import ALWAYS


@get("/health/live", media_type=MediaType.TEXT, summary="The process runs")
async def live() -> str:
    """Always yes."""
    return "ok"


@get("/health/startup", media_type=MediaType.TEXT, summary="The process has what it starts with", responses=ALWAYS)
async def startup(state: State) -> str:
    """Its store is open, or this face would not answer; RegistryStale until it has had a registry."""
    if not gateway_of(state).hop.directory().snapshot.version:
        raise RegistryStale
    return "ok"


@get("/health/ready", summary="The process can take documents", responses=ALWAYS)
async def ready(state: State) -> dict[str, int]:
    """Registry fresh, disk with room, store writable. Raises RegistryStale, StorageFull, Unavailable, Busy."""
    gateway_of(state).stand()
    hop = gateway_of(state).hop
    directory = hop.fresh_directory(hop.clock.now())
    gateway_of(state).room()
    await hop.store.write(lambda tx: tx.set_mark("ready", ""))
    counts = await hop.store.read(lambda view: view.counts())
    return {"registry": directory.snapshot.version, **counts}


OPERATIONS = [live, startup, ready]
