"""The demo's certificate authority that issues: its ceremony, officers with keys under one pass phrase, some work done.

It runs beside the story, only where somebody looks.
"""

import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from lienthong.adapters.files import write_whole
from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder
from lienthong.ca.config import Config
from lienthong.ca.delegation.model import CENTRE, Duty, Officer, RegistrationAuthority
from lienthong.ca.folders import certify, found_root, install, prepare_issuers
from lienthong.ca.founding import write_first
from lienthong.cli.demo.build import Place
from lienthong.client import CertificateAuthority, OrderStatement, SignedOrder

PROCESS, DESK = "issuing", "issuing-desk"
HOUSE = "Liên Thông (mẫu) – Chứng thực số"
_LOG = "lienthong.example/log/issuing"
_PROFILES = frozenset({"person", "document-seal", "gateway"})
AUTHORITIES = (
    RegistrationAuthority(CENTRE, "Trung tâm chứng thực mẫu"),
    RegistrationAuthority("ra-h29", "Sở KH&CN TP HCM (mẫu)", ("H29",), _PROFILES, 100),
    RegistrationAuthority("ra-g09", "Bộ Nội vụ (mẫu)", ("G09",), frozenset({"person"}), 20),
)


@dataclass(frozen=True, slots=True)
class OfficerPerson:
    """A sample officer: login, name, for which registration authority, with what duties."""

    username: str
    name: str
    authority: str
    duties: tuple[Duty, ...]


OFFICERS = (
    OfficerPerson("ct.lap", "Cán bộ lập Mẫu – TP HCM", "ra-h29", (Duty.REQUEST, Duty.DELIVER, Duty.LOOK)),
    OfficerPerson("ct.thamtra", "Cán bộ thẩm tra Mẫu – TP HCM", "ra-h29", (Duty.EXAMINE, Duty.LOOK)),
    OfficerPerson("ct.duyet", "Cán bộ duyệt Mẫu – TP HCM", "ra-h29", (Duty.APPROVE, Duty.LOOK)),
    OfficerPerson("ct.bnv", "Cán bộ lập Mẫu – Bộ Nội vụ", "ra-g09", (Duty.REQUEST, Duty.LOOK)),
    OfficerPerson("ct.trunguong", "Cán bộ duyệt Mẫu – trung tâm", CENTRE, (Duty.APPROVE, Duty.STOP, Duty.LOOK)),
    OfficerPerson("ct.quantri.1", "Quản trị Mẫu Một – trung tâm", CENTRE, (Duty.ADMINISTER,)),
    OfficerPerson("ct.quantri.2", "Quản trị Mẫu Hai – trung tâm", CENTRE, (Duty.ADMINISTER,)),
    OfficerPerson("ct.kiemtoan", "Kiểm toán Mẫu – trung tâm", CENTRE, (Duty.AUDIT, Duty.LOOK)),
)


def found(place: Place) -> None:
    """Root, issuing authorities, officers, and the settings of the process and of the site."""
    folder, now, base = place.folder / PROCESS, datetime.now(UTC), place.url(PROCESS)
    root, parts = found_root(folder / "root", HOUSE, now, need=2, of=3)
    prepare_issuers(folder / "ca", HOUSE, base)
    certify(root, parts[:2], folder / "ca" / "issuers", base, now)
    install(folder / "ca", folder / "root" / "root.pem", folder / "root" / "root.crl", _LOG, now)
    _write(place, f"{PROCESS}.toml", _settings(place))
    phrase = "mau-" + secrets.token_hex(4)
    _write(place, "passwords/officer-keys", phrase)
    officers = [_officer(place, person, phrase, now) for person in OFFICERS]
    write_first(Config.load(place.folder / f"{PROCESS}.toml"), AUTHORITIES, officers)
    site = place.folder / "web.toml"
    write_whole(site, (site.read_text("utf-8") + _site(place)).encode(), mode=0o600)


def _settings(place: Place) -> str:
    return f"""folder = "{PROCESS}/ca"

[listen]
port = {place.ports[PROCESS]}

[office]
data = "{PROCESS}/data"
registry = "registry.snapshot"
registry_roots = "root.pem"
origin = "{_LOG}"
answers = "{PROCESS}/answers"
letter_roots = ["root.pem"]

[office.listen]
port = {place.ports[DESK]}
"""


def _officer(place: Place, person: OfficerPerson, phrase: str, now: datetime) -> Officer:
    token = secrets.token_hex(16)
    _write(place, f"tokens/{person.username}", token)
    _write(place, f"passwords/{person.username}", "mau-" + secrets.token_hex(5))
    made = AuthorityFolder.load(place.folder / "authority").authority.issue(
        requests.person(person.name, organisation=HOUSE, locality="Hà Nội"), now
    )
    _write(place, f"officers/{person.username}.key", made.encrypted_pem(phrase.encode()).decode())
    certificate, secret = b64encode(made.certificate).decode(), sha256(token.encode()).hexdigest()
    return Officer(person.username, person.name, person.authority, frozenset(person.duties), certificate, secret)


