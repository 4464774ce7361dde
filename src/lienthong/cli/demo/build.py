"""Build the country on disk: authority, keys, registry, settings of every process, tokens and logins."""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import KeyPair, SoftSigner
from lienthong.adapters.tokens import add_token
from lienthong.ca import requests
from lienthong.ca.authority import Issued
from lienthong.ca.ceremony import AuthorityFolder, create_authority
from lienthong.cli.demo.country import AGENCIES, GATEWAYS, WORKING, Agency, Colleague, DemoGateway
from lienthong.cli.demo.operators import console
from lienthong.cli.servers.ports import free_ports
from lienthong.document import OrganisationCode
from lienthong.evidence import VerifierKey
from lienthong.gateway.ports import Caller
from lienthong.registry import (
    CertificateEntry,
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    Snapshot,
    Status,
    certificate_entry,
    level1_organisations,
    levels,
    peek,
    publish,
)

SNAPSHOT_LIFE = timedelta(days=7)
FACES = ("", "-ops", "-vxp")
"""Of a gateway: behind its name."""
PORTS = (
    *("ca", "axis", "axis-ops", "web", "hooks", "issuing", "issuing-desk"),
    *(f"{gateway.id}{face}" for gateway in GATEWAYS for face in FACES),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the country lies on disk, and the ports of its processes."""

    folder: Path
    ports: dict[str, int]

    @classmethod
    def read(cls, folder: Path) -> "Place":
        """A country that was built before."""
        return cls(folder, json.loads((folder / "ports.json").read_text("utf-8")))

    @property
    def root(self) -> Path:
        """The root certificate, PEM: all that a verifier must trust."""
        return self.folder / "root.pem"

    @property
    def snapshot(self) -> Path:
        """The signed registry, as the axis reads it."""
        return self.folder / "registry.snapshot"

    def url(self, process: str) -> str:
        """The address of a face."""
        scheme = "http" if process.endswith("-ops") or process in {"ca", "web", "issuing", "issuing-desk"} else "https"
        return f"{scheme}://127.0.0.1:{self.ports[process]}"


def build(folder: Path, ports: Mapping[str, int] | None = None) -> Place:
    """A fresh country, at these ports and free ones; what was in the folder is left alone, so give an empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(folder, free_ports(PORTS) | dict(ports or {}))
    _write(folder / "ports.json", json.dumps(place.ports))
    now = datetime.now(UTC)
    authority = create_authority(folder / "authority", now, publish_at=place.url("ca"))
    write_whole(place.root, authority.authority.root_pem)
    keys = _Keys(place, authority, now)
    certificates = [*keys.hop("axis"), *(row for gateway in GATEWAYS for row in keys.hop(gateway.id))]
    certificates += [row for agency in AGENCIES if agency.gateway for row in keys.agency(agency)]
    keys.registry()
    _publish(place, _first_snapshot(place, certificates, now))
    _settings(place)
    return place


# ---------------------------------------------------------------- keys


@dataclass(frozen=True, slots=True)
class _Keys:
    place: Place
    authority: AuthorityFolder
    now: datetime

    def hop(self, hop: str) -> list[CertificateEntry]:
        """The key of a hop and the key of its log."""
        folder = self.place.folder / hop
        own = self._issue(requests.gateway(hop), folder, "hop")
        log = self._issue(requests.log(origin(hop)), folder, "log")
        rows = [certificate_entry(log.certificate, f"log:{hop}", Purpose.LOG)]
        if hop != "axis":  # gateways know the axis by its TLS name alone
            rows.append(certificate_entry(own.certificate, f"gateway:{hop}", Purpose.GATEWAY))
        return rows

    def agency(self, agency: Agency) -> list[CertificateEntry]:
        """The sealing key on its gateway; with people also a leader's and a document seal, logins and tokens."""
        tenant = self.place.folder / agency.gateway / "tenants" / agency.code
        seal = self._issue(requests.package_seal(agency.code, agency.name), tenant, "seal")
        if agency.leader:
            self._people(agency)
        return [certificate_entry(seal.certificate, f"org:{agency.code}", Purpose.PACKAGE_SEAL)]

    def _people(self, agency: Agency) -> None:
        folder = self.place.folder / "keys" / agency.code
        leader = requests.person(agency.leader, organisation=agency.name, locality=agency.place)
        self._issue(leader, folder, "leader")
        self._issue(requests.document_seal(agency.name, locality=agency.place), folder, "seal")
        _enter(self.place, agency)

    def registry(self) -> None:
        """The key that signs the registry."""
        self._issue(requests.registry(), self.place.folder / "registry", "registry")

    def _issue(self, request: requests.Request, folder: Path, stem: str) -> Issued:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.authority.issue(request, self.now, stem, folder)


def _enter(place: Place, agency: Agency) -> None:
    """An access token for the agency's software and a password for each of its people, in files of their own."""
    token = secrets.token_hex(16)
    _write(place.folder / "tokens" / agency.code, token)
    for one in agency.people:
        _write(place.folder / "passwords" / one.login, "mau-" + secrets.token_hex(3))
    add_token(place.folder / agency.gateway / "tokens.json", token, Caller(agency.code, "phần mềm mẫu"))


def origin(hop: str) -> str:
    """The name of a hop's evidence log."""
    return f"lienthong.example/log/{hop}"


# ---------------------------------------------------------------- registry


def _first_snapshot(place: Place, certificates: list[CertificateEntry], now: datetime) -> Snapshot:
    known = {row.code: row for row in level1_organisations()}
    rows = known | {row.code: _merged(known.get(row.code), row) for row in map(_organisation, AGENCIES)}
    return Snapshot(
        version=1,
        issued_at=now,
        expires_at=now + SNAPSHOT_LIFE,
        organisations=tuple(rows.values()),
        levels=tuple(levels()),
        gateways=tuple(map(_gateway, GATEWAYS)),
        representations=tuple(
            Representation(agency.gateway, OrganisationCode(agency.code)) for agency in AGENCIES if agency.gateway
        ),
        certificates=tuple(certificates),
        logs=tuple(LogKey(origin(hop), _vkey(place, hop), hop) for hop in ("axis", *(each.id for each in GATEWAYS))),
    )


def _merged(known: Organisation | None, row: Organisation) -> Organisation:
    """Level-1 rows keep the facts of the shipped data; the demo adds only what is not there."""
    return known if known is not None else row


def _organisation(agency: Agency) -> Organisation:
    return Organisation(
        code=OrganisationCode(agency.code),
        name=agency.name,
        level=agency.level,
        legacy_code=OrganisationCode(agency.legacy) if agency.legacy else None,
        parent=OrganisationCode(agency.parent) if agency.parent else None,
        valid_to=agency.closed,
        status=Status.CLOSED if agency.closed else Status.ACTIVE,
        successors=tuple(OrganisationCode(code) for code in agency.successors),
    )


def _gateway(gateway: DemoGateway) -> Gateway:
    kind = GatewayKind.SHARED if gateway.shared else GatewayKind.DEDICATED
    return Gateway(gateway.id, gateway.name, OrganisationCode(gateway.operator), kind)


def _vkey(place: Place, hop: str) -> str:
    pair = KeyPair.load(place.folder / hop / "log.key", place.folder / hop / "log.pem")
    signer = pair.note_signer(origin(hop))
    return str(VerifierKey(origin(hop), signer.key.public_key().public_bytes_raw()))


def _publish(place: Place, snapshot: Snapshot) -> None:
    folder = place.folder / "registry"
    signer = SoftSigner.load(folder / "registry.key", folder / "registry.pem")
    write_whole(place.snapshot, publish(snapshot, signer))


def current_snapshot(place: Place) -> Snapshot:
    """What is published now."""
    return peek(place.snapshot.read_bytes())


def admit(place: Place, newcomers: Iterable[Agency]) -> int:
    """Register further agencies on running gateways and publish the next version; returns its number."""
    now = datetime.now(UTC)
    before = current_snapshot(place)
    keys = _Keys(place, AuthorityFolder.load(place.folder / "authority"), now)
    known = {row.code for row in before.organisations}
    added = [agency for agency in newcomers if OrganisationCode(agency.code) not in known]
    represented = {row.organisation for row in before.representations}
    speaking = [each for each in newcomers if OrganisationCode(each.code) not in represented]
    certificates = [row for agency in speaking for row in keys.agency(agency)]
    for agency in speaking:
        if not agency.leader:
            _enter(place, agency)
    version = amend(
        place,
        lambda snapshot: replace(
            snapshot,
            organisations=(*before.organisations, *map(_organisation, added)),
            representations=(
                *before.representations,
                *(Representation(agency.gateway, OrganisationCode(agency.code)) for agency in speaking),
            ),
            certificates=(*before.certificates, *certificates),
        ),
    )
    write_desks(place, speaking)
    return version


def amend(place: Place, edit: Callable[[Snapshot], Snapshot]) -> int:
    """Publish the next version of the registry; its number."""
    before, now = current_snapshot(place), datetime.now(UTC)
    after = replace(
        edit(before),
        version=before.version + 1,
        issued_at=now,
        expires_at=now + SNAPSHOT_LIFE,
        previous_digest=before.digest(),
    )
    _publish(place, after)
    return after.version


# ---------------------------------------------------------------- settings of the processes


def _settings(place: Place) -> None:
    _write(place.folder / "ca.toml", _ca(place))
    _write(place.folder / "axis.toml", _axis(place))
    for gateway in GATEWAYS:
        if gateway.runs:
            _write(place.folder / gateway.id / "vxp.key", secrets.token_hex(32))
            _write(place.folder / gateway.id / "webhooks.key", secrets.token_hex(32))
            _write(place.folder / f"{gateway.id}.toml", _gateway_settings(place, gateway))
    _write(place.folder / "web.toml", _web(place))
    write_desks(place, WORKING)


def write_desks(place: Place, agencies: Iterable[Agency]) -> None:
    """Where each agency's desk is, for the command line."""
    path = place.folder / "desks.json"
    rows = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for agency in agencies:
        token = f"tokens/{agency.code}"
        rows[agency.code] = {"url": place.url(agency.gateway), "token_file": token, "ca": "root.pem"}
    _write(path, json.dumps(rows, indent=1))


def _ca(place: Place) -> str:
    return f'folder = "authority"\n\n[listen]\nport = {place.ports["ca"]}\n'


def _axis(place: Place) -> str:
    return f"""data = "axis/data"
operators = "axis/operators.json"
roots = "root.pem"
registry = "registry.snapshot"
sweep_seconds = 0.5

[log]
origin = "{origin("axis")}"
key = "axis/log.key"
certificate = "axis/log.pem"

[wire]
port = {place.ports["axis"]}
certificate = "axis/hop.pem"
key = "axis/hop.key"
client_ca = "root.pem"

[operations]
port = {place.ports["axis-ops"]}

[stamps]
url = "{place.url("ca")}/tsa"
seconds = 5.0
"""


def _gateway_settings(place: Place, gateway: DemoGateway) -> str:
    return f"""name = "{gateway.id}"
data = "{gateway.id}/data"
roots = "root.pem"
tenants = "{gateway.id}/tenants"
tokens = "{gateway.id}/tokens.json"
lock_seconds = 10.0
poll_seconds = 10.0
operators = "{gateway.id}/operators.json"

[log]
origin = "{origin(gateway.id)}"
key = "{gateway.id}/log.key"
certificate = "{gateway.id}/log.pem"

[axis]
url = "{place.url("axis")}"
key = "{gateway.id}/hop.key"
certificate = "{gateway.id}/hop.pem"

[desk]
port = {place.ports[gateway.id]}
certificate = "{gateway.id}/hop.pem"
key = "{gateway.id}/hop.key"

[webhooks]
key = "{gateway.id}/webhooks.key"
hosts = ["127.0.0.1:{place.ports["hooks"]}"]

[operations]
port = {place.ports[gateway.id + "-ops"]}

[vxp]
port = {place.ports[gateway.id + "-vxp"]}
vault = "{gateway.id}/vxp.key"
certificate = "{gateway.id}/hop.pem"
key = "{gateway.id}/hop.key"

[signing]
keys = "keys"
tsa = "{place.url("ca")}/tsa"

[trust]
anchors = ["root.pem", "authority/issuing.pem"]

[revocation]
hosts = ["127.0.0.1:{place.ports["ca"]}"]
lists = ["{place.url("ca")}/crl/issuing.crl", "{place.url("ca")}/crl/root.crl"]
refresh_seconds = 60.0
"""


def _web(place: Place) -> str:
    head = """[site]
secret_key_file = "web/secret.key"
database = "web/apps.sqlite3"
hosts = ["127.0.0.1", "localhost"]
roots = ["root.pem"]
demo = true
"""
    return head + "".join(_web_agency(place, agency) for agency in WORKING) + console(place)


def _web_agency(place: Place, agency: Agency) -> str:
    head = f"""
[[agency]]
code = "{agency.code}"
name = "{agency.name}"
gateway = "{place.url(agency.gateway)}"
token_file = "tokens/{agency.code}"
ca_file = "root.pem"
"""
    return head + "".join(map(_web_login, agency.people))


def _web_login(one: Colleague) -> str:
    return f"""
[[agency.login]]
username = "{one.login}"
password_file = "passwords/{one.login}"
name = "{one.name}"
duty = "{one.duty}"
unit = "{one.unit}"
title = "{one.title}"
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text.encode(), mode=0o600)
