"""Hops of the demo's country in pairs: two processes on one PostgreSQL, each with a log of its own and one to spare."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import KeyPair, SoftSigner
from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder
from lienthong.cli.demo.build import FACES, SNAPSHOT_LIFE, Place, current_snapshot, origin
from lienthong.cli.servers.ports import free_ports
from lienthong.evidence import VerifierKey
from lienthong.registry import CertificateEntry, LogKey, Purpose, certificate_entry, publish

SPARE = 2
"""Logs beyond the first: the second process's, and one for whoever replaces a process."""


def twin(hop: str) -> str:
    """The name of a hop's second process."""
    return f"{hop}-2"


def pair_up(place: Place, databases: Mapping[str, str], drain_seconds: float = 1.0) -> Place:
    """Give hops a second process and a database each (URLs by hop), before anything of them runs."""
    rows = [_log(place, hop, number) for hop in databases for number in range(1, SPARE + 1)]
    _publish(place, rows)
    names = [f"{twin(hop)}{face}" for hop in databases for face in FACES if hop + face in place.ports]
    paired = replace(place, ports=place.ports | free_ports(names))
    (place.folder / "ports.json").write_text(json.dumps(paired.ports), "utf-8")
    for hop, url in databases.items():
        _settings(paired, hop, url, drain_seconds)
    if "axis" in databases:
        _tell_gateways(paired)
    for hop in databases:
        text = (place.folder / f"{hop}.toml").read_text("utf-8")
        for face in (each for each in FACES if hop + each in paired.ports):
            old, new = paired.ports[hop + face], paired.ports[twin(hop) + face]
            text = text.replace(f"port = {old}\n", f"port = {new}\n")
        (place.folder / f"{twin(hop)}.toml").write_text(text, "utf-8")
    return paired


def _log(place: Place, hop: str, number: int) -> tuple[CertificateEntry, LogKey]:
    """A further log key of a hop, certified; its rows in the registry."""
    name, folder = f"{origin(hop)}/{number}", place.folder / hop
    authority = AuthorityFolder.load(place.folder / "authority")
    made = authority.issue(requests.log(name), datetime.now(UTC), f"log-{number}", folder)
    signer = KeyPair.load(folder / f"log-{number}.key", folder / f"log-{number}.pem").note_signer(name)
    vkey = str(VerifierKey(name, signer.key.public_key().public_bytes_raw()))
    return certificate_entry(made.certificate, f"log:{hop}", Purpose.LOG), LogKey(name, vkey, hop)


def _publish(place: Place, rows: list[tuple[CertificateEntry, LogKey]]) -> None:
    before, now = current_snapshot(place), datetime.now(UTC)
    after = replace(
        before,
        version=before.version + 1,
        issued_at=now,
        expires_at=now + SNAPSHOT_LIFE,
        previous_digest=before.digest(),
        certificates=(*before.certificates, *(entry for entry, _ in rows)),
        logs=(*before.logs, *(key for _, key in rows)),
    )
    folder = place.folder / "registry"
    write_whole(place.snapshot, publish(after, SoftSigner.load(folder / "registry.key", folder / "registry.pem")))


def _settings(place: Place, hop: str, url: str, drain_seconds: float) -> None:
    shards = "".join(
        f'\n[[shards]]\norigin = "{origin(hop)}/{number}"\nkey = "{hop}/log-{number}.key"\n'
        f'certificate = "{hop}/log-{number}.pem"\n'
        for number in range(1, SPARE + 1)
    )
    path = place.folder / f"{hop}.toml"
    text = path.read_text("utf-8")
    path.write_text(f'drain_seconds = {drain_seconds}\n{text}\n[store]\nurl = "{url}"\n{shards}', "utf-8")


def _tell_gateways(place: Place) -> None:
    """Every gateway knows both processes of the axis."""
    known = f'url = "{place.url("axis")}"\n'
    for path in place.folder.glob("gw-*.toml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(known, f'{known}others = ["{place.url(twin("axis"))}"]\n'), "utf-8")
