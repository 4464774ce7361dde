"""Real processes: an axis that rewrites its log, a monitor that sees it, a witness that will not sign it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4  # noqa: TID251  # every package another one

import httpx
import pytest

import second_verifier as second
from lienthong.cli.demo.build import current_snapshot
from lienthong.cli.servers.ports import free_port
from running_country import Country, Identity, until

pytestmark = pytest.mark.acceptance
LIENTHONG = [sys.executable, "-m", "lienthong.cli"]


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def copy_store(source: Path, target: Path) -> None:
    """A whole copy of a running store."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("hop.sqlite3*"):
        old.unlink()
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target / "hop.sqlite3")) as here:
        there.backup(here)


@dataclass
class Liar:
    """A second axis with the first one's log key, on a store we put in its place."""

    country: Country
    folder: Path
    witness: tuple[int, str]

    def __post_init__(self) -> None:
        self.ports = {"axis": free_port(), "axis-ops": free_port()}
        self.place = replace(self.country.place, ports=self.country.place.ports | self.ports)
        settings = (self.country.place.folder / "axis.toml").read_text("utf-8")
        settings = settings.replace('data = "axis/data"', f'data = "{self.folder / "data"}"')
        for name, port in self.ports.items():
            settings = settings.replace(f"port = {self.country.place.ports[name]}\n", f"port = {port}\n")
        settings = settings.replace("seconds = 5.0", "seconds = 0.5")
        settings += f'\n[[witnesses]]\nurl = "http://127.0.0.1:{self.witness[0]}"\nkey = "{self.witness[1]}"\n'
        self.config = self.country.place.folder / "axis-noi-doi.toml"
        self.config.write_text(settings, "utf-8")

    @contextmanager
    def running(self) -> Iterator["Liar"]:
        command = [sys.executable, "-m", "lienthong.axis", "--config", str(self.config)]
        with running(command, self.folder / "axis.log"):
            until(self.ready, "the lying axis")
            yield self

    def ready(self) -> bool:
        try:
            return httpx.get(self.place.url("axis-ops") + "/health/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    @property
    def log(self) -> str:
        return self.place.url("axis-ops") + "/log"

    def happens(self) -> None:
        """Something that leaves one leaf in the log."""
        with Identity(self.place, "gw-h27").http as http:
            identity = Identity(self.place, "gw-h27")
            token = identity.token(identity.claims("POST", "/v1/packages", body := uuid4().bytes))
            assert http.post("/v1/packages", content=body, headers={"Authorization": f"Bearer {token}"}).is_error

    def note(self) -> str:
        return httpx.get(f"{self.log}/checkpoint", timeout=30).text


def monitor(country: Country, state: Path, *urls: str, more: tuple[str, ...] = ()) -> tuple[int, list[dict[str, Any]]]:
    place = country.place
    command = [*LIENTHONG, "log", "monitor", *urls, "--state", str(state), "--once", "--json"]
    command += ["--registry", str(place.snapshot), "--root", str(place.root), *more]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode in {0, 1, 2}, ended.stderr
    return ended.returncode, json.loads(ended.stdout)["logs"]


def codes(logs: list[dict[str, Any]]) -> list[list[str]]:
    return [[alarm["code"] for alarm in log["alarms"]] for log in logs]


@pytest.fixture
def witness(country: Country, tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A witness of the axis's log: its port and its verifier key."""
    key, port = tmp_path / "witness.key", free_port()
    command = [*LIENTHONG, "log", "witness-key", "witness.example/w1", "--out", str(key)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    vkey = next(each.vkey for each in current_snapshot(country.place).logs if each.hop == "axis")
    serving = [*LIENTHONG, "log", "witness", "--key", str(key), "--state", str(tmp_path / "seen")]
    with running([*serving, "--log", vkey, "--port", str(port)], tmp_path / "witness.log"):
        yield port, made


def test_honest_logs_of_every_hop(country: Country, tmp_path: Path) -> None:
    """Whole logs of running hops, read by the monitor and by the second verifier."""
    country.identity().submit(uuid4().bytes)
    urls = [country.place.url(face) + "/log" for face in ("axis-ops", "gw-h29-ops")]
    if httpx.get(f"{urls[1]}/checkpoint").status_code == 404:
        urls = urls[:1]  # this gateway has nothing to tell yet
    for _ in range(2):
        status, logs = monitor(country, tmp_path, *urls)
        assert (status, codes(logs)) == (0, [[] for _ in urls])
    keys = {each.origin: second.vkey(each.vkey) for each in current_snapshot(country.place).logs}
    for log in logs:
        audit = second.Audit(keys[log["origin"]]).read(fetcher(log["url"]))
        assert audit.lies == []


def fetcher(url: str) -> second.Fetch:
    def fetch(path: str) -> bytes | None:
        answer = httpx.get(f"{url}/{path}", timeout=30)
        return answer.content if answer.status_code == 200 else None

    return fetch


def test_a_log_that_is_rolled_back_and_rewritten(country: Country, tmp_path: Path, witness: tuple[int, str]) -> None:
    country.identity().submit(uuid4().bytes)
    original = country.place.folder / "axis" / "data" / "hop.sqlite3"
    liar = Liar(country, tmp_path, witness)
    copy_store(original, tmp_path / "data")
    copy_store(tmp_path / "data" / "hop.sqlite3", tmp_path / "earlier")
    key = second.vkey(witness[1])
    with liar.running():
        liar.happens()
        until(lambda: cosigned(liar.note(), key), "the witness's cosignature")
        assert monitor(country, tmp_path / "a", liar.log)[0] == 0
        signed = liar.note()
    copy_store(tmp_path / "earlier" / "hop.sqlite3", tmp_path / "data")
    with liar.running():
        status, logs = monitor(country, tmp_path / "a", liar.log)
        assert (status, codes(logs)) == (1, [["rollback"]])
        liar.happens()
        status, logs = monitor(country, tmp_path / "a", liar.log)
        assert (status, codes(logs)) == (1, [["fork"]])
        [evidence] = [Path(each) for each in logs[0]["evidence"]]
        assert (evidence / "seen.checkpoint").read_text() == signed
        # who never saw the other side is told by a peer
        peer = next((tmp_path / "a").rglob("seen.json"))
        status, logs = monitor(country, tmp_path / "b", liar.log, more=("--peer", str(peer)))
        assert (status, codes(logs)) == (1, [["fork"]])
        until(lambda: "evidence-broken" in (tmp_path / "axis.log").read_text("utf-8"), "the witness's refusal")
        assert not cosigned(liar.note(), key)


def cosigned(note: str, key: second.Key) -> bool:
    try:
        second.open_note(note, key)
    except second.Lie:
        return False
    return True
