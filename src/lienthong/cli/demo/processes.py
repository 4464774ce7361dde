"""The demo's processes: started, watched, killed without mercy, started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import GATEWAYS
from lienthong.errors import Unavailable

PATIENCE = 60.0
"""Seconds a process may take to answer."""

MODULES = {"ca": "lienthong.ca", "axis": "lienthong.axis"} | {
    gateway.id: "lienthong.gateway" for gateway in GATEWAYS if gateway.runs
}
READY = {"ca": ("ca", "/health"), "axis": ("axis-ops", "/health/ready")} | {
    gateway.id: (f"{gateway.id}-ops", "/health/ready") for gateway in GATEWAYS if gateway.runs
}


@dataclass
class Processes:
    """The country's processes, by name. Each has its own log file and its own process group."""

    place: Place
    web: bool = False
    _running: dict[str, subprocess.Popen[Any]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Every process of the country, in the order they start."""
        return [*MODULES, *(["web", "work"] if self.web else []), *(["issuing"] if self.issuing else [])]

    @property
    def issuing(self) -> bool:
        """Whether the country has an authority with officers (`demo.issuing`)."""
        return (self.place.folder / "issuing.toml").exists()

    def start(self) -> None:
        """Start all and wait until each answers. Unavailable also where they run already, for another terminal."""
        for name in MODULES:
            self._require_quiet(name)
        for name in MODULES:
            self.launch(name)
        for name in MODULES:
            self.await_ready(name)
        if self.issuing:
            self.launch("issuing")
            self._await("issuing", self.place.url("issuing") + "/ca/root.pem")
        if self.web:
            self._start_web()

    def _start_web(self) -> None:
        for word in ("migrate", "seed"):
            self.run_web(word)
        self.launch("web")
        self.run_web("begin_directory")  # a console whose directory is empty shows nobody what it does
        self._await("web", self.place.url("web") + "/")
        self.launch("work")

    def launch(self, name: str) -> None:
        """Start one process; its output goes to its log."""
        log = self.place.folder / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as output:
            self._running[name] = subprocess.Popen(  # noqa: S603  our own modules
                self._command(name), stdout=output, stderr=output, start_new_session=True, env=self._environment()
            )

    def _command(self, name: str) -> list[str]:
        if name == "web":
            return [sys.executable, "-m", "apps", "serve", "--port", str(self.place.ports["web"])]
        if name == "work":
            return [sys.executable, "-m", "apps", "work"]
        config = self.place.folder / f"{name}.toml"
        return [
            sys.executable,
            "-m",
            MODULES["ca" if name == "issuing" else name.removesuffix("-2")],
            "--config",
            str(config),
        ]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "LIENTHONG_APPS_CONFIG": str(self.place.folder / "web.toml")}

    def run_web(self, *words: str) -> None:
        """One command of the site."""
        subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", "apps", *words], check=True, env=self._environment(), stdout=subprocess.DEVNULL
        )

    def tell_web(self, *words: str) -> Iterator[str]:
        """One command of the site, line by line as it speaks. Unavailable, with its last words, when it fails."""
        log = self.place.folder / "logs" / f"{words[0]}.log"
        with log.open("wb") as trouble, subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "apps", *words],
            stdout=subprocess.PIPE, stderr=trouble, text=True, env=self._environment(), start_new_session=True,
        ) as process:  # fmt: skip
            self._running[words[0]] = process
            yield from (line.strip() for line in process.stdout or ())
        if process.returncode:
            raise Unavailable(f"{words[0]}: {self._last_words(words[0])}")

    def await_ready(self, name: str) -> None:
        """Wait until a process can work."""
        face, path = READY.get(name) or (f"{name}-ops", "/health/ready")  # the second of a pair
        self._await(name, self.place.url(face) + path)

    def _require_quiet(self, name: str) -> None:
        """What another run started must not be taken for ours: it ends with that run."""
        face, _ = READY[name]
        with suppress(httpx.HTTPError):
            httpx.get(self.place.url(face) + "/", timeout=2)
            raise Unavailable(f"{self.place.folder}: {name} đang chạy ở nơi khác / runs already, elsewhere")

    def _await(self, name: str, url: str) -> None:
        deadline = time.monotonic() + PATIENCE
        with httpx.Client(timeout=2) as visitor:
            while time.monotonic() < deadline:
                if self._running[name].poll() is not None:
                    raise Unavailable(f"{name}: đã dừng / stopped; {self._last_words(name)}")
                with suppress(httpx.HTTPError):
                    if visitor.get(url).status_code < 400:
                        return
                time.sleep(0.1)
        raise Unavailable(f"{name}: {url}; {self._last_words(name)}")

    def _last_words(self, name: str) -> str:
        log: Path = self.place.folder / "logs" / f"{name}.log"
        return log.read_text("utf-8", errors="replace")[-800:]

    def kill(self, name: str) -> None:
        """SIGKILL: no goodbye, no flush."""
        process = self._running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self, name: str) -> int:
        """Ask it to stop, as an operator does, and wait for its end; its exit status."""
        process = self._running[name]
        process.send_signal(signal.SIGTERM)
        return process.wait(PATIENCE)

    def restart(self, name: str) -> None:
        """Start a killed process again and wait until it answers."""
        self.launch(name)
        self.await_ready(name)

    def alive(self, name: str) -> bool:
        """Whether it runs."""
        return name in self._running and self._running[name].poll() is None

    def pid(self, name: str) -> int:
        """The number of a process that was started."""
        return self._running[name].pid

    def stop(self) -> None:
        """Ask all to stop, then make them."""
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
