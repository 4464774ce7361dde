"""Departures [người rời cơ quan]: what becomes of a person's certificates on the day they retire, leave or move.

waiting ─its day─► opened ─the last certificate over─► done     all decided against ─► refused
   │                  └─five working days─► late ─► done, refused
   └─withdrawn        what cannot be opened yet waits with its problem, and is late as well

On its day the authority opens the cases in the name of whoever recorded it, so that others examine and approve.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec import structs

from lienthong.ca import profiles
from lienthong.ca.carrying import ISSUED_BY
from lienthong.ca.delegation.matrix import Matter, require
from lienthong.ca.delegation.model import Asker, Duty
from lienthong.ca.holders import certificates_of_holder
from lienthong.ca.house import House
from lienthong.ca.life.departure import DAYS, RUNNING, Departure, DepartureState, Notice
from lienthong.ca.life.states import OPEN, working_days
from lienthong.ca.noting import Attempt, Noting
from lienthong.ca.people import authority_of, officer_of
from lienthong.ca.preparing import prepared
from lienthong.ca.registers import Case, Change, Deed, Held, Record, RecordsWanted, Registers, View
from lienthong.errors import IllegalMove, InvalidValue, LienThongError, NotFound

KIND = "departure"
_BACK, _AHEAD = timedelta(days=366), timedelta(days=731)
"""How far a day may lie in the past or the future: beyond, it is a slip of the pen."""
_PAGE = 500

_departure = msgspec.json.Decoder(Departure).decode


def departure_of(view: View, certificate: str) -> Departure | None:
    """The departure of the person whom a certificate names."""
    found = view.record(KIND, certificate)
    return None if found is None else _departure(found)


def departures(
    view: View, scope: Sequence[str] = (), *, state: str = "", offset: int = 0, limit: int = 50
) -> list[Departure]:
    """Those of a scope, the soonest first."""
    wanted = RecordsWanted(KIND, within=scope, state=state, offset=offset, limit=limit)
    return list(map(_departure, view.records(wanted)))


def leaving(view: View, scope: Sequence[str] = ()) -> set[str]:
    """Certificates of people who retire or leave, by id: none is to follow them."""
    going = [each.certificate for each in _running(view, RecordsWanted(KIND, within=scope)) if each.goes]
    return {held.id for each in going for held in certificates_of_holder(view, each)}


class Departures:
    """What officers record, and what the authority does about it by itself."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._registers, self._noting = house, registers, Noting(house, registers)

    # ------------------------------------------------------------ officers

    async def record(self, asker: Asker, certificate: str, notice: Notice, letter: bytes = b"") -> Departure:
        """Write it down, or another notice in its place while nothing is opened; a repeat changes nothing.

        The letter stays unless there is another, or another organisation is to have signed it.
        All that the case would be refused for today; IllegalMove once cases are open, or for a certificate that is
        over; InvalidValue for one that is no person's, or a day too far away.
        """
        attempt = Attempt(asker.officer.id, "depart", certificate=certificate)
        before = await self._registers.read(lambda view: departure_of(view, certificate))
        notice, kept = _with_letter(notice, before) if not letter else (notice, "")
        held = await self._registers.read(lambda view: _certificate(view, certificate))
        found = kept or await self._noting.judged(attempt, notice.form(held.id, held.organisation), letter)

        def work(tx: Change) -> Departure:
            known, now = departure_of(tx, certificate), self._house.moment(tx)
            if known is not None and known.stands and known.says(notice, asker.officer.id):
                return known
            if known is not None and known.begun:
                raise IllegalMove(f"{certificate}: đã mở hồ sơ / cases are open: {', '.join(known.cases)}")
            fresh = self._fresh(tx, asker, _certificate(tx, certificate), notice, now)
            if letter:
                tx.add_paper(notice.letter, letter)
            text = f"{notice.reason.value} {notice.day} {notice.to}".rstrip()
            return self._put(tx, replace(fresh, found=found), Deed(now, asker.officer.id, "depart", text=text))

        return await self._noting.done(attempt, work)

    async def withdraw(self, asker: Asker, certificate: str) -> Departure:
        """Take it back: the person stays. NotFound; IllegalMove once cases are open; NotAllowed outside the scope."""

        def work(tx: Change) -> Departure:
            known, now = departure_of(tx, certificate), self._house.moment(tx)
            if known is None:
                raise NotFound(certificate[:80])
            require(asker.officer, asker.authority, Duty.REQUEST, Matter(known.notice.kind, (known.path,)))
            if known.state is DepartureState.WITHDRAWN:
                return known
            if known.begun or known.state not in RUNNING:
                raise IllegalMove(f"{certificate}: {known.state.value}")
            after = replace(known, state=DepartureState.WITHDRAWN, problem="")
            return self._put(tx, after, Deed(now, asker.officer.id, "stay"))

        return await self._noting.done(Attempt(asker.officer.id, "stay", certificate=certificate), work)

    def _fresh(self, view: View, asker: Asker, held: Held, notice: Notice, now: datetime) -> Departure:
        """A departure from the scope of who records it, whose case they could ask for today."""
        if held.profile != profiles.PERSON.name:
            raise InvalidValue(f"{held.id}: chỉ chứng thư của cá nhân / of a person only")
        if not held.in_force(now):
            raise IllegalMove(f"{held.id}: hết hiệu lực / not in force")
        if not now - _BACK <= notice.begins <= now + _AHEAD:
            raise InvalidValue(f"day: {notice.day}")
        require(asker.officer, asker.authority, Duty.REQUEST, Matter(notice.kind, (held.path,)))
        prepared(self._house, view, asker, notice.form(held.id, held.organisation), KIND, now)
        due = working_days(notice.begins, DAYS, self._house.holidays)
        who = (asker.officer.id, asker.authority.id)
        return Departure(held.id, notice, held.name, held.organisation, held.path, *who, now, due)

    # ------------------------------------------------------------ by itself

    async def round(self) -> int:
        """Open what its day has come for, and see what became of what is open; how many went on."""
        waiting = await self._registers.read(lambda view: _due(view, self._house.now()))
        return sum([await self._go_on(each) for each in waiting])

    async def _go_on(self, certificate: str) -> bool:
        """One transaction, and none where nothing is new."""
        if not await self._registers.read(lambda view: self._next(view, certificate) is not None):
            return False
        return await self._registers.write(lambda tx: self._moved(tx, certificate))

    def _moved(self, tx: Change, certificate: str) -> bool:
        told = self._next(tx, certificate)
        if told is None:
            return False
        (before, after, cases), now = told, self._house.moment(tx)
        tx.put_cases(cases)
        text = f"{after.notice.kind.value} {certificate}"
        tx.note(*[Deed(now, each.requester, "open", each.id, each.about, text=text) for each in cases])
        if after.state is DepartureState.LATE and before.state is not DepartureState.LATE:
            self._put(tx, after, Deed(now, ISSUED_BY, "depart-late", text=str(after.notice.day)))
        elif after.problem and after.problem != before.problem:
            self._put(tx, after, Deed(now, after.recorder, "refused:depart", text=after.problem))
        else:
            self._put(tx, after, Deed(now, ISSUED_BY, f"depart-{after.state.value}"))
        return True

    def _next(self, view: View, certificate: str) -> tuple[Departure, Departure, list[Case]] | None:
        """How it stands, how it will, and the cases to open; None where nothing changes."""
        known, now = departure_of(view, certificate), self._house.moment(view)
        if known is None or known.state not in RUNNING:
            return None
        left = _left(view, known, now)
        asked = {str(getattr(each.form, "certificate", "")): each for each in view.cases_of(known.cases)}
        pending = any(asked[each.id].state in OPEN for each in left if each.id in asked)
        fresh, problem = self._cases(view, known, [each for each in left if each.id not in asked], now)
        after = replace(known, cases=(*known.cases, *[each.id for each in fresh]), problem=problem)
        after = replace(after, state=_state(after, left, now, going=bool(fresh or problem or pending)))
        return None if after == known else (known, after, fresh)

    def _cases(self, view: View, known: Departure, left: Sequence[Held], now: datetime) -> tuple[list[Case], str]:
        """A case for each certificate, and what keeps others from being opened."""
        fresh, problems = list[Case](), list[str]()
        for held in left:
            try:
                officer = officer_of(view, known.recorder)
                asker = Asker(officer, authority_of(view, officer.authority))
                form = known.notice.form(held.id, held.organisation)
                case = prepared(self._house, view, asker, form, _id(known, held), now)
                fresh.append(structs.replace(case, letter=known.found))
            except LienThongError as error:
                if not error.permanent:
                    raise
                problems.append(f"{error.code}: {error.detail}")
        return fresh, "; ".join(dict.fromkeys(problems))

    def _put(self, tx: Change, departure: Departure, deed: Deed) -> Departure:
        of = departure
        tx.put_record(Record(KIND, of.certificate, of, owner=of.path, state=of.state.value, due=of.notice.begins))
        tx.note(replace(deed, certificate=of.certificate))
        return of


