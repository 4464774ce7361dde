"""An office of the apps filled with sample documents, in a process of its own that answers one question at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.errors import Unavailable

AGENCIES = ("H29", "G22", "H01", "H07", "H19", "H23")
_SITE = """[site]
secret_key_file = "secret.key"
database = "office.sqlite3"
hosts = ["testserver"]
desk = "apps.office.filling.alone.desk_for"
"""
_AGENCY = """
[[agency]]
code = "{code}"
name = "Cơ quan Mẫu {code}"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds and statements one page took."""

    ms: float
    queries: int


@dataclass(frozen=True, slots=True)
class FilledOffice:
    """A process that holds a filled office. `questions` by name; true for lists."""

    process: subprocess.Popen[str]
    questions: Mapping[str, bool]

    def ask(self, question: str) -> Answer:
        """Open a page. Unavailable when the process ends."""
        if self.process.stdin is None:
            raise Unavailable(question)
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return Answer(**_line(self.process))


@contextmanager
def filled_office(folder: Path, documents: int, url: str, told: Callable[[int], None]) -> Iterator[FilledOffice]:
    """So many documents in SQLite in the folder, or in the empty database of the URL; `told` hears how many so far."""
    environment = _site(folder, url)
    subprocess.run(_command("migrate", "-v0"), env=environment, check=True)  # noqa: S603  a program of ours
    _fill(environment, documents, told)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(_command("measure"), env=environment, text=True, encoding="utf-8", **pipes)  # type: ignore[call-overload]  # mypy cannot match unpacked pipes  # noqa: S603  a program of ours
    try:
        yield FilledOffice(process, _line(process))
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def _site(folder: Path, url: str) -> dict[str, str]:
    folder.mkdir(parents=True)
    text = _SITE
    if url:
        (folder / "db.url").write_text(url, "utf-8")
        text += 'database_url_file = "db.url"\n'
    (folder / "apps.toml").write_text(text + "".join(_AGENCY.format(code=code) for code in AGENCIES), "utf-8")
    return os.environ | {"LIENTHONG_APPS_CONFIG": str(folder / "apps.toml")}


def _fill(environment: dict[str, str], documents: int, told: Callable[[int], None]) -> None:
    command = _command("fill", "--documents", str(documents))
    with subprocess.Popen(command, env=environment, text=True, encoding="utf-8", stdout=subprocess.PIPE) as filling:  # noqa: S603  a program of ours
        for line in filling.stdout or ():
            told(int(line.partition("/")[0].replace(",", "")))
    if filling.returncode:
        raise Unavailable("fill")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "apps", *words]


def _line(process: subprocess.Popen[str]) -> Any:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise Unavailable("measure")
    return json.loads(line)
