"""A built country for measuring: real processes on this machine, and the door to its axis and desks."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.cli.bench.cpu import cpu_seconds
from lienthong.cli.bench.proxied import NGINX, proxied
from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.processes import MODULES, Processes
from lienthong.cli.servers.nginx import Nginx
from lienthong.cli.servers.postgres import Postgres
from lienthong.errors import ConfigurationInvalid, Unavailable

STORES = ("sqlite", "postgresql")


def require_store(store: str, known: Sequence[str] = STORES) -> None:
    """ConfigurationInvalid for a store that is not there (yet)."""
    if store not in known:
        raise ConfigurationInvalid(
            f"--store {store}: chưa có, chỉ đo được trên {', '.join(known)} / not there, only {', '.join(known)}"
        )


@dataclass
class _Sampled(Processes):
    """The demo's processes, one of them started under the sampler."""

    sampled: str = ""
    into: Path | None = None

    def _command(self, name: str) -> list[str]:
        if name != self.sampled or self.into is None:
            return super()._command(name)
        config = self.place.folder / f"{name}.toml"
        return [sys.executable, "-m", "lienthong.cli.bench.sampler", str(self.into), MODULES[name], str(config)]


@dataclass(frozen=True, slots=True)
class Running:
    """A country whose processes answer."""

    place: Place
    processes: Processes
    server: Postgres | None = None
    proxy: Nginx | None = None

    def pids(self, name: str) -> tuple[int, ...]:
        """The processes of a name: one of a hop, several of nginx."""
        return self.proxy.pids if name == NGINX and self.proxy else (self.processes.pid(name),)

    def growth(self, hop: str) -> "Growth":
        """How far a hop's log has grown."""
        ((leaves, batches),) = self.ask(hop, "SELECT (SELECT count(*) FROM leaf), (SELECT count(*) FROM checkpoint)")
        return Growth(leaves, batches)

    def ask(self, hop: str, question: str) -> list[Any]:
        """Rows of a hop's own store, read beside the running process."""
        if self.server is not None:
            return self.server.ask(question, database=hop)
        path = self.place.folder / hop / "data" / "hop.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()

    def cpu(self, *names: str) -> float:
        """Processor seconds these processes have taken so far."""
        return cpu_seconds(self.processes.pid(name) for name in names)


@contextmanager
def running(
    names: Sequence[str],
    folder: Path | None = None,
    profile: tuple[str, Path] | None = None,
    store: str = "sqlite",
    proxy: Path | None = None,
) -> Iterator[Running]:
    """A fresh country with these processes answering; stopped and removed at the end.

    `profile` names a process and the file that tells where its time went. On `postgresql` every hop has a database of
    its own in one durable server that is started for it. `proxy`: nginx, by the sites in that folder, before the axis.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="lienthong-bench-", dir=folder) as home,
        Postgres.running() if store == "postgresql" else nullcontext() as server,
    ):
        place = build(Path(home))
        _unmetered(place)
        if server is not None:
            _settle(place, server, names)
        sampled, into = profile or ("", None)
        processes = _Sampled(place, sampled=sampled, into=into.absolute() if into else None)
        with proxied(place, proxy) if proxy else nullcontext() as before:
            try:
                for name in names:
                    processes.launch(name)
                for name in names:
                    processes.await_ready(name)
                yield Running(place, processes, server, before)
            finally:
                processes.stop()


def _unmetered(place: Place) -> None:
    """No fixed rate for the one agency whose desk speaks for a country: its gateway is measured, not its limit."""
    for path in place.folder.glob("gw-*.toml"):
        with path.open("a", encoding="utf-8") as settings:
            settings.write("\n[admission]\nrate = 0.0\n")


def _settle(place: Place, server: Postgres, names: Sequence[str]) -> None:
    for hop in names:
        if hop != "ca":
            with (place.folder / f"{hop}.toml").open("a", encoding="utf-8") as settings:
                settings.write(f"\n[store]\nurl = {json.dumps(server.new_database(hop))}\n")


def child(module: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Run a load generator of ours in its own process; returns what it found. Unavailable with its last words."""
    ran = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", f"lienthong.cli.bench.{module}"],
        input=json.dumps(spec).encode(),
        capture_output=True,
        check=False,
    )
    if ran.returncode:
        raise Unavailable(f"{module}: {ran.stderr.decode(errors='replace')[-800:]}")
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """How far a hop's log has grown: leaves and signed checkpoints, each of which closed one batch."""

    leaves: int
    batches: int

    def since(self, before: "Growth") -> float:
        """Leaves a batch, on average; at least one."""
        return max((self.leaves - before.leaves) / max(self.batches - before.batches, 1), 1.0)


def settle_disk() -> None:
    """Write out what others left dirty, so that the next barrier does not pay for it."""
    os.sync()
