"""A paper document comes in by its scan: the clerk tells what it says, the file is kept, the register takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import asks
from apps.office import contents, scans, unsent, uploads
from apps.office.access import registered
from apps.office.deed import changing, deed_of
from apps.office.finding import index
from apps.office.incoming.files import tabs_of
from apps.office.incoming.intake import arrive
from apps.office.incoming.policy import may_describe, rows_of
from apps.office.incoming.typed import keep_typed, keeps_typing
from apps.office.models import Content, Document, File, Lane, Source
from apps.office.words import URGENCY
from apps.staff.calendar import calendar_of
from apps.staff.models import Duty
from apps.staff.rights import Standing, asking
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.receiving import cleaned, out_of_size
from apps.ui.times import local, read_day
from lienthong.document import KINDS

SALT = "apps.office.scan"
NEEDED = {
    "issuer": "Cần ghi cơ quan ban hành.",
    "subject": "Cần ghi trích yếu.",
    "issued": "Cần chọn ngày ban hành.",
}
LENGTHS = {
    "issuer": 300, "number": 20, "notation": 60, "kind": 100, "subject": 2000, "signer": 200, "signer_title": 200,
    "note": 500,
}  # fmt: skip
"""Letters a field takes (Document)."""
OTHERS = 10
"""Forms left unsent that are shown beside a new one."""


@dataclass(slots=True)
class Scan:
    """A form as it was sent: its id is the document's, so that a second click makes no second document.

    `file` is a signed note of the file that is kept already, `name` its name; `at` is when it was left unsent.
    """

    id: UUID
    typed: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    name: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


def _clerk(request: HttpRequest) -> Standing:
    who = asking(request)
    if not who.has(Duty.CLERK, Duty.UNIT_CLERK):
        raise PermissionDenied
    return who


@asks(_clerk)
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """A new form: its id is that of the document that it becomes."""
    _clerk(request)
    return redirect("paper", uuid4())


@keeps_typing
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
    """The form; sent, what is missing is told and nothing has to be typed or uploaded again."""
    who = _clerk(request)
    if "forget" in request.POST:
        unsent.forget(who.person, number, act)
        return redirect("scan")
    if Document.objects.filter(pk=number).exists():  # a second click
        return redirect("incoming", number)
    if request.method != "POST":
        return _paper(request, _left(who.person, number, act) or Scan(number), act)
    scan = _read(request, number, who)
    if scan.problems:
        keep_typed(who.person, request.POST, number, act)
        return _paper(request, scan, act, 422)
    document = _keep(scan, who)
    unsent.forget(who.person, number, act)
    return redirect("incoming", document.pk)


@keeps_typing
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, number: UUID, act: str) -> HttpResponse:
    """What a brought document is, told beside its page; until it is registered it may be told anew."""
    document, who = registered(request, number)
    if not may_describe(document, rows_of(document), who):
        raise PermissionDenied
    if "forget" in request.POST:
        unsent.forget(who.person, number, act)
        return redirect("describe", number)
    if request.method != "POST":
        left = _left(who.person, number, act)
        return _beside(request, document, left or Scan(number, _typed(document)), act)
    scan = _told(request, number)
    if scan.problems:
        keep_typed(who.person, request.POST, number, act)
        return _beside(request, document, scan, act, 422)
    with changing(document) as held:
        if not may_describe(held, rows_of(held), who):
            raise PermissionDenied
        _describe(held, scan.typed)
        held.save()
        index.keep(held)
        deed_of(who.person).note(held, "described")
    unsent.forget(who.person, number, act)
    messages.success(request, t("Đã ghi thông tin; văn bản sẵn sàng vào sổ."))
    return redirect("incoming", document.pk)


def _left(writer: User, number: UUID, act: str) -> Scan | None:
    """The form as somebody left it unsent, with the file that had been uploaded before."""
    one = unsent.kept(writer, number).get(act)
    if one is None:
        return None
    scan = Scan(number, unsent.typed(one), at=one.at)
    _hold(scan, writer)
    return scan


def _paper(request: HttpRequest, scan: Scan, act: str, status: int = 200) -> HttpResponse:
    others = unsent.begun(person(request), act).exclude(document_id=scan.id)
    return _form(request, scan, act, status, {"others": others[:OTHERS]})


def _beside(request: HttpRequest, document: Document, scan: Scan, act: str, status: int = 200) -> HttpResponse:
    files = tabs_of(document, request.GET.get("tep", ""))
    brought = document.brought.first()
    chosen = next((tab for tab in files if tab.here), None)
    told = {"document": document, "files": files, "chosen": chosen, "letter": brought.told if brought else {}}
    return _form(request, scan, act, status, told)


def _form(request: HttpRequest, scan: Scan, act: str, status: int, told: Mapping[str, Any]) -> HttpResponse:
    urgencies = {"0": t("Thường"), **{str(level): t(name) for level, name in URGENCY.items()}}
    largest = settings.CONFIG.site.largest_file
    shown = {"scan": scan, "kinds": KINDS, "urgencies": urgencies, "largest": largest, **told}
    return render(request, f"office/{act}.html", shown, status=status)


def _typed(document: Document) -> dict[str, str]:
    """The fields as they stand, for the form."""
    typed = {name: str(getattr(document, name)) for name in LENGTHS}
    numbers = {name: getattr(document, name) for name in ("pages", "copies")}
    days = {"issued": document.issued, "due": document.due and local(document.due).date()}
    typed |= {name: value.isoformat() for name, value in days.items() if value}
    typed |= {name: str(value) for name, value in numbers.items() if value is not None}
    return typed | {"urgency": str(document.urgency)}


def _told(request: HttpRequest, number: UUID) -> Scan:
    """What was typed, and what is wrong with it."""
    typed = {name: " ".join(str(value).split()) for name, value in request.POST.items()}
    scan = Scan(number, typed)
    scan.problems = {name: t(words) for name, words in NEEDED.items() if not typed.get(name)}
    scan.problems |= {name: t("Ngày này không có trong lịch.") for name in ("issued", "due") if _no_day(typed, name)}
    long = {name: most for name, most in LENGTHS.items() if len(typed.get(name, "")) > most}
    scan.problems |= {name: t("Dài quá {n} chữ cái; xin viết ngắn lại.", n=most) for name, most in long.items()}
    return scan


def _describe(document: Document, told: Mapping[str, str]) -> None:
    """Fields as told; saved by the caller."""
    for name in LENGTHS:
        setattr(document, name, told.get(name, ""))
    due = read_day(told.get("due", ""))
    document.issued = read_day(told["issued"])
    document.urgency = next((level for level in URGENCY if str(level) == told.get("urgency")), 0)
    document.pages, document.copies = _count(told, "pages"), _count(told, "copies")
    document.due = calendar_of(document.agency).closes(due) if due else None


def _read(request: HttpRequest, number: UUID, who: Standing) -> Scan:
    scan = _told(request, number)
    _take(scan, request.FILES.get("file"), who)
    return scan


def _take(scan: Scan, upload: UploadedFile[bytes] | None, who: Standing) -> None:
    """Keep the file before anything else; a form sent again carries a signed note of the one that is kept."""
    if upload is not None:
        _upload(scan, upload, who)
        return
    _hold(scan, who.person)
    if not scan.file:
        scan.problems["file"] = t("Cần chọn tệp PDF hoặc ảnh của bản quét.")


def _hold(scan: Scan, writer: User) -> None:
    """The file kept before, if the form carries the note of it that this person got."""
    try:
        owner, _, name = signing.loads(scan.typed.get("kept", ""), salt=SALT)
    except signing.BadSignature:
        return
    if owner == writer.pk:
        scan.file, scan.name = scan.typed["kept"], name


def _upload(scan: Scan, upload: UploadedFile[bytes], who: Standing) -> None:
    scan.name = cleaned(upload.name or "van-ban.pdf")
    if problem := out_of_size(upload) or scans.refusal(scan.name, upload):
        scan.problems["file"] = problem
    elif made := scans.as_pdf(scan.name, upload):
        scan.name, pdf = made
        scan.file = signing.dumps([who.person.pk, contents.keep_file(pdf).pk, scan.name], salt=SALT)
    else:
        scan.problems["file"] = scans.unreadable(scan.name)


def _keep(scan: Scan, who: Standing) -> Document:
    """In the register at once, waiting to be registered as what comes over the axis; a repeat finds it."""
    _, sha256, name = signing.loads(scan.file, salt=SALT)
    now = timezone.now()
    with transaction.atomic():
        known = Document.objects.filter(pk=scan.id).first()
        if known is not None:
            return known
        document = Document(pk=scan.id, agency=who.agency, lane=Lane.INCOMING, source=Source.SCAN, came=now)
        _describe(document, scan.typed)
        document.save(force_insert=True)
        content = Content.objects.get(pk=sha256)
        File.objects.create(
            document=document, content=content, name=name, media_type=uploads.PDF, main=True, by=who.person
        )
        arrive(document, [], now)
    return document


def _no_day(typed: Mapping[str, str], name: str) -> bool:
    return bool(typed.get(name)) and read_day(typed[name]) is None


def _count(told: Mapping[str, str], name: str) -> int | None:
    return min(read_number(told.get(name, "")), 99_999) or None
