"""Logging in and out."""

import io

from django.core.management import call_command
from django.test import Client

from apps.accounts.models import ATTEMPTS, Attempt, User

RIGHT = {"username": "vanthu.h29", "password": "mat-khau-mau"}
WRONG = {"username": "vanthu.h29", "password": "sai"}


def test_a_right_password_opens_the_page_asked_for(visitor: Client) -> None:
    answer = visitor.post("/dang-nhap/", {**RIGHT, "next": "/di/tat-ca/"})
    assert answer["Location"] == "/di/tat-ca/"
    assert visitor.get("/di/tat-ca/").status_code == 200


def test_never_to_another_site(visitor: Client) -> None:
    assert visitor.post("/dang-nhap/", {**RIGHT, "next": "//elsewhere.example/"})["Location"] == "/"


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(visitor: Client) -> None:
    answer = visitor.post("/dang-nhap/", WRONG)
    assert answer.status_code == 422
    assert 'value="vanthu.h29"' in answer.content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answer.content.decode()


def test_guessing_is_paused_for_that_name_at_that_address_alone(visitor: Client) -> None:
    for _ in range(ATTEMPTS):
        visitor.post("/dang-nhap/", WRONG)
    assert visitor.post("/dang-nhap/", RIGHT).status_code == 429
    assert visitor.post("/dang-nhap/", RIGHT, REMOTE_ADDR="10.0.0.9").status_code == 302
    assert visitor.post("/dang-nhap/", {**RIGHT, "username": "vanthu.g22"}).status_code == 302


def test_a_right_password_clears_the_failures(visitor: Client) -> None:
    visitor.post("/dang-nhap/", WRONG)
    visitor.post("/dang-nhap/", RIGHT)
    assert not Attempt.objects.exists()


def test_the_session_cookie_is_kept_from_scripts(visitor: Client) -> None:
    visitor.post("/dang-nhap/", RIGHT)
    cookie = visitor.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_log_out(clerk: Client) -> None:
    opened = clerk.get("/dang-xuat/")
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "chỉ nhận biểu mẫu" in opened.content.decode()
    assert clerk.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert clerk.get("/den/tat-ca/").status_code == 302


def test_the_language_chosen_at_the_door_stays(visitor: Client) -> None:
    visitor.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    assert "User name" in visitor.get("/dang-nhap/").content.decode()
    visitor.post("/dang-nhap/", RIGHT)
    assert "To register" in visitor.get("/den/cho-tiep-nhan/").content.decode()


def test_forms_need_their_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/dang-nhap/", RIGHT)
    assert answer.status_code == 403
    assert "Phiên làm việc đã đổi hoặc hết hạn" in answer.content.decode()


def test_seeding_again_makes_nobody_twice() -> None:
    call_command("seed", stdout=io.StringIO())
    assert sorted(User.objects.values_list("username", "agency")) == [("vanthu.g22", "G22"), ("vanthu.h29", "H29")]
