"""From the tables to the signed snapshot and its delta, and to where gateways find them.

    asked for ─► rendered, checked, signed ─► kept here with its version ─► handed out

What is kept is handed out again until it is; a version number is never used for two contents.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.directory import book, models, rows
from apps.directory.models import Publication, Statement
from apps.directory.press import Press
from apps.ui.language import t
from apps.ui.times import today
from lienthong.errors import InvalidValue, LienThongError
from lienthong.registry import (
    Snapshot,
    Succession,
    check,
    levels,
    name_successor,
    peek,
    read_statement,
    row,
    sign,
    sign_delta,
    stamped,
)


def newest() -> Publication | None:
    """The newest version that was signed."""
    return Publication.objects.exclude(version=None).order_by("-version").first()


def waiting() -> Publication | None:
    """What was asked for and is not signed yet."""
    return Publication.objects.filter(version=None, problem="").order_by("pk").first()


def ask(person: User | None, days: int, day: date | None = None) -> Publication:
    """Ask for the next version; one that waits already is the same wish."""
    if not 1 <= days <= 60:
        raise InvalidValue(t("Thời hạn từ 1 đến 60 ngày."))
    return waiting() or Publication.objects.create(person=person, days=days, day=day or today())


def due() -> bool:
    """Whether there is something to say: the directory changed, a day brought a change, half of the time is over."""
    last = newest()
    if last is None or last.expires is None or last.published is None:
        return True
    half_way = last.published + (last.expires - last.published) / 2
    return last.revision != book.revision() or timezone.now() >= half_way or _brought(last.day, today())


def _brought(since: date, until: date) -> bool:
    """Whether some fact of the directory begins or ends after one day and by another."""
    begun, ended = Q(valid_from__gt=since, valid_from__lte=until), Q(valid_to__gte=since, valid_to__lt=until)
    kinds = (models.Period, models.Representation)
    return any(book.believed(kind).filter(begun | ended).exists() for kind in kinds)


def rendered(asked: Publication, previous: Snapshot | None) -> Snapshot:
    """The next version, as the directory says it for the day."""
    now = timezone.now()
    snapshot = Snapshot(
        version=previous.version + 1 if previous else 1,
        issued_at=now,
        expires_at=now + timedelta(days=asked.days),
        previous_digest=previous.digest() if previous else None,
        organisations=tuple(row(told, asked.day) for _, told in book.histories(book.believed(models.Period))),
        levels=levels(),
        gateways=tuple(rows.gateway_of(each) for each in book.believed(models.Gateway).order_by("name_id")),
        representations=tuple(
            rows.representation_of(each)
            for each in book.believed(models.Representation).order_by("organisation", book.FROM, "pk")
        ),
        certificates=tuple(
            rows.certificate_of(each) for each in book.believed(models.Certificate).order_by("thumbprint")
        ),
        logs=tuple(rows.log_of(each) for each in book.believed(models.LogKey).order_by("origin")),
    )
    return stamped(previous, snapshot)


def succession() -> Succession:
    """By which statements the registry's key came to be the one it is."""
    return tuple(Statement.objects.order_by("pk").values_list("text", flat=True))


def print_waiting(press: Press) -> Publication | None:
    """Sign what waits and hand it out; hand out again what a crash left here. The publication, or None for none.

    Raises InvalidValue with every finding: an unsound directory is not signed, and the wish is closed with the reason.
    """
    asked = waiting()
    if asked is None:
        _hand_out(press)
        return None
    try:
        _signed(asked, press)
    except LienThongError as error:
        Publication.objects.filter(pk=asked.pk).update(problem=error.sentence("vi"))
        raise
    _hand_out(press)
    return asked


def _signed(asked: Publication, press: Press) -> None:
    with transaction.atomic():
        revision, last = book.revision(), newest()
        previous = peek(bytes(last.signed)) if last else None
        snapshot = rendered(asked, previous)
        if findings := check(snapshot):
            raise InvalidValue("; ".join(f"{each.where}: {each.vi} / {each.en}" for each in findings[:20]))
        told = succession()
        asked.version, asked.revision, asked.digest = snapshot.version, revision, snapshot.digest()
        asked.published, asked.expires = snapshot.issued_at, snapshot.expires_at
        asked.signed = sign(snapshot, press.signer, told)
        asked.delta = sign_delta(previous, snapshot, press.signer, told) if previous else b""
        asked.save()
        old = Publication.objects.filter(version__lt=snapshot.version - 1)
        old.exclude(signed=b"").update(signed=b"")  # the newest two are enough; deltas stay


def _hand_out(press: Press) -> None:
    last = newest()
    if last is not None and last.version is not None:
        press.hand_out(last.version, bytes(last.signed), bytes(last.delta))


def rotate(person: User | None, press: Press, successor: bytes) -> Statement:
    """The key in force names the next one (DER certificate). From then on only that one can publish.

    Raises InvalidValue for the same key, and while the press already holds another key than the one in force.
    """
    known = succession()
    if known and read_statement(known[-1]).successor != press.signer.certificate:
        raise InvalidValue(t("Khóa đang cài không phải khóa hiện hành của danh bạ."))
    text = name_successor(successor, press.signer, timezone.now())
    return Statement.objects.create(person=person, text=text)
