"""Whose an id is that the directory does not know yet: of the organisation that asked first, as long as that stands.

A gateway has its certificate before its row. Of a service (`service:ID`) the directory has no rows at all.
"""

from datetime import datetime

import msgspec

from lienthong.ca.acme.model import grant_of_case
from lienthong.ca.life.forms import DeviceForm
from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.life.machines import hop_of
from lienthong.ca.life.states import UNISSUED, CaseState
from lienthong.ca.registers import Case, Change, Record, View
from lienthong.errors import SubjectMisleading
from lienthong.registry import Directory

KIND = "asked-holder"
_HANDED = {CaseState.ISSUED, CaseState.DELIVERED}
_ids = msgspec.json.Decoder(list[str]).decode


def keep(tx: Change, case: Case, now: datetime) -> None:
    """Write down for which holder a case asks, and forget cases that ask for it no more."""
    if named := _named(case):
        others = (each for each in _asked(tx, named) if each.id != case.id)
        kept = [each.id for each in others if each.state in UNISSUED or _stands(tx, each, now)]
        tx.put_record(Record(KIND, named, [*kept, case.id]))


def require_unclaimed(view: View, directory: Directory, case: Case, now: datetime) -> None:
    """SubjectMisleading for a holder that another organisation has, or has asked for, and the directory does not know.

    A change takes a certificate over from who has it, with all of its key.
    """
    named = _named(case)
    if not named or hop_of(directory, _holder(case)):
        return
    before = view.certificate(case.about) if case.kind is CaseKind.CHANGE else None
    taken = {each.case for each in view.of_key(before.key)} if before is not None else set()
    for each in _asked(view, named):
        if each.organisation != case.organisation and each.id not in taken and _stands(view, each, now):
            raise SubjectMisleading(
                f"{_holder(case)[:80]}: {each.organisation} đã xin trước, danh bạ chưa ghi là của ai"
                f" / {each.organisation} asked first, and the directory does not say yet whose it is"
            )


def _asked(view: View, named: str) -> list[Case]:
    told = view.record(KIND, named)
    found = [] if told is None else view.cases_of(_ids(told))
    return [each for each in found if _named(each) == named]  # one that was completed may ask for another by now


def _stands(view: View, case: Case, now: datetime) -> bool:
    """Whether it may still get, or has got, a certificate in force. Who would take one over has nothing before that."""
    if case.state in UNISSUED:
        return case.kind is not CaseKind.CHANGE
    if case.standing:
        grant = grant_of_case(view, case.id)
        return grant is not None and grant.active
    held = view.certificate(case.about) if case.state in _HANDED else None
    return held is not None and held.in_force(now)


def _holder(case: Case) -> str:
    return case.says.holder if isinstance(case.says, DeviceForm) else ""


def _named(case: Case) -> str:
    """The id without what kind of holder has it, as no two of them are told apart by that or by capitals."""
    holder = _holder(case).casefold()
    return holder.partition(":")[2] or holder