def _site(place: Place) -> str:
    people = "".join(
        f'\n[[console.login]]\nusername = "{each.username}"\npassword_file = "passwords/{each.username}"\n'
        f'name = "{each.name}"\nrole = "authority"\ntotp_file = "passwords/totp"\n'
        for each in OFFICERS
    )
    return f'\n[authority]\nurl = "{place.url(DESK)}"\nkeys = "officers"\n{people}'


def _write(place: Place, name: str, text: str) -> None:
    path = place.folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text.encode(), mode=0o600)


# ------------------------------------------------------------ some work done


_FORMS: tuple[Mapping[str, Any], ...] = (
    {"kind": "organisation", "organisation": "H29.03", "locality": "TP HCM", "tax_code": "0300000001",
     "token": "TB-001"},
    {"kind": "person", "organisation": "H29.03", "full_name": "Võ Thị Ví Dụ", "locality": "TP HCM", "post": "Giám đốc",
     "token": "TB-002"},
    {"kind": "person", "organisation": "H29.51", "full_name": "Bùi Văn Mẫu", "locality": "TP HCM", "post": "Chủ tịch"},
    {"kind": "device", "organisation": "H29", "profile": "gateway", "name": "gw-h29", "holder": "gateway:gw-h29",
     "hosts": ["gw-h29.example"]},
    {"kind": "person", "organisation": "H29.07", "full_name": "Đặng Văn Thí Điểm", "locality": "TP HCM"},
    {"kind": "person", "organisation": "H29.52", "full_name": "Đỗ Thị Ví Dụ", "locality": "TP HCM"},
    {"kind": "person", "organisation": "H29.52", "full_name": "Lý Văn Thí Dụ", "locality": "TP HCM"},
)  # fmt: skip
_APPROVED, _EXAMINED = 4, 6
"""So many of the forms are decided, and so many examined; the rest waits for whoever looks."""


def open_doors(place: Place, site: Callable[..., None]) -> None:
    """Officers' tokens are entered at the site, whose commands `site` runs; then the first morning's work."""
    site("officer", *(f"{each.username}={place.folder / 'tokens' / each.username}" for each in OFFICERS))
    furnish(place)


def furnish(place: Place) -> None:
    """Cases in every state, certificates, tokens: what officers would find one morning."""
    with _line(place, "ct.lap") as line:
        for serial in ("TB-001", "TB-002", "TB-003"):
            line.stock(serial, "H29.03", "USB mẫu")
        for number, form in enumerate(_FORMS):
            line.ask(f"mau-{number}", {**form, "csr": _csr(str(form.get("kind")))})
    for number in range(_EXAMINED):
        _order(place, "ct.thamtra", f"mau-{number}", "examine")
    for number in range(_APPROVED):
        _order(place, "ct.trunguong", f"mau-{number}", "approve")
    _suspend(place)


def _suspend(place: Place) -> None:
    with _line(place, "ct.lap") as line:
        certificate = line.case("mau-2").case.about
        form = {
            "kind": "suspension",
            "organisation": "H29.51",
            "certificate": certificate,
            "why": "Đi học dài hạn (mẫu)",
        }
        line.ask("mau-tam-dung", form)
    _order(place, "ct.thamtra", "mau-tam-dung", "examine")
    _order(place, "ct.duyet", "mau-tam-dung", "approve")


def _line(place: Place, username: str) -> CertificateAuthority:
    token = (place.folder / "tokens" / username).read_text("utf-8")
    return CertificateAuthority(place.url(DESK), token)


def _order(place: Place, username: str, case: str, act: str) -> None:
    with _line(place, username) as line:
        me, seen = line.me(), line.case(case).case
        told = OrderStatement(
            me.ca, act, case, seen.digest, me.officer, datetime.now(UTC), secrets.token_hex(16), seen.state
        )
        line.decide(case, SignedOrder(told.to_bytes(), _signed(place, username, told.to_bytes())))


def _signed(place: Place, username: str, data: bytes) -> bytes:
    phrase = (place.folder / "passwords" / "officer-keys").read_bytes()
    key = load_pem_private_key((place.folder / "officers" / f"{username}.key").read_bytes(), phrase)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(type(key).__name__)
    return key.sign(data, padding.PKCS1v15(), SHA256())


def _csr(kind: str) -> str:
    """As a token or a machine would make it; the key is thrown away, as nobody signs with it."""
    key = rsa.generate_private_key(65537, 2048) if kind == "organisation" else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mẫu")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    return made.public_bytes(Encoding.PEM).decode()
