"""A real CA process on a loopback port, for tests that need one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder, create_authority
from lienthong.cli.servers.ports import free_port


@dataclass(frozen=True, slots=True)
class CaProcess:
    home: AuthorityFolder
    url: str
    process: subprocess.Popen[str]

    def stop(self) -> tuple[int, str]:
        """Ask it to end; its exit code and what it said besides the ready line."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=20)
        return self.process.returncode, said


def real_now() -> datetime:
    """The moment the process will see as well."""
    return datetime.now(UTC)  # noqa: TID251  # a real process has a real clock


def _last_words(process: "subprocess.Popen[str]") -> str:
    """What it said after a line that was not the ready one; it is ended, if it has not ended itself."""
    process.terminate()
    said, _ = process.communicate(timeout=20)
    return f"{said}(exit {process.returncode})"


@contextmanager
def ca_process(folder: Path, *, tls: bool = False) -> Iterator[CaProcess]:
    """Found an authority, serve it, wait for its ready line; ended on leaving."""
    now, port = real_now(), free_port()
    url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    home = create_authority(folder / "ca", now, publish_at=url)
    config = f'folder = "ca"\n[listen]\nport = {port}\n'
    if tls:
        home.issue(requests.server("localhost", "127.0.0.1"), now, "server", folder)
        config += 'certificate = "server.pem"\nkey = "server.key"\n'
    (folder / "ca.toml").write_text(config)
    command = [sys.executable, "-m", "lienthong.ca", "--config", str(folder / "ca.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # ours
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said == f"ca ready {url}\n", said + _last_words(process)
        yield CaProcess(home, url, process)
    finally:
        process.kill()
        process.communicate()
