"""A paper document by its scan: in the register like any other, nothing typed or uploaded twice, bad files refused."""

import re
from uuid import uuid4  # noqa: TID251 - as a browser's form has one

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import pictures
from apps.office import contents
from apps.office.models import Document, Source, Unsent
from apps.staff.models import Duty
from unit.apps.office_made import PDF, Agency, entered, note_on

PAGE = "/den/van-ban-giay/"


def form_of(number: object = "") -> str:
    return f"{PAGE}{number or uuid4()}/"


def told(**more: object) -> dict[str, object]:
    known = {"issuer": "Sở Mẫu", "number": "7", "notation": "SM-VP", "subject": "V/v  báo cáo", "issued": "2026-11-20"}
    return known | more


def pdf(name: str = "quet.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def test_it_waits_to_be_registered_and_a_second_click_makes_no_second(city: Agency) -> None:
    client, form, number = entered(city.person(Duty.CLERK)), told(pages="12", due="2027-01-04"), uuid4()
    first = client.post(form_of(number), form | {"file": pdf("Công\x00 văn\u202efdp.pdf")})
    again = client.post(form_of(number), form | {"file": pdf()})
    assert first["Location"] == again["Location"] == f"/van-ban/{number}/"
    document = Document.objects.get(pk=number)
    assert (document.source, document.subject, document.pages) == (Source.SCAN, "V/v báo cáo", 12)
    [file] = contents.current(document)
    assert file.name.isprintable()
    text = client.get(first["Location"]).content.decode()
    assert "Tiếp nhận, vào sổ" in text
    assert "Bản quét từ văn bản giấy" in text
    client.post(f"{first['Location']}lam/register/")
    assert not document.reports.exists()  # nobody on the axis to tell


def test_what_is_missing_is_told_and_the_file_is_not_asked_for_again(city: Agency) -> None:
    client, page = entered(city.person(Duty.CLERK)), form_of()
    form = told(subject=" ", issued="2026-02-30")
    answer = client.post(page, form | {"file": pdf()})
    text = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Cần ghi trích yếu", "Ngày này không có trong lịch", "quet.pdf", 'value="Sở Mẫu"'):
        assert said in text
    kept = re.search(r'name="kept" value="([^"]+)"', text)
    assert kept is not None
    mended = form | {"subject": "V/v báo cáo", "issued": "2026-02-28", "kept": kept[1]}
    assert entered(city.person(Duty.CLERK, nth=1)).post(page, mended).status_code == 422  # another's file
    assert client.post(page, mended).status_code == 302


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
    client, number = entered(city.person(Duty.CLERK)), uuid4()
    answer = client.post(form_of(number), told() | ({"file": file} if file else {}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Document.objects.filter(pk=number).exists()


@pytest.mark.usefixtures("binding")
def test_pictures_of_paper_are_kept_as_pdf(city: Agency) -> None:
    client, number, scan = entered(city.person(Duty.CLERK)), uuid4(), pdf("Ảnh.tif", pictures.picture("TIFF", 2, "1"))
    assert client.post(form_of(number), told() | {"file": scan}).status_code == 302
    [file] = contents.current(Document.objects.get(pk=number))
    assert (file.name, file.media_type) == ("Ảnh.pdf", "application/pdf")
    broken = client.post(form_of(), told() | {"file": pdf("a.jpg", pictures.picture("JPEG", 1, "L")[:-600])})
    assert (broken.status_code, "không đọc được" in broken.content.decode()) == (422, True)


def test_only_clerks_enter_paper(city: Agency) -> None:
    for duty in (Duty.OFFICER, Duty.LEADER):
        for page in (PAGE, form_of()):
            assert entered(city.person(duty)).get(page).status_code == 403
    assert entered(city.person(Duty.CLERK)).get(PAGE, follow=True).status_code == 200


def test_what_is_typed_is_kept_when_the_session_has_run_out(city: Agency) -> None:
    clerk, number = city.person(Duty.CLERK), uuid4()
    client, page = entered(clerk), form_of(number)
    form = told(note="Bản giấy ở tủ số 3", kind="Quyết định", urgency="2") | note_on(client, page)
    client.logout()
    answer = client.post(page, form | {"file": pdf()})
    assert answer["Location"] == f"/dang-nhap/?next={page}"
    assert not Document.objects.filter(pk=number).exists(), "kept, not done"
    assert page not in entered(city.person(Duty.CLERK, nth=1)).get(PAGE, follow=True).content.decode()
    client.force_login(clerk)
    assert page in client.get(PAGE, follow=True).content.decode(), "a new form tells of what was left"
    text = client.get(page).content.decode()
    for said in (
        'value="Sở Mẫu"',
        'value="Bản giấy ở tủ số 3"',
        "<option selected>Quyết định",
        "chưa gửi đi",
        "chọn lại",
    ):
        assert said in text
    assert '<option value="2" selected>' in text
    assert client.post(page, form | {"file": pdf()}).status_code == 302
    document = Document.objects.get(pk=number)
    assert (document.note, document.kind, document.urgency) == ("Bản giấy ở tủ số 3", "Quyết định", 2)
    assert not Unsent.objects.exists()


def test_a_file_that_was_uploaded_before_the_session_ran_out_is_not_chosen_again(city: Agency) -> None:
    clerk, page = city.person(Duty.CLERK), form_of()
    client = entered(clerk)
    refused = client.post(page, told(subject="") | {"file": pdf()}).content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', refused)
    assert kept is not None
    form = told(kept=kept[1]) | note_on(client, page)
    client.logout()
    client.post(page, form)
    text = entered(clerk).get(page).content.decode()
    assert kept[1] in text
    assert "chọn lại" not in text
    entered(clerk).post(page, {"forget": "scan"})
    assert not Unsent.objects.exists()


def test_what_is_typed_while_it_is_described_is_kept_too(city: Agency) -> None:
    clerk, number = city.person(Duty.CLERK), uuid4()
    client = entered(clerk)
    client.post(form_of(number), told() | {"file": pdf()})
    page = f"/van-ban/{number}/ghi/"
    form = told(subject="V/v mới", kind="Báo cáo", note="Đã đọc lại") | note_on(client, page)
    client.logout()
    client.post(page, form)
    client.force_login(clerk)
    text = client.get(page).content.decode()
    for said in ("V/v mới</textarea>", "<option selected>Báo cáo", 'value="Đã đọc lại"', "chưa gửi đi"):
        assert said in text
    assert Document.objects.get(pk=number).subject == "V/v báo cáo"
    client.post(page, {"forget": "describe"})
    assert "V/v báo cáo</textarea>" in client.get(page).content.decode()
    client.post(page, form)
    assert Document.objects.get(pk=number).subject == "V/v mới"
    assert not Unsent.objects.exists()
