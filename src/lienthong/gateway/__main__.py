"""Start a gateway: read the settings, wire the adapters, serve until asked to stop."""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp

from lienthong.adapters.asking import Sources
from lienthong.adapters.bootstrap import (
    Job,
    background,
    configure_logging,
    read_config,
    root_certificates,
    spoken_start,
)
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.files import read_secret
from lienthong.adapters.form_looker import FormLooker
from lienthong.adapters.guard import Guard
from lienthong.adapters.hooks import calling
from lienthong.adapters.http import EXCEPTION_HANDLERS, Connections, Listen, described, openapi, openapi_files, serve
from lienthong.adapters.identity import Caller
from lienthong.adapters.keyring import Calling, KeyRing
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.knocking import PATH as KNOCKS
from lienthong.adapters.knocking import callback_routes
from lienthong.adapters.lasting_face import lasting_routes
from lienthong.adapters.logface import Evidence, log_routes
from lienthong.adapters.metrics import Watched, metrics, standing
from lienthong.adapters.object_settings import open_objects
from lienthong.adapters.operations import operations as operators_face
from lienthong.adapters.operations import order_of, who_is
from lienthong.adapters.operations_watching import Probe, basic_probes, watching
from lienthong.adapters.operators import Operators
from lienthong.adapters.reconciling import reconciling
from lienthong.adapters.registry import RegistryFiles
from lienthong.adapters.retention import KEEPING_PAUSE, keeping
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.space import Space
from lienthong.adapters.spans import collected
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.hooks import SqlHooks
from lienthong.adapters.sql.known import SqlKnown
from lienthong.adapters.sql.lasting import SqlLedger
from lienthong.adapters.sql.proofs import SqlProofs
from lienthong.adapters.sql.sessions import SqlSessions
from lienthong.adapters.store_settings import Memory, log_certificates, open_memory
from lienthong.adapters.supervised import heartbeat, ready
from lienthong.adapters.tenants import TenantFolder, seals
from lienthong.adapters.timestamps import TsaClient
from lienthong.adapters.tracing import trace_id
from lienthong.adapters.trust import read_trust, version_of
from lienthong.adapters.wire import AxisWire, tls_context
from lienthong.delivery import AXIS, Hop, Terms
from lienthong.delivery.whereabouts import Informer
from lienthong.gateway import app, tenancy, workers
from lienthong.gateway.allowance import rate_of
from lienthong.gateway.basis import Court
from lienthong.gateway.bus import bootstrap as buses
from lienthong.gateway.checking import Checking
from lienthong.gateway.config import Config, Face, Uplink
from lienthong.gateway.desk import Gateway
from lienthong.gateway.doctor import ADDRESS, Doctor
from lienthong.gateway.doctor import routes as diagnosis
from lienthong.gateway.doctor.bootstrap import doctoring
from lienthong.gateway.files import Shelf, listed
from lienthong.gateway.forming import Forms
from lienthong.gateway.hooking import Hooking
from lienthong.gateway.known_files import forgetting, listing
from lienthong.gateway.lasting import Lasting, foresee, gathered, nightly, secure, signed_report
from lienthong.gateway.lasting import standing as proofs_standing
from lienthong.gateway.published import DESCRIPTION, TITLE, VERSION
from lienthong.gateway.routes import Callers
from lienthong.gateway.signing import Signing, knocked
from lienthong.gateway.signing_work import signing_round
from lienthong.gateway.vxp import bootstrap as vxp
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.settings import VxpSettings
from lienthong.registry import Book, thumbprint
from lienthong.signature.judging import Trust, read_policy, shipped
from lienthong.signature.lasting import read_algorithms
from lienthong.signature.lasting import shipped as algorithms

SWEEP = 60.0
"""Seconds between looks for uploads that ran out."""


LISTING_PAUSE = 2.0
"""Seconds until the files of a package are found by their digests."""
FORGETTING_PAUSE = 3600.0
ASKED_FOR = 3.0
"""Seconds an authority has for an answer: a document handed in waits for it."""
RECALLED = 2.0
"""Seconds after which what another process of this gateway learnt of revocation counts here too."""
SECURED = 5.0
"""Seconds between looks for documents whose proof is to be secured."""
FORESEEN = 600.0
"""Seconds between looks whether the night's work on proofs is due."""
OPERATING = f"Người vận hành gọi các địa chỉ này. Operators call these. **[Khám máy chủ · diagnosis]({ADDRESS})**"
OWN = frozenset({"registering", "sweeping", "recalling"}) | vxp.JOBS
"""Jobs that every process of a gateway does; the others one of them does for all."""


