"""The directory as it is asked and changed. Every change is one `Change`, in one transaction, and ends or begins rows.

Two times: a *day* says when something is true, a *moment* says what was believed then (None: now).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from django.db.models import Count, F, Q, QuerySet

from apps.accounts.models import User
from apps.directory import models, rows
from apps.directory.models import Change, Period
from lienthong.document import OrganisationCode
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue
from lienthong.registry import (
    CertificateEntry,
    Gateway,
    History,
    LogKey,
    Organisation,
    Representation,
    bearer,
    closing,
    row,
)

FROM = F("valid_from").asc(nulls_first=True)
"""From the beginning of all days first, on every database alike."""
AT_ONCE = 500
"""Values one query names."""
R = TypeVar("R", bound=models.Recorded)
T = TypeVar("T")
Codes = Iterable[OrganisationCode]


# ---------------------------------------------------------------- asking


def revision() -> int:
    """The number of the newest change, 0 before the first."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def believed(kind: type[R], moment: datetime | None = None) -> QuerySet[R]:
    """The rows believed at a moment."""
    everything: QuerySet[R] = kind.objects.all()
    if moment is None:
        return everything.filter(ended=None)
    return everything.filter(Q(ended=None) | Q(ended__at__gt=moment), begun__at__lte=moment)


def histories(periods: QuerySet[Period]) -> Iterator[tuple[OrganisationCode, History]]:
    """The periods by code, in order. A query must hold all periods of the codes it has."""
    ordered = periods.order_by("code", "valid_from").iterator(2000)
    for _, found in groupby(ordered, key=lambda each: each.code):
        history = tuple(map(rows.organisation_of, sorted(found, key=lambda each: each.valid_from or date.min)))
        yield history[0].code, history


def history(code: OrganisationCode, moment: datetime | None = None) -> History:
    """All periods of one code of either generation, () for an unknown one."""
    found = dict(histories(believed(Period, moment).filter(code=str(code))))
    if not found:
        newer = believed(Period, moment).filter(legacy_code=str(code)).values_list("code", flat=True).first()
        found = dict(histories(believed(Period, moment).filter(code=newer))) if newer else {}
    return next(iter(found.values()), ())


def whole(moment: datetime | None = None) -> dict[OrganisationCode, History]:
    """Every history."""
    return dict(histories(believed(Period, moment)))


def some(codes: Codes) -> dict[OrganisationCode, History]:
    """The histories of these codes, as far as they are known."""
    found: dict[OrganisationCode, History] = {}
    for few in chunks(sorted(set(map(str, codes)))):
        found |= dict(histories(believed(Period).filter(code__in=few)))
    return found


def bearers(day: date, moment: datetime | None = None) -> Iterator[Organisation]:
    """Who was in force that day, in the order of the codes."""
    for _, told in histories(_on(day, moment)):
        yield told[0]


def children(parent: str, day: date, moment: datetime | None = None) -> Sequence[Organisation]:
    """Those directly below a code that day; "" are those below nobody."""
    return [told[0] for _, told in histories(_on(day, moment).filter(parent=parent))]


def count(day: date) -> int:
    """How many organisations are in force that day."""
    return _on(day, None).count()


def count_children(codes: Sequence[str], day: date) -> dict[str, int]:
    """How many are directly below each of these that day."""
    counted = _on(day, None).filter(parent__in=codes).values_list("parent").annotate(Count("pk"))
    return dict(counted.order_by())


def below(code: str) -> QuerySet[Period]:
    """All periods of a code and of those whose code begins with it; of everything for ""."""
    everything = believed(Period)
    return everything.filter(Q(code=code) | Q(code__startswith=f"{code}.")) if code else everything


def search(text: str, day: date, limit: int = 50) -> Sequence[Organisation]:
    """Organisations, closed ones too, whose code or any name so far holds every word; exact code, then higher."""
    words = folded(text).split()
    found = believed(Period)
    for word in words:
        found = found.filter(folded__contains=word)
    codes = list(dict.fromkeys(found.order_by("code").values_list("code", flat=True)[: 20 * limit])) if words else []
    codes.sort(key=lambda code: (folded(code) != folded(text), code.count("."), code))
    known = some(map(OrganisationCode.parse, codes[:limit]))
    return [row(known[code], day) for code in map(OrganisationCode.parse, codes[:limit])]


def _on(day: date, moment: datetime | None) -> QuerySet[Period]:
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return believed(Period, moment).filter(begun, Q(valid_to=None) | Q(valid_to__gte=day))


def representations(codes: Codes) -> dict[OrganisationCode, list[Representation]]:
    """Who speaks, spoke or will speak for these codes."""
    found: dict[OrganisationCode, list[Representation]] = {}
    for few in chunks(sorted(set(map(str, codes)))):
        for each in believed(models.Representation).filter(organisation__in=few).order_by(FROM):
            value = rows.representation_of(each)
            found.setdefault(value.organisation, []).append(value)
    return found


