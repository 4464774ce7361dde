"""Every page: for a clerk, for nobody, for another agency, in both languages, when the gateway is down."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from django.test import Client

from lienthong.errors import Unavailable
from lienthong.testing.desk import Town
from lienthong.testing.desk.samples import OUTGOING
from lienthong.testing.desk.samples import entry as make
from unit.apps.known import ASKED, SENT, TO_ALL, WAITING, entry

LISTS = [
    "/den/cho-tiep-nhan/", "/den/cho-but-phe/", "/den/cho-tra-loi/", "/den/qua-han/", "/den/da-xong/", "/den/tat-ca/",
    "/di/dang-gui/", "/di/da-den/", "/di/can-xem/", "/di/thu-hoi/", "/di/tat-ca/",
    "/nhap/", "/tim/", "/tim/?q=bão", "/tim/?q=khôngcógì",
]  # fmt: skip
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def documents(town: Town) -> list[str]:
    return [f"/van-ban/{e.id}/" for e in town.entries["H29"]]


def everything(town: Town) -> list[str]:
    """After the first visit of the inbox the register holds what the gateway does."""
    sent = f"/van-ban/{entry(town, SENT, 'out').id}/"
    more = [sent + part for part in ("kiem-chung/", "bang-chung/0/", "thu-hoi/", "cap-nhat/")]
    return [*LISTS, *documents(town), *more, "/soan/6a1c0b52-9d1e-4f7e-8f3b-1f2a3b4c5d6e/"]


def test_every_page_opens_with_a_strict_policy_and_nothing_inline(clerk: Client, town: Town) -> None:
    clerk.get("/den/cho-tiep-nhan/")
    for path in everything(town):
        answer = clerk.get(path, follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200, path
        assert "'unsafe" not in answer["Content-Security-Policy"], path
        assert answer["Content-Security-Policy"].startswith("default-src 'self'"), path
        assert not INLINE.search(text), (path, INLINE.search(text))
        assert not OUTSIDE.search(text), path
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cache-Control"] == "no-store"


def test_nobody_sees_anything_before_logging_in(visitor: Client, town: Town) -> None:
    for path in everything(town):
        answer = visitor.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/dang-nhap/?next="), path


def test_another_agency_finds_nothing_of_ours(other_clerk: Client, town: Town) -> None:
    for e in town.entries["H29"]:
        base = f"/van-ban/{e.id}/"
        for part in (
            "",
            "tep/1/",
            "kiem-chung/",
            "bang-chung/0/",
            "bang-chung.json",
            "thu-hoi/",
            "cap-nhat/",
            "thay-the/",
        ):
            assert other_clerk.get(base + part).status_code == 404, base + part
    assert town.entries.get("G22", []) == []


def test_home_leads_to_what_waits(clerk: Client) -> None:
    assert clerk.get("/", follow=True).redirect_chain[-1][0] == "/den/cho-tiep-nhan/"


def test_label_question_and_count_agree(clerk: Client) -> None:
    text = clerk.get("/den/cho-tiep-nhan/").content.decode()
    shown = text.count('<tr role="row">') - 1
    counted = re.search(
        r'href="/den/cho-tiep-nhan/" aria-current="page"[^>]*>.*?<span class="count">(\d+)', text, re.DOTALL
    )
    assert counted is not None
    assert int(counted[1]) == shown == 3


def test_the_subject_is_never_cut(clerk: Client, town: Town) -> None:
    assert entry(town, WAITING).subject in clerk.get("/den/cho-tiep-nhan/").content.decode()


def test_an_empty_box_says_why_and_what_next(other_clerk: Client) -> None:
    text = other_clerk.get("/den/cho-tiep-nhan/").content.decode()
    assert "Không có văn bản nào chờ tiếp nhận" in text
    assert "Văn bản gửi đến cơ quan sẽ tự hiện ở đây" in text


def test_an_unknown_box_or_address_is_told_in_words(clerk: Client) -> None:
    for path in ("/den/khong-co/", "/x/y/", "/van-ban/khong-co/", "/khong/co/gi/ca/"):
        answer = clerk.get(path)
        assert answer.status_code == 404, path
        assert "Không tìm thấy trang này" in answer.content.decode()


def test_paging_by_cursor_loses_and_repeats_nothing(clerk: Client, town: Town) -> None:
    many = [make(OUTGOING[0], "out", town.now - timedelta(minutes=n)) for n in range(130)]
    town.entries["H29"] = [replace(e, id=f"{n:032x}") for n, e in enumerate(many)]
    seen: list[str] = []
    path = "/di/tat-ca/"
    while path:
        text = clerk.get(path).content.decode()
        seen += re.findall(r"/van-ban/([0-9a-f]{32})/", text)
        more = re.search(r'href="(\?sau=[^"]+)"', text)
        path = f"/di/tat-ca/{more[1]}" if more else ""
    assert seen == [e.id for e in town.entries["H29"]]


def test_next_and_previous_keep_the_list(clerk: Client, town: Town) -> None:
    listed = [e.id for e in town.entries["H29"] if e.lane == "out"]
    text = clerk.get(f"/van-ban/{listed[1]}/?trong=di/tat-ca").content.decode()
    assert f'href="/van-ban/{listed[0]}/?trong=di%2Ftat-ca" rel="prev"' in text
    assert f'href="/van-ban/{listed[2]}/?trong=di%2Ftat-ca" rel="next"' in text
    assert f'rel="prefetch" href="/van-ban/{listed[2]}/' in text


def test_next_and_previous_follow_a_search(clerk: Client, town: Town) -> None:
    first, second = [e.id for e in town.entries["H29"] if "báo cáo" in e.subject.casefold()][:2]
    assert f"/van-ban/{second}/?tim=" in clerk.get(f"/van-ban/{first}/?tim=báo+cáo").content.decode()


def test_what_was_repaired_in_the_envelope_is_told_in_both_languages(clerk: Client, town: Town) -> None:
    path = f"/van-ban/{entry(town, ASKED).id}/"
    page = clerk.get(path).content.decode()
    assert "Phong bì đến có chỗ chưa đúng mẫu" in page
    assert "Giá trị là chữ “null”, coi như trống." in page
    assert "MessageHeader/From/OrganName" in page
    clerk.post("/ngon-ngu/", {"language": "en", "next": path})
    assert "taken as absent" in clerk.get(path).content.decode()


def test_english_by_a_switch_and_back(clerk: Client) -> None:
    answer = clerk.post("/ngon-ngu/", {"language": "en", "next": "/di/tat-ca/"})
    assert answer["Location"] == "/di/tat-ca/"
    text = clerk.get("/den/cho-tiep-nhan/").content.decode()
    assert '<html lang="en">' in text
    assert "<h1>To register</h1>" in text
    assert "Chờ tiếp nhận" not in text
    clerk.post("/ngon-ngu/", {"language": "vi"})
    assert "<h1>Chờ tiếp nhận</h1>" in clerk.get("/den/cho-tiep-nhan/").content.decode()


def test_the_language_switch_leads_nowhere_else(clerk: Client) -> None:
    assert clerk.post("/ngon-ngu/", {"language": "en", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_gateway_that_is_down_is_told_with_what_was_kept(clerk: Client, town: Town) -> None:
    town.failure = Unavailable()
    answer = clerk.get("/di/tat-ca/")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "Chưa kết nối được với máy chủ bảo mật của cơ quan" in text
    assert "vẫn nguyên vẹn" in text
    assert "Văn bản đến" in text  # the frame stays


def test_percent_never_stands_without_its_numbers(clerk: Client, town: Town) -> None:
    text = unescape(clerk.get(f"/van-ban/{entry(town, TO_ALL, 'out').id}/").content.decode())
    assert text.count("31/73 = 42\N{NO-BREAK SPACE}%") == 2
    assert all(re.search(r"\d+/\d+ = $", text[: m.start()]) for m in re.finditer(r"\d+\s%", text))


def test_no_machine_words_on_a_clerks_page(clerk: Client, town: Town) -> None:
    text = clerk.get(f"/van-ban/{entry(town, SENT, 'out').id}/").content.decode().casefold()
    assert not [word for word in ("payload", "hash", "sha-256", "json ") if word in text]


def test_a_file_opens_in_place_under_its_own_policy(clerk: Client, town: Town) -> None:
    answer = clerk.get(f"/van-ban/{entry(town, WAITING).id}/tep/1/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Disposition"].startswith("inline")


def test_what_is_no_pdf_is_only_ever_downloaded(clerk: Client, town: Town) -> None:
    answer = clerk.get(f"/van-ban/{entry(town, WAITING).id}/tep/0/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert clerk.get(f"/van-ban/{entry(town, WAITING).id}/tep/9/").status_code == 404


def test_static_files_stay_in_their_folder(visitor: Client) -> None:
    answer = visitor.get("/static/ui/app.css?v=1")
    assert answer.getvalue().startswith(b"/*")
    assert "immutable" in answer["Cache-Control"]
    answer.close()
    for name in ("../settings.py", "ui/../../settings.py", "/etc/passwd", "ui/"):
        assert visitor.get(f"/static/{name}").status_code == 404, name
