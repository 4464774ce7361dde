"""A log served from the memory twin through the real routes, for whoever reads logs from outside."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from lienthong.adapters.http import EXCEPTION_HANDLERS
from lienthong.adapters.logface import log_routes
from lienthong.delivery.ports import Transaction
from lienthong.evidence import Event, EventKind, VerifierKey
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.memory import Disk, MemoryStore
from lienthong.testing.pki import pki

URL = "http://axis.example/log"


def happening(number: int, **changes: object) -> Event:
    """Some event of the axis."""
    told = {"kind": EventKind.SUBMISSION_REJECTED, "hop": "axis", "at": START, "package": "", "sender": "H29"}
    told |= {"message": f"m-{number}", "document": "", "digest": f"{number:064x}"}
    return Event(**(told | changes))  # type: ignore[arg-type]  # tests change any field


@dataclass
class Made:
    """A log that tests make longer; `store` may be swapped for another under the same address."""

    clock: FakeClock = field(default_factory=FakeClock)
    store: MemoryStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = self.fresh()

    def fresh(self, disk: Disk | None = None) -> MemoryStore:
        return MemoryStore(pki().log(), self.clock, disk)

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.parse(pki().vkey())

    async def grow(self, events: Sequence[Event]) -> None:
        def work(tx: Transaction) -> None:
            for event in events:
                tx.record(event)

        await self.store.write(work)

    @property
    def now(self) -> datetime:
        return self.clock.now() + timedelta(seconds=1)

    @contextmanager
    def served(self) -> Iterator[TestClient[Litestar]]:
        """The routes over whatever store is in place at the moment of the request."""
        app = Litestar(log_routes(_Current(self)), exception_handlers=dict(EXCEPTION_HANDLERS))  # type: ignore[arg-type]  # stands for any store
        with TestClient(app) as client:
            yield client


class _Current:
    """The store in place now."""

    def __init__(self, made: Made) -> None:
        self._made = made

    def __getattr__(self, name: str) -> object:
        return getattr(self._made.store, name)


def through(client: TestClient[Litestar]) -> httpx.BaseTransport:
    """A transport for real clients that ends in the routes."""

    def handle(request: httpx.Request) -> httpx.Response:
        answer = client.get(request.url.raw_path.decode())
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    return httpx.MockTransport(handle)
