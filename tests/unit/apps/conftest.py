"""The page on a sample desk: a configuration in a folder of its own, Django set up once, tables emptied after each test."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import django
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.testing.desk import FakeDesk, Town
from lienthong.testing.desk.shared import Shared
from lienthong.testing.pki import MOMENT, pki

CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["testserver"]
desk = "lienthong.testing.desk.shared.desk_for"
roots = ["root.pem"]
largest_file = 400000
demo = true

[[agency]]
code = "H29"
name = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
[[agency.login]]
username = "vanthu.h29"
password_file = "password"
name = "Văn thư Mẫu – UBND Thành phố Hồ Chí Minh"

[[agency]]
code = "G22"
name = "Văn phòng Chính phủ"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
[[agency.login]]
username = "vanthu.g22"
password_file = "password"
name = "Văn thư Mẫu – Văn phòng Chính phủ"
"""
CONSOLE = """
[console]
code_file = "first-run.code"
hops = "unit.apps.hops.known"

[[console.hop]]
name = "axis"
url = "http://testserver.local"
token_file = "token"

[authority]
url = "http://testserver.local"
keys = "officers"
door = "unit.apps.authority_made.known"
"""
CITY = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
_folder = tempfile.TemporaryDirectory(prefix="lienthong-apps-")
FOLDER = Path(_folder.name)


def _pem(*ders: bytes) -> bytes:
    return b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in ders)


DATABASE = os.environ.get("LIENTHONG_TEST_DATABASE", "")  # noqa: TID251 - chosen from outside, as pytest's settings are
"""A PostgreSQL database for the same tests; else they keep everything in a file."""


def _prepare() -> None:
    elsewhere = '[site]\ndatabase_url_file = "db.url"' if DATABASE else "[site]"
    (FOLDER / "apps.toml").write_text((CONFIG + CONSOLE).replace("[site]", elsewhere), "utf-8")
    (FOLDER / "db.url").write_text(DATABASE)
    (FOLDER / "password").write_text("mat-khau-mau\n", "utf-8")
    (FOLDER / "token").write_text("token-mau\n", "utf-8")
    (FOLDER / "root.pem").write_bytes(_pem(*pki().roots))
    os.environ |= {  # noqa: TID251 - how Django is told its settings
        "LIENTHONG_APPS_CONFIG": str(FOLDER / "apps.toml"),
        "DJANGO_SETTINGS_MODULE": "apps.settings",
    }
    django.setup()


_prepare()

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from apps.accounts.models import Attempt, User
from apps.accounts.roles import Role
from apps.authority import signing
from apps.authority.door import keep_token
from apps.office import scans
from apps.office.incoming.intake import adopt
from apps.office.models import (
    Assignment,
    Document,
    Draft,
    Event,
    File,
    Link,
    Number,
    Recognition,
    Remark,
    Report,
    Unsent,
)
from apps.operator.models import Setting
from apps.unsent.models import Form
from lienthong.adapters.confined_binding import bound
from unit.apps.authority_made import Made, authority_at_work, write_keys
from unit.apps.office_made import Agency, entered, founded


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[None]:
    """Tables and logins, once."""
    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("seed", stdout=io.StringIO())
    yield
    connection.close()
    teardown_test_environment()
    _folder.cleanup()


@pytest.fixture(autouse=True)
def town() -> Iterator[Town]:
    """A fresh town for each test."""
    Shared.town = Town(MOMENT)
    cache.clear()
    yield Shared.town
    Draft.objects.all().delete()
    for each in (Form, Unsent, Remark, Report, Number, Link, Event, Recognition):
        each.objects.all().delete()
    while Assignment.objects.exists():  # a row stands under the one it was given out of
        Assignment.objects.filter(children=None).delete()
    for each in (File, Document):
        each.objects.all().delete()
    User.objects.filter(username__startswith="mau.").delete()
    Setting.objects.all().delete()
    Attempt.objects.all().delete()


@pytest.fixture
def register(town: Town) -> dict[str, Document]:
    """The city's register, filled with what the gateway holds; documents by their number."""
    adopt(FakeDesk(town, "H29"), "H29")
    return {document.number: document for document in Document.objects.filter(agency="H29")}


@pytest.fixture
def city() -> Iterator[Agency]:
    """The city's office with its rooms, gone after the test; tests of another kind of office have their own."""
    with founded(Agency) as made:
        yield made


@pytest.fixture
def visitor() -> Client:
    """Nobody logged in."""
    return Client()


@pytest.fixture
def clerk() -> Client:
    """The city's clerk."""
    return _logged_in("vanthu.h29")


@pytest.fixture
def other_clerk() -> Client:
    """The Government Office's clerk."""
    return _logged_in("vanthu.g22")


def _logged_in(username: str) -> Client:
    return entered(User.objects.get(username=username))


@pytest.fixture
def officer() -> Callable[..., Client]:
    """Somebody of the console with that role, signed in."""

    def signed_in(role: str, who: str = "", agency: str = "") -> Client:
        agency, name = "H29" if role == Role.CLERK else agency, f"mau.{who or role}"
        User.objects.get_or_create(
            username=name, defaults={"name": f"Người Mẫu – {role}", "role": role, "agency": agency}
        )
        return _logged_in(name)

    return signed_in


@pytest.fixture
def binding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of paper are bound in this process instead of the confined child."""
    monkeypatch.setattr(scans, "reader", lambda: nullcontext(SimpleNamespace(bound=bound)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """An authority of one process behind the console."""
    with authority_at_work(tmp_path_factory.mktemp("authority")) as found:
        yield found


@pytest.fixture
def enter(made: Made, officer: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """An officer of the authority, signed in and connected; their key lies on the site under a pass phrase."""
    monkeypatch.setattr(signing, "timezone", SimpleNamespace(now=made.world.clock.now))
    write_keys(settings.CONFIG.authority.keys)

    def signed_in(name: str) -> Client:
        client = officer(Role.AUTHORITY, name)
        keep_token(User.objects.get(username=f"mau.{name}"), f"token-{name}")
        return client

    return signed_in
