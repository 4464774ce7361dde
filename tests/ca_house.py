"""A whole authority for tests: root and issuing authorities by a real ceremony, a registry, officers with keys."""

import asyncio
import atexit
import secrets  # noqa: TID251  # nonces of orders
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.ca.carrying import Carrying
from lienthong.ca.casework import Casework
from lienthong.ca.delegation.model import CENTRE, Asker, Duty, Officer, RegistrationAuthority
from lienthong.ca.delegation.orders import SignedOrder, Statement
from lienthong.ca.folders import HouseFolder, certify, found_root, install, prepare_issuers
from lienthong.ca.house import House
from lienthong.ca.life.forms import DeviceForm, Form, OrganisationForm, PersonForm, RevocationForm
from lienthong.ca.life.kinds import Reason
from lienthong.ca.people import People, record_of, secret_digest
from lienthong.ca.registers import Case, Change, Held, Wanted
from lienthong.document.codes import OrganisationCode
from lienthong.registry import Directory, Organisation, Snapshot, levels
from lienthong.registry.model import Gateway, GatewayKind, LogKey, Representation, Status
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki

HOUSE = "Nhà CA mẫu"
AT = "http://ca.example"
ORIGIN = "ca.example/log"


def organisation(code: str, name: str, parent: str = "", **more: Any) -> Organisation:
    above = OrganisationCode(parent) if parent else None
    return Organisation(OrganisationCode(code), name, "province", parent=above, **more)


TINH = "https://gw.tinh.example"
DIRECTORY = Directory(
    Snapshot(
        1,
        START,
        START + timedelta(days=3650),
        organisations=(
            organisation("H29", "Ủy ban nhân dân Thành phố mẫu"),
            organisation("H29.12", "Sở Nội vụ mẫu", "H29"),
            organisation("H29.12.3", "Văn phòng Sở Nội vụ mẫu", "H29.12"),
            organisation("H29.13", "Sở Y tế mẫu", "H29"),
            organisation("H29.99", "Sở đã giải thể mẫu", "H29", valid_to=START.date() - timedelta(days=30)),
            organisation("H29.98", "Sở bị khóa mẫu", "H29", status=Status.LOCKED),
            organisation("G09", "Bộ mẫu"),
        ),
        gateways=(
            Gateway("gw-tinh", "Máy chủ dùng chung mẫu", OrganisationCode("H29"), GatewayKind.SHARED, f"{TINH}:8443"),
            Gateway("gw-yte", "Máy chủ Sở Y tế mẫu", OrganisationCode("H29.13"), endpoint="https://gw-yte.example"),
            Gateway("gw-bo", "Máy chủ của Bộ mẫu", OrganisationCode("G09"), endpoint="https://192.0.2.9:8443/v1"),
            Gateway("gw-thue", "Máy chủ thuê của Bộ mẫu", OrganisationCode("G09")),
        ),
        representations=(
            Representation("gw-tinh", OrganisationCode("H29.12")),
            Representation("gw-yte", OrganisationCode("H29.13")),
            Representation("gw-bo", OrganisationCode("G09")),
            Representation("gw-thue", OrganisationCode("H29.12.3")),
        ),
        logs=(LogKey("axis.example/log", "", "axis"), LogKey("bo.example/log", "", "gw-bo")),
        levels=levels(),
    )
)


