"""The operator's console as a real process, and people of it over plain HTTP: signed in, forms with their tokens."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pyotp

from apps_process import surroundings
from lienthong.cli.servers.ports import free_port
from running_country import until

SECRET, PASSWORD = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "mat-khau-mau-dai"
PEOPLE = {"dangky.1": "registration", "dangky.2": "registration", "anninh": "security"}
CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["127.0.0.1"]
behind_proxy = true
roots = ["{root}"]
[registry]
out = "registry.snapshot"
[console]
code_file = "code"
"""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Console:
    """A running console: its folder and address."""

    folder: Path
    url: str
    _people: dict[str, httpx.Client] = field(default_factory=dict)
    _strangers: Iterator[int] = field(default_factory=lambda: count(1))

    def person(self, name: str = "") -> httpx.Client:
        """Somebody with a browser: a stranger, or a sample person signed in with both steps."""
        if name not in self._people:
            self._people[name] = httpx.Client(base_url=self.url, follow_redirects=True, timeout=60)
            if name:
                self.post(name, "/dang-nhap/", username=name, password=PASSWORD)
                self.post(name, "/dang-nhap/ma/", code=pyotp.TOTP(SECRET).now())
        return self._people[name]

    def post(self, who: str, path: str, files: Any = None, **told: str) -> httpx.Response:
        """A form, as its page would send it. Every stranger's comes from an address of its own, told by a proxy."""
        client = self.person(who)
        token = _TOKEN.search(client.get(path).text)
        assert token is not None, path
        headers = {} if who else {"X-Forwarded-For": f"192.0.2.{next(self._strangers)}"}
        return client.post(path, data={"csrfmiddlewaretoken": token[1], **told}, files=files, headers=headers)

    def close(self) -> None:
        """Close every browser."""
        for each in self._people.values():
            each.close()


@contextmanager
def console_process(folder: Path, root: Path, more: str = "") -> Iterator[Console]:
    """Set up, served, the directory begun; `more` goes under `[console]`. Ended on leaving."""
    people = "".join(_person(name, role) for name, role in PEOPLE.items())
    (folder / "apps.toml").write_text(CONFIG.format(root=root) + more + people, "utf-8")
    (folder / "password").write_text(PASSWORD)
    (folder / "totp").write_text(SECRET)
    environment = surroundings(folder)
    command = [sys.executable, "-m", "apps"]
    for word in ("migrate", "seed", "begin_directory"):
        subprocess.run([*command, word, "-v0"], env=environment, check=True, capture_output=True)
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--threads", "4"], env=environment, stdout=log, stderr=log
        )
    made = Console(folder, f"http://127.0.0.1:{port}")
    try:
        until(lambda: _answers(made.url), "the console answers")
        yield made
    finally:
        made.close()
        process.terminate()
        process.wait(20)


def _person(name: str, role: str) -> str:
    files = 'password_file = "password"\ntotp_file = "totp"'
    return f'\n[[console.login]]\nusername = "{name}"\nname = "Người Mẫu – {name}"\nrole = "{role}"\n{files}\n'


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/dang-ky/").status_code == 200
    except httpx.HTTPError:
        return False