async def run(config: Config) -> None:
    """One gateway, until SIGTERM."""
    configure_logging()
    clock, lots = SystemClock(), SystemLots()
    roots = root_certificates(config.roots)
    book = Book(roots, serving=False)
    kept = RegistryFiles(config.data / "registry.snapshot")
    await asyncio.to_thread(kept.load, book, clock.now())
    async with AsyncExitStack() as stack:
        logs = (config.log, *config.shards)
        told = stack.enter_context(collected(config.telemetry, config.name))
        memory = await stack.enter_async_context(open_memory(config.store, config.data, logs, clock, *told))
        objects = open_objects(config.objects, config.data)
        hop = Hop(config.name, memory.ringing, objects, clock, lots, book.directory, roots)
        hop = replace(hop, terms=terms_of(config), freight=config.freight)
        axis = await stack.enter_async_context(uplink(config, clock, lots))
        space = Space(config.data, config.keep_free, time.monotonic)
        tenants = TenantFolder(config.tenants, config.tokens)
        examiner = stack.enter_context(Examiner(Limits(children=config.examiners)))
        outside = await stack.enter_async_context(aiohttp.ClientSession())
        court = judging(config, roots, clock, Sources(outside, frozenset(config.revocation.hosts), ASKED_FOR))
        court.proofs = SqlProofs(memory.store, objects)
        await court.recall()
        checking = checking_service(config, memory.store, examiner, court)
        looker = FormLooker(examiner, checking.report, checking.keep)
        signing = signing_service(config, hop, memory, examiner, court, outside)
        shelf = Shelf()
        lasting = lasting_proofs(config, hop, memory.store, court, checking, shelf, outside)
        gateway = Gateway(
            hop,
            memory.store,
            memory.bell,
            tenants,
            axis,
            shelf,
            room=space.require,
            stand=memory.stand,
            trace=trace_id,
            form=Forms(config.form, looker),
            signing=signing,
            checking=checking,
            lasting=lasting,
            hooking=await stack.enter_async_context(webhooks(config, memory.store)),
        )
        work = jobs(gateway, axis, book, kept, config)
        work |= signature_jobs(gateway, court, looker, config)
        work["keeping"] = (KEEPING_PAUSE, keeping(memory.store, objects, config.retention, clock))
        house = await vxp.open_house(config.vxp, gateway, memory.store) if config.vxp else None
        work |= (vxp.jobs(house) if house else {}) | await buses.jobs(config.bus, gateway, stack)
        pause, fetching = work["fetching"]
        work["fetching"] = (pause, partial(space.spared, fetching))
        shared = {name: (pause, job if name in OWN else memory.duty(job, clock)) for name, (pause, job) in work.items()}
        await stack.enter_async_context(background(shared | heartbeat(), clock))
        leaving = partial(memory.leave, clock, config.drain_seconds)
        doctor = doctoring(gateway, config, axis, court, house)
        await serve(faces(gateway, memory.store, config, axis, house, doctor), ready, leaving)


def terms_of(config: Config) -> Terms:
    """The times this gateway gives a document and whoever has taken one in hand."""
    return Terms(timedelta(seconds=config.time_to_live), lock=timedelta(seconds=config.lock_seconds))


@asynccontextmanager
async def webhooks(config: Config, store: SqlStore) -> AsyncIterator[Hooking | None]:
    """Calling agencies' software, where the settings let this gateway call anybody."""
    async with calling(config.webhooks) as called:
        yield Hooking(SqlHooks(store), *called, config.webhooks.park_after) if called else None


