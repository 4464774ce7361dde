"""The acts on a document on its way out. Each asks the policy, changes rows, tells the story, or does nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.office import numbers
from apps.office.books import book_for
from apps.office.deed import Deed, changing
from apps.office.finding import index
from apps.office.models import (
    OPEN,
    Assignment,
    AssignmentState,
    Document,
    Draft,
    Lane,
    Number,
    Remark,
    Role,
    Source,
    Standing,
    Version,
)
from apps.office.outgoing import routes, versions, watching
from apps.office.outgoing.policy import Act, may_see, require
from apps.office.outgoing.routes import Step
from apps.office.stages import stage_of
from apps.staff.calendar import VIETNAM, calendar_of
from apps.staff.models import Unit
from apps.staff.rights import root_of
from apps.ui.language import t
from lienthong.errors import IllegalMove, InvalidValue, NotAllowed

State = AssignmentState


def submit(deed: Deed, draft: Draft, signer: User, words: str = "") -> Document:
    """Hand the draft on to its next step; the first time it gets its row in the register and its route.

    Handed on again after a return, it goes to the first step that has not yet approved this version. Raises
    InvalidValue when nobody stands at a step or the signer may not sign.
    """
    if not routes.may_sign(draft, signer):
        raise InvalidValue(t("{name} không có thẩm quyền ký văn bản này.", name=signer.name))
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        document = draft.document or _begin(deed, draft)
        with changing(document) as held:
            row = require(held, deed.standing, Act.SUBMIT)
            draft.signer, draft.steps = signer, routes.kept(routes.steps_of(draft.agency, held.kind, row.unit))
            draft.save(update_fields=["signer", "steps"])
            version = versions.keep(deed, held, draft)
            _say(held, draft)
            _move(row, State.FORWARDED, version=version.number)
            deed.note(held, "submitted", version=version.number, words=words)
            _give_next(deed, held, draft, row, version)
            return held


def begin(deed: Deed, draft: Draft) -> Document:
    """The row of a draft that was written elsewhere: its text as it came is version 1. NotAllowed without a post."""
    with transaction.atomic():
        document = _begin(deed, draft)
        version = versions.keep(deed, document, draft, "word")
        deed.note(document, "brought", version=version.number)
        return document


def revise(deed: Deed, draft: Draft, document: Document, way: str = "typed") -> Version:
    """Keep what the one at whose step it is has changed, as a new version; whoever comes later sees that one."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.REVISE)
        before = versions.newest(held)
        version = versions.keep(deed, held, draft, way)
        if version != before:
            _say(held, draft)
            deed.note(held, "revised", version=version.number, step=row.role, way=way)
        return version


def approve(deed: Deed, document: Document, seen: int, words: str = "") -> None:
    """This step is content with the version it saw; the next one has it. Initials are the approval of their step."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.APPROVE)
        version = versions.require_newest(held, seen)
        what = "initials-noted" if row.role == Role.INITIAL else "approved"
        _pass_on(deed, held, row, version, what, words)


def initialled(deed: Deed, document: Document, seen: int, pdf: bytes, keep: Callable[[], None]) -> None:
    """Initials on the page itself: `keep` puts the signed file in its place, which is the version's page from now on.

    A signature is a person's own act: nobody signs for another. Raises VersionOutdated, NotAllowed, IllegalMove.
    """
    _by_oneself(deed)
    with changing(document) as held:
        row = require(held, deed.standing, Act.APPROVE)
        if row.role != Role.INITIAL:
            raise IllegalMove(str(held))
        version = versions.require_newest(held, seen)
        keep()
        versions.initialled(version, pdf)
        _pass_on(deed, held, row, version, "initialled", "")


def give_back(deed: Deed, document: Document, seen: int, reason: str) -> None:
    """Back to the drafter with a comment. A page signed already is kept as a version and signed anew as another."""
    _need(reason)
    with changing(document) as held:
        row = require(held, deed.standing, Act.RETURN)
        if row.role == Role.ISSUE:
            versions.put_away(deed, held, held.draft)
        _close(row, deed, State.RETURNED, seen, reason)
        _remark(deed, held, row, reason)
        _move(_of_draft(held), State.WAITING)
        deed.note(held, "sent-back", step=row.role, version=seen, reason=reason)


def take_back(deed: Deed, document: Document) -> None:
    """The drafter has it again before it is signed; the step it waited at is told by the story."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.TAKE_BACK)
        held.assignments.filter(parent=row, state__in=OPEN).update(state=State.WITHDRAWN, ended=deed.at)
        _move(row, State.WORKING)
        deed.note(held, "taken-back")


