"""Notices by e-mail: once each working morning what is new, at once what is urgent; never what was already opened.

A message that the mail server does not take is tried again; one that went is noted after it went, so that a crash
repeats one message and loses none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import OPEN, Assignment, Mailed, Mailing
from apps.office.overview.notices import FLASH, Notice, notices
from apps.staff.calendar import VIETNAM, calendar_of
from apps.staff.rights import standing_of
from lienthong.errors import InvalidValue

MORNING = time(7, 30)
AT_ONCE = 50
"""Messages of one round."""
PAUSE = 60
"""Seconds after which a mail server that failed is asked again."""
_AWAY = "mail-away"


def wish(person: User, address: str, *, digest: bool, urgent: bool) -> None:
    """Keep where and what; an empty address ends it. InvalidValue for what is no address."""
    if not address.strip():
        Mailing.objects.filter(person=person).delete()
        return
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise InvalidValue("địa chỉ thư điện tử / e-mail address") from error
    told = {"address": address.strip(), "digest": digest, "urgent": urgent}
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
    waiting = Assignment.objects.filter(
        agency=agency, opened=None, state__in=OPEN, document__urgency__gte=FLASH, mailed=None,
        person__mailing__urgent=True, person__is_active=True,
    ).select_related("document")  # fmt: skip
    rows = list(waiting.order_by("given")[:AT_ONCE])
    addresses = dict(
        Mailing.objects.filter(person__in=[row.person_id for row in rows]).values_list("person", "address")
    )
    for row in rows:
        line = f"{row.document.code} {row.document.subject}".strip()
        _post(addresses[row.person_id], f"[Hỏa tốc] {line}", [line], reverse("document", args=[row.document.page]))
        Mailed.objects.get_or_create(assignment=row, defaults={"at": now})
    return len(rows)


def _digests(agency: str, now: datetime) -> int:
    local = timezone.localtime(now, VIETNAM)
    if local.time() < MORNING or not calendar_of(agency).works(local.date()):
        return 0
    due = Mailing.objects.filter(person__agency=agency, digest=True, person__is_active=True)
    due = due.filter(Q(digested=None) | Q(digested__lt=local.date())).select_related("person")
    return sum(_digest(mailing, local) for mailing in due.order_by("pk")[:AT_ONCE])


def _digest(mailing: Mailing, local: datetime) -> int:
    new = notices(standing_of(mailing.person))
    if new:
        subject = f"Liên Thông: {len(new)} việc mới, {local:%d/%m/%Y}"
        _post(mailing.address, subject, _lines(new), reverse("overview"))
    Mailing.objects.filter(pk=mailing.pk).update(digested=local.date())
    return int(bool(new))


def _lines(new: Sequence[Notice]) -> list[str]:
    return [f"- {one.text}" for one in new]


def _post(address: str, subject: str, lines: Sequence[str], path: str) -> None:
    """One message with one link. A line break in a subject would be a header of somebody's own."""
    site = settings.CONFIG.site
    body = "\n".join([*lines, "", f"{site.public or 'https://' + site.hosts[0]}{path}"])
    send_mail(" ".join(subject.split())[:200], body, site.mail_from or None, [address])
