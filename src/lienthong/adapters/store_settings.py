"""The `[store]` table of a hop's settings, and the memory it names."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from lienthong.adapters.bootstrap import Job, log_signer
from lienthong.adapters.following import FollowingStore, Tell
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.messenger import messenger
from lienthong.adapters.sql.postgresql import is_postgresql
from lienthong.delivery import Bell, RingingStore
from lienthong.delivery.ports import Clock
from lienthong.errors import ConfigurationInvalid, Unavailable
from lienthong.evidence.verify import hop_of

OFF_DUTY = 0.5
"""Seconds after which a job looks again whether it is this process's to do."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where a hop's memory is: SQLite in the data folder, or the PostgreSQL database that `url` names.

    The URL is libpq's: several hosts, `passfile`, `service`; a password has no place in it.
    """

    url: str = ""


class LogKey(Protocol):
    """The key of an evidence log, as settings name it."""

    @property
    def origin(self) -> str: ...
    @property
    def key(self) -> Path: ...
    @property
    def certificate(self) -> Path: ...


@dataclass(slots=True)
class Memory:
    """A hop's store as the process uses it: ringing the bell, for other processes too, and telling what was done."""

    store: SqlStore
    ringing: FollowingStore
    bell: Bell
    leaving: bool = False

    def stand(self) -> None:
        """Raises `Unavailable` unless requests are welcome: while standing by, and once asked to stop."""
        if self.leaving:
            raise Unavailable("đang dừng / stopping")
        if not self.store.seated:
            raise Unavailable("đang chờ thay tiến trình khác / standing by for another process")

    def duty(self, job: Job, clock: Clock) -> Job:
        """The job, done by one of the hop's processes: that which has the duty."""

        async def work() -> None:
            if self.store.on_duty:
                await job()
            else:
                await clock.sleep(OFF_DUTY)

        return work

    async def leave(self, clock: Clock, seconds: float) -> None:
        """Asked to stop: unready at once, then time for others to see it, then nobody waits any more."""
        self.leaving = True
        if seconds > 0:
            await clock.sleep(seconds)
        self.bell.close()


def log_certificates(logs: Sequence[LogKey]) -> dict[str, Path | None]:
    """Whose end is to be watched: of the first log and, as `log/1`, of each that another process may write."""
    return {f"log/{number}" if number else "log": each.certificate for number, each in enumerate(logs)}


def where(settings: StoreSettings, data: Path) -> Path | str:
    """The folder or the URL. ConfigurationInvalid for a URL that is not PostgreSQL's."""
    if settings.url and not is_postgresql(settings.url):
        raise ConfigurationInvalid("store.url: postgresql://…")
    return settings.url or data


@asynccontextmanager
async def open_memory(
    settings: StoreSettings, data: Path, logs: Sequence[LogKey], clock: Clock, *tell: Tell
) -> AsyncIterator[Memory]:
    """The memory that the settings name, until the block ends. Errors as `SqlStore.open`."""
    place = where(settings, data)
    if len({hop_of(each.origin) for each in logs}) > 1:
        raise ConfigurationInvalid("shards: origin = …/log/<hop>/<n>")
    signers = [log_signer(each.origin, each.key, each.certificate) for each in logs]
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(SqlStore.open(place, signers[0], clock, others=signers[1:]))
        bell = Bell(token_hex(8))
        announce: Callable[[Iterable[str]], None] | None = None
        if isinstance(place, str):
            announce = await stack.enter_async_context(messenger(place, bell.ring))
        yield Memory(store, FollowingStore(RingingStore(store, bell, announce), *tell), bell)
