"""Start the axis: read the settings, wire the adapters, serve until asked to stop."""

import argparse
import asyncio
import sys
import time
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
    read_config,
    registry_file,
    root_certificates,
    spoken_start,
)
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.guard import Guard
from lienthong.adapters.http import EXCEPTION_HANDLERS, Connections, Listen, described, openapi, openapi_files, serve
from lienthong.adapters.logface import Evidence, log_routes
from lienthong.adapters.metrics import Watched, metrics, standing
from lienthong.adapters.object_settings import open_objects
from lienthong.adapters.opening import Openers
from lienthong.adapters.operations import operations as operators_face
from lienthong.adapters.operations_watching import Probe, basic_probes, holding, watching
from lienthong.adapters.operators import Operators
from lienthong.adapters.problems import told
from lienthong.adapters.reconciling import reconciling
from lienthong.adapters.registry import RegistryFiles
from lienthong.adapters.retention import KEEPING_PAUSE, keeping
from lienthong.adapters.space import Space
from lienthong.adapters.spans import collected
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.store_settings import log_certificates, open_memory
from lienthong.adapters.supervised import heartbeat, ready
from lienthong.adapters.timestamps import TsaClient
from lienthong.adapters.witnesses import WitnessClient
from lienthong.axis import app, workers
from lienthong.axis.config import Config, Face
from lienthong.axis.doors import Doors
from lienthong.axis.gatekeeper import Gatekeeper
from lienthong.axis.routes import Axis, Callers
from lienthong.delivery import AXIS, Hop, Terms
from lienthong.errors import ConfigurationInvalid
from lienthong.evidence import VerifierKey
from lienthong.registry import Book

log = structlog.get_logger()
SWEEP = 60.0
"""Seconds between looks for uploads that ran out."""
DOORS, TALLY = 1.0, 2.0
"""Seconds between looks at who is held, and between counts of what happened."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


async def run(config: Config) -> None:
    """One axis, until SIGTERM."""
    configure_logging()
    check(config)
    clock, lots = SystemClock(), SystemLots()
    roots = root_certificates(config.roots)
    book = Book(roots)
    read_registry, deltas = registry_file(book, config.registry, clock), RegistryFiles(config.registry)
    await read_registry()
    async with AsyncExitStack() as stack:
        logs = (config.log, *config.shards)
        followed = stack.enter_context(collected(config.telemetry, "axis"))
        memory = await stack.enter_async_context(open_memory(config.store, config.data, logs, clock, *followed))
        terms = Terms(longest_time_to_live=timedelta(seconds=config.longest_time_to_live))
        objects = open_objects(config.objects, config.data)
        hop = Hop(
            AXIS,
            memory.ringing,
            objects,
            clock,
            lots,
            book.directory,
            roots,
            terms=terms,
            freight=config.freight,
            opener=await stack.enter_async_context(Openers(config.openers)),
        )
        space = Space(config.data, config.keep_free, time.monotonic)
        doors = Doors(hop)
        keeper = Gatekeeper(AXIS, book.directory, terms.clock_skew)
        axis = Axis(
            hop,
            memory.store,
            memory.bell,
            keeper,
            book,
            room=space.require,
            delta_from=deltas.delta_from,
            stand=memory.stand,
            doors=doors,
            problem=told,
        )
        jobs: dict[str, tuple[float, Job]] = {
            "registry": (1.0, partial(workers.registering, axis, read_registry)),
            "expiring": (config.sweep_seconds, memory.duty(partial(workers.expiring, axis), clock)),
            "aiming": (config.sweep_seconds, memory.duty(partial(workers.aiming, axis), clock)),
            "keeping": (KEEPING_PAUSE, keeping(memory.store, objects, config.retention, clock)),
            "sweeping": (SWEEP, partial(workers.sweeping, axis)),
            "doors": (DOORS, doors.refresh),
            "tallying": (TALLY, memory.duty(partial(workers.tallying, axis), clock)),
            "reconciling": (config.reconcile_seconds, memory.duty(partial(reconciling, hop), clock)),
        }
        if config.stamps.url or config.witnesses:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            jobs["stamping"] = (config.stamps.seconds, memory.duty(vouching(hop, memory.store, session, config), clock))
        await stack.enter_async_context(background(jobs | heartbeat(), clock))
        leaving = partial(memory.leave, clock, config.drain_seconds)
        await serve(faces(axis, memory.store, config), ready, leaving)


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


def faces(axis: Axis, evidence: SqlStore, config: Config) -> list[tuple[object, Listen]]:
    """The wire and the operations face, each with its page."""
    about = openapi("Liên Thông – trục / axis", "1", "Máy chủ bảo mật gọi các địa chỉ này. Gateways call these.")
    guard = Guard(config.admission, Callers(axis, behind_proxy=config.wire.behind_proxy), axis.room)
    wire = app.wire(axis, EXCEPTION_HANDLERS, about, openapi_files(), [guard.middleware])
    certificates = {"wire": config.wire.certificate, **log_certificates((config.log, *config.shards))}
    certificates |= {str(each): each for each in config.certificates}
    watched = Watched(
        evidence, config.data, certificates, stamped=bool(config.stamps.url), stand=partial(standing, evidence)
    )
    shown = [*openapi_files(), *described("/wire", wire), metrics(axis.hop, watched), *all_logs(evidence, config)]
    operators = Operators(config.operators)
    shown += [*operators_face(axis.hop, operators), *watching(axis.hop, operators, watched, probes(axis, watched))]
    if axis.doors is not None:
        shown += holding(axis.hop, operators, axis.doors.hold)
    operations = app.operations(axis, EXCEPTION_HANDLERS, about, shown)
    most = config.connections
    return [(wire, listen(config.wire, most)), (operations, listen(config.operations, most))]


def probes(axis: Axis, watched: Watched) -> dict[str, Probe]:
    """What the axis's diagnostics look at."""
    return basic_probes(axis.hop, watched, axis.room)


def all_logs(evidence: Evidence, config: Config) -> list[object]:
    """The routes of every process's log."""
    return [route for shard in range(1 + len(config.shards)) for route in log_routes(evidence, shard)]


def check(config: Config) -> None:
    """Raises `ConfigurationInvalid` unless the wire speaks mutual TLS: gateways show certificates, and so do we.

    Or a proxy does so, who then is the only one that can reach the wire.
    """
    beside = config.wire.socket is not None or config.wire.host in LOOPBACK
    if config.wire.behind_proxy:
        if not beside or config.wire.certificate:
            raise ConfigurationInvalid("wire.behind_proxy: socket | host 127.0.0.1; certificate")
        return
    if config.wire.socket or not (config.wire.certificate and config.wire.key and config.wire.client_ca):
        raise ConfigurationInvalid("wire: certificate, key, client_ca")


def listen(face: Face, connections: Connections) -> Listen:
    """The address of a face as the server wants it."""
    return Listen(face.host, face.port, face.certificate, face.key, face.client_ca, face.socket, connections)


def main() -> int:
    """`python -m lienthong.axis --config axis.toml`."""
    parser = argparse.ArgumentParser(prog="lienthong axis")
    parser.add_argument("--config", type=Path, required=True)
    config: Path = parser.parse_args().config
    return spoken_start(lambda: asyncio.run(run(read_config(config, Config))))


if __name__ == "__main__":
    sys.exit(main())
