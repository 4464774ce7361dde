"""Reminders by e-mail: to whoever answers for a certificate that ends, one message a working morning, each step once.

A line is written down with its reminder, for each address, and marked once its message went: a crash in between repeats
that message under the same Message-ID, and loses none.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

import msgspec

from lienthong.ca.delegation.model import Duty, RegistrationAuthority
from lienthong.ca.house import House
from lienthong.ca.life.forms import DeviceForm
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.life.states import is_working_day
from lienthong.ca.people import authorities, officers
from lienthong.ca.registers import Change, Held, Record, RecordsWanted, Registers, View
from lienthong.ca.rules.names import is_address
from lienthong.document.codes import OrganisationCode
from lienthong.document.times import VIETNAM
from lienthong.registry import Directory

KIND = "reminder-mail"
MORNING = time(7, 30)
AT_ONCE = 50
"""Messages of one round."""
MOST_LINES = 200
"""Certificates named in one message; of others it tells how many."""
_ALL = 10_000
_LATER = timedelta(hours=1)
_KEPT = timedelta(days=400)
_DAY = timedelta(days=1)


_ADVICE = (
    "Xin đề nghị gia hạn trước ngày đó, qua cán bộ đăng ký chứng thư số; chứng thư đã hết hạn thì không ký được nữa.",
    "Nếu đã gia hạn, xin bỏ qua thư này.",
    "",
    "These certificates end soon. Please ask your registration officer to renew them before that day: nothing can be",
    "signed with a certificate that has ended. If it was renewed already, ignore this message.",
    "",
)


class Answer(StrEnum):
    """What a mail server said to a message; the state of its lines."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "waiting"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain text. `id` is the same whenever the same is said to the same address."""

    to: str
    subject: str
    body: str
    id: str


class Mailer(Protocol):
    """Sends a message."""

    async def post(self, letter: Letter) -> Answer:
        """REFUSED: this address takes nothing, for good; LATER: not now. Busy for a server that is away."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate that an address is to be told of, so many days before its end."""

    address: str
    certificate: str
    days: int


_line = msgspec.json.Decoder(Line).decode


@dataclass(frozen=True)
class Answering:
    """Who answers for certificates, as the records and the directory have it now.

    Officers who ask for the registration authorities of the scope (the centre's where none of those has an address),
    the organisation by its contact in the directory, and whoever the form named.
    """

    directory: Directory
    authorities: Sequence[RegistrationAuthority]
    addresses: dict[str, list[str]] = field(repr=False)

    @classmethod
    def read(cls, view: View, directory: Directory) -> "Answering":
        """With the addresses of officers in force."""
        found = dict[str, list[str]]()
        for each in officers(view):
            if each.active and each.email and Duty.REQUEST in each.duties:
                found.setdefault(each.authority, []).append(each.email)
        return cls(directory, [each for each in authorities(view) if each.active], found)

    def of(self, view: View, held: Held) -> list[str]:
        """Addresses, each once."""
        case = view.case(held.case)
        says = case.says if case is not None else None
        own = says.email if says is not None and not isinstance(says, DeviceForm) else ""
        told = [*self._officers(held.path), self._contact(held.organisation), own]
        return list(dict.fromkeys(each.lower() for each in told if is_address(each)))

    def _officers(self, path: str) -> list[str]:
        above = [each for each in self.authorities if each.covers(path)]
        local = [address for each in above if not each.is_centre for address in self.addresses.get(each.id, [])]
        return local or [address for each in above if each.is_centre for address in self.addresses.get(each.id, [])]

    def _contact(self, code: str) -> str:
        found = self.directory.organisation(OrganisationCode.parse(code))
        return found.contact.email if found is not None and found.contact is not None else ""


def next_morning(now: datetime, holidays: Collection[date] = ()) -> datetime:
    """When the next working morning begins in Vietnam."""
    moment = datetime.combine(now.astimezone(VIETNAM).date(), MORNING, VIETNAM)
    while moment <= now or not is_working_day(moment.date(), holidays):
        moment += _DAY
    return moment.astimezone(now.tzinfo)


