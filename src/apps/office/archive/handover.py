"""Handing closed files over to the agency's archive (Decree 30/2020, Art. 30 and Annex V).

closed ─ offer ─► offered ─ accept ─► archived
            ▲         └─ return ─► closed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from apps.office.cases.catalogue import catalogue_of, tell
from apps.office.cases.policy import Act, plans_for, require
from apps.office.deed import Deed
from apps.office.finding import index
from apps.office.models import CaseFile, CaseState, Catalogue, Handover, HandoverState
from apps.staff.models import Duty, Unit
from apps.staff.rights import WHOLE_AGENCY, Standing
from lienthong.errors import IllegalMove, InvalidValue

WARNED = timedelta(days=30)
"""How long before its day a file is said to be due (Annex VI I.5)."""
FIVE_YEARS = 5
"""Files kept for less do not have to go to the archive (Art. 30.1)."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """What people say of a hand-over; boxes and running metres are of paper."""

    title: str
    basis: str = ""
    condition: str = ""
    boxes: int = 0
    metres: Decimal = Decimal(0)


def due_soon(person: Standing, today: date) -> QuerySet[CaseFile]:
    """Closed files of the person, or of the units the person plans for, that the archive should have within 30 days."""
    mine = Q(keeper=person.person) | Q(unit__in=plans_for(person))
    kept = Q(years=None) | Q(years__gte=FIVE_YEARS)
    found = CaseFile.objects.filter(mine, kept, agency=person.agency, state=CaseState.CLOSED)
    return found.filter(due__lte=today + WARNED).order_by("due")


def to_offer(person: Standing, unit: Unit) -> QuerySet[CaseFile]:
    """Closed files of a unit that the person may hand over."""
    found = CaseFile.objects.filter(agency=person.agency, unit=unit, state=CaseState.CLOSED)
    return found if unit.pk in plans_for(person) else found.filter(keeper=person.person)


def visible(person: Standing) -> QuerySet[Handover]:
    """Hand-overs a person may see: of units in reach, of one's own, all of them to the archivist."""
    found = Handover.objects.filter(agency=person.agency).select_related("unit", "giver", "receiver")
    if person.has(Duty.ARCHIVIST, *WHOLE_AGENCY):
        return found
    return found.filter(Q(unit__in=person.units) | Q(giver=person.person))


def offer(deed: Deed, unit: Unit, cases: Sequence[CaseFile], minutes: Minutes) -> Handover:
    """Give closed files of one unit. InvalidValue without files or title; IllegalMove if one is not closed any more."""
    if not cases or not minutes.title.strip():
        raise InvalidValue("cần tên khối tài liệu và ít nhất một hồ sơ / a title and at least one file are needed")
    with transaction.atomic():
        held = list(CaseFile.objects.select_for_update().filter(pk__in=[case.pk for case in cases]))
        for case in held:
            _check(deed, unit, case)
        made = _record(deed, unit, held, minutes)
        for case in held:
            case.state, case.handover = CaseState.OFFERED, made
            case.save(update_fields=["state", "handover"])
            index.refresh_file(case)
            tell(deed, case, "offered", handover=str(made))
        return made


def accept(deed: Deed, handover: Handover) -> None:
    """The archivist takes them; from now on the archive answers for them."""
    with transaction.atomic():
        held = _waiting(deed, handover)
        held.state, held.receiver, held.ended = HandoverState.ACCEPTED, deed.person, deed.at
        held.save()
        for case in held.cases.select_for_update():
            case.state = CaseState.ARCHIVED
            case.save(update_fields=["state"])
            tell(deed, case, "archived", handover=str(held))


def give_back(deed: Deed, handover: Handover, reason: str) -> None:
    """The archivist returns them all with a reason; the files wait at their unit again."""
    if not reason.strip():
        raise InvalidValue("thiếu lý do / a reason is missing")
    with transaction.atomic():
        held = _waiting(deed, handover)
        held.state, held.receiver, held.ended = HandoverState.RETURNED, deed.person, deed.at
        held.reason = reason.strip()[:500]
        held.save()
        for case in held.cases.select_for_update():
            case.state, case.handover = CaseState.CLOSED, None
            case.save(update_fields=["state", "handover"])
            index.refresh_file(case)
            tell(deed, case, "returned", handover=str(held), reason=held.reason)


def _check(deed: Deed, unit: Unit, case: CaseFile) -> None:
    if case.unit_id != unit.pk or unit.agency != deed.person.agency:
        raise PermissionDenied
    if case.unit_id not in plans_for(deed.standing):
        require(case, deed.standing, Act.HAND_OVER)
    if case.state != CaseState.CLOSED:
        raise IllegalMove(f"{case.notation}: {case.state}")


def _record(deed: Deed, unit: Unit, cases: Sequence[CaseFile], minutes: Minutes) -> Handover:
    year = timezone.localtime(deed.at).year
    Catalogue.objects.select_for_update().get(pk=catalogue_of(unit.agency, year).pk)  # one number at a time
    last = Handover.objects.filter(agency=unit.agency, year=year).aggregate(last=Max("number"))["last"]
    return Handover.objects.create(
        agency=unit.agency,
        unit=unit,
        year=year,
        number=int(last or 0) + 1,
        title=minutes.title.strip()[:300],
        basis=minutes.basis.strip()[:300],
        condition=minutes.condition.strip()[:500],
        boxes=minutes.boxes,
        metres=minutes.metres,
        giver=deed.person,
        given=deed.at,
        listed=[case.code for case in cases],
    )


def _waiting(deed: Deed, handover: Handover) -> Handover:
    if not deed.standing.has(Duty.ARCHIVIST) or handover.agency != deed.person.agency:
        raise PermissionDenied
    held = Handover.objects.select_for_update().get(pk=handover.pk)
    if held.state != HandoverState.OFFERED:
        raise IllegalMove(str(held))
    return held
