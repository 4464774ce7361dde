"""Putting a label on a document and taking one off; which labels a person is offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unicodedata import normalize

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet

from apps.office.deed import Deed, changing
from apps.office.finding import index
from apps.office.finding.results import seen_by
from apps.office.incoming.policy import may_see
from apps.office.models import Document, Label
from apps.staff.models import Duty
from apps.staff.rights import Standing
from apps.ui.language import t
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue

LONGEST = 40
MOST = 20
"""Labels of one document: a header is to be read."""
LATELY = 200
"""Labels put last, among which those that are offered are."""
LATELY_LASTS = 60
"""Seconds."""
READERS = frozenset({Duty.INSPECTOR, Duty.ADMINISTRATOR})
"""Who only looks on, or reads nothing."""


def labels(person: Standing) -> bool:
    """Whether somebody labels what they see: whoever works in the agency."""
    return not person.duties <= READERS


def may_label(document: Document, person: Standing) -> bool:
    """Whether somebody may label this document."""
    return labels(person) and may_see(document, person)


def put(deed: Deed, document: Document, text: str) -> str:
    """Put it on, once; the label as it stands, which is how the agency wrote it before. InvalidValue, PermissionDenied.

    Another case makes no second label of the same words; other marks do, since they say something else.
    """
    told = worded(text)
    with _labelling(deed, document) as held:
        there = list(held.labels.values_list("text", flat=True))
        if known := _same(told, there):
            return known
        if len(there) >= MOST:
            raise InvalidValue(t("Văn bản đã có {n} nhãn; xin bỏ bớt trước.", n=MOST))
        told = _same(told, _lately(Label.objects.filter(document__agency=held.agency))) or told
        Label.objects.create(document=held, text=told)
        index.keep(held)
        deed.note(held, "labelled", label=told)
    return told


def take_off(deed: Deed, document: Document, text: str) -> bool:
    """Take it off; False when it is not on it."""
    with _labelling(deed, document) as held:
        known = _same(worded(text), held.labels.values_list("text", flat=True))
        if known:
            held.labels.filter(text=known).delete()
            index.keep(held)
            deed.note(held, "unlabelled", label=known)
    return bool(known)


def worded(text: str) -> str:
    """A label as it is kept: one line, NFC. InvalidValue when it is none."""
    told = " ".join(normalize("NFC", text).split())
    if not told or len(told) > LONGEST or not told.isprintable() or '"' in told:
        raise InvalidValue(t("Nhãn có từ 1 đến {n} chữ, trên một dòng, không có dấu ngoặc kép.", n=LONGEST))
    return told


def offered(person: Standing) -> list[str]:
    """Labels put lately on documents this person may see, each once, in the order of the alphabet."""
    key = f"labels:{person.agency}:{person.person.pk}"
    known: list[str] | None = cache.get(key)
    if known is None:
        # asked of the newest labels, not of all documents
        seen = Exists(seen_by(person).filter(pk=OuterRef("document")))
        known = sorted(set(_lately(Label.objects.filter(seen))), key=folded)
        cache.set(key, known, LATELY_LASTS)
    return known


def _lately(among: QuerySet[Label]) -> Iterable[str]:
    return among.order_by("-pk").values_list("text", flat=True)[:LATELY]


def _same(text: str, among: Iterable[str]) -> str:
    return next((each for each in among if each.casefold() == text.casefold()), "")


@contextmanager
def _labelling(deed: Deed, document: Document) -> Iterator[Document]:
    if not may_label(document, deed.standing):
        raise PermissionDenied
    with changing(document) as held:
        yield held
