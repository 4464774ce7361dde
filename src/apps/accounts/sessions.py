"""Ending sessions: whoever loses a right loses it at once, not at the next sign-in."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User


def end_sessions(user: User) -> int:
    """End every session of the person; how many there were."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [each.pk for each in live.iterator() if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
    ended, _ = Session.objects.filter(pk__in=theirs).delete()
    return ended
