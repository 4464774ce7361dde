"""The page of an incoming document, from the register; what only the gateway knows is added while it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.person import person
from apps.office import unsent
from apps.office.access import registered
from apps.office.deed import Deed, deed_of
from apps.office.desk import desk_of
from apps.office.document import served
from apps.office.files import Banner, Tab, away, banner
from apps.office.incoming import acts
from apps.office.incoming.choosing import Choices, Row, choices_for, rows_in, starting
from apps.office.incoming.dialogs import DIALOGS, Dialog, fill
from apps.office.incoming.doubles import doubles
from apps.office.incoming.files import tabs_of
from apps.office.incoming.mine import Mine, Offer, my_part
from apps.office.incoming.policy import Act, may_describe, rows_of, undescribed
from apps.office.incoming.typed import keep_typed, keeps_typing
from apps.office.journey import REPORT, Moment, journey
from apps.office.models import (
    Assignment,
    AssignmentState,
    Document,
    Draft,
    Event,
    Lane,
    Link,
    Number,
    Source,
    Unsent,
)
from apps.office.phrases.offered import inserted
from apps.office.place import place_of
from apps.office.points import points
from apps.office.story import SENTENCES, sentence, story
from apps.staff.rights import WHOLE_AGENCY, Standing
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.times import local
from lienthong.client import Desk
from lienthong.client import Document as Told
from lienthong.errors import IllegalMove, InvalidValue, LienThongError


@dataclass(frozen=True, slots=True)
class Form:
    """An open dialog: what it asks, what stands in it, and what is wrong with it."""

    offer: Offer
    choices: Choices | None
    rows: list[Row]
    typed: Mapping[str, str]
    problem: str = ""
    kept: Unsent | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as one person opens it, its rows of work and what they ask: read once, handed to all of the page."""

    document: Document
    who: Standing
    rows: Sequence[Assignment]
    mine: Mine


def _seen(document: Document, who: Standing) -> Seen:
    rows = rows_of(document)
    return Seen(document, who, rows, my_part(document, rows, who))


