"""Into the console: a password opens nothing without the second factor, and a code is good once."""

from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts import factor
from apps.accounts.models import ATTEMPTS, Factor, User
from apps.accounts.roles import Role
from apps.audit.models import Entry
from apps.operator.wizard import first_code

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NAME, WORD = "mau.vanhanh", "mot-mat-khau-dai"


@pytest.fixture
def person() -> User:
    user = User(username=NAME, name="Người Mẫu", role=Role.OPERATOR)
    user.set_password(WORD)
    user.save()
    return user


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(timezone.now() + timedelta(seconds=factor.STEP * steps))


def password(client: Client, **more: str) -> str:
    return client.post("/dang-nhap/", {"username": NAME, "password": WORD, **more})["Location"]


def test_a_password_alone_opens_nothing(visitor: Client, person: User) -> None:
    factor.set_secret(person, SECRET)
    assert password(visitor) == "/dang-nhap/ma/"
    assert visitor.get("/van-hanh/")["Location"].startswith("/dang-nhap/")


def test_the_code_opens_the_page_asked_for(visitor: Client, person: User) -> None:
    factor.set_secret(person, SECRET)
    password(visitor, next="/van-hanh/cai-dat/")
    assert visitor.post("/dang-nhap/ma/", {"code": code()})["Location"] == "/van-hanh/cai-dat/"
    assert visitor.get("/van-hanh/").status_code == 200
    assert Entry.objects.filter(act="signed-in", actor=NAME).exists()


def test_a_code_is_good_once(visitor: Client, person: User) -> None:
    factor.set_secret(person, SECRET)
    used = code()
    assert factor.opens(person, used)
    assert not factor.opens(person, used)
    assert not factor.opens(person, code(-1)), "nor one older than the last one taken"


@pytest.mark.parametrize("steps", [-3, 3])
def test_codes_far_from_now_are_nothing(person: User, steps: int) -> None:
    factor.set_secret(person, SECRET)
    assert not factor.opens(person, code(steps))


def test_wrong_codes_pause_the_door(visitor: Client, person: User) -> None:
    factor.set_secret(person, SECRET)
    password(visitor)
    for _ in range(ATTEMPTS):
        assert visitor.post("/dang-nhap/ma/", {"code": "000000"}).status_code == 422
    assert visitor.post("/dang-nhap/ma/", {"code": code()}).status_code == 429
    assert Entry.objects.filter(act="sign-in-failed", subject=NAME).count() >= ATTEMPTS


def test_the_first_sign_in_sets_the_app_up_and_shows_recovery_codes_once(visitor: Client, person: User) -> None:
    password(visitor)
    assert visitor.get("/dang-nhap/ma/")["Location"] == "/dang-nhap/lap-ma/"
    page = visitor.get("/dang-nhap/lap-ma/").content.decode()
    secret = factor.begin(person)
    assert "<svg" in page
    assert secret[:4] in page
    assert secret not in Factor.objects.get(user=person).secret, "kept encrypted"
    shown = visitor.post("/dang-nhap/lap-ma/", {"code": pyotp.TOTP(secret).now()})
    codes = shown.context["codes"]
    assert len(codes) == factor.CODES
    assert visitor.get("/van-hanh/").status_code == 200
    assert factor.opens(person, codes[0])
    assert not factor.opens(person, codes[0]), "a recovery code is good once"


def test_another_half_way_person_cannot_take_over_a_set_up_app(visitor: Client, person: User) -> None:
    factor.set_secret(person, SECRET)
    password(visitor)
    assert visitor.get("/dang-nhap/lap-ma/")["Location"] == "/dang-nhap/"


def test_nobody_of_the_console_enters_without_one(visitor: Client, person: User) -> None:
    assert visitor.get("/dang-nhap/ma/")["Location"] == "/dang-nhap/"


def test_the_first_run_makes_one_security_officer_and_shuts(visitor: Client) -> None:
    right = first_code(settings.CONFIG.console.code_file)
    told = {"centre": "Trung tâm Mẫu", "name": "Người Mẫu", "username": "mau.annin", "password": WORD}
    assert visitor.post("/van-hanh/khoi-tao/", {**told, "code": "sai"}).status_code == 422
    assert visitor.post("/van-hanh/khoi-tao/", {**told, "code": right, "password": "ngan"}).status_code == 422
    assert visitor.post("/van-hanh/khoi-tao/", {**told, "code": right})["Location"] == "/dang-nhap/ma/"
    assert User.objects.get(username="mau.annin").role == Role.SECURITY
    assert visitor.get("/van-hanh/khoi-tao/").status_code == 404
