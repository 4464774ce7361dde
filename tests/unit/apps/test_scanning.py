"""A paper document by its scan: in the register like any other, nothing typed or uploaded twice, bad files refused."""

import re
from uuid import uuid4  # noqa: TID251 - as a browser's form has one

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import pictures
from apps.office import contents
from apps.office.models import Document, Source
from apps.staff.models import Duty
from unit.apps.office_made import PDF, Agency, entered

PAGE = "/den/van-ban-giay/"


def told(**more: object) -> dict[str, object]:
    known = {"issuer": "Sở Mẫu", "number": "7", "notation": "SM-VP", "subject": "V/v  báo cáo", "issued": "2026-11-20"}
    return {"id": str(uuid4()), **known, **more}


def pdf(name: str = "quet.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def test_it_waits_to_be_registered_and_a_second_click_makes_no_second(city: Agency) -> None:
    client, form = entered(city.person(Duty.CLERK)), told(pages="12", due="2027-01-04")
    first = client.post(PAGE, form | {"file": pdf("Công\x00 văn\u202efdp.pdf")})
    again = client.post(PAGE, form | {"file": pdf()})
    assert first["Location"] == again["Location"] == f"/van-ban/{form['id']}/"
    document = Document.objects.get(pk=str(form["id"]))
    assert (document.source, document.subject, document.pages) == (Source.SCAN, "V/v báo cáo", 12)
    [file] = contents.current(document)
    assert file.name.isprintable()
    text = client.get(first["Location"]).content.decode()
    assert "Tiếp nhận, vào sổ" in text
    assert "Bản quét từ văn bản giấy" in text
    client.post(f"{first['Location']}lam/register/")
    assert not document.reports.exists()  # nobody on the axis to tell


def test_what_is_missing_is_told_and_the_file_is_not_asked_for_again(city: Agency) -> None:
    client = entered(city.person(Duty.CLERK))
    form = told(subject=" ", issued="2026-02-30")
    answer = client.post(PAGE, form | {"file": pdf()})
    text = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Cần ghi trích yếu", "Ngày này không có trong lịch", "quet.pdf", 'value="Sở Mẫu"', str(form["id"])):
        assert said in text
    kept = re.search(r'name="kept" value="([^"]+)"', text)
    assert kept is not None
    mended = form | {"subject": "V/v báo cáo", "issued": "2026-02-28", "kept": kept[1]}
    assert entered(city.person(Duty.CLERK, nth=1)).post(PAGE, mended).status_code == 422  # another's file
    assert client.post(PAGE, mended).status_code == 302


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Cần chọn tệp PDF"),
        (pdf(data=b""), "trống"),
        (pdf("a.pdf", b"MZ program"), "không phải PDF"),
        (pdf("a.docm", b"PK macro"), "không phải PDF"),
        (pdf("a.pdf", pictures.picture("JPEG", 1, "L")), "đổi tên"),
        (pdf("a.pdf", PDF + b"trailer << /Encrypt 5 0 R >>"), "khóa bằng mật khẩu"),
        (pdf("a.pdf", PDF + b"0" * 400_000), "lớn hơn"),
    ],
)
def test_bad_files_are_refused_in_words(city: Agency, file: SimpleUploadedFile | None, said: str) -> None:
    if file is not None:
        file.seek(0)
    client, form = entered(city.person(Duty.CLERK)), told()
    answer = client.post(PAGE, form | ({"file": file} if file else {}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Document.objects.filter(pk=str(form["id"])).exists()


@pytest.mark.usefixtures("binding")
def test_pictures_of_paper_are_kept_as_pdf(city: Agency) -> None:
    client, form = entered(city.person(Duty.CLERK)), told()
    assert client.post(PAGE, form | {"file": pdf("Ảnh.tif", pictures.picture("TIFF", 2, "1"))}).status_code == 302
    [file] = contents.current(Document.objects.get(pk=str(form["id"])))
    assert (file.name, file.media_type) == ("Ảnh.pdf", "application/pdf")
    broken = client.post(PAGE, told() | {"file": pdf("a.jpg", pictures.picture("JPEG", 1, "L")[:-600])})
    assert (broken.status_code, "không đọc được" in broken.content.decode()) == (422, True)


def test_only_clerks_enter_paper(city: Agency) -> None:
    for duty in (Duty.OFFICER, Duty.LEADER):
        assert entered(city.person(duty)).get(PAGE).status_code == 403
    assert entered(city.person(Duty.CLERK)).get(PAGE).status_code == 200
