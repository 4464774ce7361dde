"""A PostgreSQL of our own for a while: made, stopped, killed without mercy, started again, followed by a standby.

    with Postgres.running() as server:
        SqlStore.open(server.url, …)

It listens on the loopback address alone, asks for a password (kept in a `pgpass` file the URL names), and runs as an
unprivileged user when we are root, as PostgreSQL demands.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg

from lienthong.cli.servers.ports import free_port
from lienthong.cli.servers.processes import children, vanished
from lienthong.cli.servers.programs import postgres_programs, unprivileged
from lienthong.errors import ConfigurationInvalid, Unavailable

NAME = "lienthong"
PATIENCE = 120.0
"""Seconds a server may take to answer or to end, on a busy machine."""

_SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "64MB"}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_STANDBY = "standby"


@dataclass
class Postgres:
    """One server in a folder. Statements of the operator go through `ask`."""

    folder: Path
    durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------ making

    @classmethod
    @contextmanager
    def running(
        cls, folder: Path | None = None, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> Iterator[Self]:
        """A new server until the block ends; without a folder, in one that is thrown away with it.

        `durable=False` trades safety at a crash of the machine or the server for speed: only where nothing is killed.
        ConfigurationInvalid when programs are missing or the folder cannot be reached by the server's user.
        """
        home = folder or Path(tempfile.mkdtemp(prefix="lienthong-postgres-"))
        server = cls(home, durable, settings or {})
        try:
            server.make()
            server.start()
            server.ask(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8'", database="postgres")
            yield server
        finally:
            server.stop(now=True)
            if folder is None:
                shutil.rmtree(home, ignore_errors=True)

    def make(self) -> None:
        """`initdb`: an empty cluster whose only user is ours."""
        self._take_folder()
        word = secrets.token_hex(16)
        self._private("word", word)
        self._private("pgpass", f"*:*:*:*:{word}\n")
        words = ["--auth=scram-sha-256", f"--pwfile={self.folder / 'word'}", "--encoding=UTF8", "--locale=C"]
        self._run("initdb", "-D", str(self.data), "-U", NAME, "--no-sync", *words)

    def _take_folder(self) -> None:
        """The server's user must reach and own the folder, and nobody else look into it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if user := unprivileged():
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            if closed := [folder for folder in self.folder.resolve().parents if not folder.stat().st_mode & 0o001]:
                raise ConfigurationInvalid(f"{closed[-1]}: {user.pw_name} không vào được / cannot enter")

    def _private(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text, "ascii")
        if user := unprivileged():
            os.chown(path, user.pw_uid, user.pw_gid)

    # ------------------------------------------------------------ running

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def url(self) -> str:
        """Where our database is; no secret in it."""
        return self.url_of(NAME)

    def url_of(self, database: str, *others: "Postgres") -> str:
        """The same for another database, or for several servers of which one can be written to."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self, *others))
        words = f"passfile={self.folder / 'pgpass'}" + ("&target_session_attrs=read-write" if others else "")
        return f"postgresql://{NAME}@{hosts}/{database}?{words}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        told = _SETTINGS | ({} if self.durable else _CARELESS) | dict(self.settings) | {"port": str(self.port)}
        words = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as output:
            self._server = subprocess.Popen(  # noqa: S603  a program of the system's, found by us
                [postgres_programs() / "postgres", "-D", self.data, *words],
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self._as_user(),
            )
        self.await_answer()

    def await_answer(self) -> None:
        """Wait until it takes connections. Unavailable, with its last words, if it ends or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not self.alive():
                break
            with suppress(psycopg.OperationalError):
                self.ask("SELECT 1", database="postgres")
                return
            time.sleep(0.05)
        raise Unavailable(f"PostgreSQL: {self.last_words()}")

    def alive(self) -> bool:
        """Whether the server we started still runs."""
        return self._server is not None and self._server.poll() is None

    def stop(self, *, now: bool = False) -> None:
        """End it in good order: sessions are cut, what is committed stays. `now`: without a last checkpoint."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT if now else signal.SIGINT)
            try:
                self._server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL to the server and every process of its, as a fall of the machine would; returns once all are gone."""
        if self._server is not None:
            brood = children(self._server.pid)
            for each in (self._server.pid, *brood):
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            self._server.wait()
            vanished(brood, PATIENCE)

    def restart(self) -> None:
        """Stop unless it is dead, and start again on the same port."""
        self.stop()
        self.start()

    # ------------------------------------------------------------ a second one

    @contextmanager
    def standby(self, folder: Path | None = None) -> Iterator["Postgres"]:
        """A synchronous standby: from now on a commit is answered only once it is on both disks.

        Ends with the block; `promote` makes it the one that is written to.
        """
        home = folder or Path(tempfile.mkdtemp(prefix="lienthong-standby-"))
        second = Postgres(home, self.durable, self.settings)
        try:
            second._copy(self)
            second.start()
            self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{_STANDBY}'")
            self.ask("SELECT pg_reload_conf()")
            self._await_standby()
            yield second
        finally:
            if self.alive():
                self._wait_for_nobody()
            second.stop(now=True)
            if folder is None:
                shutil.rmtree(home, ignore_errors=True)

    def _copy(self, first: "Postgres") -> None:
        self._take_folder()
        self._private("pgpass", (first.folder / "pgpass").read_text("ascii"))
        source = f"host=127.0.0.1 port={first.port} user={NAME} passfile={self.folder / 'pgpass'}"
        source += f" application_name={_STANDBY}"
        self._run("pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", source)

    def _await_standby(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
                return
            time.sleep(0.05)
        raise Unavailable(f"PostgreSQL: {self.last_words()}")

    def promote(self) -> None:
        """Make a standby the one that is written to; returns once it is. It waits for no standby of its own."""
        self.ask("SELECT pg_promote(true, 60)")
        self._wait_for_nobody()

    def _wait_for_nobody(self) -> None:
        self.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.ask("SELECT pg_reload_conf()")

    # ------------------------------------------------------------ asking

    def ask(self, statement: str, *values: object, database: str = NAME) -> list[Any]:
        """Run one statement outside of a transaction; its rows, if it has any. psycopg's errors."""
        with psycopg.connect(self.url_of(database), autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, name: str) -> str:
        """Make an empty database; its URL."""
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE template0', database="postgres")
        return self.url_of(name)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", errors="replace")[-1500:] if self.log.exists() else ""

    def _as_user(self) -> dict[str, Any]:
        user = unprivileged()
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return {**who, "cwd": "/", "env": {**os.environ, "LC_ALL": "C.UTF-8"}}

    def _run(self, program: str, *words: str) -> None:
        """Run one of its programs to the end."""
        done = subprocess.run(  # noqa: S603  a program of the system's, found by us
            [postgres_programs() / program, *words], capture_output=True, check=False, **self._as_user()
        )
        if done.returncode:
            raise ConfigurationInvalid(f"{program}: {done.stderr.decode(errors='replace')[-1500:]}")
