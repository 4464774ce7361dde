"""The blocking twin of `aio.aside`: work is simply done."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
sleep = time.sleep


def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it."""
    return work(*args, **kwargs)
