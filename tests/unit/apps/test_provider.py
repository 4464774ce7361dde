"""Signing in through an OpenID provider: who it names gets in if they were entered here; every lie is refused."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from django.test import Client
from joserfc.jwk import ECKey

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.audit.models import Entry
from apps.config import Provider as Named
from oidc_provider import Provider, running


@pytest.fixture
def provider(tmp_path: Path, socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    secret = tmp_path / "secret"
    secret.write_text("bi-mat")
    with running(tmp_path) as found:
        named = Named(found.issuer, "console", secret, ca_file=tmp_path / "root.pem")
        console = replace(settings.CONFIG.console, oidc=named)
        monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, console=console))
        User.objects.create(username="mau.operator", name="Người Mẫu", role=Role.OPERATOR)
        yield found


def round_trip(visitor: Client, **changes: str) -> Any:
    """To the provider and back, as a browser goes."""
    trust = ssl.create_default_context(cafile=str(settings.CONFIG.console.oidc.ca_file))
    away = visitor.get("/dang-nhap/nha-cung-cap/?next=/van-hanh/may-chu/")["Location"]
    back = urlsplit(httpx.get(away, verify=trust).headers["Location"])
    query = back.query
    for old, new in changes.items():
        query = query.replace(old, new)
    return visitor.get(f"{back.path}?{query}")


def test_who_was_entered_gets_in_and_is_bound(visitor: Client, provider: Provider) -> None:
    assert round_trip(visitor)["Location"] == "/van-hanh/may-chu/"
    assert Entry.objects.order_by("-index")[0].act == "signed-in"
    assert User.objects.get(username="mau.operator").subject == f"{provider.issuer} id-mau.operator"


def test_the_name_of_another_subject_opens_nothing_once_it_is_bound(visitor: Client, provider: Provider) -> None:
    round_trip(visitor)
    provider.claims = {"sub": "id-ke-khac"}
    assert round_trip(Client()).status_code == 403


@pytest.mark.parametrize("person", ["khong-co-ai", "vanthu.h29"])
def test_strangers_and_clerks_stay_outside(person: str, visitor: Client, provider: Provider) -> None:
    provider.person = person
    assert round_trip(visitor).status_code == 403
    assert visitor.get("/van-hanh/").status_code == 302


@pytest.mark.parametrize(
    "lie",
    [{"iss": "https://khac.example"}, {"aud": "khac"}, {"nonce": "khac"}, {"exp": 1}, {"preferred_username": ""}],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_is_not_for_us_is_refused(lie: dict[str, Any], visitor: Client, provider: Provider) -> None:
    provider.claims = lie
    assert round_trip(visitor).status_code == 403


def test_a_token_signed_by_another_key_is_refused(visitor: Client, provider: Provider) -> None:
    provider.signs_with = ECKey.generate_key("P-256")
    assert round_trip(visitor).status_code == 403


def test_an_answer_to_another_question_is_refused(visitor: Client, provider: Provider) -> None:
    assert round_trip(visitor, state="estat").status_code == 403
    assert visitor.get("/dang-nhap/nha-cung-cap/ve/?code=c0de&state=x")["Location"] == "/dang-nhap/"
