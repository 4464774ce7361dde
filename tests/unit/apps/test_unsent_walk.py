"""A walk over every small form of the office and of its people: lost with its session, each gives back what was typed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from lxml import html

from apps.office import contents
from apps.office.archive import handover
from apps.office.cases import acts, catalogue
from apps.office.copies.acts import make
from apps.office.models import Book, Draft, Lane, Phrase, Route
from apps.office.outgoing import acts as outgoing
from apps.staff.models import Duty
from apps.unsent import keeping
from lienthong.testing.desk import Town
from unit.apps.known import SENT, entry
from unit.apps.office_made import Agency, entered
from unit.apps.test_archive import MINUTES, closed
from unit.apps.test_cases import YEAR, line, opened
from unit.apps.test_copies import registered, wish

TYPED = {"date": "2026-12-03", "number": "7", "email": "mau@example.vn", "time": "08:15"}
KEEPS_ITS_OWN = {"office/describe.html", "office/dialog.html", "office/scan.html"}
"""Forms with a place of their own for what is typed (`office.unsent`); their tests are beside them."""
ON_AN_ANSWER = {"office/labels/several.html", "office/several.html"}
"""One act on many documents is asked after a choice in a list, which shows its words (`test_unsent`)."""
NOTHING_TO_TYPE = {
    "office/filing.html", "office/job.html", "office/notices.html", "office/offer.html", "office/outgoing_box.html",
    "office/reminding.html", "office/rows.html",
    "office/rules/lying.html", "office/rules/rules.html", "office/sign.html", "office/sign_many.html", "office/sign_wait.html",
}  # fmt: skip
"""Forms of ticks, choices and buttons alone, or of a PIN: acts of the moment."""


def posting(app: str) -> set[str]:
    """Templates with a form that is posted."""
    folder = Path(apps.get_app_config(app).path) / "templates"
    return {str(each.relative_to(folder)) for each in folder.glob("**/*.html") if 'method="post"' in each.read_text()}


def forms_of(page: bytes) -> list[html.FormElement]:
    """Forms of a page that somebody types in."""
    types = "@type='text' or @type='date' or @type='number' or @type='email'"
    typed = f".//textarea[@name] | .//input[@name and (not(@type) or {types})]"
    found = [form for form in html.fromstring(page).forms if form.method == "POST" and form.xpath(typed)]
    return [form for form in found if "dialog" not in form.classes]


def write(form: html.FormElement, nth: int) -> dict[str, list[str]]:
    """Type into every field, choose the last of every choice, tick all; what a browser then sends."""
    for one in form.iter("input", "textarea", "select"):
        kind = one.get("type", "text") if one.tag == "input" else one.tag
        if kind == "checkbox":
            one.checked = True
        elif kind == "radio":
            form.fields[one.name] = one.get("value")
        elif kind == "select":
            chosen = one.value_options[-1] if one.value_options else None
            one.value = {chosen} if one.multiple else chosen
        elif kind not in {"hidden", "file", "password"}:
            one.value = TYPED.get(kind, f"Điều gõ {nth} <{one.name}> & “mẫu”")
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    pressed = next((one for one in form.iter("button") if not one.get("formnovalidate")), None)
    if pressed is not None and pressed.get("name"):
        sent[pressed.get("name")] = [pressed.get("value", "")]
    return sent


def seen(form: html.FormElement) -> list[tuple[str, str]]:
    """What a form says, but for its tokens."""
    ours = keeping.OURS
    return sorted((name, value) for name, value in form.form_values() if name not in ours)


def test_every_form_of_the_office_gives_back_what_was_typed(city: Agency, town: Town, software: None) -> None:
    """A new form must stand on a page of this walk, and then is held to the same."""
    drawn: set[str] = set()
    for duty, path in walked(city, town):
        writer = city.person(duty, city.room if duty == Duty.OFFICER else None)
        answer = entered(writer).get(path)
        assert answer.status_code == 200, (duty, path)
        drawn |= {each.name for each in answer.templates}
        before = forms_of(answer.content)
        for nth, form in enumerate(before):
            lost = Client().post(urljoin(path, form.action or path), write(form, nth))
            assert lost["Location"].startswith("/dang-nhap/"), (path, form.action)
        after = forms_of(entered(writer).get(path).content)
        assert [seen(form) for form in after] == [seen(form) for form in before], path
        listed = entered(writer).get("/chua-gui/").content.decode()
        assert listed.count("Bỏ điều đã nhập") == len(before), path
        keeping.of(writer).delete()
    assert (posting("office") | posting("staff")) - drawn <= KEEPS_ITS_OWN | ON_AN_ANSWER | NOTHING_TO_TYPE


@pytest.fixture
def software(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agency's software is kept on a page, too."""
    known = tuple(replace(each, admin_token_file=Path("token")) for each in settings.CONFIG.agency)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, agency=known))


