"""The story of a file in sentences: what was done in it, what was said, and what happened to the documents in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.office import story as documents
from apps.office.finding.results import reach
from apps.office.models import CaseEvent, CaseFile, CaseOpinion, Document, Event
from apps.staff.rights import Standing
from apps.ui.language import t

LINES = 100
"""Lines a page begins with."""
MOST = 5000
"""Lines of all of it: a file with more has its documents' own pages."""
TOLD = {
    "planned": ("all", "quiet", "{who} đưa vào danh mục hồ sơ."),
    "amended": ("draft", "quiet", "{who} sửa dòng trong danh mục."),
    "opened": ("file", "done", "{who} mở hồ sơ."),
    "collected": ("plus", "action", "{who} đưa văn bản vào hồ sơ."),
    "taken-out": ("close", "waiting", "{who} lấy văn bản ra khỏi hồ sơ. Lý do: {reason}"),
    "draft": ("draft", "action", "{who} đưa dự thảo vào hồ sơ."),
    "task": ("work", "action", "{who} giao việc cho {to}: {text}"),
    "task-done": ("done", "done", "{who} đã xong việc: {text}. {result}"),
    "shared": ("person", "quiet", "{who} cho {to} cùng làm hồ sơ."),
    "unshared": ("person", "quiet", "{who} thôi cho {to} cùng làm hồ sơ."),
    "handed-over": ("redirect", "quiet", "{who} chuyển hồ sơ, việc của {giver} cho {to}."),
    "record": ("draft", "quiet", "{who} ghi mô tả ảnh, ghi âm, ghi hình: {text}"),
    "closed": ("done", "done", "{who} kết thúc hồ sơ: {documents} văn bản, {pages} trang, {sheets} tờ."),
    "reopened": ("recall", "waiting", "{who} mở lại hồ sơ. Lý do: {reason}"),
    "offered": ("sending", "action", "{who} giao nộp vào lưu trữ cơ quan: {handover}"),
    "archived": ("arrived", "done", "{who} nhận vào lưu trữ cơ quan: {handover}"),
    "returned": ("refused", "seal", "{who} trả lại hồ sơ giao nộp: {reason}"),
}
HANDING_OVER = ("offered", "archived", "returned")
SAID = ("answer", "action", "{who} cho ý kiến: {words}")
_PLACES = dict.fromkeys(
    ("id", "reason", "to", "giver", "text", "result", "documents", "pages", "sheets", "handover", "document", "draft"),
    "",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with its time, drawing and tone; `about` names a document or draft, `address` is its page if any."""

    at: datetime
    icon: str
    tone: str
    text: str
    about: str = ""
    address: str = ""


def story(case: CaseFile, person: Standing, most: int = LINES) -> tuple[list[Line], bool]:
    """The newest lines, newest first, and whether there are older ones. Four questions, however much the file holds.

    A document's own sentences stand here from its first day, not from when it was put in; those of a draft in the file
    only for whom may see it.
    """
    held = {str(row.document_id): row.document for row in case.documents.select_related("document")}
    words = case.opinions.select_related("author").order_by("-at", "-id")[: most + 1]
    events = _of_documents(case, person).order_by("-at", "-id")[: most + 1]
    acts = case.events.select_related("by").order_by("-at", "-id")[: most + 1]
    lines = [*(_done(act, held) for act in acts), *map(_said, words), *map(_told, events)]
    newest = sorted(lines, key=lambda line: line.at, reverse=True)
    return newest[:most], len(newest) > most


def own(case: CaseFile) -> list[Line]:
    """What was done and said in the file itself until it was handed over, oldest first."""
    done = case.events.exclude(what__in=HANDING_OVER).select_related("by")
    lines = [*(_done(event, {}) for event in done), *map(_said, case.opinions.select_related("author"))]
    return sorted(lines, key=lambda line: line.at)


def _of_documents(case: CaseFile, person: Standing) -> QuerySet[Event]:
    drafted = Document.objects.filter(reach(person), agency=case.agency, draft__in_cases__case=case)
    concerned = Q(document__in=case.documents.values("document")) | Q(document__in=drafted.values("pk"))
    found = Event.objects.filter(concerned, what__in=documents.SENTENCES)
    return found.select_related("by", "for_whom", "document")


def _done(event: CaseEvent, held: Mapping[str, Document]) -> Line:
    icon, tone, sentence = TOLD[event.what]
    told = _PLACES | event.told
    document = held.get(str(told["id"]))
    address = address_of(document) if document else _draft_address(event)
    text = t(sentence, **told | {"who": event.by.name}).strip()
    return Line(event.at, icon, tone, text, str(told["document"] or told["draft"]), address)


def _draft_address(event: CaseEvent) -> str:
    return reverse("draft", args=[event.told["id"]]) if event.what == "draft" and "id" in event.told else ""


def _said(opinion: CaseOpinion) -> Line:
    icon, tone, sentence = SAID
    return Line(opinion.at, icon, tone, t(sentence, who=opinion.author.name, words=opinion.text))


def _told(event: Event) -> Line:
    icon, tone, _ = documents.SENTENCES[event.what]
    about = event.document
    return Line(event.at, icon, tone, documents.sentence(event), name_of(about), address_of(about))


def name_of(document: Document) -> str:
    """Its code and what it is about."""
    return f"{document.code} {document.subject}".strip()[:200]


def address_of(document: Document) -> str:
    """Where its page is."""
    return reverse("document", args=[document.page])
