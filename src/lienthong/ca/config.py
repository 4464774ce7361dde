"""The CA process's configuration: one TOML file, one frozen value.

    folder = "var/ca"            # where create_authority put the keys
    passphrase_file = "…"        # only if they are encrypted
    policy = "2.25.…"            # of the time stamps; optional

    [listen]
    host = "127.0.0.1"
    port = 8320
    certificate = "server.pem"   # with key: HTTPS; tokens and lists are signed, so HTTP is the custom
    key = "server.key"

    [office]                     # only for an authority that issues, founded by a ceremony
    …

Relative paths are relative to the file.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from lienthong.ca.house import POLICY as CERTIFICATE_POLICY
from lienthong.ca.tsa import POLICY
from lienthong.errors import ConfigurationInvalid

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the process answers."""

    host: str = "127.0.0.1"
    port: int = 8320
    certificate: Path | None = None
    key: Path | None = None


class OfficeListening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where officers' programs call; with `client_ca` they must show a certificate of it."""

    host: str = "127.0.0.1"
    port: int = 8321
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None


class Acme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where machines ask by ACME. `url`: the base clients reach it at; `http_port`: where hosts show their answers."""

    url: str
    host: str = "127.0.0.1"
    port: int = 8322
    certificate: Path | None = None
    key: Path | None = None
    http_port: int = 80


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The authority that issues: its memory, the registry it takes names from, its officers' face."""

    data: Path
    registry: Path
    registry_roots: Path
    origin: str
    store: str = ""
    answers: Path | None = None
    presign_hours: float = 6.0
    stamp_seconds: float = 60.0
    policy: str = CERTIFICATE_POLICY
    holidays: tuple[str, ...] = ()
    letter_roots: tuple[Path, ...] = ()
    mail: str = ""
    mail_password_file: Path | None = None
    mail_from: str = ""
    mail_ca_file: Path | None = None
    mail_link: str = ""
    listen: OfficeListening = OfficeListening()
    acme: Acme | None = None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All the CA process is told."""

    folder: Path
    passphrase_file: Path | None = None
    policy: str = POLICY
    listen: Listening = Listening()
    office: Office | None = None

    @classmethod
    def load(cls, path: Path) -> "Config":
        """ConfigurationInvalid names the field that is wrong."""
        try:
            values = tomllib.loads(path.read_text("utf-8"))
            config = msgspec.convert(values, cls, dec_hook=_path_beside(path.parent))
        except OSError as error:
            raise ConfigurationInvalid(f"{path}: {error.strerror}") from error
        except (ValueError, msgspec.MsgspecError) as error:  # TOML's and UTF-8's errors are ValueErrors
            raise ConfigurationInvalid(f"{path}: {error}") from error
        config.require_sense(path)
        return config

    def require_sense(self, path: Path) -> None:
        """ConfigurationInvalid for combinations that mean nothing."""
        if (self.listen.certificate is None) != (self.listen.key is None):
            raise ConfigurationInvalid(f"{path}: listen.certificate and listen.key come together")
        if not 1 <= self.listen.port <= 0xFFFF:
            raise ConfigurationInvalid(f"{path}: listen.port")
        if not _OID.fullmatch(self.policy):
            raise ConfigurationInvalid(f"{path}: policy is not an object identifier")


def _path_beside(base: Path) -> Callable[[type, Any], Any]:
    def convert(kind: type, value: Any) -> Any:
        if kind is not Path or not isinstance(value, str):
            raise TypeError(f"{kind.__name__} expected")
        return base / value

    return convert
