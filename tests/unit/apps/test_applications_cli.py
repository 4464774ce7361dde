"""Applications to join, decided at a terminal: the same acts, rights and refusals as on their pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.audit.models import Entry
from apps.directory import book
from apps.onboarding import authority
from apps.onboarding.models import Application
from lienthong.cli.joining import make_keys, requests
from lienthong.document import OrganisationCode
from unit.apps.scripted import commands, done, service_here
from unit.apps.test_onboarding import applied, call, certificates


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with service_here(monkeypatch):
        yield


@pytest.fixture
def run(tmp_path: Path) -> Any:
    called = commands(tmp_path)
    return lambda who, *words, **more: called(who, "application", *words, **more)


@pytest.fixture
def of(visitor: Client) -> Application:
    return applied(visitor)


def fresh(of: Application) -> Application:
    return Application.objects.get(pk=of.pk)


def joined(run: Any, visitor: Client, of: Application, folder: Path) -> None:
    done(run("mot", "examine", of.pk))
    done(run("hai", "approve", of.pk))
    once = run("hai", "code", of.pk).stdout.strip()
    told = requests(make_keys(folder), of.gateway, "lienthong.example")
    assert call(visitor, "", code=once, **told)[0] == 200


def test_a_newcomer_is_taken_in_by_a_script(run: Any, visitor: Client, of: Application, tmp_path: Path):
    assert "Thẩm tra / " in done(run("mot", "list"))
    done(run("mot", "letter", of.pk, tmp_path / "letter.pdf"))
    assert (tmp_path / "letter.pdf").read_bytes() == b"%PDF-1.7 mau"
    (tmp_path / "keys").mkdir()
    joined(run, visitor, of, tmp_path / "keys")
    done(run("an-ninh", "requests", of.pk, tmp_path / "all.csr"))
    assert (tmp_path / "all.csr").read_text().count("BEGIN CERTIFICATE REQUEST") == 3
    assert run("mot", "enter", of.pk).exit_code == 1, "not before its certificates are there"
    (tmp_path / "chain.pem").write_text(certificates(of))
    assert run("mot", "certificates", of.pk, tmp_path / "chain.pem").exit_code == 1, "not by a registration officer"
    done(run("an-ninh", "certificates", of.pk, tmp_path / "chain.pem"))
    assert "lienthong gateway join" in done(run("mot", "enter", of.pk))  # what comes next
    assert book.history(OrganisationCode("H29.51"))
    acts = list(Entry.objects.filter(act__startswith="application-", outcome="done").values_list("act", flat=True))
    assert {f"application-{act}" for act in ("examine", "approve", "code", "certificates", "enter")} <= set(acts)


def test_it_shows_what_is_missing(run: Any, of: Application):
    told = json.loads(done(run("mot", "show", of.pk, "--json")))
    assert (told["acts"], told["letter_verdict"], told["approved_by"]) == (["examine", "refuse"], "unchecked", None)
    assert [each["done"] is not None for each in told["steps"]] == [True, True, *[False] * 8]
    assert all(each["vi"] != each["en"] and each["missing"]["vi"] for each in told["steps"][2:])
    assert "Một cán bộ đăng ký khác duyệt. / " in done(run("mot", "show", of.pk))
    assert json.loads(done(run("kiem-tra", "show", of.pk, "--json")))["acts"] == []


def test_whoever_examined_does_not_approve(run: Any, of: Application):
    assert run("mot", "approve", of.pk).exit_code == 1, "not before it was examined"
    done(run("mot", "examine", of.pk))
    own = run("mot", "approve", of.pk)
    assert (own.exit_code, "không tự duyệt" in own.output) == (1, True)
    for other in ("an-ninh", "kiem-tra"):
        assert run(other, "approve", of.pk).exit_code == 1
    assert fresh(of).approved_by is None
    assert Entry.objects.filter(act="application-approve", outcome="refused", actor="mau.mot").count() == 2


def test_a_refusal_needs_its_reason_and_ends_it(run: Any, of: Application):
    assert run("mot", "refuse", of.pk, "--reason", " ").exit_code == 1
    assert fresh(of).refused_at is None
    done(run("mot", "refuse", of.pk, "--reason", "Thiếu chữ ký của người đứng đầu."))
    assert "Thiếu chữ ký của người đứng đầu." in done(run("mot", "show", of.pk))
    assert run("hai", "examine", of.pk).exit_code == 1
    assert str(of.pk) not in done(run("mot", "list"))
    assert "từ chối / refused" in done(run("mot", "list", "--all"))


@pytest.mark.parametrize("act", [("examine",), ("refuse", "--reason", "x"), ("code",), ("enter-organisation",)])
def test_a_province_decides_about_its_own_alone(run: Any, of: Application, act: tuple[str, ...]):
    if act[0] in {"code", "enter-organisation"}:
        done(run("mot", "examine", of.pk))
        done(run("hai", "approve", of.pk))
    before = fresh(of).__dict__ | {"_state": None}
    stranger = run("tinh", act[0], of.pk, *act[1:], agency="H40")
    assert (stranger.exit_code, "H40" in stranger.output) == (1, True)
    assert fresh(of).__dict__ | {"_state": None} == before


def test_the_authority_is_asked_by_a_security_officer(
    run: Any, visitor: Client, of: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    joined(run, visitor, of, tmp_path)
    asked: list[str] = []
    assert run("an-ninh", "ask-certificates", of.pk).exit_code == 1, "this console knows no authority"
    monkeypatch.setattr(authority, "ask", lambda of: asked.append(of.code))
    assert run("mot", "ask-certificates", of.pk).exit_code == 1
    done(run("an-ninh", "ask-certificates", of.pk))
    assert asked == ["H29.51"]


def test_what_is_not_there_is_said(run: Any, visitor: Client, of: Application):
    assert run("mot", "show", 999_999).exit_code == 1
    where = f"/api/directory/applications/{of.pk}"
    assert visitor.get(where).status_code == 401
    assert visitor.post(f"{where}/examine").status_code == 401
