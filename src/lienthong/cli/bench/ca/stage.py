"""An authority to measure: founded by a ceremony in a throw-away folder, with organisations, people and keys."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.ca.carrying import COUNTER, Carrying
from lienthong.ca.delegation.model import CENTRE, RegistrationAuthority
from lienthong.ca.folders import HouseFolder, certify, found_root, install, prepare_issuers
from lienthong.ca.house import House
from lienthong.ca.life.forms import PersonForm
from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.life.states import CaseState
from lienthong.ca.people import record_of
from lienthong.ca.registers import PER_PARTITION, Case, Change, Held, Record
from lienthong.document.codes import OrganisationCode
from lienthong.registry import Directory, Organisation, Snapshot, levels

HOUSE, AT, ORIGIN = "Nhà CA đo", "http://ca.example", "ca.example/bench"
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
_MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Quang", "Thanh", "Thu", "Xuân", "Hồng", "Kim", "Anh", "Bảo")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hiếu", "Hoa", "Hùng", "Hương", "Khánh", "Lan")
_KEYS = 64


class RealClock:
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Stage:
    """An authority at work."""

    home: HouseFolder
    house: House
    registers: SqlRegisters
    carrying: Carrying
    folder: Path


def name(number: int) -> str:
    """A made-up name; everybody has a middle word of their own, as in life most full names are rare."""
    lots = random.Random(number)
    word = "".join(lots.choice("bcdghklmnpqstvx") + lots.choice("aeiouy") for _ in range(3)).capitalize()
    return f"{lots.choice(_FAMILY)} {lots.choice(_MIDDLE)} {word} {lots.choice(_GIVEN)}"


def requests(count: int) -> list[str]:
    """Certificate requests of fresh keys, PEM."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "đo")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(count)]
    return [builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode() for key in keys]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Founded, opened; everything is gone afterwards."""
    with TemporaryDirectory(prefix="lienthong-bench-ca-") as place:
        folder, clock = Path(place), RealClock()
        home = await asyncio.to_thread(_founded, folder, clock.now())
        directory = _directory(clock.now())
        async with SqlStore.open(folder / "data", home.service("log").note_signer(ORIGIN), clock) as store:
            registers = SqlRegisters(store, HOUSE)
            house = House(HOUSE, home.issuers, lambda: directory, clock.now, publish_at=AT)
            await registers.write(lambda tx: tx.put_record(record_of(RegistrationAuthority(CENTRE, "Trung ương"))))
            yield Stage(home, house, registers, Carrying(house, registers), folder)


def _founded(folder: Path, now: datetime) -> HouseFolder:
    root, parts = found_root(folder / "root", HOUSE, now, need=2, of=3)
    prepare_issuers(folder / "ca", HOUSE, AT)
    certify(root, parts[:2], folder / "ca" / "issuers", AT, now)
    return install(folder / "ca", folder / "root" / "root.pem", folder / "root" / "root.crl", ORIGIN, now)


def _directory(now: datetime) -> Directory:
    top = Organisation(OrganisationCode("H29"), "Ủy ban nhân dân Thành phố đo", "province")
    below = [
        Organisation(OrganisationCode(f"H29.{number}"), f"Sở số {number} đo", "province", parent=top.code)
        for number in range(1, 41)
    ]
    return Directory(Snapshot(1, now, now + timedelta(days=30), organisations=(top, *below), levels=levels()))


def approved(csrs: Sequence[str], first: int, now: datetime) -> list[Case]:
    """Cases as they stand once two officers have decided."""
    return [_case(csr, number, now) for number, csr in enumerate(csrs, first)]


def _case(csr: str, number: int, now: datetime) -> Case:
    code = f"H29.{number % 40 + 1}"
    form = PersonForm(organisation=code, full_name=name(number), locality="Thành phố đo", csr=csr)
    return Case(
        f"bench-{number}", CaseKind.PERSON, form, f"/H29/{code}/", CENTRE, CaseState.APPROVED, now, now, None, "lan",
        "hoa", "minh", profile="person", says=form,
    )  # fmt: skip


async def filled(on: Stage, sample: Held, first: int, count: int) -> None:
    """Rows like a real certificate's, many at once: what a store holds after years."""
    for start in range(first, first + count, 5000):
        rows = [_row(sample, number) for number in range(start, min(start + 5000, first + count))]
        await on.registers.write(partial(_add, rows, first + count))


def _add(rows: Sequence[Held], total: int, tx: Change) -> None:
    tx.add_certificates(rows)
    tx.put_record(Record(COUNTER, "persons", total))


def _row(sample: Held, number: int) -> Held:
    lots = random.Random(-number)
    return replace(
        sample,
        serial=lots.getrandbits(158) | 1 << 157,
        key=f"{lots.getrandbits(256):064x}",
        name=name(number),
        organisation=f"H29.{number % 40 + 1}",
        path=f"/H29/H29.{number % 40 + 1}/",
        partition=number // PER_PARTITION,
        case="",
        number=0,
    )
