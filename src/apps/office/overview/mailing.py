"""Notices by e-mail: once each working morning what is new, at once what is urgent; never what was already opened.

A message that the mail server does not take is tried again; one that went is noted after it went, so that a crash
repeats one message and loses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import Channel, Event, Kind, Mailed, Mailing
from apps.office.overview.kinds import FLASH
from apps.office.overview.notices import Notice, everything, unread
from apps.staff.calendar import VIETNAM, calendar_of
from apps.staff.rights import standing_of
from lienthong.errors import InvalidValue

MORNING = time(7, 30)
AT_ONCE = 50
"""Messages of one round."""
PAUSE = 60
"""Seconds after which a mail server that failed is asked again."""
LOOK_AGAIN = 300
"""Seconds after which people are asked for urgent notices though nothing happened: wishes and posts change."""
EVERY = frozenset(f"{channel}:{kind}" for channel in Channel for kind in Kind)
_AWAY = "mail-away"


def wish(person: User, address: str, off: Iterable[str] = ()) -> None:
    """Keep where, and what is not wanted (`Mailing.off`). InvalidValue for what is no address; none ends all e-mail."""
    try:
        if address.strip():
            validate_email(address.strip())
    except ValidationError as error:
        raise InvalidValue("địa chỉ thư điện tử / e-mail address") from error
    told = {"address": address.strip(), "off": sorted(set(off).intersection(EVERY))}
    Mailing.objects.update_or_create(person=person, defaults=told)


def send(agency: str, now: datetime) -> int:
    """What is due for an agency's people now; how many messages went. Nothing where the site has no mail server."""
    if not settings.CONFIG.site.mail or cache.get(_AWAY):
        return 0
    try:
        return _urgent(agency, now) + _digests(agency, now)
    except (SMTPException, OSError):
        cache.set(_AWAY, "1", PAUSE)
        raise


def _urgent(agency: str, now: datetime) -> int:
    """Messages about urgent notices; people are asked about theirs only after something happened to an urgent one."""
    key, last = f"mail-urgent:{agency}", Event.objects.aggregate(last=Max("pk"))["last"] or 0
    seen: int | None = cache.get(key)
    urgent = Event.objects.filter(pk__gt=seen or 0, document__agency=agency, document__urgency__gte=FLASH)
    if seen is not None and not urgent.exists():
        return 0
    count = sum(_urgent_of(mailing, now) for mailing in _with_address(agency))
    cache.set(key, last, LOOK_AGAIN)
    return count


def _urgent_of(mailing: Mailing, now: datetime) -> int:
    urgent = [one for one in _wanted(mailing, Channel.AT_ONCE) if one.urgent]
    gone = set(Mailed.objects.filter(person=mailing.person_id).values_list("key", flat=True)) if urgent else set()
    fresh = [one for one in urgent if one.key not in gone]
    for one in fresh:
        _post(mailing.address, f"[Hỏa tốc] {one.text}", [one.text], one.address)
        Mailed.objects.get_or_create(person=mailing.person, key=one.key, defaults={"at": now})
    return len(fresh)


def _digests(agency: str, now: datetime) -> int:
    local = timezone.localtime(now, VIETNAM)
    if local.time() < MORNING or not calendar_of(agency).works(local.date()):
        return 0
    due = _with_address(agency).filter(Q(digested=None) | Q(digested__lt=local.date()))
    return sum(_digest(mailing, local) for mailing in due[:AT_ONCE])


def _digest(mailing: Mailing, local: datetime) -> int:
    new = _wanted(mailing, Channel.DIGEST)
    if new:
        subject = f"Liên Thông: {len(new)} việc mới, {local:%d/%m/%Y}"
        _post(mailing.address, subject, _lines(new), reverse("notices"))
    Mailing.objects.filter(pk=mailing.pk).update(digested=local.date())
    return int(bool(new))


def _with_address(agency: str) -> QuerySet[Mailing]:
    found = Mailing.objects.filter(person__agency=agency, person__is_active=True).exclude(address="")
    return found.select_related("person").order_by("pk")


def _wanted(mailing: Mailing, channel: str) -> list[Notice]:
    """What is new for the person and comes this way; nothing that was read."""
    kinds = mailing.kinds(channel)
    return unread(everything(standing_of(mailing.person), kinds)) if kinds else []


def _lines(new: Sequence[Notice]) -> list[str]:
    return [f"- {one.text}" for one in new]


def _post(address: str, subject: str, lines: Sequence[str], path: str) -> None:
    """One message with one link. A line break in a subject would be a header of somebody's own."""
    site = settings.CONFIG.site
    body = "\n".join([*lines, "", f"{site.public or 'https://' + site.hosts[0]}{path}"])
    send_mail(" ".join(subject.split())[:200], body, site.mail_from or None, [address])
