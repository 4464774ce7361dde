"""Where an agency's desk is: `desks.json` names each agency's gateway, token file and root certificate.

`{"H29": {"url": "https://…", "token_file": "tokens/H29", "ca": "root.pem"}}`, paths beside the file. It is the one
given by `--desks`, else by `LIENTHONG_DESKS`, else `./var/demo/desks.json` (what the demo leaves), else
`~/.config/lienthong/desks.json`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import httpx
import msgspec
import typer
from cryptography import x509

from lienthong.adapters.files import read_secret
from lienthong.client import Desk
from lienthong.client.model import Watch
from lienthong.document import OrganisationCode
from lienthong.errors import ConfigurationInvalid, DeskUnknown, InvalidValue

VARIABLE = "LIENTHONG_DESKS"
AGENCY_VARIABLE = "LIENTHONG_AS"
DEMO = Path("var/demo/desks.json")

AsCode = Annotated[
    str,
    typer.Option("--as", metavar="CODE", envvar=AGENCY_VARIABLE, help="Làm việc thay cơ quan nào / on whose behalf"),
]
DesksFile = Annotated[
    Path | None, typer.Option("--desks", metavar="FILE", help="Tệp desks.json / where agencies' gateways are")
]
AsJson = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON / print one JSON object")]


class _Row(msgspec.Struct):
    url: str
    token_file: str
    ca: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One agency's gateway as this machine knows it."""

    code: str
    url: str
    token_file: Path
    ca: Path | None

    def token(self) -> str:
        """The access token. ConfigurationInvalid if the file is missing, empty, or others may read it."""
        token = read_secret(self.token_file).decode("utf-8", "replace").strip()
        if not token or not token.isascii() or not token.isprintable():
            raise ConfigurationInvalid(f"{self.token_file}: không phải mã truy cập / no access token")
        return token

    def roots(self) -> list[x509.Certificate]:
        """The root certificates trusted for this gateway; none when the machine's own are. ConfigurationInvalid."""
        if self.ca is None:
            return []
        try:
            found = x509.load_pem_x509_certificates(self.ca.read_bytes())
        except OSError as error:
            raise ConfigurationInvalid(f"{self.ca}: {error.strerror}") from error
        except ValueError as error:
            raise ConfigurationInvalid(f"{self.ca}: không phải chứng thư PEM / no PEM certificate") from error
        return found


def open_desk(code: str, desks: Path | None, watch: Watch | None = None) -> Desk:
    """The desk of an agency. Raises `DeskUnknown`, `ConfigurationInvalid`."""
    return connect(place_of(code, desks), watch)


def connect(place: Place, watch: Watch | None = None) -> Desk:
    """The desk of a place. Raises `ConfigurationInvalid`."""
    token = place.token()
    place.roots()  # said in words before TLS stumbles over it
    return Desk(place.url, token, place.ca, watch) if watch else Desk(place.url, token, place.ca)


def place_of(code: str, desks: Path | None) -> Place:
    """One agency's row; without a code the only one there is. Raises `DeskUnknown`, `InvalidValue`."""
    file, places = read_desks(desks)
    known = ", ".join(places)
    if not code and len(places) == 1:
        return next(iter(places.values()))
    if not code:
        raise DeskUnknown(f"--as: {known}")
    wanted = str(OrganisationCode.parse(code))
    if wanted not in places:
        raise DeskUnknown(f"{wanted}: không có trong / not in {file} ({known})")
    return places[wanted]


def read_desks(desks: Path | None) -> tuple[Path, Mapping[str, Place]]:
    """The file in force and its agencies by code. Raises `DeskUnknown`."""
    file = _found(desks)
    try:
        rows = msgspec.json.decode(file.read_bytes(), type=dict[str, _Row])
        places = [_place(file.parent, code, row) for code, row in rows.items()]
    except OSError as error:
        raise DeskUnknown(f"{file}: {error.strerror}") from error
    except (msgspec.DecodeError, InvalidValue, UnicodeDecodeError) as error:
        raise DeskUnknown(f"{file}: {error}") from error
    return file, {place.code: place for place in places}


def _found(desks: Path | None) -> Path:
    if desks is not None:
        return desks
    if named := os.environ.get(VARIABLE):
        return Path(named)
    own = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "lienthong" / "desks.json"
    for usual in (DEMO, own):
        if usual.is_file():
            return usual
    raise DeskUnknown(f"{DEMO}, {own}: không có / not there; --desks, {VARIABLE}")


def _place(base: Path, code: str, row: _Row) -> Place:
    check_url(row.url)
    ca = base / row.ca if row.ca else None
    return Place(str(OrganisationCode.parse(code)), row.url.rstrip("/"), base / row.token_file, ca)


def check_url(url: str) -> None:
    """A token goes over TLS, or stays on this machine. Raises `InvalidValue`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InvalidValue(f"url: {url}") from error
    if not parsed.host or parsed.scheme not in {"https", "http"}:
        raise InvalidValue(f"url: {url}")
    if parsed.scheme == "http" and not _here(parsed.host):
        raise InvalidValue(f"url: {url}: phải là https / must be https")


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
