"""What the page is told at its start: one TOML file, one frozen value. Secrets are file paths, never values.

    [site]
    secret_key_file = "secret.key"      # made on first start if it is not there
    database = "apps.sqlite3"
    hosts = ["127.0.0.1", "localhost"]
    https = false                       # true: cookies only travel over TLS
    roots = ["root.pem"]                # authorities whose evidence counts as proof
    largest_file = 52428800             # bytes
    plugin = "wss://127.0.0.1:8987"     # the state's signing program on people's own machines; "" turns it off
    behind_proxy = false                # true: the caller's address is the last of X-Forwarded-For
    database_url_file = "db.url"        # PostgreSQL instead of the file: postgresql://user:secret@host/name
    audit_key_file = "audit.key"        # signs the audit's checkpoints; made on first start
    contents = "contents"               # where files of documents are kept
    recognise = 60                      # pages of a scan whose words tesseract looks for; 0: none of any
    public = "https://office.example"   # the address people use, for links in e-mails
    mail = "smtp://office@mail.example:587"  # notices by e-mail go through this server, with STARTTLS; "" sends none
    mail_password_file = "mail.password"
    mail_from = "office@agency.example"
    demo = false                        # true: a tour through sample offices, for whoever sits at this machine
    audit_origin = "lienthong.example/log/console"

    [[agency]]
    code = "H29"
    name = "UBND Thành phố Hồ Chí Minh"
    gateway = "https://127.0.0.1:8443"
    token_file = "tokens/H29"
    ca_file = "root.pem"
    takes_in = true                     # false: the agency's own software takes documents from the gateway

    [[agency.folder]]                   # scanners write PDF files here; a worker brings them in
    path = "/srv/quet/h29"
    unit = ""                           # the unit whose clerk registers them; the agency itself if not named

    [[agency.mailbox]]                  # documents attached to letters of this mailbox, by IMAP over TLS
    url = "imaps://vanban%40agency.example@mail.example:993"
    password_file = "mailbox.password"
    ca_file = "mail-root.pem"           # who vouches for the server; the machine's authorities if not named
    inbox = "INBOX"
    done = "LienThong-da-nhap"          # where letters go whose documents were taken, made if it is not there
    refused = "LienThong-khong-nhan"    # and those with nothing to take
    every = 60                          # seconds between two looks
    unit = ""

    [[agency.login]]
    username = "vanthu.h29"
    password_file = "passwords/vanthu.h29"
    name = "Văn thư Mẫu – UBND Thành phố Hồ Chí Minh"
    duty = "clerk"                      # the first post: clerk, leader, officer, office-head, administrator …
    unit = "Phòng Tổng hợp"             # the unit of that post, made if it is not there; the agency itself if not named
    title = "Chuyên viên"               # as the post is called; the duty's name if not named

    [console]                           # only where operators of the exchange work
    code_file = "first-run.code"        # opens the wizard of the first run; made on first start

    [[console.hop]]                     # operations faces this console works with; the first is the axis
    name = "axis"
    url = "http://127.0.0.1:8444"
    token_file = "tokens/console-axis"  # of `lienthong axis operator add`
    ca_file = "root.pem"                # for https
    viewer_file = "tokens/viewer-axis"  # a viewer's token, for those who only look; optional

    [console.oidc]                      # sign-in through an identity provider; optional
    issuer = "https://idp.example/realms/nation"
    client_id = "console"
    client_secret_file = "oidc.secret"
    claim = "preferred_username"        # which claim is the user name here

    [console.letters]                   # the gateway that checks applicants' signed letters; optional
    url = "https://127.0.0.1:8443"
    token_file = "tokens/G22"
    ca_file = "root.pem"

    [console.authority]                 # the authority asked for gateways' certificates; optional
    url = "https://ca.example:8446"
    token_file = "tokens/ca"            # of an officer there who may ask; it decides nothing
    ca_file = "root.pem"

    [authority]                         # only where officers of a certificate authority work
    url = "https://ca.example:8321"     # its officers' face
    ca_file = "root.pem"
    certificate = "console.pem"         # with `key`: where it wants callers' certificates; in [console.authority], too
    key = "console.key"
    keys = "officers"                   # for trying out: officers' keys under their pass phrases, <user name>.key

    [registry]                          # only where the directory of organisations is kept
    out = "registry.snapshot"           # what the axis reads
    key = "registry/registry.key"       # the registry's own key; a page without leaves publishing to a worker with it
    certificate = "registry/registry.pem"
    token = "registry.token"            # instead of key and certificate: on a PKCS#11 token
    days = 7                            # how long gateways may rely on a version without the centre

Paths are read from the folder of the file itself.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from lienthong.client.trust import Own, own_of
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Login:
    """A person who may enter, made by `seed`."""

    username: str
    password_file: Path
    name: str
    role: str = "clerk"
    duty: str = "clerk"
    unit: str = ""
    title: str = ""
    totp_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that scanners write into; what comes is for the clerk of `unit`."""

    path: Path
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox whose letters bring documents; looked into `every` so many seconds."""

    url: str
    password_file: Path
    ca_file: Path | None = None
    inbox: str = "INBOX"
    done: str = "LienThong-da-nhap"
    refused: str = "LienThong-khong-nhan"
    every: int = 60
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency and the door of its gateway; `admin_token_file`: what its administrator keeps software with."""

    code: str
    name: str
    gateway: str
    token_file: Path
    ca_file: Path
    takes_in: bool = True
    admin_token_file: Path | None = None
    login: tuple[Login, ...] = ()
    folder: tuple[Folder, ...] = ()
    mailbox: tuple[Mailbox, ...] = ()


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
    reader: str = "lienthong.adapters.reading.Reader"
    behind_proxy: bool = False
    database_url_file: Path | None = None
    audit_key_file: Path = Path("audit.key")
    contents: Path = Path("contents")
    recognise: int = 60
    audit_origin: str = "lienthong.example/log/console"
    public: str = ""
    mail: str = ""
    mail_password_file: Path | None = None
    mail_from: str = ""
    demo: bool = False

    @property
    def shows_samples_to_others(self) -> bool:
        """Whether a demo could be reached by somebody who is not at this machine."""
        return self.demo and (self.https or self.behind_proxy or bool(self.public))