@cache
def founded() -> Path:
    """Root and issuing authorities, once a test run."""
    place = Path(mkdtemp(prefix="lienthong-ca-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    root, parts = found_root(place / "root", HOUSE, START - timedelta(days=2), need=2, of=3)
    prepare_issuers(place / "ca", HOUSE, AT)
    certify(root, parts[1:], place / "ca" / "issuers", AT, START - timedelta(days=2))
    install(place / "ca", place / "root" / "root.pem", place / "root" / "root.crl", ORIGIN, START - timedelta(days=2))
    return place


def home() -> HouseFolder:
    return HouseFolder.load(founded() / "ca")


@dataclass
class Person:
    """An officer with the key their orders are signed with."""

    officer: Officer
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def order(self, act: str, case: Case, at: object = None, **changes: Any) -> SignedOrder:
        told = Statement(
            HOUSE, act, case.id, case.digest, self.officer.id, at or START, secrets.token_hex(16), case.state.value
        )
        return self.signed(replace(told, **changes))

    def signed(self, statement: Statement) -> SignedOrder:
        data = statement.to_bytes()
        return SignedOrder(data, self.key.sign(data, ec.ECDSA(SHA256())))


def officer(id: str, authority: str, *duties: Duty) -> Person:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, id)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(START - timedelta(days=1)).not_valid_after(START + timedelta(days=900))
    der = made.sign(key, SHA256()).public_bytes(Encoding.DER)
    held = Officer(
        id, f"{id} (mẫu)", authority, frozenset(duties), b64encode(der).decode(), secret_digest(f"token-{id}")
    )
    return Person(held, key)


AUTHORITIES = (
    RegistrationAuthority(CENTRE, "Cục Chứng thực số mẫu"),
    RegistrationAuthority("ra-h29", "Sở KHCN mẫu", ("H29",), frozenset({"person", "document-seal", "gateway"}), 5),
    RegistrationAuthority("ra-g09", "Bộ mẫu", ("G09",), frozenset({"person"})),
)
_R, _E, _A, _D = Duty.REQUEST, Duty.EXAMINE, Duty.APPROVE, Duty.DELIVER


@cache
def people() -> dict[str, Person]:
    """Lan asks and delivers, Hòa examines, Minh approves for the province, Bo, Bắc and Bình for the ministry; three at
    the centre and two who administer."""
    rows = [
        ("lan", "ra-h29", (_R, _D, Duty.LOOK)),
        ("hoa", "ra-h29", (_E, Duty.LOOK)),
        ("minh", "ra-h29", (_A,)),
        ("bo", "ra-g09", (_R, _A)),
        ("bac", "ra-g09", (_E,)),
        ("binh", "ra-g09", (_A,)),
        ("trung", CENTRE, (_A, Duty.LOOK)),
        ("uong", CENTRE, (_R, _E)),
        ("dung", CENTRE, (Duty.STOP,)),
        ("quan", CENTRE, (Duty.ADMINISTER,)),
        ("tri", CENTRE, (Duty.ADMINISTER,)),
    ]
    return {name: officer(name, authority, *duties) for name, authority, duties in rows}


@dataclass
class CaWorld:
    """An authority at work on a store of its own."""

    store: SqlStore
    registers: SqlRegisters
    house: House
    clock: FakeClock
    casework: Casework
    carrying: Carrying
    people: People

    def asker(self, id: str) -> Asker:
        who = people()[id].officer
        return Asker(who, next(each for each in AUTHORITIES if each.id == who.authority))

    async def opened(self, form: Form, id: str = "c1", by: str = "lan", letter: bytes = b"") -> Case:
        return await self.casework.open(self.asker(by), form, id, letter)

    async def decided(self, case: Case, act: str, by: str, **changes: Any) -> Case:
        return await self.casework.decide(case.id, people()[by].order(act, case, self.clock.now(), **changes))

    async def approved(self, form: Form, id: str = "c1", by: str = "trung") -> Case:
        case = await self.decided(await self.opened(form, id), "examine", "hoa")
        return await self.decided(case, "approve", by)

    async def done(self, form: Form, id: str = "c1", by: str = "trung") -> Case:
        case = await self.approved(form, id, by)
        [after] = await self.carrying.carry_out([case.id])
        return after

    async def issued(self, form: Form, id: str = "c1") -> Held:
        return await self.held((await self.done(form, id)).about)

    async def held(self, id: str) -> Held:
        found = await self.registers.read(lambda view: view.certificate(id))
        assert found is not None
        return found

    async def history(self, case: str = "c1") -> list[str]:
        """The acts of a case."""
        return [each.act for each in await self.registers.read(lambda view: view.deeds(case=case))]

    async def nothing_issued(self) -> None:
        assert await self.registers.read(lambda view: view.certificates(Wanted())) == []

    async def revoked(self, held: Held, id: str = "rev", reason: Reason = Reason.KEY_COMPROMISE) -> Held:
        form = RevocationForm(organisation=held.organisation, certificate=held.id, reason=reason)
        await self.done(form, id)
        return await self.held(held.id)


@asynccontextmanager
async def ca_world(place: Path | str, start: datetime = START) -> AsyncIterator[CaWorld]:
    """Opened on a folder or a database; officers and registration authorities are on record."""
    await asyncio.to_thread(founded)
    clock = FakeClock(start)
    async with SqlStore.open(place, pki().log(ORIGIN), clock) as store:
        registers = SqlRegisters(store, HOUSE)
        house = House(HOUSE, home().issuers, lambda: DIRECTORY, clock.now, publish_at=AT)

        def record(tx: Change) -> None:
            for each in (*AUTHORITIES, *(person.officer for person in people().values())):
                tx.put_record(record_of(each))

        await registers.write(record)
        yield CaWorld(
            store,
            registers,
            house,
            clock,
            Casework(house, registers),
            Carrying(house, registers),
            People(house, registers),
        )


# ---------------------------------------------------------------- forms


def csr(key: object = None, name: str = "ai đó", hosts: tuple[str, ...] = ()) -> str:
    made = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    )
    if hosts:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in hosts]), critical=False)
    key = key or ec.generate_private_key(ec.SECP256R1())
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()  # type: ignore[arg-type]  # a private key


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def person(name: str = "Nguyễn Văn Mẫu", code: str = "H29.12", **more: Any) -> PersonForm:
    told: dict[str, Any] = {"locality": "Thành phố mẫu", "email": "mau@example.vn", "csr": csr()} | more
    return PersonForm(organisation=code, full_name=name, **told)


def agency(code: str = "H29.12", **more: Any) -> OrganisationForm:
    told: dict[str, Any] = {
        "locality": "Thành phố mẫu",
        "tax_code": "0102357802",
        "budget_code": "1032158",
        "csr": csr(rsa_key()),
    } | more
    return OrganisationForm(organisation=code, **told)


def gateway(code: str = "H29.12", **more: Any) -> DeviceForm:
    told: dict[str, Any] = {
        "profile": "gateway",
        "name": "gw-mau",
        "holder": "gateway:gw-mau",
        "hosts": ("gw.example",),
        "csr": csr(),
    }
    return DeviceForm(organisation=code, **(told | more))
