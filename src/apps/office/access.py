"""Who may open a document: asked by its page, its files, its proof, and nowhere differently."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from apps.accounts.person import person
from apps.office import unsent
from apps.office.desk import desk_of
from apps.office.incoming.policy import may_see
from apps.office.models import Document
from apps.staff.rights import WHOLE_AGENCY, Standing, asking
from apps.ui.language import t
from lienthong.client import Desk
from lienthong.client import Document as Told
from lienthong.errors import NotAllowed


def registered(request: HttpRequest, number: UUID) -> tuple[Document, Standing]:
    """A document of the register, for whom may see it. Http404 otherwise; NotAllowed when it has gone to a heir."""
    standing = asking(request)
    document = Document.objects.filter(pk=number, agency=standing.agency).first()
    if document is None:
        raise Http404
    if not may_see(document, standing):
        tell_who_has_it(request, document)
        raise Http404
    return document, standing


def travelled(request: HttpRequest, package: str) -> tuple[Desk, Told]:
    """A document as the gateway tells it, guarded as the register guards it. Http404 for whom it is not."""
    standing = asking(request)
    known = Document.objects.filter(agency=standing.agency, package=package)
    if not any(may_see(one, standing) for one in known) and (known or not standing.has(*WHOLE_AGENCY)):
        raise Http404
    desk = desk_of(request)
    return desk, desk.document(package)


def tell_who_has_it(request: HttpRequest, document: Document) -> None:
    """Who moved to another unit with the document open is told where it went, beside the own words. NotAllowed."""
    who = person(request)
    gone = [each for each in document.events.filter(what="handed-over") if each.told.get("from") == who.name]
    if gone:
        unsent.let_go(request, document.pk)
        raise NotAllowed(t("Việc này đã bàn giao cho {to} khi anh/chị đổi vị trí.", to=gone[-1].told.get("to", "")))