@dataclass(frozen=True, slots=True)
class ConsoleHop:
    """The operations face of one hop, and the tokens that open it."""

    name: str
    url: str
    token_file: Path
    ca_file: Path | None = None
    viewer_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider people of the console may sign in through."""

    issuer: str
    client_id: str
    client_secret_file: Path
    claim: str = "preferred_username"
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A service this console asks: where it is, and the token that opens it."""

    url: str
    token_file: Path
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def own(self) -> Own | None:
        """What is shown there, where callers must show a certificate."""
        return own_of(self.certificate, self.key)


@dataclass(frozen=True, slots=True)
class Console:
    """What the operator's console works with."""

    code_file: Path
    hop: tuple[ConsoleHop, ...] = ()
    oidc: Provider | None = None
    letters: Door | None = None
    authority: Door | None = None
    hops: str = "apps.operator.hops.real"
    login: tuple[Login, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificate authority whose officers work here. `door` makes the line of one of them."""

    url: str
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    keys: Path | None = None
    door: str = "apps.authority.door.real"

    @property
    def own(self) -> Own | None:
        """What is shown there, where callers must show a certificate (`office.listen.client_ca`)."""
        return own_of(self.certificate, self.key)


@dataclass(frozen=True, slots=True)
class Registry:
    """How the directory is published. `press` makes the port that signs and hands out."""

    out: Path
    key: Path | None = None
    certificate: Path | None = None
    token: Path | None = None
    days: int = 7
    press: str = "lienthong.adapters.publishing.opened"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file."""

    site: Site
    agency: tuple[Agency, ...] = ()
    console: Console | None = None
    registry: Registry | None = None
    authority: Authority | None = None

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
        told = tomllib.loads(path.read_text("utf-8"))
        beside = told.setdefault("site", {})  # beside the file, not where one stands
        beside.setdefault("audit_key_file", "audit.key")
        beside.setdefault("contents", "contents")
        found = msgspec.convert(told, Config, dec_hook=place)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidValue(f"{path.name}: {error}") from error
    if found.site.shows_samples_to_others:
        raise InvalidValue(f"{path.name}: [site] demo: chỉ dùng trên máy này / only for this machine")
    return found
