"""Opening packages in processes of their own, so that the one that answers has its processor for everything else.

Reading an envelope is most of what accepting costs, and it is a stranger's XML: a reader that falls over takes its
process with it and nothing else. A child holds no key, no store and no registry; it is asked and answers.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection
from types import TracebackType
from typing import Self

import structlog

from lienthong.delivery.opening import Folded, Here, Unfolded, tried, unfold

log = structlog.get_logger()
WORTH = 4
"""Packages that came together; the way to a child and back costs fewer more than it frees."""


class Openers:
    """`ports.Opener` with so many children, started when the first group comes. Close it when done."""

    def __init__(self, children: int) -> None:
        self._children, self._here = children, Here()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go(wait=True)

    async def unfold(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        """A group in a child; what comes alone, or all without children, in this process."""
        if not self._children or len(packages) < WORTH:
            return await self._here.unfold(packages)
        try:
            return await self._asked(packages)
        except BrokenProcessPool:
            log.warning("opener-ended", packages=len(packages))
            return [await self._alone(package) for package in packages]

    async def _alone(self, package: Folded) -> Unfolded | Exception:
        """The one that a child falls over is a fault of ours, and its neighbours are opened."""
        try:
            (found,) = await self._asked([package])
        except BrokenProcessPool as error:
            return error
        return found

    async def _asked(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        pool = self._pool = self._pool or _pool(self._children)
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _unfold_all, packages)
        except BrokenProcessPool:
            if self._pool is pool:  # others who asked it may have found out before
                self._let_go(wait=False)
            raise

    def _let_go(self, *, wait: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait, cancel_futures=True)


def _pool(children: int) -> ProcessPoolExecutor:
    """Started clean: a copy of a process with threads is no place to work in."""
    return ProcessPoolExecutor(
        children, multiprocessing.get_context("spawn"), initializer=_settle_in, initargs=gc.get_threshold()
    )


def _unfold_all(packages: Sequence[Folded]) -> list[Unfolded | Exception]:
    return [tried(partial(unfold, package)) for package in packages]


def _settle_in(*threshold: int) -> None:
    """It looks for cycles as seldom as its parent, and is ended by it or with it: never by a signal meant for both."""
    gc.set_threshold(*threshold)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
