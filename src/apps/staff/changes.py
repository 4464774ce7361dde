"""What an agency's administrator changes: people, units, posts, delegations, special days.

Every change is of the own agency, never of oneself, and stands in the audit with it or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import Role
from apps.accounts.sessions import end_sessions
from apps.audit.record import record
from apps.staff import handover
from apps.staff.models import Delegation, Duty, Post, SpecialDay, Unit, held_on
from apps.staff.rights import standing_of
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, NotAllowed

Told = Mapping[str, str]
ACTS = {
    "direct": "Bút phê, phân công",
    "propose": "Trình, đề xuất",
    "forward": "Chuyển xử lý",
    "ask": "Xin ý kiến",
    "answer": "Cho ý kiến",
    "return": "Trả lại",
    "complete": "Hoàn thành",
    "approve": "Duyệt dự thảo",
}
"""What can be done for another (names of `apps.office.incoming.policy.Act`); signing never is."""


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who changes, through which request."""

    request: HttpRequest
    person: User

    @property
    def agency(self) -> str:
        """The one agency whose people and units this person may touch."""
        return self.person.agency

    def note(self, act: str, subject: str, **detail: object) -> None:
        """Keep the change in the audit."""
        record(self.request, act, subject, agency=self.agency, **{name: str(value) for name, value in detail.items()})

    def other(self, number: int) -> User:
        """Somebody of the agency, not oneself. Raises NotAllowed for oneself."""
        who = get_object_or_404(User, pk=number, agency=self.agency, role=Role.CLERK)
        if who == self.person:
            raise NotAllowed(t("Không ai đổi vị trí, quyền của chính mình; xin nhờ quản trị khác của cơ quan."))
        return who

    def unit(self, told: Told, name: str = "unit") -> Unit:
        """The unit a form names. Raises InvalidValue."""
        found = Unit.objects.filter(agency=self.agency, closed=None, pk=read_number(told.get(name, ""))).first()
        if found is None:
            raise InvalidValue(t("Xin chọn một đơn vị của cơ quan."))
        return found


def administrator(request: HttpRequest) -> Administrator:
    """Who asks, if an administrator of the agency today. Raises PermissionDenied."""
    who = person(request)
    if not who.agency or not standing_of(who).has(Duty.ADMINISTRATOR):
        raise PermissionDenied
    return Administrator(request, who)


@transaction.atomic
def add_person(by: Administrator, told: Told) -> tuple[User, str]:
    """A new person with a first post, and a password told once. Raises InvalidValue."""
    username, name = _text(told, "username", 100), _text(told, "name", 200)
    if User.objects.filter(username=username).exists():
        raise InvalidValue(t("Tên đăng nhập này đã có người dùng."))
    who, password = User(username=username, name=name, agency=by.agency), secrets.token_urlsafe(12)
    who.set_password(password)
    who.save()
    by.note("staff-added", username, name=name)
    give_post(by, who.pk, told)
    return who, password


@transaction.atomic
def give_post(by: Administrator, number: int, told: Told) -> Post:
    """A post in a unit from a day, until one or open. Raises InvalidValue, NotAllowed for oneself."""
    who, duty = by.other(number), told.get("duty", "")
    if duty not in Duty:
        raise InvalidValue(t("Xin chọn nhiệm vụ của vị trí."))
    since, until = _period(told)
    post = Post.objects.create(
        person=who,
        unit=by.unit(told),
        duty=duty,
        title=_text(told, "title", 100),
        acting=bool(told.get("acting")),
        main=not Post.objects.filter(held_on(since), person=who, main=True).exists(),
        since=since,
        until=until,
    )
    by.note("post-given", who.username, unit=post.unit, duty=duty, since=since, until=until or "")
    return post


@transaction.atomic
def end_post(by: Administrator, post: Post, told: Told) -> int:
    """End a post today and hand over what is open in it; with `unit`, the person goes on there with the same duty.

    Returns how many rows of work were handed over. Raises InvalidValue, NotAllowed.
    """
    who, today = by.other(post.person_id), timezone.localdate()
    heir = _heir(by, post, told)
    post.until = today - timedelta(1)
    post.save()
    if told.get("unit"):
        fields = {"duty": post.duty, "title": post.title, "acting": post.acting, "main": post.main}
        Post.objects.create(person=who, unit=by.unit(told), since=today, **fields)
    end_sessions(who)
    count = handover.hand_over(by.person, who, post.unit, heir)
    moved = told.get("unit", "")
    by.note("post-ended", who.username, unit=post.unit, duty=post.duty, moved=moved, rows=count, heir=heir or "")
    return count


@transaction.atomic
def leave(by: Administrator, number: int) -> None:
    """A person goes: posts end, open work goes back to the units, sessions end. Nothing the person did is touched."""
    who = by.other(number)
    for post in current_posts(who):
        end_post(by, post, {})
    who.is_active = False
    who.save()
    end_sessions(who)
    by.note("staff-left", who.username)


