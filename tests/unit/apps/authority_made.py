"""An authority of one process behind the console's tests: the real officers' face, without a socket."""

import tempfile
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex  # noqa: TID251  # nonces of orders
from typing import ClassVar

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from apps.config import Authority
from ca_house import AUTHORITIES, CaWorld, agency, ca_world, gateway, people, person
from ca_process import real_now
from lienthong.adapters.excel import form_to_fill, read_cells
from lienthong.adapters.http import EXCEPTION_HANDLERS
from lienthong.ca.bulk import Bulk
from lienthong.ca.casework import Casework
from lienthong.ca.departures import Departures
from lienthong.ca.faces.desk import OFFICE
from lienthong.ca.faces.office import Office, Tables
from lienthong.ca.life.forms import Form
from lienthong.ca.people import record_of
from lienthong.client import CertificateAuthority, OrderStatement, SignedOrder
from lienthong.errors import Unavailable
from lienthong.testing.clock import START

PHRASE = "mat-khau-cua-khoa"
VERDICT = "Chữ ký mẫu hợp lệ"
PROVINCE = next(each for each in AUTHORITIES if each.id == "ra-h29")


class JudgedSo:
    """Takes every letter for signed rightly."""

    async def judged(self, data: bytes, names: Sequence[str]) -> str:
        assert data
        assert names
        return VERDICT


class Made:
    """The authority at work, or none."""

    now: ClassVar["Made | None"] = None

    def __init__(self, world: CaWorld, client: TestClient[Litestar]) -> None:
        self.world, self.client = world, client
        self._lines: dict[str, CertificateAuthority] = {}

    def line(self, secret: str) -> CertificateAuthority:
        """An officer's line into this process, one for each: reading the system's roots costs more than a page."""
        if secret not in self._lines:
            made = CertificateAuthority("http://testserver.local", secret)
            made._http = httpx.Client(transport=self.client._transport, headers={"Authorization": f"Bearer {secret}"})
            self._lines[secret] = made
        return self._lines[secret]


@contextmanager
def authority_at_work(folder: Path, start: datetime = START) -> Iterator[Made]:
    """Begun and ended."""
    found: list[CaWorld] = []

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with ca_world(folder, start) as world:
            object.__setattr__(world.house, "letters", JudgedSo())
            await world.registers.write(lambda tx: tx.put_record(record_of(replace(PROVINCE, daily=50))))
            found.append(world)
            app.state.office = _office(world)
            yield

    app = Litestar(OFFICE, state=State({}), lifespan=[lifespan], exception_handlers=dict(EXCEPTION_HANDLERS))
    with TestClient(app) as client:
        Made.now = Made(found[0], client)
        yield Made.now
    Made.now = None


def _office(world: CaWorld) -> Office:
    casework = Casework(world.house, world.registers)
    bulk = Bulk(world.house, world.registers, casework)
    tables = Tables(read_cells, form_to_fill)
    work = (casework, world.carrying, Departures(world.house, world.registers), world.people, bulk)
    return Office(world.house, world.registers, *work, tables)


def known(_: Authority, secret: str) -> CertificateAuthority:
    """The line the console would have."""
    if Made.now is None:
        raise Unavailable("mẫu")
    return Made.now.line(secret)


_ONE, _STACK = threading.Lock(), ExitStack()


def lively(authority: Authority, secret: str) -> CertificateAuthority:
    """The same for a site of its own: the authority begins with the first question, at the real time, with some work."""
    with _ONE:
        if Made.now is None:
            folder = Path(tempfile.mkdtemp(prefix="lienthong-ca-site-"))
            write_keys(authority.keys)
            _furnish(_STACK.enter_context(authority_at_work(folder, real_now())))
    return known(authority, secret)


def write_keys(folder: Path | None) -> None:
    """The keys of all officers under one pass phrase, as a site for trying out keeps them."""
    assert folder is not None
    folder.mkdir(exist_ok=True)
    for name, each in people().items():
        sealed = each.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PHRASE.encode()))
        (folder / f"mau.{name}.key").write_bytes(sealed)
        (folder / f"{name}.certificate").write_text(each.officer.certificate)


def _furnish(made: Made) -> None:
    lan = made.line("token-lan")
    lan.stock("T-100", "H29.12", "USB mẫu")
    names = (
        "Nguyễn Văn Mẫu",
        "Trần Thị Ví Dụ",
        "Phạm Hoàng Thử Nghiệm Tên Dài Để Xem Dòng Xuống Hàng",
        "Lê Chờ Duyệt",
        "Đỗ Mới Lập",
    )
    forms: list[Form] = [person(name, token=f"T-{place}") for place, name in enumerate(names)]
    forms[:0] = [agency(), gateway()]
    for place, form in enumerate([*forms, gateway(name="gw-tu-xin", holder="gateway:gw-tu-xin", acme=True, csr="")]):
        lan.ask(f"mau-{place}", msgspec.to_builtins(form))
        if place < 6 or place == len(forms):
            _order(made, "hoa", f"mau-{place}", "examine")
        if place < 4 or place == len(forms):
            _order(made, "trung", f"mau-{place}", "approve")
    leaver, day = lan.certificates(text="vi du")[0], (real_now() + timedelta(days=30)).date()
    lan.depart(leaver.id, {"reason": "retirement", "day": day.isoformat()})


def _order(made: Made, who: str, case: str, act: str) -> None:
    seen, line = made.line(f"token-{who}").case(case).case, made.line(f"token-{who}")
    me = line.me()
    told = OrderStatement(me.ca, act, case, seen.digest, me.officer, real_now(), token_hex(16), seen.state).to_bytes()
    line.decide(case, SignedOrder(told, people()[who].key.sign(told, ec.ECDSA(SHA256()))))
