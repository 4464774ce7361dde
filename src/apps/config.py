"""What the page is told at its start: one TOML file, one frozen value. Secrets are file paths, never values.

    [site]
    secret_key_file = "secret.key"      # made on first start if it is not there
    database = "apps.sqlite3"
    hosts = ["127.0.0.1", "localhost"]
    https = false                       # true: cookies only travel over TLS
    roots = ["root.pem"]                # authorities whose evidence counts as proof
    largest_file = 52428800             # bytes
    plugin = "wss://127.0.0.1:8987"     # the state's signing program on people's own machines; "" turns it off

    [[agency]]
    code = "H29"
    name = "UBND Thành phố Hồ Chí Minh"
    gateway = "https://127.0.0.1:8443"
    token_file = "tokens/H29"
    ca_file = "root.pem"
    takes_in = true                     # false: the agency's own software takes documents from the gateway

    [[agency.login]]
    username = "vanthu.h29"
    password_file = "passwords/vanthu.h29"
    name = "Văn thư Mẫu – UBND Thành phố Hồ Chí Minh"

Paths are read from the folder of the file itself.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Login:
    """A person who may enter, made by `seed`."""

    username: str
    password_file: Path
    name: str
    role: str = "clerk"


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency and the door of its gateway."""

    code: str
    name: str
    gateway: str
    token_file: Path
    ca_file: Path
    takes_in: bool = True
    login: tuple[Login, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What holds for the whole page."""

    secret_key_file: Path
    database: Path
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    https: bool = False
    roots: tuple[Path, ...] = ()
    largest_file: int = 50 * 1024 * 1024
    plugin: str = "wss://127.0.0.1:8987"
    desk: str = "apps.office.desk.gateway_desk"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file."""

    site: Site
    agency: tuple[Agency, ...] = ()

    def of(self, code: str) -> Agency | None:
        """The agency with this code, if the page serves it."""
        return next((agency for agency in self.agency if agency.code == code), None)


def load(path: Path) -> Config:
    """Read the file; raises `InvalidValue` naming the place that is wrong."""

    def place(kind: type, value: Any) -> Any:
        if kind is Path and isinstance(value, str):
            return path.parent / value
        raise NotImplementedError

    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Config, dec_hook=place)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidValue(f"{path.name}: {error}") from error