def _with_letter(notice: Notice, known: Departure | None) -> tuple[Notice, str]:
    """A notice without a letter with that of the one before, and what was found in it."""
    if notice.letter or known is None or known.state not in RUNNING or known.notice.to != notice.to:
        return notice, ""
    return replace(notice, letter=known.notice.letter), known.found


def _id(of: Departure, held: Held) -> str:
    """The id of a case: the same at every repeat, another when the departure is recorded anew."""
    return sha256(f"{of.certificate}\n{of.recorded.isoformat()}\n{held.id}".encode()).hexdigest()[:32]


def _left(view: View, of: Departure, now: datetime) -> list[Held]:
    """Certificates of the person that are still in force and should not be.

    A transfer changes the newest of each key; what is older ends with it.
    """
    scope, of_person = authority_of(view, of.authority), certificates_of_holder(view, of.certificate)
    found = [each for each in of_person if each.in_force(now) and scope.covers(each.path)]
    if not of.notice.to:
        return found
    newest = {each.key: each for each in found}
    return [each for each in newest.values() if each.organisation != of.notice.to]


def _state(of: Departure, left: Sequence[Held], now: datetime, *, going: bool) -> DepartureState:
    if not left:
        return DepartureState.DONE
    if not going:
        return DepartureState.REFUSED
    if now >= of.due or of.state is DepartureState.LATE:
        return DepartureState.LATE
    return DepartureState.OPENED if of.cases else DepartureState.WAITING


def _due(view: View, now: datetime) -> list[str]:
    """Whose day has come, and whose cases are open."""
    return [each.certificate for each in _running(view, RecordsWanted(KIND, due=now))]


def _running(view: View, wanted: RecordsWanted) -> Iterator[Departure]:
    """All that are not over, page by page."""
    for state in RUNNING:
        of_state = replace(wanted, state=state.value, limit=_PAGE)
        while page := view.records(of_state):
            yield from map(_departure, page)
            of_state = replace(of_state, offset=of_state.offset + len(page))


def _certificate(view: View, certificate: str) -> Held:
    found = view.certificate(certificate)
    if found is None:
        raise NotFound(f"chứng thư / certificate {certificate[:80]}")
    return found
