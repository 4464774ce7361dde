"""The operators of the demo's country: tokens of its console at every hop, and one sample person for each role."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lienthong.adapters.files import write_whole
from lienthong.adapters.operators import Operator, Role, add_operator
from lienthong.cli.demo.country import GATEWAYS

if TYPE_CHECKING:
    from lienthong.cli.demo.build import Place

HOPS = ("axis", *(gateway.id for gateway in GATEWAYS if gateway.runs))


@dataclass(frozen=True, slots=True)
class Person:
    """A sample person of the console."""

    username: str
    role: str
    name: str


PEOPLE = (
    Person("dangky.1", "registration", "Cán bộ đăng ký Mẫu Một"),
    Person("dangky.2", "registration", "Cán bộ đăng ký Mẫu Hai"),
    Person("anninh", "security", "Cán bộ an ninh Mẫu"),
    Person("vanhanh", "operator", "Người vận hành Mẫu"),
    Person("kiemtra", "auditor", "Kiểm tra viên Mẫu"),
)


def console(place: "Place") -> str:
    """The console's part of the site's settings; its tokens, passwords and one second factor for all lie beside it."""
    _write(place, "passwords/totp", b32encode(secrets.token_bytes(20)).decode())
    hops = "".join(_hop(place, hop) for hop in HOPS)
    people = "".join(_person(place, person) for person in PEOPLE)
    return f'\n[console]\ncode_file = "web/first-run.code"\n{hops}{people}'


def _hop(place: "Place", hop: str) -> str:
    for role in Role:
        token = secrets.token_hex(16)
        add_operator(place.folder / hop / "operators.json", token, Operator(f"bàn vận hành ({role})", role))
        _write(place, f"tokens/{role}-{hop}", token)
    url = place.url(f"{hop}-ops")
    tokens = f'token_file = "tokens/operator-{hop}"\nviewer_file = "tokens/viewer-{hop}"\n'
    return f'\n[[console.hop]]\nname = "{hop}"\nurl = "{url}"\n{tokens}'


def _person(place: "Place", person: Person) -> str:
    _write(place, f"passwords/{person.username}", "mau-" + secrets.token_hex(5))
    return f"""
[[console.login]]
username = "{person.username}"
password_file = "passwords/{person.username}"
name = "{person.name}"
role = "{person.role}"
totp_file = "passwords/totp"
"""


def _write(place: "Place", name: str, text: str) -> None:
    path = place.folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text.encode(), mode=0o600)