def signature_jobs(gateway: Gateway, court: Court, looker: FormLooker, config: Config) -> dict[str, tuple[float, Job]]:
    """What is done about signatures by itself, each with its pause in seconds."""
    found: dict[str, tuple[float, Job]] = {
        "looking": (0.5, partial(workers.looking, gateway, looker.report)),
        "revoking": (config.revocation.refresh_seconds, court.refresh),
        "feeding": (config.revocation.feed_seconds, court.follow),
        "recalling": (RECALLED, court.recall),
    }
    if gateway.signing is not None:
        found["signing"] = (1.0, partial(signing_round, gateway.signing))
    if gateway.checking is not None:
        found["listing"] = (LISTING_PAUSE, partial(listing, gateway, gateway.checking.known))
        found["forgetting"] = (FORGETTING_PAUSE, partial(forgetting, gateway.hop, gateway.checking.known))
    if gateway.lasting is not None:
        found["securing"] = (SECURED, partial(secure, gateway.lasting, gathered))
        found["foreseeing"] = (FORESEEN, partial(nightly, gateway.lasting))
    return found


def checking_service(config: Config, store: SqlStore, examiner: Examiner, court: Court) -> Checking:
    """What checks signatures, and signs reports with this gateway's own key."""
    key = KeyPair.load(config.axis.key, config.axis.certificate).seal_signer()
    known = SqlKnown(store)
    return Checking(config.name, known, examiner.examining, court.learn_about, court.basis, key, court.now)


def signing_service(
    config: Config, hop: Hop, memory: Memory, examiner: Examiner, court: Court, outside: aiohttp.ClientSession
) -> Signing:
    """What signs documents: the agencies' keys, a time-stamping authority, proofs for signatures that are to last."""
    named = config.signing
    callback = f"{named.callback.rstrip('/')}{KNOCKS}" if named.callback else ""
    learns = bool(config.revocation.hosts or config.revocation.lists)
    return Signing(
        hop,
        SqlSessions(memory.store),
        KeyRing(named.keys, Calling(outside, court.now, callback)),
        memory.bell,
        lambda: court.basis().trusting(),
        TsaClient(named.tsa, outside) if named.tsa else None,
        examiner.examining,
        court.enclosure if learns else None,
    )


def judging(config: Config, roots: tuple[bytes, ...], clock: SystemClock, sources: Sources) -> Court:
    """What signatures inside documents are judged on."""
    named = config.trust
    trust = read_trust(named.anchors) if named.anchors else Trust(version_of(roots), roots)
    rules = read_policy(named.policy_file.read_bytes()) if named.policy_file else shipped(named.policy)
    index = RevocationIndex((*trust.roots, *trust.others), timedelta(hours=config.revocation.stale_hours))
    asked = sources if config.revocation.hosts else None
    told = config.revocation
    return Court(rules, trust, index, clock.now, sources=asked, lists=told.lists, feeds=told.feeds)


def lasting_proofs(
    config: Config,
    hop: Hop,
    store: SqlStore,
    court: Court,
    checking: Checking,
    shelf: Shelf,
    session: aiohttp.ClientSession,
) -> Lasting | None:
    """The service of lasting proofs, where an authority is named."""
    named = config.lasting
    if not named.authorities:
        return None
    table = read_algorithms(named.algorithms.read_bytes()) if named.algorithms else algorithms()
    stampers = {url: TsaClient(url, session) for url in named.authorities}
    files = partial(listed, shelf, hop)
    stated = partial(signed_report, checking.name, checking.key, checking.now)
    return Lasting(hop, SqlLedger(store), court, stampers, named, table, checking.examine, files, stated)


def uplink(config: Config, clock: SystemClock, lots: SystemLots) -> AxisWire:
    """The wire to the axis, with this gateway's certificate and tokens."""
    axis: Uplink = config.axis
    leaf = root_certificates(axis.certificate)[0]
    caller = Caller(config.name, read_secret(axis.key), thumbprint(leaf), AXIS, clock, lots)
    return AxisWire((axis.url, *axis.others), caller, tls_context(config.roots, axis.certificate, axis.key))


