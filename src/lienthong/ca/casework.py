"""Cases from the form to the decision: every step by an officer, each decision by a signed order.

open ─► examine (order) ─► approve (order of another officer) ─► carried out (`carrying`) ─► deliver
        └ return, refuse, stop (orders)        withdraw, resubmit: who asked
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from lienthong.ca import claims, keys, tokens, transfers
from lienthong.ca.delegation.matrix import require, require_giving, require_scope
from lienthong.ca.delegation.model import Asker, Duty, Officer, RegistrationAuthority
from lienthong.ca.delegation.orders import SignedOrder, Statement, certificate_of, opened
from lienthong.ca.house import House
from lienthong.ca.life.forms import DeviceForm, Form
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.life.states import CaseAct, CaseState, due, moved
from lienthong.ca.life.subjects import chain_of, path_of
from lienthong.ca.noting import LETTER_MISSING, Attempt, Noting
from lienthong.ca.people import authority_of, officer_of
from lienthong.ca.preparing import matter_of, prepared, require_possible, require_timely
from lienthong.ca.registers import Case, Change, Deed, Record, Registers, View
from lienthong.ca.rules.keys import key_id, spki
from lienthong.document.times import VIETNAM
from lienthong.errors import (
    DuplicateDiffers,
    IllegalMove,
    InvalidValue,
    NotFound,
    OrderInvalid,
    OrderReplayed,
    QuotaUsedUp,
)

QUOTA = "quota"
_EITHER = (Duty.APPROVE, Duty.EXAMINE)
_DUTIES = {
    CaseAct.EXAMINE: (Duty.EXAMINE,),
    CaseAct.RETURN: _EITHER,
    CaseAct.REFUSE: _EITHER,
    CaseAct.APPROVE: (Duty.APPROVE,),
    CaseAct.AGREE: (Duty.APPROVE,),
    CaseAct.STOP: (Duty.STOP,),
}
ORDERED = frozenset(_DUTIES)
"""Acts that need a signed order."""


class Casework:
    """What officers do. Refusals leave a line in the history and in the log."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._noting = house, Noting(house, registers)

    # ------------------------------------------------------------ asking

    async def open(self, asker: Asker, form: Form, id: str, letter: bytes = b"", batch: str = "") -> Case:
        """A new case, or the one that is there if this is a repeat. DuplicateDiffers; all that `prepared` raises."""
        trying = Attempt(asker.officer.id, "open", id)
        said = await self._noting.judged(trying, form, letter)

        def work(tx: Change) -> Case:
            if (known := tx.case(id)) is not None:
                if known.form != form or known.requester != asker.officer.id:
                    raise DuplicateDiffers(id[:80])
                return known
            now = self._house.moment(tx)
            fresh = structs.replace(prepared(self._house, tx, asker, form, id, now, batch), letter=said)
            if letter:
                tx.add_paper(form.letter, letter)
            tx.put_cases([fresh])
            transfers.keep(tx, fresh)
            keys.keep(tx, fresh)
            claims.keep(tx, fresh, now)
            tx.note(_deed(fresh, now, asker.officer.id, "open", text=fresh.kind.value))
            return fresh

        return await self._noting.done(trying, work)

    async def resubmit(self, asker: Asker, id: str, form: Form, letter: bytes = b"") -> Case:
        """Another form in place of the one that was returned or not yet looked at, by who asked.

        The letter stays unless there is another.
        """
        trying = Attempt(asker.officer.id, "resubmit", id)
        said = await self._noting.judged(trying, form, letter) if letter else ""

        def work(tx: Change) -> Case:
            before, now = _case(tx, id), self._house.moment(tx)
            _require_own(before, asker)
            if type(form) is not type(before.form):
                raise InvalidValue("kind")
            after = moved(before.state, CaseAct.RESUBMIT)
            if not letter and form.letter != before.form.letter:
                raise InvalidValue(LETTER_MISSING)
            fresh = prepared(self._house, tx, asker, form, id, now, before.batch)
            if letter:
                tx.add_paper(form.letter, letter)
            fresh = structs.replace(fresh, opened=before.opened, letter=said or before.letter)
            keys.keep(tx, fresh)
            claims.keep(tx, fresh, now)
            return self._put(tx, fresh, after, now, "resubmit", asker)

        return await self._noting.done(trying, work)

    async def withdraw(self, asker: Asker, id: str) -> Case:
        """Taken back by who asked, while nothing is decided."""

        def work(tx: Change) -> Case:
            before, now = _case(tx, id), self._house.moment(tx)
            _require_own(before, asker)
            return self._put(tx, before, moved(before.state, CaseAct.WITHDRAW), now, "withdraw", asker)

        return await self._noting.done(Attempt(asker.officer.id, "withdraw", id), work)

    async def deliver(self, asker: Asker, id: str, receiver: str) -> Case:
        """What was issued was handed to somebody, who is named."""

        def work(tx: Change) -> Case:
            before, now = _case(tx, id), self._house.moment(tx)
            require(asker.officer, asker.authority, Duty.DELIVER, matter_of(before, asker.authority))
            after = moved(before.state, CaseAct.DELIVER)
            return self._put(tx, before, after, now, "deliver", asker, text=receiver[:200])

        return await self._noting.done(Attempt(asker.officer.id, "deliver", id), work)

    # ------------------------------------------------------------ deciding

    async def decide(self, id: str, order: SignedOrder) -> Case:
        """Carry an order about a case out: examine, return, refuse, approve or stop it, agree to a transfer.

        OrderInvalid, OrderReplayed, NotAllowed, SameOfficer, QuotaUsedUp, IllegalMove: then nothing changes.
        """
        claimed = Statement.from_bytes(order.statement)

        def work(tx: Change) -> Case:
            before, now = _case(tx, id), self._house.moment(tx)
            told = self._ordered(tx, before, order, now)
            act = CaseAct(told.act)
            if not tx.add_order(order.id, id, order.statement, order.signature):
                raise OrderReplayed(order.id)
            after = self._marked(tx, before, act, told.officer, now)
            return self._enter(
                tx, after, moved(before.state, act), now, _Line(act.value, told.officer, order.id, told.why)
            )

        return await self._noting.done(Attempt(claimed.officer, claimed.act, id, order=order.id), work)

    async def standing(self, origin: str, form: DeviceForm, id: str, who: str) -> Case:
        """A case that an approved one lets a machine open by itself, approved as that was; a repeat changes nothing.

        What `require_standing` raises, and what a device is refused for.
        """

        def work(tx: Change) -> Case:
            if (known := tx.case(id)) is not None:
                return known
            now = self._house.moment(tx)
            fresh = structs.replace(
                self.require_standing(tx, origin, now), id=id, form=form, says=form, state=CaseState.APPROVED,
                opened=now, since=now, due=due(CaseState.APPROVED, now, self._house.holidays), requester=who, about="",
                plan=None,
            )  # fmt: skip
            require_possible(self._house, tx, fresh, now)
            self._count(tx, fresh, now)
            tx.put_cases([fresh])
            keys.keep(tx, fresh)
            claims.keep(tx, fresh, now)
            tx.note(_deed(fresh, now, who, "open", text=f"{fresh.kind.value} {origin}"))
            return fresh

        return await self._noting.done(Attempt(who, "open", id), work)

    def require_standing(self, view: View, origin: str, now: datetime) -> Case:
        """An approved case that lets a machine ask by itself, in the place its organisation has by now.

        NotAllowed once its registration authority is stopped or may have no such certificate there any more; else what
        a device is refused for.
        """
        before = _case(view, origin)
        here = structs.replace(before, path=path_of(chain_of(self._house.directory(), before.organisation)))
        require_scope(self._owner(view, here), (here.path,), here.profile)
        require_possible(self._house, view, here, now)
        return here

    def _ordered(self, tx: Change, case: Case, order: SignedOrder, now: datetime) -> Statement:
        """The statement, once signature, officer, right and case are what they must be."""
        claimed = Statement.from_bytes(order.statement)
        if claimed.act not in ORDERED or claimed.about != case.id:
            raise OrderInvalid(f"{claimed.act}: {claimed.about[:80]}")
        officer = officer_of(tx, claimed.officer)
        told = opened(order, officer, self._house.name, now)
        _require_unrevoked(tx, certificate_of(officer).public_key())
        self._require_right(tx, case, officer, CaseAct(told.act))
        if told.seen != case.state.value or told.digest != case.digest:
            if tx.add_order(order.id, case.id, order.statement, order.signature):
                raise OrderInvalid(f"hồ sơ đã đổi / the case has changed: {case.state.value}")
            raise OrderReplayed(order.id)
        return told

    def _require_right(self, tx: Change, case: Case, officer: Officer, act: CaseAct) -> None:
        """NotAllowed, SameOfficer. Where a person leaves nothing is decided but whether they may: agree, or refuse."""
        authority, matter = authority_of(tx, officer.authority), matter_of(case, self._owner(tx, case))
        giving = authority.covers(case.leaves) and not authority.covers(case.path)
        if act is CaseAct.AGREE or (act is CaseAct.REFUSE and giving):
            require_giving(officer, authority, matter)
        else:
            require(officer, authority, _duty(act, officer), matter)

    def _marked(self, tx: Change, case: Case, act: CaseAct, officer: str, now: datetime) -> Case:
        """What a step adds to a case; the last checks before it is decided."""
        if act in {CaseAct.EXAMINE, CaseAct.APPROVE}:
            self._require_whole(tx, case, now)
        if act is CaseAct.APPROVE:
            self._count(tx, case, now)
            return structs.replace(case, approver=officer)
        if act is CaseAct.AGREE:
            return _agreed(case, officer)
        if act is CaseAct.EXAMINE:
            return structs.replace(case, examiner=officer)
        return structs.replace(case, examiner="") if act is CaseAct.RETURN else case

    def _require_whole(self, tx: Change, case: Case, now: datetime) -> None:
        """All as when it was opened, and a key there is: days may have passed since."""
        about = tx.certificate(case.about) if case.about else None
        require_timely(case, about, now)
        found = require_possible(self._house, tx, case, now)
        if case.issues and found is None and about is None:
            raise InvalidValue("csr: chưa có yêu cầu chứng thư / there is no certificate request yet")
        tokens.require_usable(tx, case, self._owner(tx, case), now)

    def _count(self, tx: Change, case: Case, now: datetime) -> None:
        """One more of today's certificates of the authority that asked. QuotaUsedUp."""
        if not case.issues:
            return
        owner, day = self._owner(tx, case), now.astimezone(VIETNAM).date().isoformat()
        used = int(tx.record(QUOTA, f"{owner.id}:{day}") or 0)
        if used >= owner.daily:
            raise QuotaUsedUp(f"{owner.name}: {owner.daily}")
        tx.put_record(Record(QUOTA, f"{owner.id}:{day}", used + 1, owner=owner.id))

    def _owner(self, tx: View, case: Case) -> RegistrationAuthority:
        return authority_of(tx, case.authority)

    # ------------------------------------------------------------ writing

    def _put(
        self, tx: Change, case: Case, state: CaseState, now: datetime, act: str, asker: Asker, text: str = ""
    ) -> Case:
        return self._enter(tx, case, state, now, _Line(act, asker.officer.id, "", text))

    def _enter(self, tx: Change, case: Case, state: CaseState, now: datetime, line: "_Line") -> Case:
        after = case
        if line.act != CaseAct.AGREE.value:  # an agreement moves no clock
            after = structs.replace(case, state=state, since=now, due=due(state, now, self._house.holidays))
        tx.put_cases([after])
        transfers.keep(tx, after)
        tx.note(_deed(after, now, line.who, line.act, line.order, line.text))
        return after


