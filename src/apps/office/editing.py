"""What the buttons of the form do. Each returns what to say and where to go; typing is already saved by then."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.person import person
from apps.office import drafting, uploads
from apps.office.choosing import codes_in, named, row_of
from apps.office.desk import desk_of
from apps.office.models import Draft, DraftFile
from apps.office.outcome import Outcome
from apps.office.outgoing import handing_on
from apps.office.outgoing.page import LAID, lay_out, missing, outlined
from apps.office.stages import main_of, report_of
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.receiving import cleaned, content_of
from lienthong.client import Desk
from lienthong.errors import InvalidValue

# ---------------------------------------------------------------- keeping


def save(draft: Draft, request: HttpRequest) -> dict[str, str]:
    """Keep everything typed and every file that can be kept; what can't is told."""
    draft.fields = draft.fields | drafting.typed(request.POST)
    draft.save()
    trouble = _keep_main(draft, person(request), request.FILES.get("main"))
    for upload in request.FILES.getlist("annex"):
        trouble |= _keep_annex(draft, upload)
    codes = codes_in(request.POST.get("codes", ""))
    if codes:
        add_recipients(desk_of(request), draft, codes)
    return trouble


def _keep_main(draft: Draft, who: User, upload: UploadedFile[bytes] | None) -> dict[str, str]:
    if upload is None:
        return {}
    try:
        name, content = _taken(upload)
        if uploads.is_word(content):  # its text becomes the draft's, and the page is laid out from it
            handing_on.take_word(who, draft, content)
            return {}
    except InvalidValue as error:
        return {"main": error.detail}
    if not uploads.is_pdf(content):
        return {"main": t(uploads.NO_PDF, name=name)}
    draft.files.filter(main=True).delete()
    DraftFile.objects.create(draft=draft, main=True, name=name, media_type=uploads.PDF, content=content)
    draft.fields = {name: value for name, value in draft.fields.items() if name != LAID}
    draft.save()
    return {}


def _keep_annex(draft: Draft, upload: UploadedFile[bytes]) -> dict[str, str]:
    try:
        name, content = _taken(upload)
    except InvalidValue as error:
        return {"annex": error.detail}
    DraftFile.objects.create(draft=draft, name=name, media_type=uploads.type_of(content), content=content)
    return {}


def _taken(upload: UploadedFile[bytes]) -> tuple[str, bytes]:
    """Its name and bytes. InvalidValue when something speaks against the file."""
    name, content = cleaned(upload.name or "van-ban.pdf"), content_of(upload)
    if problem := uploads.refusal(name, content):
        raise InvalidValue(problem)
    return name, content


# ---------------------------------------------------------------- recipients


def add_recipients(desk: Desk, draft: Draft, codes: list[str]) -> None:
    """Put agencies on the list, once each, with what the directory knows of them."""
    known = {row["code"] for row in draft.recipients}
    wanted = [code for code in dict.fromkeys(codes) if code not in known and code != draft.agency]
    draft.recipients = [*draft.recipients, *map(row_of, wanted, named(desk, wanted))]
    draft.save()


def _add(request: HttpRequest, draft: Draft, what: str) -> Outcome:
    add_recipients(desk_of(request), draft, [what])
    return Outcome(anchor="#noi-nhan")


def _remove(_request: HttpRequest, draft: Draft, what: str) -> Outcome:
    draft.recipients = [row for row in draft.recipients if row["code"] != what]
    draft.save()
    return Outcome(anchor="#noi-nhan")


# ---------------------------------------------------------------- files, the page


def _drop(_request: HttpRequest, draft: Draft, what: str) -> Outcome:
    draft.files.filter(pk=read_number(what)).delete()
    return Outcome(anchor="#tep")


def _outline(_request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    if not draft.fields.get("kind"):
        return Outcome({"kind": t("Cần chọn loại văn bản.")})
    draft.fields = outlined(draft)
    draft.save()
    return Outcome(said=t("Đã lấy khung của loại văn bản; những gì đã viết được giữ nguyên."), anchor="#soan")


def _lay_out(_request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    if problems := missing(draft):
        return Outcome(problems)
    main = main_of(draft)
    if main is not None and report_of(main).signatures:
        return Outcome({"body": t("Văn bản đã có chữ ký. Muốn soạn lại, hãy bỏ tệp đã ký trước.")})
    lay_out(draft)
    return Outcome(said=t("Đã lập trang văn bản đúng thể thức; xin xem lại trước khi trình ký."), anchor="#soan")


def _delete(_request: HttpRequest, draft: Draft, _what: str) -> Outcome:
    if draft.document is not None:
        return Outcome({"act": t("Dự thảo đã trình không xóa được; hãy bỏ dự thảo ở trang của nó.")})
    draft.delete()
    return Outcome(said=t("Đã xóa bản nháp."), address=reverse("drafts"))


ACTIONS: dict[str, Callable[[HttpRequest, Draft, str], Outcome]] = {
    "save": lambda request, _draft, _what: (
        Outcome(stay=True) if request.POST.get("query") else Outcome(said=t("Đã lưu nháp."))
    ),
    "search": lambda _request, _draft, _what: Outcome(stay=True),
    "add": _add,
    "remove": _remove,
    "drop": _drop,
    "outline": _outline,
    "layout": _lay_out,
    "delete": _delete,
    "submit": handing_on.submit,
    "word": handing_on.bring_word,
    "group": handing_on.add_group,
    "keep-group": handing_on.keep_group,
    "beyond": handing_on.add_beyond,
    "drop-beyond": handing_on.drop_beyond,
}
