"""The load generator of `bench overload`, a process of its own: several gateways, each at its own rate, come what may.

It reads its task as JSON from standard input and tells for each gateway what was offered, accepted, refused as busy,
and how long the accepted ones waited. Tokens are made before the clock starts, as for `bench accept`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.identity import Caller
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.wire import problem, tls_context
from lienthong.cli.bench.packages import read_frames
from lienthong.cli.demo.build import Place
from lienthong.delivery import Accepted
from lienthong.seal import thumbprint

PATH = "/v1/packages"
CONNECTIONS = 64
"""Connections one gateway keeps; its further packages wait in its own process, as they would in a real one."""


@dataclass
class Stream:
    """One gateway's packages and what became of them."""

    gateway: str
    rate: float
    shots: list[tuple[bytes, str]]
    accepted: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    busy: int = 0
    untried: int = 0

    def told(self) -> dict[str, Any]:
        """As JSON."""
        found = {"gateway": self.gateway, "offered": len(self.shots), "busy": self.busy, "untried": self.untried}
        return found | {"accepted": self.accepted, "waits": self.waits}


def main() -> None:
    """`python -m lienthong.cli.bench.flood`, with the task on standard input."""
    task = json.load(sys.stdin)
    place = Place.read(Path(task["folder"]))
    streams = [_stream(place, each) for each in task["streams"]]
    seconds = asyncio.run(_run(place, streams, task["seconds"]))
    json.dump({"seconds": seconds, "streams": [stream.told() for stream in streams]}, sys.stdout)


def _stream(place: Place, task: dict[str, Any]) -> Stream:
    folder = place.folder / task["gateway"]
    pair = KeyPair.load(folder / "hop.key", folder / "hop.pem")
    key = (folder / "hop.key").read_bytes()
    caller = Caller(task["gateway"], key, thumbprint(pair.certificate), "axis", SystemClock(), SystemLots())
    frames = read_frames(Path(task["frames"]))
    return Stream(task["gateway"], task["rate"], [(frame, caller.token("POST", PATH, frame)) for frame in frames])


async def _run(place: Place, streams: Sequence[Stream], seconds: float) -> float:
    begun = time.perf_counter()
    await asyncio.gather(*(_fire(place, stream, begun, seconds) for stream in streams))
    return time.perf_counter() - begun


async def _fire(place: Place, stream: Stream, begun: float, seconds: float) -> None:
    """Each package at its moment; what has no connection left to go by when the time is over is not tried."""
    folder = place.folder / stream.gateway
    context = tls_context(place.root, folder / "hop.pem", folder / "hop.key")
    connector = aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS)
    free = asyncio.Semaphore(CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        for place_in_line, (frame, token) in enumerate(stream.shots):
            await asyncio.sleep(begun + place_in_line / stream.rate - time.perf_counter())
            await free.acquire()
            if time.perf_counter() - begun > seconds:
                stream.untried = len(stream.shots) - place_in_line
                return
            shot = group.create_task(_one(session, place.url("axis") + PATH, frame, token, stream))
            shot.add_done_callback(lambda _: free.release())


async def _one(session: aiohttp.ClientSession, url: str, frame: bytes, token: str, stream: Stream) -> None:
    begun = time.perf_counter()
    async with session.post(url, data=frame, headers={"Authorization": f"Bearer {token}"}) as answer:
        body = await answer.read()
    if answer.status == 201:
        stream.waits.append(time.perf_counter() - begun)
        stream.accepted.append(msgspec.json.decode(body, type=Accepted).package)
    elif answer.status == 429:
        stream.busy += 1
    else:
        raise problem(answer.status, body)


if __name__ == "__main__":
    main()