@dataclass(frozen=True, slots=True)
class _Line:
    """What the history says of a step."""

    act: str
    who: str
    order: str = ""
    text: str = ""


def _agreed(case: Case, officer: str) -> Case:
    if not case.awaits:
        raise IllegalMove(f"{case.id}: không còn chờ đồng ý / waits for no agreement")
    return structs.replace(case, agreed=officer)


def _duty(act: CaseAct, officer: Officer) -> Duty:
    """By which of an officer's duties this is done."""
    return next((duty for duty in _DUTIES[act] if duty in officer.duties), _DUTIES[act][0])


def _case(view: View, id: str) -> Case:
    found = view.case(id)
    if found is None:
        raise NotFound(id[:80])
    return found


def _deed(case: Case, at: datetime, who: str, act: str, order: str = "", text: str = "") -> Deed:
    return Deed(at, who, act, case.id, case.about, order, text)


def _require_own(case: Case, asker: Asker) -> None:
    if case.requester != asker.officer.id:
        raise IllegalMove(f"người lập / asked by {case.requester}")


def _require_unrevoked(view: View, key: object) -> None:
    if any(each.state is not CertificateState.ACTIVE for each in view.of_key(key_id(spki(key)))):
        raise OrderInvalid("chứng thư của cán bộ đã dừng hoặc thu hồi / the officer's certificate was stopped")