def walked(city: Agency, town: Town) -> Iterator[tuple[str, str]]:
    """Whose page, and where: pages on which every small form of the office and of its people stands."""
    yield from _of_documents(city, town)
    yield from _of_files(city)
    Phrase.objects.create(agency="H29", owner=city.person(Duty.LEADER), use="remark", text="Kính chuyển")
    yield Duty.LEADER, "/mau-cau/"
    yield Duty.CLERK, "/tim/?q=bao+cao"
    yield Duty.CLERK, "/thong-bao/"
    Route.objects.create(agency="H29", kind="Công văn", steps=[])
    yield Duty.LEADER, "/di/cac-buoc/"
    Book.objects.create(agency="H29", lane=Lane.OUTGOING, name="Sổ đi (mẫu)")
    yield Duty.CLERK, "/di/so/"
    yield Duty.ADMINISTRATOR, "/quy-tac/moi/"
    head = city.person(Duty.UNIT_HEAD, city.room)
    for page in ("", f"nguoi/{head.pk}/", f"don-vi/{city.room.pk}/", "ngay/", "phan-mem/"):
        yield Duty.ADMINISTRATOR, f"/nhan-su/{page}"


def _of_documents(city: Agency, town: Town) -> Iterator[tuple[str, str]]:
    sent, document = entry(town, SENT, "out").id, registered(city)
    yield Duty.CLERK, f"/van-ban/{document.pk}/"
    yield Duty.CLERK, "/noi-bo/moi/"
    yield Duty.CLERK, f"/sao/moi/{document.pk}/"
    yield Duty.CLERK, f"/sao/{make(city.deed(Duty.CLERK), document, wish()).pk}/"
    yield Duty.CLERK, f"/van-ban/{sent}/thu-hoi/"
    yield Duty.CLERK, f"/van-ban/{sent}/cap-nhat/"
    deed = city.deed(Duty.OFFICER, city.room)
    told = {"kind": "Công văn", "subject": "V/v báo cáo (văn bản mẫu)", "signer_name": "Nguyễn Văn Mẫu"}
    draft = Draft.objects.create(agency=city.code, author=deed.person, fields=told)
    yield Duty.OFFICER, f"/soan/{draft.pk}/"
    city.person(Duty.UNIT_HEAD, city.room)  # whose review comes next
    yield Duty.OFFICER, f"/di/van-ban/{outgoing.submit(deed, draft, city.person(Duty.LEADER)).pk}/"


def _of_files(city: Agency) -> Iterator[tuple[str, str]]:
    deed = city.deed(Duty.OFFICER, city.room)
    planned = catalogue.plan(city.deed(Duty.UNIT_HEAD, city.room), YEAR, line(city, "Hồ sơ dự kiến"))
    document, ended = registered(city), closed(city)
    for name, kind in (("Lễ ký.jpg", "image/jpeg"), ("Cuộc họp.mp3", "audio/mpeg")):
        contents.attach(document, name, kind, b"mau")
    open_ = opened(city, document)
    acts.give_task(deed, open_, "Tổng hợp", deed.person)
    yield Duty.OFFICER, f"/ho-so/moi/?nam={YEAR}"
    yield Duty.OFFICER, f"/ho-so/{open_.pk}/anh-ghi-am/"
    for case in (planned, open_, ended):
        yield Duty.OFFICER, f"/ho-so/{case.pk}/"
    yield Duty.LEADER, f"/ho-so/danh-muc/{YEAR}/"
    yield Duty.OFFICER, f"/nop-luu/moi/?don-vi={city.room.pk}"
    yield Duty.ARCHIVIST, f"/nop-luu/{handover.offer(deed, city.room, [ended], MINUTES).pk}/"
