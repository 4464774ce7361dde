"""A real nginx for a while, with sites as they are shipped under `deploy/nginx`: for tests and measuring.

site = shipped(Path("deploy/nginx/lienthong-axis.conf"), folder, {"listen 8443": "listen 127.0.0.1:9443"})
with nginx(folder, [site]) as server:
    …
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.servers.processes import children
from lienthong.errors import ConfigurationInvalid

PATIENCE = 30.0
_BESIDE = Path("/usr/sbin/nginx")  # Debian's place, seldom in a user's PATH
_LOGS = "/var/log/nginx/"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True, slots=True)
class Nginx:
    """One that runs: its folder holds its logs and what it would keep of bodies."""

    folder: Path
    pid: int

    @property
    def pids(self) -> tuple[int, ...]:
        """The master and its workers."""
        return (self.pid, *children(self.pid))


def shipped(site: Path, folder: Path, changes: Mapping[str, str]) -> str:
    """A site's text with these places and ports instead. ConfigurationInvalid where one is missing."""
    try:
        text = site.read_text("utf-8")
    except OSError as error:
        raise ConfigurationInvalid(f"{site}: {error.strerror}") from error
    for old, new in changes.items():
        if old not in text:
            raise ConfigurationInvalid(f"{site}: {old}")
        text = text.replace(old, new)
    return text.replace(_LOGS, f"{folder}/")


@contextmanager
def nginx(folder: Path, sites: Iterable[str], connections: int = 512) -> Iterator[Nginx]:
    """Runs in an empty folder of its own; `connections` for each worker. ConfigurationInvalid: missing, refused."""
    program = shutil.which("nginx") or str(_BESIDE)
    if not Path(program).exists():
        raise ConfigurationInvalid("thiếu nginx / nginx is missing: sudo apt-get install nginx-light")
    (folder / "nginx.conf").write_text(_settings(folder, sites, connections), "utf-8")
    words = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if tried.returncode:
        raise ConfigurationInvalid(f"nginx: {tried.stderr[-400:]}")
    server = subprocess.Popen(words, stderr=subprocess.DEVNULL)  # noqa: S603  as above
    try:
        yield Nginx(folder, server.pid)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _settings(folder: Path, sites: Iterable[str], connections: int) -> str:
    """All that Debian's nginx.conf would say, with nothing outside of the folder."""
    user = "user root;\n" if os.geteuid() == 0 else ""
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    return (
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log info;\n"
        f"worker_rlimit_nofile {2 * connections};\n"
        f"events {{ worker_connections {connections}; }}\nhttp {{\n{places}{''.join(sites)}}}\n"
    )
