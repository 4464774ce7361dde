"""Sessions for tests of signing, and places to keep them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.sessions import SqlSessions
from lienthong.signature.keys import KeyKind
from lienthong.signature.model import Role
from lienthong.signature.session.keeping import Kept, Sessions, Trace
from lienthong.signature.session.model import LIFETIME, Display, Level, Session
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki
from lienthong.testing.sessions import MemorySessions

NOW = START
Opened = Callable[[], AbstractAsyncContextManager[Sessions]]


def session(id: str = "a", tenant: str = "H29", **changes: object) -> Session:
    made = Session(
        id=id,
        tenant=tenant,
        document=sha256(b"%PDF").hexdigest(),
        person="Nguyễn Văn Mẫu",
        role=Role.LEADER,
        level=Level.B,
        key="leader",
        kind=KeyKind.FILE,
        display=Display("V/v thử nghiệm", "15/QĐ-M", sha256(b"%PDF").hexdigest(), 2),
        code="1234",
        digest=sha256(b"attributes").digest(),
        created=NOW,
        expires=NOW + LIFETIME,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def kept(id: str = "a", tenant: str = "H29", **changes: object) -> Kept:
    return Kept(session(id, tenant, **changes), f"request of {id}", sha256(id.encode()).hexdigest(), 10, 4)


def trace(of: Kept, act: str = "prepare", outcome: str = "") -> Trace:
    own = of.session
    return Trace(NOW, own.tenant, own.id, own.person, own.key, own.document, act, outcome)


def in_memory(_place: Path | str) -> Opened:
    places = MemorySessions()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Sessions]:
        yield places

    return opened


def in_tables(place: Path | str) -> Opened:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Sessions]:
        async with SqlStore.open(place, pki().log(), FakeClock()) as store:
            yield SqlSessions(store)

    return opened


@dataclass(frozen=True)
class Later:
    """Moments around the end of a session."""

    last = NOW + LIFETIME - timedelta(microseconds=1)
    over = NOW + LIFETIME
