"""What must not hold up the loop: files are read and digested in a thread, pauses leave the loop to others."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
sleep = asyncio.sleep


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it in a thread."""
    return await asyncio.to_thread(work, *args, **kwargs)
