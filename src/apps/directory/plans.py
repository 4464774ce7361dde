"""Reorganisation plans: prepared, looked at, approved by somebody else, carried out in one piece.

draft ─► proposed ─► approved ─► carried out           a changed plan is a draft again
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.directory import book, models
from apps.directory.models import Change, PlanState
from apps.directory.scope import require
from apps.ui.language import t
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue, NotAllowed
from lienthong.registry import Outcome, Plan, Representation, carried_out, read_plan, touched


def plan_of(row: models.Plan) -> Plan:
    """The plan in a row."""
    return read_plan(msgspec.json.encode({
        "title": row.title, "day": row.day, "basis": row.basis, "steps": row.steps,
    }))  # fmt: skip


def outcome_of(plan: Plan) -> Outcome:
    """What it would do to the directory as it is now."""
    return carried_out(plan, book.Around(touched(plan)))


def draft(person: User, plan: Plan, row: models.Plan | None = None) -> models.Plan:
    """Keep a plan; a changed one has to be proposed again. Raises NotAllowed, InvalidValue."""
    require(person, touched(plan))
    row = row or models.Plan(author=person)
    if row.state in {PlanState.CARRIED_OUT, PlanState.WITHDRAWN}:
        raise InvalidValue(t("Kế hoạch đã thực hiện hoặc đã rút, không sửa được nữa."))
    told = msgspec.to_builtins(plan)
    row.title, row.day, row.basis, row.steps = plan.title[:300], plan.day, plan.basis[:300], told.get("steps", [])
    row.state, row.author, row.approver, row.digest = PlanState.DRAFT, person, None, ""
    row.save()
    return row


def propose(person: User, row: models.Plan) -> models.Plan:
    """Ask for approval of exactly what is shown now. Raises InvalidValue with every finding."""
    require(person, touched(plan_of(row)))
    _expect(row, PlanState.DRAFT, PlanState.PROPOSED)
    row.digest = _sound(outcome_of(plan_of(row))).digest
    row.state, row.author = PlanState.PROPOSED, person
    row.save()
    return row


def approve(person: User, row: models.Plan) -> models.Plan:
    """Approved by a second person. Raises NotAllowed for the author, InvalidValue for a stale plan."""
    require(person, touched(plan_of(row)))
    _expect(row, PlanState.PROPOSED)
    if person == row.author:
        raise NotAllowed(t("Người lập kế hoạch không tự duyệt được. Cần một cán bộ đăng ký khác."))
    _fresh(row)
    row.state, row.approver, row.approved = PlanState.APPROVED, person, timezone.now()
    row.save()
    return row


def withdraw(person: User, row: models.Plan) -> models.Plan:
    """Given up before it was carried out; stays to be read."""
    require(person, touched(plan_of(row)))
    _expect(row, PlanState.DRAFT, PlanState.PROPOSED, PlanState.APPROVED)
    row.state = PlanState.WITHDRAWN
    row.save()
    return row


def carry_out(person: User, row: models.Plan) -> Change:
    """Do it, all or nothing: the directory then says it for the plan's day. Raises InvalidValue for a stale plan."""
    with transaction.atomic():
        change = book.begin(person, "plan", row.title)
        row = models.Plan.objects.select_for_update().get(pk=row.pk)
        _expect(row, PlanState.APPROVED)
        outcome = _fresh(row)
        book.put(change, outcome.after)
        book.stop(change, outcome.ended, outcome.day)
        book.speak(change, outcome.begun)
        row.state, row.result = PlanState.CARRIED_OUT, change
        row.save()
    return change


def _expect(row: models.Plan, *states: PlanState) -> None:
    if row.state not in states:
        raise InvalidValue(t("Kế hoạch đang ở bước “{state}”.", state=t(str(PlanState(row.state).label))))


def _sound(outcome: Outcome) -> Outcome:
    if outcome.findings:
        raise InvalidValue("; ".join(f"{each.where}: {each.vi} / {each.en}" for each in outcome.findings))
    return outcome


def _fresh(row: models.Plan) -> Outcome:
    """What it does now, if that is what was shown. Raises InvalidValue for a stale plan."""
    outcome = _sound(outcome_of(plan_of(row)))
    if outcome.digest != row.digest:
        raise InvalidValue(
            t("Danh bạ đã thay đổi từ khi kế hoạch được trình. Xem lại, rồi trình lại. Chưa có gì thay đổi.")
        )
    return outcome


# ---------------------------------------------------------------- what people weigh before they say yes


@dataclass(frozen=True, slots=True)
class Effects:
    """Beside the codes: gateways left without anybody, certificates, representations, people, documents under way.

    `waiting` is by code, None where the exchange could not be asked.
    """

    gateways: Sequence[str]
    certificates: Sequence[models.Certificate]
    ended: Sequence[Representation]
    begun: Sequence[Representation]
    people: Sequence[User]
    waiting: Mapping[OrganisationCode, int] | None


def effects_of(outcome: Outcome, waiting: Mapping[OrganisationCode, int] | None = None) -> Effects:
    """What the outcome means for everything that hangs on a code."""
    closed = set(map(str, outcome.closed()))
    holders = [f"org:{code}" for code in closed]
    certificates = [
        each
        for few in book.chunks(holders)
        for each in book.believed(models.Certificate).filter(holder__in=few, revoked_at=None)
    ]
    people = [each for few in book.chunks(sorted(closed)) for each in User.objects.filter(agency__in=few)]
    return Effects(_left_alone(outcome), certificates, outcome.ended, outcome.begun, people, waiting)


def _left_alone(outcome: Outcome) -> list[str]:
    """Gateways that speak for nobody any more."""
    gateways = {each.gateway for each in outcome.ended} - {each.gateway for each in outcome.begun}
    ended = {(each.gateway, str(each.organisation)) for each in outcome.ended}
    spoken = book.believed(models.Representation).filter(gateway__in=gateways, valid_to=None)
    busy = {each.gateway for each in spoken if (each.gateway, each.organisation) not in ended}
    return sorted(gateways - busy)
