"""Many cases at once: the preview of a list, its opening, and the renewal of everything that ends soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from lienthong.ca.casework import Casework
from lienthong.ca.delegation.model import Asker
from lienthong.ca.departures import leaving
from lienthong.ca.house import House
from lienthong.ca.keys import key_in
from lienthong.ca.life.forms import Form, RenewalForm
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.life.subjects import chain_of, path_of
from lienthong.ca.life.table import MOST_ROWS, Row
from lienthong.ca.noting import Attempt, Noting
from lienthong.ca.preparing import prepared
from lienthong.ca.registers import Case, Held, Registers, View, Wanted
from lienthong.errors import InvalidValue, LienThongError

_SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Previewed:
    """A row as it would be opened, or the refusal it would get: code and sentences."""

    number: int
    name: str = ""
    code: str = ""
    vi: str = ""
    en: str = ""


class Bulk:
    """Lists of forms."""

    def __init__(self, house: House, registers: Registers, casework: Casework) -> None:
        self._house, self._registers, self._casework = house, registers, casework
        self._noting = Noting(house, registers)

    async def preview(self, asker: Asker, rows: Sequence[Row]) -> list[Previewed]:
        """What each row would become; nothing is written. The same functions refuse here as when it is opened."""
        now = self._house.now()
        return await self._registers.read(lambda view: self._previewed(view, asker, rows, now))

    async def open(self, asker: Asker, rows: Sequence[Row], batch: str) -> list[Case]:
        """All of them, or none: InvalidValue names the rows that the preview refuses. A repeat opens nothing twice."""
        bad = [each for each in await self.preview(asker, rows) if each.code]
        known = {row.number for row in rows if await self._there(case_id(batch, row))}
        if wrong := [f"{each.number} ({each.code})" for each in bad if each.number not in known]:
            error = InvalidValue(f"dòng / rows {', '.join(wrong[:20])}")
            await self._noting.refused(Attempt(asker.officer.id, "open-table"), error)
            raise error
        forms = [(case_id(batch, row), row.form) for row in rows if row.form is not None]
        return [await self._casework.open(asker, form, name, batch=batch) for name, form in forms]

    async def renew(self, asker: Asker, batch: str, within: timedelta = _SPAN) -> list[Case]:
        """Open a renewal for every active certificate of the asker's scope that ends within a span, keys kept.

        What cannot be renewed (a closed organisation, a key that is no longer allowed) is left for a person; who leaves
        gets no other certificate.
        """
        now = self._house.now()
        scope = scope_of(self._house, asker)
        wanted = Wanted(state="active", scope=scope, ends_after=now, ends_before=now + within, limit=MOST_ROWS)
        found = await self._registers.read(lambda view: _staying(view, wanted))
        rows = [
            Row(held.number, RenewalForm(organisation=held.organisation, certificate=held.id))
            for held in found
            if held.state is CertificateState.ACTIVE
        ]
        fit = {each.number for each in await self.preview(asker, rows) if not each.code}
        return await self.open(asker, [row for row in rows if row.number in fit], batch)

    async def _there(self, id: str) -> bool:
        return await self._registers.read(lambda view: view.case(id)) is not None

    def _previewed(self, view: View, asker: Asker, rows: Sequence[Row], now: datetime) -> list[Previewed]:
        seen: dict[str, int] = {}
        return [self._one(view, asker, row, seen, now) for row in rows]

    def _one(self, view: View, asker: Asker, row: Row, seen: dict[str, int], now: datetime) -> Previewed:
        try:
            if row.form is None:
                raise InvalidValue(row.problem)
            case = prepared(self._house, view, asker, row.form, f"preview-{row.number}", now)
            twice = seen.setdefault(_same(row.form), row.number)
            if twice != row.number:
                raise InvalidValue(f"trùng dòng / same as row {twice}")
        except LienThongError as error:
            return Previewed(row.number, _name(row.form), error.code, error.sentence("vi"), error.sentence("en"))
        return Previewed(row.number, _name(case.says or row.form))


def _staying(view: View, wanted: Wanted) -> list[Held]:
    gone = leaving(view, wanted.scope)
    return [each for each in view.certificates(wanted) if each.id not in gone]


def case_id(batch: str, row: Row) -> str:
    """The id of a row's case: the same at every repeat of the list."""
    return sha256(f"{batch}\n{row.number}".encode()).hexdigest()[:32]


def scope_of(house: House, asker: Asker) -> tuple[str, ...]:
    """Paths below which an officer sees; none for the centre, who sees everything."""
    if asker.authority.is_centre:
        return ()
    return tuple(path_of(chain_of(house.directory(), root)) for root in asker.authority.roots)


def _same(form: Form) -> str:
    return key_in(form) or getattr(form, "certificate", "") or repr(form)


def _name(form: object) -> str:
    return str(getattr(form, "full_name", "") or getattr(form, "name", "") or getattr(form, "organisation", ""))