@transaction.atomic
def new_password(by: Administrator, number: int) -> tuple[User, str]:
    """A password told once, for who forgot it or comes back; sessions end."""
    who, password = by.other(number), secrets.token_urlsafe(12)
    who.set_password(password)
    who.is_active = True
    who.save()
    end_sessions(who)
    by.note("staff-password", who.username)
    return who, password


@transaction.atomic
def delegate(by: Administrator, number: int, told: Told, acts: list[str]) -> Delegation:
    """Let another act for the holder of a post, in some acts, from–to, by a paper. Raises InvalidValue, NotAllowed."""
    post = get_object_or_404(Post, pk=number, unit__agency=by.agency)
    receiver, (since, until) = by.other(read_number(told.get("receiver", ""))), _period(told)
    if receiver == post.person or not acts or not set(acts) <= ACTS.keys() or until is None:
        raise InvalidValue(t("Cần một người khác nhận, ít nhất một việc, và ngày kết thúc."))
    made = Delegation.objects.create(
        giver=post, receiver=receiver, acts=sorted(acts), since=since, until=until, basis=_text(told, "basis", 200)
    )
    by.note("delegated", receiver.username, giver=post, acts=" ".join(acts), since=since, until=until)
    return made


@transaction.atomic
def end_delegation(by: Administrator, number: str) -> None:
    """From now on nobody acts by it."""
    found = get_object_or_404(Delegation, pk=read_number(number), giver__unit__agency=by.agency)
    found.until = timezone.localdate() - timedelta(1)
    found.save()
    by.note("delegation-ended", found.receiver.username, giver=found.giver)


@transaction.atomic
def save_unit(by: Administrator, unit: Unit | None, told: Told) -> Unit:
    """A new unit under another, or another name for one that is there. Raises InvalidValue."""
    name, abbreviation = _text(told, "name", 200), told.get("abbreviation", "").strip()[:20]
    if unit is None:
        unit = Unit(agency=by.agency, parent=by.unit(told, "parent"))
    unit.name, unit.abbreviation = name, abbreviation
    unit.save()
    by.note("unit-saved", name, abbreviation=abbreviation, under=unit.parent or "")
    return unit


@transaction.atomic
def close_unit(by: Administrator, unit: Unit) -> None:
    """Close a unit that nobody works in and where nothing waits. Raises NotAllowed saying what is left."""
    today = timezone.localdate()
    people = Post.objects.filter(held_on(today), unit=unit).count()
    below, rows = unit.children.filter(closed=None).count(), handover.open_in(unit).count()
    if unit.parent is None or people or below or rows:
        said = t(
            "Còn {people} người, {below} đơn vị trực thuộc, {rows} việc đang mở.", people=people, below=below, rows=rows
        )
        raise NotAllowed(said)
    unit.closed = today
    unit.save()
    by.note("unit-closed", unit.name)


@transaction.atomic
def set_day(by: Administrator, told: Told) -> SpecialDay:
    """Say of a day that it is free, or worked. The agency's word goes before what holds for all."""
    day = _day(told.get("day", ""))
    if day is None:
        raise InvalidValue(t("Xin chọn ngày."))
    said = {"name": _text(told, "name", 100), "working": bool(told.get("working"))}
    made, _ = SpecialDay.objects.update_or_create(agency=by.agency, day=day, defaults=said)
    by.note("day-set", str(day), **said)
    return made


@transaction.atomic
def drop_day(by: Administrator, number: int) -> None:
    """The day is again as its weekday, or as holds for all."""
    found = get_object_or_404(SpecialDay, pk=number, agency=by.agency)
    by.note("day-dropped", str(found.day), name=found.name)
    found.delete()


def current_posts(who: User) -> list[Post]:
    """Posts held today or later on."""
    today = timezone.localdate()
    return [
        post
        for post in Post.objects.filter(person=who).select_related("unit")
        if post.until is None or post.until >= today
    ]


def _heir(by: Administrator, post: Post, told: Told) -> User | None:
    """Who takes the open work: somebody with a post in the unit, or nobody: the unit itself."""
    if not told.get("heir"):
        return None
    held = Post.objects.filter(held_on(timezone.localdate()), unit=post.unit, unit__agency=by.agency)
    found = held.filter(person=read_number(told["heir"])).exclude(person=post.person).first()
    if found is None:
        raise InvalidValue(t("Người nhận bàn giao phải đang công tác ở chính đơn vị đó."))
    return found.person


def _period(told: Told) -> tuple[date, date | None]:
    since, until = _day(told.get("since", "")) or timezone.localdate(), _day(told.get("until", ""))
    if until is not None and until < since:
        raise InvalidValue(t("Ngày kết thúc đứng trước ngày bắt đầu."))
    return since, until


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidValue(t("Ngày này không đọc được.")) from error


def _text(told: Told, name: str, longest: int) -> str:
    text = "".join(sign for sign in told.get(name, "") if sign.isprintable()).strip()[:longest]
    if not text:
        raise InvalidValue(t("Cần điền đủ các ô có dấu sao."))
    return text
