"""Start the axis: read the settings, wire the adapters, serve until asked to stop."""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import structlog

from lienthong.adapters.bootstrap import (
    Job,
    background,
    configure_logging,
    log_signer,
    read_config,
    registry_file,
    root_certificates,
    spoken_start,
)
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.http import EXCEPTION_HANDLERS, Listen, described, openapi, openapi_files, serve
from lienthong.adapters.logface import Evidence, log_routes
from lienthong.adapters.metrics import metrics
from lienthong.adapters.object_settings import open_objects
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.timestamps import TsaClient
from lienthong.adapters.witnesses import WitnessClient
from lienthong.axis import app, workers
from lienthong.axis.config import Config, Face
from lienthong.axis.gatekeeper import Gatekeeper
from lienthong.axis.routes import Axis
from lienthong.delivery import AXIS, Bell, Hop, RingingStore, Terms
from lienthong.errors import ConfigurationInvalid
from lienthong.evidence import VerifierKey
from lienthong.registry import Book

log = structlog.get_logger()
SWEEP = 60.0
"""Seconds between looks for uploads that ran out."""


async def run(config: Config) -> None:
    """One axis, until SIGTERM."""
    configure_logging()
    check(config)
    clock, lots = SystemClock(), SystemLots()
    roots = root_certificates(config.roots)
    book = Book(roots)
    read_registry = registry_file(book, config.registry, clock)
    await read_registry()
    async with AsyncExitStack() as stack:
        signer = log_signer(config.log.origin, config.log.key, config.log.certificate)
        store = await stack.enter_async_context(SqlStore.open(config.data, signer, clock))
        bell = Bell()
        terms = Terms(longest_time_to_live=timedelta(seconds=config.longest_time_to_live))
        objects = open_objects(config.objects, config.data)
        hop = Hop(
            AXIS,
            RingingStore(store, bell),
            objects,
            clock,
            lots,
            book.directory,
            roots,
            terms=terms,
            freight=config.freight,
        )
        axis = Axis(hop, store, bell, Gatekeeper(AXIS, book.directory, terms.clock_skew), book)
        jobs: dict[str, tuple[float, Job]] = {
            "registry": (1.0, read_registry),
            "expiring": (config.sweep_seconds, partial(workers.expiring, axis)),
            "sweeping": (SWEEP, partial(workers.sweeping, axis)),
        }
        if config.stamps.url or config.witnesses:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            jobs["stamping"] = (config.stamps.seconds, vouching(hop, store, session, config))
        await stack.enter_async_context(background(jobs, clock))
        await serve(faces(axis, store, config))


def vouching(hop: Hop, store: SqlStore, session: aiohttp.ClientSession, config: Config) -> Job:
    """The job that has the newest checkpoint cosigned and, where an authority is set, stamped."""
    witnesses = [
        WitnessClient(each.url, VerifierKey.parse(each.key), session, store.consistency) for each in config.witnesses
    ]
    stamper = TsaClient(config.stamps.url, session) if config.stamps.url else None

    async def vouch() -> None:
        for name, error in (await workers.stamping(hop, store, stamper, witnesses)).items():
            log.warning("witness", witness=name, code=error.code, detail=error.detail)

    return vouch


def faces(axis: Axis, evidence: Evidence, config: Config) -> list[tuple[object, Listen]]:
    """The wire and the operations face, each with its page."""
    about = openapi("Liên Thông – trục / axis", "1", "Máy chủ bảo mật gọi các địa chỉ này. Gateways call these.")
    wire = app.wire(axis, EXCEPTION_HANDLERS, about, openapi_files())
    shown = [*openapi_files(), *described("/wire", wire), metrics(axis.hop), *log_routes(evidence)]
    operations = app.operations(axis, EXCEPTION_HANDLERS, about, shown)
    return [(wire, listen(config.wire)), (operations, listen(config.operations))]


def check(config: Config) -> None:
    """Raises `ConfigurationInvalid` unless the wire speaks mutual TLS: gateways show certificates, and so do we."""
    if not (config.wire.certificate and config.wire.key and config.wire.client_ca):
        raise ConfigurationInvalid("wire: certificate, key, client_ca")


def listen(face: Face) -> Listen:
    """The address of a face as the server wants it."""
    return Listen(face.host, face.port, face.certificate, face.key, face.client_ca)


def main() -> int:
    """`python -m lienthong.axis --config axis.toml`."""
    parser = argparse.ArgumentParser(prog="lienthong axis")
    parser.add_argument("--config", type=Path, required=True)
    config: Path = parser.parse_args().config
    return spoken_start(lambda: asyncio.run(run(read_config(config, Config))))


if __name__ == "__main__":
    sys.exit(main())
