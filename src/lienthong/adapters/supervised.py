"""What a process tells systemd: that it is ready and that it lives (sd_notify(3)). Silent without systemd."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping


def notify(words: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send `READY=1`, `WATCHDOG=1`, `STOPPING=1`…; False when nobody supervises, or nobody listens any more."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
        try:
            wire.sendto(words.encode(), name)
        except OSError:
            return False
    return True


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """How often to say that we live: half of what systemd waits; None when it does not watch this process."""
    told, who = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not told.isdigit() or who not in {"", str(os.getpid())}:
        return None
    return int(told) / 2e6


def heartbeat() -> dict[str, tuple[float, Callable[[], Awaitable[object]]]]:
    """The background job that says so, if anybody watches. It runs in the loop: a loop that hangs falls silent."""
    every = watchdog_seconds()

    async def beat() -> None:
        notify("WATCHDOG=1")

    return {} if every is None else {"watchdog": (every, beat)}


async def ready() -> None:
    """Every face answers."""
    notify("READY=1")
