"""The steps a draft goes through before its leader, as the agency asks for them; and who stands at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import Draft, Role, Route
from apps.office.outgoing.policy import CHECKS, HOLDERS
from apps.staff.models import Duty, Post, Unit, held_on
from apps.staff.rights import HEADS, root_of
from apps.ui.language import t
from lienthong.errors import InvalidValue

OWN, AGENCY = "own", "agency"
"""How a route names the drafter's own unit and the agency itself; any other unit stands by its id."""
DEFAULT = ({"role": Role.REVIEW, "unit": OWN}, {"role": Role.FORM, "unit": AGENCY})
"""Decree 30/2020 Art. 12: the head of the drafting unit answers for the content, the agency's office for the form."""
BY_ORDER = ("TL.", "TUQ.")
"""Who signs by order or by authorisation is no leader of the agency but a head (Art. 13)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step and the unit whose people hold it."""

    role: str
    unit: Unit

    def __str__(self) -> str:
        return f"{t(str(Role(self.role).label))}, {self.unit.name}"


def steps_of(agency: str, kind: str, own: Unit) -> list[Step]:
    """What a draft of this kind from this unit passes. Raises InvalidValue when a step's unit is gone or empty.

    An agency that has asked for no steps has the usual ones, without those of the agency itself that nobody is there
    for: where there are but a leader and a clerk, a draft goes straight to the signature.
    """
    chosen = Route.objects.filter(agency=agency, kind__in=["", kind]).order_by("-kind").first()
    named = {OWN: own.pk, AGENCY: root_of(agency).pk}
    wanted = chosen.steps if chosen else DEFAULT
    steps = read([{"role": each["role"], "unit": named.get(each["unit"], each["unit"])} for each in wanted])
    if chosen is None:
        steps = [step for step in steps if step.unit.parent_id is not None or holders(step).exists()]
    for step in steps:
        _require_holder(step)
    return steps


def check(agency: str, steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a route in which a draft would strand: a step twice, or one nobody holds today. Raises InvalidValue."""
    if len({(each["role"], each["unit"]) for each in steps}) < len(steps):
        raise InvalidValue(t("Một bước chỉ ghi một lần."))
    named = [
        each | {"unit": root_of(agency).pk if each["unit"] == AGENCY else each["unit"]} for each in map(dict, steps)
    ]
    read([each | {"unit": root_of(agency).pk} if each["unit"] == OWN else each for each in named])
    for step in read([each for each in named if each["unit"] != OWN]):
        _require_holder(step)


def kept(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as they stay with a draft."""
    return [{"role": step.role, "unit": step.unit.pk} for step in steps]


def read(steps: Sequence[Mapping[str, Any]]) -> list[Step]:
    """Steps as kept, with their units. Raises InvalidValue for a unit that is gone or a step that is none."""
    units = Unit.objects.in_bulk([each["unit"] for each in steps])
    if not all(each["unit"] in units and each["role"] in CHECKS for each in steps):
        raise InvalidValue(t("Bước này không có trong danh sách."))
    return [Step(str(each["role"]), units[each["unit"]]) for each in steps]


def holders(step: Step) -> QuerySet[User]:
    """People who may do the step today."""
    return _holding(step.unit.agency, Post.objects.filter(unit=step.unit, duty__in=HOLDERS[step.role]))


def signers(agency: str, competence: str = "") -> QuerySet[User]:
    """Who may sign for the agency today: its leaders; by order or authorisation also heads of its office and units."""
    return _holding(agency, signing_posts(agency, competence))


def signers_of(draft: Draft) -> QuerySet[User]:
    """Who may sign this draft today."""
    return signers(draft.agency, capacity_of(draft))


def may_sign(draft: Draft, person: User) -> bool:
    """Whether this person may."""
    return signers_of(draft).filter(pk=person.pk).exists()


def capacity_of(draft: Draft) -> str:
    """In which capacity it is signed, "TL. Chủ tịch"; empty for a leader's own."""
    return str(draft.fields.get("signer_competence") or "")


def signing_posts(agency: str, competence: str = "") -> QuerySet[Post]:
    """Posts of all days whose holders may sign."""
    return Post.objects.filter(unit__agency=agency, duty__in=HEADS if by_order(competence) else {Duty.LEADER})


def by_order(competence: str) -> bool:
    """Whether heads may sign what is signed in this capacity."""
    return competence.startswith(BY_ORDER)


def at_work(agency: str) -> QuerySet[User]:
    """Who holds any post in the agency today."""
    return _holding(agency, Post.objects.filter(unit__agency=agency))


def _holding(agency: str, posts: QuerySet[Post]) -> QuerySet[User]:
    held = posts.filter(held_on(timezone.localdate()))
    return User.objects.filter(posts__in=held, agency=agency, is_active=True).distinct()


def _require_holder(step: Step) -> None:
    if not holders(step).exists():
        said = "Chưa ai giữ bước “{step}”; xin nhờ quản trị cơ quan ghi người vào vị trí này."
        raise InvalidValue(t(said, step=step))
