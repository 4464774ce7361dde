"""A file larger than the site takes is let go while it comes: each page that takes one says so, and keeps nothing of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4  # noqa: TID251 - as a browser's form has one

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from unit.apps.office_made import undone
from unit.apps.test_authority import ROOT, asked, issued, statement
from unit.apps.test_copies import entered, registered
from unit.apps.test_onboarding import FORM, applied
from unit.apps.test_outgoing import City

NAME = "qua-lon.pdf"
Given = Callable[[str], Any]
"""A fixture by its name."""
Form = tuple[Client, str, dict[str, object]]
"""Who sends it, where, and what else stands in it."""


@dataclass(frozen=True)
class Place:
    """A page that takes a file, by its template, and the field it takes it in."""

    template: str
    field: str
    form: Callable[[Given], Form]

    def __str__(self) -> str:
        return f"{self.template} {self.field}"


PLACES: list[Place] = []


def takes(template: str, *fields: str) -> Callable[[Callable[[Given], Form]], Callable[[Given], Form]]:
    def listed(form: Callable[[Given], Form]) -> Callable[[Given], Form]:
        PLACES.extend(Place(template, field, form) for field in fields)
        return form

    return listed


@takes("office/scan.html", "file")
def scan(_given: Given) -> Form:
    return entered(City().clerk.person), f"/den/van-ban-giay/{uuid4()}/", {}


@takes("office/compose.html", "main", "annex")
def draft(_given: Given) -> Form:
    return entered(City().officer.person), f"/soan/{uuid4()}/", {"act": "save"}


@takes("office/compose.html", "word")
def word(_given: Given) -> Form:
    return entered(City().officer.person), f"/soan/{uuid4()}/", {"act": "word"}


@takes("office/copies/new.html", "pdf")
def copy(_given: Given) -> Form:
    city = City()
    told = {"id": str(uuid4()), "way": "TRUE:electronic", "signer": "Người Ký Mẫu", "number": "1"}
    return entered(city.clerk.person), f"/sao/moi/{registered(city).pk}/", told


@takes("office/internal/new.html", "files")
def internal(_given: Given) -> Form:
    told = {"id": str(uuid4()), "kind": "Thông báo", "subject": "Mẫu", "issued": "2026-11-30", "signer": "Người Ký Mẫu"}
    return entered(City().clerk.person), "/noi-bo/moi/", told


@takes("directory/imports.html", "file")
def table(given: Given) -> Form:
    return given("officer")("registration"), "/danh-ba/nhap/", {"ngay": "2020-09-15"}


@takes("directory/plan_new.html", "file")
def plan(given: Given) -> Form:
    return given("officer")("registration"), "/danh-ba/ke-hoach/moi/", {}


@takes("directory/publications.html", "certificate")
def rotation(given: Given) -> Form:
    return given("officer")("security"), "/danh-ba/phat-hanh/", {"act": "rotate"}


@takes("onboarding/letter.html", "letter")
def application(given: Given) -> Form:
    return given("visitor"), "/dang-ky/", dict(FORM)


@takes("onboarding/letter.html", "letter")
def letter_afterwards(given: Given) -> Form:
    of = applied(given("visitor"))
    type(of).objects.filter(pk=of.pk).update(letter_verdict="missing")
    return given("visitor"), f"/dang-ky/{of.link}/", {}


@takes("authority/form.html", "letter")
@takes("authority/box.html", "csr_file")
def certificate(given: Given) -> Form:
    told = {"id": uuid4().hex, "organisation": "H29.12", "full_name": "Người Mẫu", "locality": "Thành phố mẫu"}
    return given("enter")("lan"), f"{ROOT}lap/person/", dict(told)


@takes("authority/departure.html", "letter")
def departure(given: Given) -> Form:
    held = issued(given("enter"), uuid4().hex, "Vũ Thư Lớn")
    return given("enter")("lan"), f"{ROOT}roi-co-quan/{held}/", {"reason": "leaving", "day": "2026-12-01"}


@takes("authority/list.html", "table")
def many(given: Given) -> Form:
    return given("enter")("lan"), f"{ROOT}lap/person/danh-sach/", {}


@takes("authority/sign.html", "signature")
def order(given: Given) -> Form:
    case = uuid4().hex
    assert asked(given("enter")("lan"), case, "Trần Chữ Ký Lớn").status_code == 302
    told = statement(given("enter")("hoa"), case, "examine").context["statement"]
    return given("enter")("hoa"), f"{ROOT}ho-so/{case}/quyet-dinh/", {"statement": told}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    with undone():
        yield


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_it_is_said_in_words_and_nothing_is_kept(
    place: Place, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path, form = place.form(request.getfixturevalue)
    monkeypatch.setattr(settings, "FILE_UPLOAD_MAX_MEMORY_SIZE", 0)  # as for larger forms: through the disk
    file = SimpleUploadedFile(NAME, b"%PDF-1.7" + bytes(settings.CONFIG.site.largest_file))
    answer = client.post(path, form | {place.field: file}, follow=True)
    told = answer.content.decode()
    assert f"Tệp “{NAME}” lớn hơn" in told
    assert "Xin giảm dung lượng rồi tải lại." in told
    assert answer.status_code == 422 or answer.redirect_chain


def test_no_page_that_takes_a_file_is_left_out() -> None:
    found = {
        (str(page.relative_to(templates)), name)
        for templates in settings.HERE.glob("*/templates")
        for page in templates.rglob("*.html")
        for name in _taken(page.read_text("utf-8"))
    }
    assert found == {(place.template, place.field) for place in PLACES}


def _taken(page: str) -> list[str]:
    """Names of its fields for files; the one that a table of fields names is the certificate request's."""
    inputs = [tag for tag in re.findall(r"<input\b[^>]*>", page) if 'type="file"' in tag]
    return [re.search(r'name="([^"]+)"', tag)[1].replace("{{ field.name }}", "csr") for tag in inputs]  # type: ignore[index]  # each has one