def drop(deed: Deed, document: Document, reason: str) -> None:
    """Give the draft up. It stays with its versions, and its number was never taken."""
    _need(reason)
    with changing(document) as held:
        row = require(held, deed.standing, Act.DROP)
        _close(row, deed, State.WITHDRAWN, None, reason)
        held.standing, held.done = Standing.RECALLED, deed.at
        held.save(update_fields=["standing", "done"])
        deed.note(held, "dropped", reason=reason)


def comment(deed: Deed, document: Document, words: str) -> Remark:
    """A remark beside the draft by anyone who may see it; nothing moves. NotAllowed for a stranger."""
    _need(words)
    if not may_see(document, deed.standing):
        raise NotAllowed(str(document))
    return Remark.objects.create(
        document=document, author=deed.person, for_whom=deed.for_whom, text=words.strip(), at=deed.at
    )


def remind(deed: Deed, document: Document, words: str = "") -> None:
    """Ask whoever has the open step not to forget it. NotAllowed for a stranger, IllegalMove when nothing waits."""
    if not may_see(document, deed.standing):
        raise NotAllowed(str(document))
    with changing(document) as held:
        row = held.assignments.filter(state__in=OPEN).select_related("person", "unit").last()
        if row is None:
            raise IllegalMove(str(held))
        deed.note(held, "reminded", to=str(row.person.name if row.person else row.unit), words=words)


def signed(deed: Deed, document: Document, seen: int, keep: Callable[[], None]) -> None:
    """The leader has signed the version he saw: `keep` puts the signed file in its place, in the same transaction.

    A signature is a person's own act: nobody signs for another. Raises VersionOutdated, NotAllowed.
    """
    _by_oneself(deed)
    with changing(document) as held:
        row = require(held, deed.standing, Act.SIGN)
        version = versions.require_newest(held, seen)
        keep()
        _close(row, deed, State.DONE, version.number)
        deed.note(held, "signed", version=version.number)
        _to_issue(deed, held)


def give_number(
    deed: Deed, document: Document, put: Callable[[str, datetime], None], reserved: Number | None = None
) -> Number:
    """Number and date, after the signature (Art. 15.3): `put` writes them on the page in the same transaction.

    What fails leaves no gap: the number is taken when everything else stands, or not at all.
    """
    with changing(document) as held:
        row = require(held, deed.standing, Act.NUMBER)
        book = reserved.book if reserved else book_for(held.agency, Lane.OUTGOING, held.kind)
        number = (
            numbers.take_reserved(reserved, held, deed.person, deed.at)
            if reserved
            else numbers.take(book, held, deed.person, deed.at)
        )
        held.number, held.issued = number.written, deed.at.astimezone(VIETNAM).date()
        held.save(update_fields=["number", "issued"])
        put(number.written, deed.at)
        _move(row, State.WORKING)
        index.keep(held)
        deed.note(held, "numbered", number=held.code, book=book.name)
        return number


def sealed(deed: Deed, document: Document, keep: Callable[[], None]) -> None:
    """The agency's seal stands over the leader's signature; the clerk who put it is named."""
    with changing(document) as held:
        require(held, deed.standing, Act.SEAL)
        keep()
        deed.note(held, "sealed")


def issued(deed: Deed, document: Document, keep: Callable[[], None]) -> None:
    """It is issued: from here on nothing of it changes. `keep` puts its files into the register."""
    with changing(document) as held:
        row = require(held, deed.standing, Act.ISSUE)
        keep()
        held.issued_at = deed.at
        held.signed = True
        held.save(update_fields=["issued_at", "signed"])
        _close(row, deed, State.DONE, row.version)
        _close(_of_draft(held), deed, State.DONE, None)
        deed.note(held, "issued", number=held.code)


# ---------------------------------------------------------------- inside


def _begin(deed: Deed, draft: Draft) -> Document:
    """The register's row of a draft, and the drafter's own row of work in the unit of the main post."""
    if deed.standing.home is None:
        raise NotAllowed(deed.person.name)
    document = Document.objects.create(
        agency=draft.agency, lane=Lane.OUTGOING, source=Source.OWN, subject="", came=deed.at, issuer_code=draft.agency
    )
    _say(document, draft)
    Assignment.objects.create(
        document=document,
        agency=draft.agency,
        lane=Lane.OUTGOING,
        unit=Unit.objects.get(pk=deed.standing.home),
        person=deed.person,
        role=Role.DRAFT,
        state=State.WORKING,
        given=deed.at,
    )
    draft.document = document
    draft.save(update_fields=["document"])
    return document


