"""A shooter for small replies: a process of its own, few connections, many requests on their way at once."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence

SECONDS = 2.0
_CONNECTIONS, _AT_ONCE = 8, 16


async def fired(port: int, paths: Sequence[str]) -> float:
    """Replies a second."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await child.communicate(json.dumps({"port": port, "paths": list(paths)}).encode())
    return float(told)


def main() -> None:
    """`python -m lienthong.cli.bench.ca.shooting`, with the task on standard input."""
    task = json.load(sys.stdin)
    print(asyncio.run(_all(task["port"], task["paths"])))


async def _all(port: int, paths: Sequence[str]) -> float:
    begun = time.perf_counter()
    counts = await asyncio.gather(*(_one(port, paths[number::_CONNECTIONS] or paths) for number in range(_CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - begun)


async def _one(port: int, paths: Sequence[str]) -> int:
    """Batches of requests in one write, their replies read by their lengths."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    requests = [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths]
    batches = [b"".join(requests[start : start + _AT_ONCE]) for start in range(0, len(requests), _AT_ONCE)]
    sizes = [len(requests[start : start + _AT_ONCE]) for start in range(0, len(requests), _AT_ONCE)]
    if len(requests) == 1:
        batches, sizes = [requests[0] * _AT_ONCE], [_AT_ONCE]
    done, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        for batch, size in zip(batches, sizes, strict=True):
            writer.write(batch)
            for _ in range(size):
                head = await reader.readuntil(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 200"):
                    raise AssertionError(head[:100])
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
            done += size
    writer.close()
    return done


if __name__ == "__main__":
    main()
