"""What every process's `__main__` does the same way: settings, roots, registry, log key, background jobs."""

import asyncio
import sys
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

import msgspec
import structlog
from cryptography.hazmat.primitives.serialization import Encoding
from prometheus_client import Gauge

from lienthong.adapters.files import edition
from lienthong.adapters.keys import KeyPair, SoftNoteSigner, load_certificates
from lienthong.adapters.registry import RegistryFiles
from lienthong.adapters.tracing import PROCESS
from lienthong.delivery.ports import Clock
from lienthong.delivery.retry import asked_pause
from lienthong.errors import ConfigurationInvalid, LienThongError, SnapshotUntrusted
from lienthong.registry import Book

T = TypeVar("T")
Job = Callable[[], Awaitable[object]]
log = structlog.get_logger()
FAULT_PAUSE = 1.0
"""Seconds a job rests after a fault, however long its own pause is."""
DUE = Gauge(
    "lienthong_work_due_timestamp_seconds", "When background work is to begin again", ["work"], registry=PROCESS
)
"""Moves on with each round that went well: far in the past, work is stuck or fails again and again."""


def read_config(path: Path, kind: type[T]) -> T:
    """The settings of a process; paths are taken relative to the file. `ConfigurationInvalid` names what is wrong."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(values, kind, dec_hook=lambda wanted, value: _beside(path.parent, wanted, value))
    except OSError as error:
        raise ConfigurationInvalid(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def _beside(base: Path, wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str):
        return (base / value).absolute()
    raise NotImplementedError(f"{wanted}")


def spoken_start(work: Callable[[], object]) -> int:
    """0 after a clean stop; 1 and one sentence in each language on standard error for what keeps it from starting."""
    try:
        work()
    except LienThongError as error:
        sys.stderr.write(f"{error.sentence('vi')}\n{error.sentence('en')}\n")
        return 1
    return 0


def configure_logging() -> None:
    """One JSON line an event on standard error; exceptions as text without local values, which may hold secrets."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_line),
        ],
        cache_logger_on_first_use=True,
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Undaunted(sys.stderr))),
    )


def _line(told: dict[str, Any], default: Callable[[Any], Any]) -> str:
    return msgspec.json.encode(told, enc_hook=default).decode()


class Undaunted:
    """A stream for log lines: one that cannot be written is dropped, because the work it tells of must go on.

    The disk of the log may be full, or its reader gone, just when there is most to tell.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Written, or not."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """As far as it goes."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def root_certificates(path: Path) -> tuple[bytes, ...]:
    """DER of the trusted roots in a PEM file."""
    return tuple(found.public_bytes(Encoding.DER) for found in load_certificates(path))


def log_signer(origin: str, key: Path, certificate: Path) -> SoftNoteSigner:
    """The signer of a hop's evidence log."""
    return KeyPair.load(key, certificate).note_signer(origin)


def registry_file(book: Book, path: Path, clock: Clock) -> Job:
    """A job that takes a signed snapshot file into force whenever it changed; a missing file is waited for."""
    seen: tuple[int, ...] = ()

    def read() -> None:
        nonlocal seen
        there = edition(path)
        if there in {seen, ()}:
            return
        try:
            if book.offer(path.read_bytes(), clock.now()):
                log.info("registry", version=book.version)
        except SnapshotUntrusted as error:
            RegistryFiles(path).refused(book.version, error)
            raise
        seen = there

    return partial(asyncio.to_thread, read)


@asynccontextmanager
async def background(jobs: Mapping[str, tuple[float, Job]], clock: Clock) -> AsyncIterator[None]:
    """Run jobs again and again, each after its pause in seconds, for as long as the block lasts."""
    tasks = [asyncio.create_task(_repeat(name, pause, job, clock)) for name, (pause, job) in jobs.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _repeat(name: str, pause: float, job: Job, clock: Clock) -> None:
    """A fault is logged and the job comes again: nothing that was recorded depends on one round of it."""
    due = DUE.labels(name)
    due.set(clock.now().timestamp())
    while True:
        try:
            await job()
        except LienThongError as error:
            log.warning("worker", worker=name, code=error.code, detail=error.detail)
            await clock.sleep(max(FAULT_PAUSE, asked_pause(error).total_seconds()))
            continue
        except Exception as error:
            log.exception("worker", worker=name, error=repr(error))
            await clock.sleep(FAULT_PAUSE)
            continue
        due.set(clock.now().timestamp() + pause)
        await clock.sleep(pause)