def keep(tx: Change, addresses: Iterable[str], held: Held, days: int, due: datetime) -> None:
    """Write down whom to tell, and from when on."""
    for each in addresses:
        tx.put_record(_record(Line(each, held.id, days), Answer.LATER, due))


class Mailing:
    """Run once a minute by the process on duty, where there is a mail server."""

    def __init__(self, house: House, registers: Registers, mailer: Mailer, link: str = "") -> None:
        self._house, self._registers, self._mailer, self._link = house, registers, mailer, link

    async def round(self) -> int:
        """Send what is due; how many messages went. Busy where the server is away: nothing is lost by that."""
        now = self._house.now()
        due = await self._registers.read(lambda view: _waiting(view, now))
        addresses = list(dict.fromkeys(each.address for each in due))
        return sum([await self._tell(each, now) for each in addresses[:AT_ONCE]])

    async def _tell(self, address: str, now: datetime) -> bool:
        lines = await self._registers.read(lambda view: _waiting(view, now, address))
        found = await self._registers.read(lambda view: _ending(view, lines, now))
        answer = await self._mailer.post(self._letter(address, lines, found, now)) if found else Answer.SENT
        due = now + _LATER if answer is Answer.LATER else now

        named = {each.id for each in found}

        def mark(tx: Change) -> None:
            for each in lines:
                if each.certificate in named:
                    tx.put_record(_record(each, answer, due))
                else:
                    tx.drop_record(KIND, _id(each))
            tx.drop_due(KIND, now - _KEPT)

        await self._registers.write(mark)
        return bool(found) and answer is Answer.SENT

    def _letter(self, address: str, lines: Sequence[Line], found: Sequence[Held], now: datetime) -> Letter:
        named = sha256("\n".join([address, *sorted(f"{each.certificate} {each.days}" for each in lines)]).encode())
        count = len(found)
        subject = f"{count} chứng thư số sắp hết hạn · {count} certificates end soon"
        if count == 1:
            subject = f"Chứng thư số của {found[0].name} sắp hết hạn · a certificate ends soon"
        return Letter(address, subject, "\n".join(self._words(found, now)), named.hexdigest()[:32])

    def _words(self, found: Sequence[Held], now: datetime) -> Iterable[str]:
        directory = self._house.directory()
        yield from ("Các chứng thư số sau đây sắp hết hạn:", "")
        yield from (_said(each, directory, now) for each in found[:MOST_LINES])
        if len(found) > MOST_LINES:
            yield f"… và {len(found) - MOST_LINES} chứng thư khác · and {len(found) - MOST_LINES} more"
        yield from ("", *_ADVICE)
        yield from filter(None, (self._link, self._house.name))


def _said(held: Held, directory: Directory, now: datetime) -> str:
    organisation = directory.organisation(OrganisationCode.parse(held.organisation))
    name = organisation.name if organisation is not None else held.organisation
    day, left = held.ends.astimezone(VIETNAM), math.ceil((held.ends - now) / _DAY)
    return f"- {held.name}, {name}: {day:%d/%m/%Y}, còn {left} ngày · {left} days ({held.id})"


def _waiting(view: View, now: datetime, address: str = "") -> list[Line]:
    """Lines that are due, all of one address or the first of all; those of one address stand together."""
    wanted = RecordsWanted(KIND, owner=address, state=Answer.LATER.value, due=now, limit=_ALL if address else 1000)
    return list(map(_line, view.records(wanted)))


def _ending(view: View, lines: Sequence[Line], now: datetime) -> list[Held]:
    """The certificates, the soonest to end first; not those that were stopped or ended meanwhile."""
    found = [view.certificate(each) for each in dict.fromkeys(each.certificate for each in lines)]
    active = [each for each in found if each and each.state is CertificateState.ACTIVE and each.ends > now]
    return sorted(active, key=lambda each: (each.ends, each.id))


def _record(line: Line, state: Answer, due: datetime) -> Record:
    return Record(KIND, _id(line), line, owner=line.address, state=state.value, due=due)


def _id(line: Line) -> str:
    return f"{line.address} {line.certificate}:{line.days}"
