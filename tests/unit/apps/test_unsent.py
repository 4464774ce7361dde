"""Nothing typed is lost: every form of the office and of its people, with a session that ended and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html

from apps.accounts.models import User
from apps.staff.models import Duty
from apps.unsent import keeping, note
from apps.unsent.models import Form
from unit.apps.office_made import Agency, entered

SAMPLES = {"uuid": "0190e6a0-0000-7000-8000-000000000001", "int": "1", "slug": "mau", "str": "mau", "path": "mau"}
OF_PROGRAMS = {"signing-fetch", "signing-return"}
"""Addresses that a signing program calls with a ticket of its own: no forms."""


def addresses(under: object, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the apps that keep typing: its name and an example of it."""
    for one in under.url_patterns:
        path, converters = before + str(one.pattern), one.pattern.converters
        for name, converter in converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            kind = {"string": "str"}.get(kind, kind)
            path = path.replace(f"<{kind}:{name}>", SAMPLES[kind])
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        elif isinstance(one, URLPattern) and keeps_typing(one):
            yield str(one.name), f"/{path}"


def keeps_typing(one: URLPattern) -> bool:
    return getattr(apps.get_containing_app_config(one.callback.__module__), "keeps_typing", False)


EVERY = dict(addresses(get_resolver()))


def noted(who: Client, page: str = "/mau-cau/") -> str:
    """The note that the forms of a page carry."""
    found = html.fromstring(who.get(page).content).xpath(f"//main//input[@name='{note.NAME}']/@value")
    return str(found[0])


@pytest.mark.parametrize("name", sorted(EVERY.keys() - OF_PROGRAMS))
def test_no_address_loses_a_form_whose_session_ended(name: str, city: Agency) -> None:
    writer = city.person(Duty.CLERK)
    told = {note.NAME: noted(entered(writer)), "text": "Điều đang gõ", "password": "bí mật", "pin-3": "123456"}
    answer = Client().post(EVERY[name], told)
    assert answer.status_code == 302
    assert answer["Location"] == f"/dang-nhap/?{urlencode({'next': '/mau-cau/'}, safe='/')}"
    kept = keeping.opened(keeping.of(writer))
    assert [(one.address, one.fields) for one in kept] == [(EVERY[name], {"text": ["Điều đang gõ"]})]


def test_every_form_that_can_be_sent_says_who_writes_it() -> None:
    """The note comes with the token without which no form is taken."""
    for app in ("office", "staff"):
        for file in Path(apps.get_app_config(app).path).glob("templates/**/*.html"):
            for form in file.read_text("utf-8").split('method="post"')[1:]:
                assert "{% csrf_token %}" in form.partition("</form>")[0], file


def test_it_comes_back_in_its_form_for_its_writer_alone_and_goes_when_it_is_sent(city: Agency) -> None:
    writer, other = city.person(Duty.CLERK), city.person(Duty.LEADER)
    told = {note.NAME: noted(entered(writer)), "text": "Kính chuyển <b>", "use": "remark"}
    door = Client().post("/mau-cau/", told, follow=True).content.decode()
    assert "Phiên làm việc đã hết khi gửi; chưa làm gì." in door
    assert "Kính chuyển" not in door
    assert "Kính chuyển" not in entered(other).get("/mau-cau/").content.decode()
    mine = entered(writer)
    assert not Form.objects.filter(person=other).exists()
    page = html.fromstring(mine.get("/mau-cau/").content)
    form = next(one for one in page.forms if one.xpath(f".//input[@name='{note.KEPT}']"))
    assert (form.fields["text"], form.fields["use"]) == ("Kính chuyển <b>", "remark")
    assert "chưa gửi đi" in form.text_content()
    assert "Điều đã gõ, chưa gửi" in mine.get("/chua-gui/").content.decode()
    assert mine.post("/mau-cau/", dict(form.form_values())).status_code == 302
    assert not keeping.of(writer).exists()
    assert note.KEPT not in mine.get("/mau-cau/").content.decode()
    assert keeping.WAITING not in mine.session


def test_a_refused_form_is_kept_until_it_is_sent_or_dropped(city: Agency) -> None:
    writer = city.person(Duty.CLERK)
    mine = entered(writer)
    told = {note.NAME: noted(mine), "text": "Kính chuyển", "use": "không có"}
    answer = mine.post("/mau-cau/", told)
    assert answer.status_code == 422
    kept = html.fromstring(answer.content).xpath(f"//input[@name='{note.KEPT}']/@value")
    assert kept == [str(keeping.of(writer).get().pk)]
    again = mine.post("/mau-cau/", told | {note.KEPT: kept[0], "text": "Kính chuyển lại"})
    assert again.status_code == 422
    assert [one.fields["text"] for one in keeping.opened(keeping.of(writer))] == [["Kính chuyển lại"]]
    dropped = mine.post("/chua-gui/bo/", {note.KEPT: str(keeping.of(writer).get().pk)})
    assert dropped["Location"] == "/mau-cau/"
    assert not keeping.of(writer).exists()


