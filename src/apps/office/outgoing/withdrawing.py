"""What becomes of the kept copy when its document is recalled, updated, replaced or corrected (Annex VI I.9).

The sender's copy is frozen while recipients answer; when all have, it is recalled, replaced, or in force again. Its
row, its files and the story of the recall stay.
"""

from __future__ import annotations

from uuid import uuid4

from django.core.cache import cache
from django.utils import timezone

from apps.office import drafting
from apps.office.deed import Deed, changing
from apps.office.finding import index
from apps.office.models import Dispatch, Document, Draft, Event, Lane, Link, LinkKind, Standing, Way
from apps.office.outgoing.policy import may_see
from lienthong.client import Desk, Entry
from lienthong.errors import LienThongError, NotAllowed

AGAIN, MOST = 60, 50
"""Seconds after which a frozen document's answers are asked for again, and how many a round asks."""
ABOUT = "about"
"""Field of a draft that is about an issued document: "corrects:<id>", "amends:<id>"."""
CORRECTION = "V/v đính chính {kind} số {code}"
"""The abstract of a correction, in the language of documents."""
STANDINGS = {Standing.RECALLED: "recalled", Standing.REPLACED: "replaced", Standing.IN_FORCE: "kept-in-force"}


def recall_asked(deed: Deed, package: str, reason: str) -> None:
    """A recall has gone out: the kept copy is frozen."""
    for document in _kept(deed.standing.agency, package):
        with changing(document) as held:
            _stand(held, Standing.FROZEN)
            deed.note(held, "recall-asked", reason=reason)


def update_asked(deed: Deed, package: str, reason: str, add: tuple[str, ...]) -> None:
    """Recipients have been changed: those added are on the list of whom it went to."""
    for document in _kept(deed.standing.agency, package):
        with changing(document) as held:
            lines = [
                Dispatch(document=held, way=Way.AXIS, code=code, name=code, sent=deed.at, by=deed.person)
                for code in add
            ]
            Dispatch.objects.bulk_create(lines, ignore_conflicts=True)
            deed.note(held, "update-asked", reason=reason)


def replaced(new: Document, package: str) -> None:
    """Another document has been sent in its place: linked, and frozen until the recipients answer."""
    for document in _kept(new.agency, package):
        with changing(document) as held:
            Link.objects.get_or_create(source=new, target=held, kind=LinkKind.REPLACES)
            _stand(held, Standing.FROZEN)
            Event.objects.create(document=held, at=timezone.now(), what="replace-asked", told={"number": new.code})


def settle(desk: Desk, agency: str) -> int:
    """Ask how the recipients of frozen documents answered; how many are settled now."""
    frozen = Document.objects.filter(agency=agency, lane=Lane.OUTGOING, standing=Standing.FROZEN).exclude(package="")
    due = [document for document in frozen[:1000] if cache.add(f"settle:{document.pk}", 1, AGAIN)]
    return sum(_settle(desk, document) for document in due[:MOST])


def correct(deed: Deed, document: Document) -> Draft:
    """A letter of correction [đính chính] begun: errors of form are put right by an official letter (Art. 18).

    NotAllowed for who may not see the document.
    """
    if not may_see(document, deed.standing):
        raise NotAllowed(str(document))
    told = drafting.fresh() | {
        "kind": "Công văn",
        "subject": CORRECTION.format(kind=document.kind, code=document.code),
        ABOUT: f"{LinkKind.CORRECTS.value}:{document.pk}",
    }
    recipients = [
        {"code": line.code, "name": line.name, "state": "open"} for line in document.dispatches.filter(way=Way.AXIS)
    ]
    return Draft.objects.create(
        id=uuid4(), agency=document.agency, author=deed.person, fields=told, recipients=recipients
    )


def link(document: Document, draft: Draft) -> None:
    """What an issued document is about, as its draft was begun for it."""
    kind, _, target = str(draft.fields.get(ABOUT, "")).partition(":")
    found = Document.objects.filter(pk=target, agency=document.agency).first() if kind in LinkKind else None
    if found is not None:
        Link.objects.get_or_create(source=document, target=found, kind=kind)


def _settle(desk: Desk, document: Document) -> bool:
    try:
        standing = _answered(desk.document(document.package).entry)
    except LienThongError:
        return False
    if standing is None:
        return False
    with changing(document) as held:
        if held.standing != Standing.FROZEN:
            return False
        _stand(held, standing)
        Event.objects.create(document=held, at=timezone.now(), what=STANDINGS[standing])
        return True


def _answered(entry: Entry) -> Standing | None:
    """What it is worth when everyone has answered; None while somebody has not."""
    found = {recipient.standing for recipient in entry.recipients}
    if "frozen" in found or not found:
        return None
    for standing in (Standing.RECALLED, Standing.REPLACED):
        if standing.value in found:
            return standing
    return Standing.IN_FORCE


def _stand(document: Document, standing: Standing) -> None:
    document.standing = standing
    document.save(update_fields=["standing"])
    index.keep(document)


def _kept(agency: str, package: str) -> list[Document]:
    return list(Document.objects.filter(agency=agency, lane=Lane.OUTGOING, package=package))
