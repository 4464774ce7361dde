"""Reminders: 90, 60 and 30 days before a certificate ends, each once, to whoever asked for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec

from lienthong.ca import mailing
from lienthong.ca.carrying import ISSUED_BY
from lienthong.ca.house import House
from lienthong.ca.mailing import Answering, next_morning
from lienthong.ca.registers import Change, Deed, Held, Record, RecordsWanted, Registers, View, Wanted

KIND = "reminder"
STEPS = (30, 60, 90)
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Reminder:
    """A certificate that ends, and how many days before that this was said."""

    certificate: str
    name: str
    path: str
    ends: datetime
    days: int
    at: datetime


_reminder = msgspec.json.Decoder(Reminder).decode


def step_of(ends: datetime, now: datetime) -> int | None:
    """The step a certificate has reached: the smallest of 30, 60, 90 days that it is within; None beyond, or after."""
    left = ends - now
    return next((days for days in STEPS if timedelta() < left <= timedelta(days=days)), None)


class Reminding:
    """Run once an hour by the process on duty. `mails`: whoever answers for a certificate is told by e-mail as well."""

    def __init__(self, house: House, registers: Registers, *, mails: bool = False) -> None:
        self._house, self._registers, self._mails = house, registers, mails

    async def round(self) -> int:
        """Write down every reminder whose day has come; how many."""
        now, after, said = self._house.now(), None, 0
        while True:
            until = now + timedelta(days=STEPS[-1])
            wanted = Wanted(state="active", ends_after=now, ends_before=until, after=after, limit=_PAGE)
            found = await self._registers.read(partial(_certificates, wanted))
            if not found:
                return said
            said += await self._registers.write(partial(self._say, found, now))
            after = found[-1].number

    def _say(self, found: Sequence[Held], now: datetime, tx: Change) -> int:
        due = {held.id: each for held in found if (each := _due(tx, held, now)) is not None}
        fresh = list(due.values())
        if self._mails and fresh:
            self._write_down(tx, [held for held in found if held.id in due], due, now)
        for each in fresh:
            tx.put_record(Record(KIND, f"{each.certificate}:{each.days}", each, owner=each.certificate, state="open"))
        tx.note(*[Deed(now, ISSUED_BY, "remind", certificate=each.certificate, text=str(each.days)) for each in fresh])
        return len(fresh)

    def _write_down(self, tx: Change, found: Sequence[Held], due: Mapping[str, Reminder], now: datetime) -> None:
        """Whom to tell by e-mail, and when."""
        who, morning = Answering.read(tx, self._house.directory()), next_morning(now, self._house.holidays)
        for held in found:
            mailing.keep(tx, who.of(tx, held), held, due[held.id].days, morning)


def reminders(view: View, covers: Callable[[str], bool]) -> list[Reminder]:
    """All that were said and may still matter, for a scope; `covers` tells of a path whether it lies in it."""
    found = map(_reminder, view.records(RecordsWanted(KIND, state="open", limit=10_000)))
    return [each for each in found if covers(each.path)]


def _due(view: View, held: Held, now: datetime) -> Reminder | None:
    step = step_of(held.ends, now)
    if step is None or view.record(KIND, f"{held.id}:{step}") is not None:
        return None
    return Reminder(held.id, held.name, held.path, held.ends, step, now)


def _certificates(wanted: Wanted, view: View) -> Sequence[Held]:
    return view.certificates(wanted)
