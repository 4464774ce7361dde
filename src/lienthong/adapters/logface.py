"""The evidence log for whoever watches it: checkpoint, tiles and entries as C2SP tlog-tiles says, and proofs.

A tile once full never changes, and a partial one is named by its width: both may be cached for ever. Only the
checkpoint moves.
"""

from base64 import b64encode
from pathlib import PurePosixPath
from typing import Annotated, Any, Protocol

from litestar import MediaType, Response, get
from litestar.params import PathParameter

from lienthong.delivery import cosigned
from lienthong.delivery.ports import Log, Store
from lienthong.errors import NotFound
from lienthong.evidence import entry_bundle, read_tile_path
from lienthong.evidence.tree import TILE_WIDTH
from lienthong.openapi import ALWAYS, refusals

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}
BYTES = "application/octet-stream"
Size = Annotated[int, PathParameter(ge=0, le=2**62)]
TilePath = Annotated[PurePosixPath, PathParameter()]
FOUND_OR_NOT = ALWAYS | refusals(404)


class Evidence(Log, Store, Protocol):
    """A log, and the store that keeps witnesses' cosignatures beside it."""


def log_routes(evidence: Evidence, shard: int = 0) -> list[Any]:  # route handlers; the library types them in part
    """The routes of one log below `/log` (`/log/1`, `/log/2` … for the logs of further processes) of an operations
    face. They tell who wrote to whom: keep them inside the site.
    """
    base = f"/log/{shard}" if shard else "/log"

    @get(
        f"{base}/checkpoint", media_type=MediaType.TEXT, summary="The newest signed checkpoint", responses=FOUND_OR_NOT
    )
    async def checkpoint() -> Response[str]:
        """C2SP tlog-checkpoint, with what witnesses signed beside it; there is none before the first entry."""
        note = await evidence.checkpoint(shard)
        if not note:
            raise NotFound("nhật ký còn trống / the log is empty")
        return Response(await cosigned(evidence, note), media_type=MediaType.TEXT, headers=NEVER)

    @get(
        f"{base}/stamp",
        summary="The newest time-stamped checkpoint: its note, and the RFC 3161 token over its SHA-256 in base64",
        responses=FOUND_OR_NOT,
    )
    async def stamp() -> Response[dict[str, str | int]]:
        """Not part of tlog-tiles."""
        dated = await evidence.stamped(shard)
        if dated is None:
            raise NotFound("chưa có dấu thời gian / nothing is stamped yet")
        size, note, token = dated
        note = await cosigned(evidence, note)
        return Response({"size": size, "checkpoint": note, "stamp": b64encode(token).decode()}, headers=NEVER)

    @get(base + "/tile/{tile:path}", media_type=BYTES, summary="A tile, or a bundle of entries", responses=FOUND_OR_NOT)
    async def tile(tile: TilePath) -> Response[bytes]:
        """C2SP tlog-tiles: `0/x001/234`, `1/000.p/17`, `entries/x001/234`."""
        named = read_tile_path(str(tile).removeprefix("/"))
        if named.level is None:
            data = await _entries(evidence, named.index, named.width, shard)
        else:
            data = await evidence.tile(named.level, named.index, named.width, shard)
        return Response(data, media_type=BYTES, headers=FOR_EVER)

    @get(
        base + "/consistency/{old:int}/{new:int}",
        media_type=MediaType.TEXT,
        summary="The consistency proof between two sizes, one base64 hash a line",
        responses=FOUND_OR_NOT,
    )
    async def consistency(old: Size, new: Size) -> Response[str]:
        """RFC 9162 §2.1.4. Not part of tlog-tiles, whose readers make the proof from tiles."""
        path = await evidence.consistency(old, new, shard)
        lines = "".join(b64encode(step).decode() + "\n" for step in path)
        return Response(lines, media_type=MediaType.TEXT, headers=FOR_EVER)

    return [checkpoint, stamp, tile, consistency]


async def _entries(log: Log, index: int, width: int, shard: int) -> bytes:
    found = await log.leaves(index * TILE_WIDTH, width, shard)
    if len(found) != width:
        raise NotFound(f"entries {index} of width {width}")
    return entry_bundle(found)
