"""What is brought in as a file: macros, passwords, renamed files and hostile names are refused or cleaned, in words."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4  # noqa: TID251 - what a browser would send

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.office.models import Draft, DraftFile
from apps.office.uploads import is_word, refusal
from apps.ui.receiving import cleaned
from lienthong.layout import from_word, to_word
from unit.apps.office_made import undone
from unit.apps.test_outgoing import City
from unit.apps.test_outgoing_flow import TEXT
from unit.layout.drafts import DECISION

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
VBA, LOCKED = (name.encode("utf-16-le") for name in ("_VBA_PROJECT", "EncryptedPackage"))


def packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return held.getvalue()


WORD = to_word(DECISION)
MACRO = packed(**{"[Content_Types].xml": b"", "word__document.xml": b"<a/>", "word__vbaProject.bin": b"x"})
TYPED = packed(
    **{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml", "word__document.xml": b"<a/>"}
)


@pytest.mark.parametrize(("name", "data", "said"), [
    ("a.docx", MACRO, "macro"),
    ("a.docx", TYPED, "macro"),
    ("a.docm", WORD, "macro"),
    ("a.pdf.exe", b"MZ\x90", "chương trình"),
    ("a.pdf", b"MZ\x90", "chương trình"),
    ("a.pdf", WORD, "đổi tên"),
    ("a.docx", b"%PDF-1.7", "đổi tên"),
    ("a.jpg", b"GIF89a", "đổi tên"),
    ("a.pdf", b"%PDF-1.7\ntrailer<</Root 1 0 R/Encrypt 5 0 R>>", "mật khẩu"),
    ("a.docx", OLE + LOCKED, "mật khẩu"),
    ("a.doc", OLE + VBA, "macro"),
    ("a.zip", packed(**{"x.vbs": b"x"}), "macro"),
    ("a.docx", b"PK\x03\x04 broken", "hỏng"),
])  # fmt: skip
def test_refused_in_words(name: str, data: bytes, said: str) -> None:
    assert said in refusal(name, data)


@pytest.mark.parametrize(("name", "data"), [
    ("a.docx", WORD), ("a.pdf", b"%PDF-1.7\n%%EOF"), ("a.doc", OLE + b"x"), ("a.zip", packed(a=b"x")), ("a.png", b"\x89PNG"),
])  # fmt: skip
def test_taken(name: str, data: bytes) -> None:
    assert refusal(name, data) == ""


def test_a_bomb_is_counted_before_it_is_opened() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"0" * (201 * 1024 * 1024))
    assert "quá lớn" in refusal("a.docx", held.getvalue())


def test_names_keep_what_people_see() -> None:
    assert cleaned("Tờ trình\u202efdp.exe\x00\n.pdf") == "Tờ trình_fdp.exe__.pdf"
    assert cleaned("..\\..\\etc/passwd") == "passwd"
    assert cleaned("\x00") == "_"
    assert cleaned("") == "tep"


@pytest.fixture
def city() -> Iterator[City]:
    with undone():
        yield City()


def test_a_draft_goes_to_word_and_comes_back_as_a_new_version(city: City) -> None:
    client, form = Client(), f"/soan/{uuid4()}/"
    client.force_login(city.officer.person)
    address = str(
        client.post(form, {**TEXT, "codes": "G09", "act": "submit", "signer": city.leader.person.pk})["Location"]
    )
    client.post(address, {"act": "take-back"})
    answer = client.get(form + "word/")
    assert is_word(answer.content)
    assert from_word(answer.content).body == (TEXT["body"],)
    changed = to_word(DECISION)
    client.post(form, {**TEXT, "act": "word", "word": SimpleUploadedFile("ban-sua.docx", changed)})
    draft = Draft.objects.get(pk=form.split("/")[2])
    assert draft.fields["body"].splitlines() == list(DECISION.body)
    assert draft.document is not None
    assert [(version.number, version.way) for version in draft.document.versions.all()] == [(1, "typed"), (2, "word")]


@pytest.mark.parametrize(("field", "act"), [("word", "word"), ("main", "save")])
def test_a_first_upload_of_word_is_version_one_with_its_tables(city: City, field: str, act: str) -> None:
    client, form = Client(), f"/soan/{uuid4()}/"
    client.force_login(city.officer.person)
    body = ("Kèm theo bảng sau:", "| Việc | Số |", "| Rà soát | 12 |", "Điều 1. Thử.")
    file = SimpleUploadedFile("du-thao.docx", to_word(replace(DECISION, body=body)))
    client.post(form, {**{name: value for name, value in TEXT.items() if name != "body"}, "act": act, field: file})
    draft = Draft.objects.get(pk=form.split("/")[2])
    assert draft.document is not None
    assert tuple(draft.fields["body"].splitlines()) == body
    assert [(one.number, one.way) for one in draft.document.versions.all()] == [(1, "word")]
    assert "soạn bằng Word vào, thành bản 1" in client.get(f"/di/van-ban/{draft.document.pk}/").content.decode()
    told = {**TEXT, "body": draft.fields["body"], "codes": "G09", "act": "submit", "signer": city.leader.person.pk}
    assert client.post(form, told).status_code == 302
    assert b"Tinos" in bytes(draft.files.get(main=True).content)


@pytest.mark.parametrize(("data", "said"), [(MACRO, "macro"), (b"%PDF-1.7", "đổi tên"), (OLE + LOCKED, "mật khẩu")])
def test_a_bad_word_file_changes_nothing(city: City, data: bytes, said: str) -> None:
    client, form = Client(), f"/soan/{uuid4()}/"
    client.force_login(city.officer.person)
    answer = client.post(form, {**TEXT, "act": "word", "word": SimpleUploadedFile("a.docx", data)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Draft.objects.get(pk=form.split("/")[2]).fields["body"] == TEXT["body"]


def test_a_locked_pdf_is_no_main_file(city: City) -> None:
    client, form = Client(), f"/soan/{uuid4()}/"
    client.force_login(city.officer.person)
    locked = SimpleUploadedFile("a.pdf", b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>")
    answer = client.post(form, {**TEXT, "act": "save", "main": locked})
    assert answer.status_code == 422
    assert "mật khẩu" in answer.content.decode()
    assert not DraftFile.objects.exists()