# ---------------------------------------------------------------- changing


def begin(person: User | None, kind: str, subject: str) -> Change:
    """A new change; whoever begins one waits for the one before to be committed. Only inside a transaction."""
    Change.objects.select_for_update().order_by("-pk").first()
    return Change.objects.create(person=person, kind=kind, subject=subject[:300])


def put(change: Change, after: Mapping[OrganisationCode, History]) -> int:
    """Believe these histories from now on; returns how many rows began. What is as before is left alone."""
    ended: list[int] = []
    kept: set[Organisation] = set()
    for few in chunks(sorted(map(str, after))):
        for period in believed(Period).filter(code__in=few):
            known = rows.organisation_of(period)
            if known in after[known.code]:
                kept.add(known)
            else:
                ended.append(period.pk)
    begun = [rows.period_of(each, change) for told in after.values() for each in told if each not in kept]
    _end(Period, ended, change)
    Period.objects.bulk_create(begun)
    return len(begun)


def stop(change: Change, spoken: Iterable[Representation], day: date) -> None:
    """These gateways speak for these organisations up to the eve of that day."""
    ending = list(spoken)
    for few in chunks(ending):
        wanted = {(each.gateway, str(each.organisation), each.valid_from) for each in few}
        found = believed(models.Representation).filter(organisation__in=[code for _, code, _ in wanted])
        keys = [each.pk for each in found if (each.gateway, each.organisation, each.valid_from) in wanted]
        _end(models.Representation, keys, change)
    shorter = (kept for each in ending if (kept := closing(each, day)) is not None)
    models.Representation.objects.bulk_create(rows.representation_row(each, change) for each in shorter)


def speak(change: Change, begun: Iterable[Representation]) -> None:
    """New representations."""
    models.Representation.objects.bulk_create(rows.representation_row(each, change) for each in begun)


def list_gateway(change: Change, gateway: Gateway) -> None:
    """A gateway is entered, or known by other facts."""
    _replace(models.Gateway, {"name_id": gateway.id}, rows.gateway_row(gateway, change), change)


def list_certificate(change: Change, entry: CertificateEntry) -> None:
    """A certificate is entered, or revoked. Raises InvalidValue for a key that somebody else has."""
    _replace(models.Certificate, {"thumbprint": entry.thumbprint}, rows.certificate_row(entry, change), change)


def list_log(change: Change, key: LogKey) -> None:
    """A log's key is entered."""
    _replace(models.LogKey, {"origin": key.origin}, rows.log_row(key, change), change)


def _replace(kind: type[models.Recorded], where: Mapping[str, str], new: models.Recorded, change: Change) -> None:
    _end(kind, list(believed(kind).filter(**where).values_list("pk", flat=True)), change)
    new.save()


def _end(kind: type[models.Recorded], keys: Sequence[int], change: Change) -> None:
    for few in chunks(keys):
        kind.objects.filter(pk__in=few).update(ended=change)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Few enough at once for a query to name."""
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))


# ---------------------------------------------------------------- as a plan asks


class Around:
    """The directory around the codes a plan names, read at once; what else it asks for is fetched when asked.

    It is `registry.Known`.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        named = {OrganisationCode.parse(code) for code in codes if _is_code(code)}
        self._histories: dict[OrganisationCode, History] = dict.fromkeys(named, ()) | some(named)
        self._spoken = representations(named)
        self._named = named
        self._gateways = set(believed(models.Gateway).values_list("name_id", flat=True))
        self._children: dict[OrganisationCode, list[History]] = {}
        for few in chunks(sorted(map(str, named))):
            for _, told in histories(believed(Period).filter(parent__in=few)):
                for period in told:
                    if period.parent is not None:
                        self._children.setdefault(period.parent, []).append((period,))

    def history(self, code: OrganisationCode) -> History:
        """Every period of a code."""
        if code not in self._histories:
            self._histories |= {code: ()} | some([code])
        return self._histories[code]

    def children(self, code: OrganisationCode, day: date) -> Sequence[OrganisationCode]:
        """The codes in force that day whose parent it is."""
        return [found.code for told in self._children.get(code, []) if (found := bearer(told, day)) is not None]

    def speaking(self, code: OrganisationCode) -> Sequence[Representation]:
        """Who speaks for a code."""
        if code not in self._named:
            self._spoken |= representations([code])
            self._named.add(code)
        return self._spoken.get(code, [])

    def has_gateway(self, gateway: str) -> bool:
        """Whether there is such a gateway."""
        return gateway in self._gateways


def _is_code(text: str) -> bool:
    try:
        OrganisationCode.parse(text)
    except InvalidValue:
        return False
    return True