def test_what_has_no_form_any_more_is_shown_to_be_copied(city: Agency) -> None:
    writer = city.person(Duty.CLERK)
    mine = entered(writer)
    told = {note.NAME: noted(mine), "text": "Câu đã sửa dở", "act": "save", "phrase": "999999"}
    gone = mine.post("/mau-cau/", told)
    assert gone.status_code == 404
    for page in (
        gone.content.decode(),
        mine.get("/mau-cau/").content.decode(),
        mine.get("/chua-gui/").content.decode(),
    ):
        assert "Câu đã sửa dở</p>" in page
        assert "Bỏ điều đã nhập" in page


def test_two_tabs_keep_both_texts(city: Agency) -> None:
    writer = city.person(Duty.CLERK)
    told = {note.NAME: noted(entered(writer)), "use": "remark"}
    for text in ("Câu của thẻ một", "Câu của thẻ hai", "Câu của thẻ hai"):
        Client().post("/mau-cau/", told | {"text": text})
    page = entered(writer).get("/mau-cau/").content.decode()
    assert "Câu của thẻ hai</textarea>" in page
    assert "Câu của thẻ một</p>" in page
    assert keeping.of(writer).count() == 2


def test_a_note_of_another_site_an_old_one_and_one_of_a_person_gone_keep_nothing(
    city: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = city.person(Duty.CLERK)
    told = {note.NAME: noted(entered(writer)), "text": "Điều đang gõ"}
    Client().post("/mau-cau/", told | {note.NAME: told[note.NAME] + "x"})
    User.objects.filter(pk=writer.pk).update(is_active=False)
    Client().post("/mau-cau/", told)
    User.objects.filter(pk=writer.pk).update(is_active=True)
    monkeypatch.setattr(note, "LASTS", note.LASTS * 0)
    Client().post("/mau-cau/", told)
    assert not Form.objects.exists()


def test_so_much_of_a_person_is_kept_and_a_key_that_is_gone_opens_nothing(
    city: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = city.person(Duty.CLERK)
    told = {note.NAME: noted(entered(writer))}
    monkeypatch.setattr(keeping, "MOST", 2)
    monkeypatch.setattr(keeping, "LARGEST", 400)
    for text in ("một", "hai", "ba", "x" * 400):
        Client().post("/mau-cau/", told | {"text": text})
    assert [one.fields["text"] for one in keeping.opened(keeping.of(writer))] == [["ba"], ["hai"]]
    assert b"hai" not in b"".join(bytes(one.sealed) for one in keeping.of(writer))
    monkeypatch.setattr("django.conf.settings.SECRET_KEY", "khóa khác")
    assert keeping.opened(keeping.of(writer)) == []


def test_the_words_of_an_act_on_many_documents_stand_above_their_list(city: Agency) -> None:
    writer, box = city.person(Duty.CLERK), "/den/cho-tiep-nhan/"
    told = {note.NAME: noted(entered(writer), box), "act": "register", "filled": "1", "document": city.arrived().pk}
    Client().post(f"{box}lam/", told | {"text": "Giao hai phòng"})
    page = html.fromstring(entered(writer).get(box).content)
    assert page.xpath("//*[@class='typed-words']/text()") == ["Giao hai phòng"]


SECRET = re.compile(r'<input[^>]*(?:type="password"|one-time-code)[^>]*>')
ASKED = [
    (path.name, re.search(r'name="([^"]*)"', found).group(1))
    for path in sorted(Path(apps.get_app_config("unsent").path).parent.rglob("templates/**/*.html"))
    for found in SECRET.findall(path.read_text())
]


@pytest.mark.parametrize(("template", "name"), ASKED)
def test_what_a_page_asks_for_as_a_secret_is_never_kept(template: str, name: str) -> None:
    told = QueryDict(urlencode({name.replace("{{ one.id }}", "k1"): "bí mật", "words": "lời"}))
    assert keeping.typed_of("/", told).fields == {"words": ["lời"]}


@pytest.mark.parametrize("told", ["https://site.example//la.example/", "khong-phai", ""])
def test_a_page_is_one_of_this_site(told: str) -> None:
    request = RequestFactory().get("/den/", headers={"HX-Current-URL": told})
    assert note._address(request) == "/den/"