@require_safe
def page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One document; `lam` opens a dialog on it."""
    document, who = registered(request, number)
    if document.lane == Lane.COPY:
        return redirect("copy", document.pk)
    if document.lane == Lane.OUTGOING:
        return redirect("outgoing", document.pk)
    seen = _seen(document, who)
    if "prefetch" not in request.headers.get("Sec-Purpose", ""):  # a browser that looks ahead has not read anything
        acts.opened(Deed(who.person, who, timezone.now()), seen.rows)
    offers = seen.mine.offers
    kept = unsent.let_go(request, document.pk, {*offers, *(["describe"] * may_describe(document, seen.rows, who))})
    asked = request.GET.get("lam") or next((act for act in kept if act in offers), "")
    offer = offers.get(asked)
    form = _form(document, who, offer, kept.get(asked)) if offer else None
    return _shown(request, seen, form)


@require_safe
@xframe_options_sameorigin
def file(request: HttpRequest, number: UUID, file: int) -> HttpResponse:
    """The bytes of one file, any version of it."""
    document, _ = registered(request, number)
    found = get_object_or_404(document.files.select_related("content"), pk=file)
    with found.content.body.open() as body:
        return served(body.read(), found.name, found.media_type, download="tai" in request.GET)


@keeps_typing
@require_POST
def keep(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
    """What is being typed, each time that the typing rests."""
    keep_typed(person(request), request.POST, number, act)
    return HttpResponse(status=204)


@keeps_typing
@require_POST
def act(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
    """Do it once and show the page again; whatever keeps it from being done, what was typed stays."""
    document, who = registered(request, number)
    dialog = DIALOGS.get(Act(act)) if act in set(Act) else None
    if dialog is None:
        raise Http404
    if "forget" in request.POST:
        unsent.forget(who.person, document.pk, act)
        return _back(request, document)
    if "insert" in request.POST:
        return _again(request, document, who, act, "", posted=inserted(request.POST, "text"))
    if "more" in request.POST:
        return _again(request, document, who, act, "")
    try:
        done = _do(request, document, who, dialog)
    except InvalidValue as error:
        return _again(request, document, who, act, error.detail)
    except (IllegalMove, PermissionDenied):
        return _again(request, document, who, act, _overtaken(document), 409)
    unsent.forget(who.person, document.pk, act)
    messages.success(request, t(dialog.said, result=done) if "{" in dialog.said else t(dialog.said))
    return redirect("draft", done.pk) if isinstance(done, Draft) else _back(request, document)


def _do(request: HttpRequest, document: Document, who: Standing, dialog: Dialog) -> object:
    typed = request.POST.dict()
    principal = User.objects.filter(pk=read_number(typed.get("for", ""))).first()
    choices = _choices(dialog, who)
    filled = fill(dialog, {name: str(value) for name, value in typed.items()}, choices)
    done = dialog.does(deed_of(who.person, for_whom=principal, act=dialog.act), document, filled)
    return done.written if isinstance(done, Number) else done


def _overtaken(document: Document) -> str:
    """Why it is no longer to be done: the last thing that happened."""
    last = document.events.filter(what__in=SENTENCES).select_related("by", "for_whom").last()
    told = sentence(last) if last else ""
    at = f"{local(last.at):%H:%M %d/%m/%Y}" if last else ""
    return t("Việc này không còn làm được nữa; chưa có gì thay đổi. Gần nhất, lúc {at}: {told}", at=at, told=told)


def _again(
    request: HttpRequest,
    document: Document,
    who: Standing,
    act: str,
    problem: str,
    status: int = 422,
    posted: QueryDict | None = None,
) -> HttpResponse:
    seen = _seen(document, who)
    offer = seen.mine.offers.get(act)
    if offer is None:  # it has gone on; what was typed is kept and told
        messages.error(request, problem or _overtaken(document))
        return _back(request, document)
    keep_typed(who.person, posted or request.POST, document.pk, act)
    typed = {name: str(value) for name, value in (posted or request.POST).items()}
    more = [Row(len(rows_in(typed)))] * ("more" in typed)
    form = Form(offer, _choices(offer.dialog, who), [*rows_in(typed), *more], typed, problem)
    return _shown(request, seen, form, status if problem else 200)


def _form(document: Document, who: Standing, offer: Offer, kept: Unsent | None) -> Form:
    dialog = offer.dialog
    choices = _choices(dialog, who)
    if kept is not None:
        typed = unsent.typed(kept)
        return Form(offer, choices, rows_in(typed), typed, kept=kept)
    due = {"due": f"{local(document.due):%Y-%m-%d}"} if document.due and document.due > timezone.now() else {}
    rows = starting(document, dialog.roles, proposal=dialog.act == Act.DIRECT) if dialog.roles else []
    return Form(offer, choices, rows, due)


def _choices(dialog: Dialog, who: Standing) -> Choices:
    inside = dialog.act == Act.DIRECT and not who.has(*WHOLE_AGENCY) and not who.principals
    return choices_for(who, inside=inside)


def _back(request: HttpRequest, document: Document) -> HttpResponseRedirect:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("incoming", args=[document.pk]) + (f"?{query}" if query else ""))


# ---------------------------------------------------------------- what the page shows


def _shown(request: HttpRequest, seen: Seen, form: Form | None, status: int = 200) -> HttpResponse:
    document, desk = seen.document, desk_of(request)
    told, events = _told(desk, document), document.events.select_related("by", "for_whom")
    reports = document.reports.all()
    files = tabs_of(document, request.GET.get("tep", ""))
    chosen = next((tab for tab in files if tab.here), None)
    shown = {
        "document": document,
        "entry": told.entry if told else None,
        "told": told,
        "mine": seen.mine,
        "form": form,
        "files": files,
        "chosen": chosen,
        "banner": _banner(document, told, chosen) if chosen else None,
        "points": points(told.findings, chosen.label) if told and chosen else None,
        "address": chosen.address if chosen else "",
        "doubles": doubles(document) if _arriving(seen.rows) else [],
        "describe": may_describe(document, seen.rows, seen.who),
        "undescribed": undescribed(document),
        "letter": _letter(document),
        "numbers": document.used_numbers,
        "rows": [row for row in seen.rows if row.parent_id is not None],
        "remarks": document.remarks.select_related("author", "for_whom"),
        "links": Link.objects.filter(Q(source=document) | Q(target=document)).select_related("source", "target"),
        "reply": _reply(document, events),
        "stopped": [report for report in reports if report.stopped],
        "unsent_reports": sum(report.sent is None and not report.stopped for report in reports),
        "journey": _timeline(events, told),
        "place": place_of(request.GET, desk, seen.who, str(document.pk)),
        "dialogs": DIALOGS,
    }
    return render(request, "office/incoming.html", shown, status=status)


def _told(desk: Desk, document: Document) -> Told | None:
    """What the gateway tells, if the document travelled and the gateway answers."""
    if document.source != Source.AXIS:
        return None
    try:
        return desk.document(document.package)
    except LienThongError:
        return None


def _arriving(rows: Iterable[Assignment]) -> bool:
    return any(row.parent_id is None and row.state == AssignmentState.ARRIVED for row in rows)


def _banner(document: Document, told: Told | None, chosen: Tab) -> Banner:
    if told is not None:
        return banner(told, chosen)
    if document.source == Source.AXIS:
        return away(document.verdict)
    if document.lane == Lane.INTERNAL:
        return Banner("cannot tell", "quiet", t("Văn bản nội bộ, ban hành và lưu tại cơ quan."))
    if document.source == Source.MAIL:
        return Banner("cannot tell", "quiet", t("Đến qua thư điện tử; chữ ký chưa được kiểm tra."))
    return Banner("cannot tell", "quiet", t("Bản quét từ văn bản giấy; không mang chữ ký số."))


def _letter(document: Document) -> Mapping[str, str]:
    """What the letter that brought it said of itself."""
    brought = document.brought.first() if document.source == Source.MAIL else None
    return brought.told if brought else {}


def _reply(document: Document, events: Iterable[Event]) -> Draft | None:
    """The answer that is being written, where the story tells that one was begun."""
    begun = any(event.what == "replying" for event in events)
    return Draft.objects.filter(pk=acts.reply_of(document), sent="").first() if begun else None


def _timeline(events: Iterable[Event], told: Told | None) -> list[Moment]:
    """The story here and the steps elsewhere; what this agency reported is its own acts told twice."""
    own = story(events)
    if told is None:
        return own
    mine = {recipient.recipient for recipient in told.entry.recipients}
    steps = [step for step in told.steps if step.kind != REPORT or step.addressee not in mine]
    return sorted([*own, *journey(steps)], key=lambda moment: moment.at)
