"""Revocation lists in partitions, and deltas between them (RFC 5280 §5.2.4–6).

A certificate names its partition's list; a partition has at most 5,000 certificates, so its list has at most as many
rows. A full list is made every six hours and counts for a day; a delta every hour, and at once when something changes.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import msgspec
from cryptography import x509

from lienthong.ca.carrying import COUNTER
from lienthong.ca.house import House, IssuingAuthority
from lienthong.ca.issue import Revoked, list_builder
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.registers import PER_PARTITION, Held, Record, RecordsWanted, Registers, View
from lienthong.ca.unsigned import Unsigned, revocation_list, signed_by
from lienthong.errors import NotFound

KIND = "list"
FULL_EVERY, FULL_LIFE = timedelta(hours=6), timedelta(hours=24)
DELTA_EVERY, DELTA_LIFE = timedelta(hours=1), timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Published:
    """The lists of a partition in force: base64 of DER, their numbers, and when they were made."""

    issuer: str
    partition: int
    number: int
    made: datetime
    full: str
    delta: str
    delta_made: datetime
    through: int

    def der(self, *, delta: bool) -> bytes:
        """One of the two."""
        return b64decode(self.delta if delta else self.full)


_published = msgspec.json.Decoder(Published).decode


class Lists:
    """Made by the process on duty, served by all."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._registers = house, registers

    async def published(self, issuer: str, partition: int) -> Published:
        """NotFound for a partition nobody was put into."""
        found = await self._registers.read(lambda view: view.record(KIND, f"{issuer}/{partition}"))
        if found is None:
            raise NotFound(f"{issuer}/{partition}")
        return _published(found)

    async def round(self) -> int:
        """Make every list whose time has come, or whose partition has changed; how many."""
        made = 0
        for issuer in self._house.issuers.values():
            known, count, newest = await self._registers.read(partial(_standing, issuer.id))
            touched = await self._touched(issuer.id, known, newest)
            for number in range(count // PER_PARTITION + 1):
                made += await self._renew(issuer, number, known.get(number), newest, changed=number in touched)
        return made

    async def _touched(self, issuer: str, known: dict[int, Published], newest: int) -> set[int]:
        """Partitions in which something changed since their lists were made."""
        after = min((each.through for each in known.values()), default=newest)
        return await self._registers.read(partial(_partitions, issuer, after, known))

    async def _renew(
        self, issuer: IssuingAuthority, number: int, known: Published | None, newest: int, *, changed: bool
    ) -> int:
        now = self._house.now()
        if known is None or now - known.made >= FULL_EVERY:
            await self._make_full(issuer, number, known, newest, now)
            return 1
        if changed or now - known.delta_made >= DELTA_EVERY:
            await self._make_delta(issuer, known, newest, now)
            return 1
        return 0

    async def _make_full(
        self, issuer: IssuingAuthority, partition: int, known: Published | None, through: int, now: datetime
    ) -> None:
        rows = await self._registers.read(lambda view: view.revoked(issuer.id, partition))
        number = _number(now, known.number if known else 0)
        full = self._drafted(issuer, partition, map(_row, rows), now, now + FULL_LIFE, number)
        delta = self._drafted(issuer, partition, (), now, now + DELTA_LIFE, number, base=number)
        signed = await signed_by(issuer.key, [full, delta])
        texts = [b64encode(each).decode() for each in signed]
        await self._keep(Published(issuer.id, partition, number, now, texts[0], texts[1], now, through))

    async def _make_delta(self, issuer: IssuingAuthority, known: Published, through: int, now: datetime) -> None:
        rows = await self._registers.read(partial(_since, issuer.id, known))
        draft = self._drafted(
            issuer, known.partition, rows, now, now + DELTA_LIFE, _number(now, known.number), base=known.number
        )
        [der] = await signed_by(issuer.key, [draft])
        await self._keep(replace(known, delta=b64encode(der).decode(), delta_made=now, through=through))

    def _drafted(
        self,
        issuer: IssuingAuthority,
        partition: int,
        rows: Iterable[Revoked],
        now: datetime,
        until: datetime,
        number: int,
        base: int | None = None,
    ) -> Unsigned:
        place = self._house.publication(issuer.id, partition)
        newest = place.delta if base is None else ""
        builder = list_builder(issuer.own, rows, now, until, number, place=place.crl, base=base, newest=newest)
        return revocation_list(builder, issuer.family, f"CRL {issuer.id}/{partition}")

    async def _keep(self, fresh: Published) -> None:
        record = Record(KIND, f"{fresh.issuer}/{fresh.partition}", fresh, owner=fresh.issuer)
        await self._registers.write(lambda tx: tx.put_record(record))


def _number(now: datetime, before: int) -> int:
    """The second of issue, which only grows; one more where two fall into one second."""
    return max(int(now.timestamp()), before + 1)


def _standing(issuer: str, view: View) -> tuple[dict[int, Published], int, int]:
    known = {each.partition: each for each in map(_published, view.records(RecordsWanted(KIND, owner=issuer)))}
    newest = max((each.through for each in known.values()), default=0)
    while found := view.changes(issuer, newest, PER_PARTITION):
        newest = found[-1].number
    return known, int(view.record(COUNTER, issuer) or 0), newest


def _partitions(issuer: str, after: int, known: dict[int, Published], view: View) -> set[int]:
    touched = set()
    for change in view.changes(issuer, after, PER_PARTITION):
        held = view.certificate(f"{issuer}/{change.serial:x}")
        list_made = known.get(held.partition) if held else None
        if held is not None and (list_made is None or change.number > list_made.through):
            touched.add(held.partition)
    return touched


def _since(issuer: str, known: Published, view: View) -> list[Revoked]:
    """What differs from the full list: rows that came, and those that go away again (`removeFromCRL`)."""
    full = x509.load_der_x509_crl(known.der(delta=False))
    now = {held.serial: _row(held) for held in view.revoked(issuer, known.partition)}
    listed = {row.serial_number: row for row in full}
    fresh = [row for serial, row in now.items() if not _same(listed.get(serial), row)]
    gone = [row for serial, row in listed.items() if serial not in now]
    back = x509.ReasonFlags.remove_from_crl
    return [*fresh, *(Revoked(row.serial_number, row.revocation_date_utc, back) for row in gone)]


def _same(before: x509.RevokedCertificate | None, row: Revoked) -> bool:
    if before is None:
        return False
    try:
        reason = before.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        reason = x509.ReasonFlags.unspecified
    return reason is row.reason


def _row(held: Held) -> Revoked:
    assert held.changed is not None  # noqa: S101  # it was stopped, so there is a moment
    hold = held.state is CertificateState.SUSPENDED
    reason = x509.ReasonFlags.certificate_hold if hold else x509.ReasonFlags(held.reason.value)
    return Revoked(held.serial, held.changed, reason)