def jobs(
    gateway: Gateway,
    axis: AxisWire,
    book: Book,
    kept: RegistryFiles,
    config: Config,
) -> dict[str, tuple[float, Job]]:
    """The workers, each with its pause in seconds; those with 0 pace themselves."""
    hooking = {"hooking": (1.0, partial(workers.hooking, gateway))} if gateway.hooking else {}
    return {
        **hooking,
        "registering": (0.0, partial(workers.registering, gateway, axis, book, kept, config.registry_seconds)),
        "forwarding": (0.0, partial(workers.forwarding, gateway, axis)),
        "listening": (0.0, partial(workers.listening, gateway, axis, workers.Ear(), config.poll_seconds)),
        "fetching": (0.0, partial(workers.fetching, gateway, axis)),
        "carrying": (0.0, partial(workers.carrying, gateway, axis)),
        "hauling": (0.0, partial(workers.hauling, gateway, axis)),
        "sweeping": (SWEEP, partial(workers.sweeping, gateway)),
        "settling": (1.0, partial(workers.settling, gateway, axis)),
        "learning": (0.0, partial(workers.learning, gateway, axis)),
        "telling": (0.0, partial(workers.telling, gateway, axis)),
        "reconciling": (config.reconcile_seconds, partial(reconciling, gateway.hop, axis)),
    }


def faces(
    gateway: Gateway, evidence: SqlStore, config: Config, axis: Informer, house: House | None, doctor: Doctor
) -> list[tuple[object, Listen]]:
    """The desk and the operations face, each with its page; and the VXP face, where there is one."""
    about = openapi(TITLE, VERSION, DESCRIPTION)
    guard = Guard(config.admission, Callers(gateway), gateway.room, bound=partial(rate_of, gateway))
    knocks: list[object] = []
    if gateway.signing is not None:
        woken = partial(knocked, gateway.signing)
        knocks = callback_routes(config.signing.callback_secret, gateway.now, woken)
    desk = app.desk(gateway, EXCEPTION_HANDLERS, about, [*openapi_files(), *knocks], [guard.middleware], house)
    certificates = {"axis": config.axis.certificate, "desk": config.desk.certificate}
    certificates |= log_certificates((config.log, *config.shards))
    certificates |= {str(each): each for each in config.certificates}
    lasting = gateway.lasting
    watched = Watched(
        evidence,
        config.data,
        certificates,
        partial(seals, config.tenants),
        stand=partial(standing, evidence),
        proofs=partial(proofs_standing, lasting) if lasting else None,
    )
    shown = [*openapi_files(), *described("/desk", desk), metrics(gateway.hop, watched), *all_logs(evidence, config)]
    operators, most = Operators(config.operators), config.connections
    looked_at = basic_probes(gateway.hop, watched, gateway.room) | {"axis": reaching(axis)}
    shown += [*operators_face(gateway.hop, operators, axis), *diagnosis(doctor)]
    shown += [*watching(gateway.hop, operators, watched, looked_at)]
    shown += vxp.operators_face(house, operators) if house else []
    looks, orders = partial(who_is, operators, acts=False), partial(order_of, operators)
    shown += tenancy.operations(gateway, looks, orders)
    shown += lasting_routes(operators, partial(foresee, lasting)) if lasting else []
    operations = app.operations(gateway, EXCEPTION_HANDLERS, replace(about, description=OPERATING), shown)
    found: list[tuple[object, Listen]] = [
        (desk, listen(config.desk, most)),
        (operations, listen(config.operations, most)),
    ]
    if house and config.vxp:
        found.append((vxp.face(house, config.vxp, config.admission), listen(config.vxp, most, config.vxp.oldest_tls)))
    return found


def reaching(axis: Informer) -> Probe:
    """Whether the axis answers us, knows our key and takes our clock for right."""

    async def ask() -> None:
        await axis.whereabouts(())

    return ask


def all_logs(evidence: Evidence, config: Config) -> list[object]:
    """The routes of every process's log."""
    return [route for shard in range(1 + len(config.shards)) for route in log_routes(evidence, shard)]


def listen(face: Face | VxpSettings, connections: Connections, oldest_tls: str = "1.3") -> Listen:
    """The address of a face as the server wants it."""
    return Listen(
        face.host,
        face.port,
        face.certificate,
        face.key,
        socket=face.socket,
        connections=connections,
        oldest_tls=oldest_tls,
    )


def main() -> int:
    """`python -m lienthong.gateway --config gateway.toml`."""
    parser = argparse.ArgumentParser(prog="lienthong gateway")
    parser.add_argument("--config", type=Path, required=True)
    config: Path = parser.parse_args().config
    return spoken_start(lambda: asyncio.run(run(read_config(config, Config))))


if __name__ == "__main__":
    sys.exit(main())
