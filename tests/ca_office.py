"""The authority that issues as a real process, with a signed registry, officers and their tokens."""

import asyncio
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex  # noqa: TID251  # nonces of orders
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from ca_house import AUTHORITIES, DIRECTORY, HOUSE, ORIGIN, officer
from ca_process import free_port, real_now
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.ca.authority import Authority, Issued
from lienthong.ca.config import Config
from lienthong.ca.delegation.model import CENTRE, Duty
from lienthong.ca.folders import HouseFolder, certify, found_root, install, prepare_issuers
from lienthong.ca.founding import write_first
from lienthong.ca.registers import Change
from lienthong.ca.requests import registry
from lienthong.registry.signing import sign as sign_snapshot
from lienthong.testing.pki import key_pair


@dataclass
class OfficeProcess:
    """A running authority: `url` for everybody, `desk` for officers."""

    folder: Path
    url: str
    desk: str
    people: Any
    process: subprocess.Popen[str]

    def call(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer token-{who}"} if who else {}
        content = json.dumps(body) if body is not None else more.pop("content", None)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return httpx.request(method, f"{self.desk}{path}", headers=headers, content=content, timeout=30, **more)

    def order(self, who: str, case: str, act: str) -> httpx.Response:
        params = {"act": act, "nonce": token_hex(16)}
        told = b64decode(self.call(who, "GET", f"/v1/cases/{case}/statement", params=params).json()["statement"])
        value = self.people[who].key.sign(told, ec.ECDSA(SHA256()))
        body = {"statement": b64encode(told).decode(), "signature": b64encode(value).decode()}
        return self.call(who, "POST", f"/v1/cases/{case}/orders", body)


def people() -> dict[str, Any]:
    """Officers whose certificates are in force at the real time."""
    rows = [
        ("lan", "ra-h29", (Duty.REQUEST, Duty.DELIVER, Duty.LOOK)),
        ("hoa", "ra-h29", (Duty.EXAMINE,)),
        ("bo", "ra-g09", (Duty.REQUEST,)),
        ("trung", CENTRE, (Duty.APPROVE,)),
        ("noi", CENTRE, (Duty.REQUEST,)),
        ("uong", CENTRE, (Duty.EXAMINE,)),
        ("kiem", CENTRE, (Duty.AUDIT,)),
        ("quan", CENTRE, (Duty.ADMINISTER,)),
        ("tri", CENTRE, (Duty.ADMINISTER,)),
    ]
    return {name: officer(name, authority, *duties) for name, authority, duties in rows}


def prepared(folder: Path, port: int, desk: int, extra: str = "") -> dict[str, Any]:
    """Everything on disk that the process needs."""
    now, url = real_now(), f"http://127.0.0.1:{port}"
    root, parts = found_root(folder / "root", HOUSE, now, need=2, of=3)
    prepare_issuers(folder / "ca", HOUSE, url)
    certify(root, parts[:2], folder / "ca" / "issuers", url, now)
    install(folder / "ca", folder / "root" / "root.pem", folder / "root" / "root.crl", ORIGIN, now)
    authority = Authority.found(now)
    signer: Issued = authority.issue(registry(), now)
    snapshot = replace(DIRECTORY.snapshot, issued_at=now, expires_at=now + timedelta(days=7))
    (folder / "registry").write_bytes(sign_snapshot(snapshot, key_pair(signer).seal_signer()))
    (folder / "roots.pem").write_bytes(authority.root_pem)
    (folder / "ca.toml").write_text(
        f'folder = "ca"\n[listen]\nport = {port}\n[office]\ndata = "data"\nregistry = "registry"\n'
        f'registry_roots = "roots.pem"\norigin = "{ORIGIN}"\nanswers = "answers"\nstamp_seconds = 0.5\n[office.listen]\nport = {desk}\n{extra}'
    )
    found = people()
    write_first(Config.load(folder / "ca.toml"), AUTHORITIES, [each.officer for each in found.values()])
    return found


async def _written(place: Path, work: Callable[[Change], None]) -> None:
    async with SqlStore.open(
        place, HouseFolder.load(place.parent / "ca").service("log").note_signer(ORIGIN), SystemClock()
    ) as store:
        await SqlRegisters(store, HOUSE).write(work)


@contextmanager
def office_process(
    folder: Path, extra: str = "", before: Callable[[Change], None] | None = None
) -> Iterator[OfficeProcess]:
    """Founded, started, ready; ended on leaving. `before`: what it remembers from an earlier life."""
    port, desk = free_port(), free_port()
    found = prepared(folder, port, desk, extra)
    if before is not None:
        asyncio.run(_written(folder / "data", before))
    command = [sys.executable, "-m", "lienthong.ca", "--config", str(folder / "ca.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        said = [""]
        while not said[-1].startswith("ca ready"):
            said.append(process.stdout.readline())
            assert said[-1], f"the process ended before it was ready: {''.join(said)}"
        yield OfficeProcess(folder, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{desk}", found, process)
    finally:
        process.terminate()
        process.communicate(timeout=20)
