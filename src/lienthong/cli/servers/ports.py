"""Ports of the loopback address for servers that are told where to listen."""

import random
import socket
from collections.abc import Iterable
from contextlib import ExitStack

_RANGE = range(15_000, 32_000)
"""Below what Linux gives to outgoing connections (ip_local_port_range): one found free there may be gone soon."""
_TRIES = 200
_lots = random.SystemRandom()


def free_port() -> int:
    """A TCP port that nobody uses at this moment. OSError when none is found."""
    return free_ports(["one"])["one"]


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """A free port for each name, all different. OSError when none is found."""
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(_bound()) for name in names}
        return {name: each.getsockname()[1] for name, each in sockets.items()}


def _bound() -> socket.socket:
    for left in reversed(range(_TRIES)):
        found = socket.socket()
        try:
            found.bind(("127.0.0.1", _lots.choice(_RANGE)))
        except OSError:
            found.close()
            if not left:
                raise
        else:
            return found
    raise AssertionError("unreachable")