def _say(document: Document, draft: Draft) -> None:
    """The register's row says what the draft says (Annex VI II)."""
    told = draft.fields
    document.kind, document.subject = told.get("kind", ""), told.get("subject", "")
    document.notation, document.urgency = told.get("notation", "")[:60], int(told.get("urgency") or 0)
    document.signer, document.signer_title = told.get("signer_name", "")[:200], told.get("signer_position", "")[:200]
    document.issuer = root_of(draft.agency).name
    document.save()
    index.keep(document)


def _give_next(
    deed: Deed, document: Document, draft: Draft, row: Assignment, version: Version, after: Assignment | None = None
) -> None:
    """The step after this one, or after a resubmission the first that has not approved the version; then the leader.

    A step that the drafter holds alone is passed by handing on, one that the signer holds alone by signing. A page that
    came with its signature goes to the clerk at once.
    """
    steps = routes.read(draft.steps)
    if after is None:
        steps = [step for step in steps if not _approved(document, step, version)]
    else:
        steps = steps[[(step.role, step.unit.pk) for step in steps].index((after.role, after.unit_id)) + 1 :]
    while steps and list(routes.holders(steps[0])) in ([deed.person], [draft.signer]):
        steps = steps[1:]
    if steps:
        _give(deed, document, row, steps[0])
    elif stage_of(draft).next in {"seal", "send"}:
        _to_issue(deed, document)
    elif draft.signer is not None:
        _give(deed, document, row, Step(Role.SIGN, row.unit), person=draft.signer)


def _pass_on(deed: Deed, document: Document, row: Assignment, version: Version, what: str, words: str) -> None:
    """Close a step that is content, with the words beside it, and give the next one."""
    _close(row, deed, State.DONE, version.number)
    _remark(deed, document, row, words)
    deed.note(document, what, step=row.role, version=version.number, words=words)
    _give_next(deed, document, document.draft, _of_draft(document), version, after=row)


def _by_oneself(deed: Deed) -> None:
    if deed.for_whom is not None:
        raise NotAllowed(t("Không ai ký thay bằng quyền của người khác."))


def _to_issue(deed: Deed, document: Document) -> None:
    """To the agency's clerk, with the moment until which what is signed must be sent."""
    due = watching.due_after(calendar_of(document.agency), deed.at, document.urgency)
    _give(deed, document, _of_draft(document), Step(Role.ISSUE, root_of(document.agency)), due=due)


def _approved(document: Document, step: Step, version: Version) -> bool:
    done = document.assignments.filter(role=step.role, unit=step.unit, state=State.DONE, version=version.number)
    return done.exists()


def _give(
    deed: Deed, document: Document, row: Assignment, step: Step, person: User | None = None, due: datetime | None = None
) -> None:
    Assignment.objects.create(
        document=document,
        agency=document.agency,
        lane=document.lane,
        unit=step.unit,
        person=person,
        role=step.role,
        state=State.WAITING,
        parent=row,
        giver=deed.person,
        due=due,
        given=deed.at,
    )


def _of_draft(document: Document) -> Assignment:
    return document.assignments.get(role=Role.DRAFT)


def _close(row: Assignment, deed: Deed, state: str, version: int | None, words: str = "") -> None:
    """End a step by this person: a unit's row says who of the unit it was."""
    row.person, row.ended = row.person or deed.standing.person, deed.at
    _move(row, state, words, version)


def _move(row: Assignment, state: str, words: str = "", version: int | None = None) -> None:
    row.state, row.words = state, words or row.words
    row.version = version if version is not None else row.version
    row.save(update_fields=["state", "words", "version", "person", "ended"])


def _remark(deed: Deed, document: Document, row: Assignment, words: str) -> None:
    if words.strip():
        Remark.objects.create(
            document=document,
            assignment=row,
            author=deed.person,
            for_whom=deed.for_whom,
            text=words.strip(),
            at=deed.at,
        )


def _need(text: str) -> None:
    if not text.strip():
        raise InvalidValue(t("Cần ghi lý do."))
