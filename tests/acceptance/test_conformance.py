"""The conformance suite: our own desk passes every story, a wrong one fails exactly those that look at its faults."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from lxml import html
from typer.testing import CliRunner

from kept_contract import Heard
from lienthong.cli.conformance import run, stage
from lienthong.cli.conformance.model import Broken, Cast, Chapter, Place, Result, Story
from lienthong.cli.conformance.own import cast_of, prepare
from lienthong.cli.conformance.report import as_html, as_json
from lienthong.cli.conformance.run import Finding, play
from lienthong.cli.conformance.stage import Stage
from lienthong.cli.conformance.stories import stories
from lienthong.cli.main import app
from running_country import Country, now
from wrong_desk import WrongDesk

pytestmark = pytest.mark.acceptance
PATIENCE = 60.0
PUBLISHED = Path(__file__).parents[2] / "docs" / "protocol" / "desk.openapi.json"
CAUGHT = {
    "token-missing",
    "token-wrong",
    "foreign-document",
    "send-repeat",
    "send-differs",
    "send-lost-answer",
    "send-closed-unclear",
    "urgent-first",
    "pages",
    "evidence",
}


@pytest.fixture(scope="module")
def cast(country: Country) -> Cast:
    country.await_registry(prepare(country.place))
    return cast_of(country.place)


def test_our_own_desk_passes_every_story(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whatever it answers on the way is what the published OpenAPI says."""
    heard = Heard()

    def connections(whom: Cast) -> httpx.Client:
        http = stage.connections(whom)
        http.event_hooks = {"response": [heard.hook]}
        return http

    monkeypatch.setattr(run, "connections", connections)
    outcomes = play(cast, stories(), PATIENCE, lambda _: None)
    assert [(each.story.code, each.en, each.got) for each in outcomes if each.result is not Result.PASSED] == []
    assert len(outcomes) >= 40
    assert len(heard.answers) > len(outcomes)
    assert heard.breaches(json.loads(PUBLISHED.read_text("utf-8")), cast.tested.url) == []


def test_a_wrong_desk_fails_the_right_stories(country: Country, cast: Cast) -> None:
    wrong = WrongDesk(cast.tested.url, cast.tested.token, country.trust)
    with wrong.serving() as url:
        seats = {role: replace(getattr(cast, role), url=url) for role in ("tested", "stranger", "represented")}
        outcomes = play(replace(cast, **seats), stories(), 6.0, lambda _: None)
    failed = {each.story.code: each for each in outcomes if each.result is Result.FAILED}
    assert failed.keys() == CAUGHT, {code: (each.en, each.got) for code, each in failed.items()}
    assert all(each.vi and each.en and each.trail for each in failed.values())


def test_the_command_examines_by_a_profile_and_writes_a_report(cast: Cast, tmp_path: Path) -> None:
    profile = _profile(cast, tmp_path)
    into = tmp_path / "report"
    asked = ["conformance", "--desk", str(profile), "--report", str(into), "--only", "me", "--only", "send-revoked"]
    ran = CliRunner().invoke(app, asked)
    assert ran.exit_code == 0, ran.output
    told = json.loads((into / "conformance.json").read_text("utf-8"))
    results = {row["code"]: row["result"] for row in told["stories"]}
    assert results == {"me": "passed", "send-revoked": "not-played"}
    assert "revoked" in next(row for row in told["stories"] if row["code"] == "send-revoked")["expected_en"]
    assert html.parse(into / "conformance.html").findtext(".//h1") == "Báo cáo kiểm tra hợp chuẩn"


def test_an_address_and_two_agencies_are_enough(cast: Cast, country: Country) -> None:
    asked = ["conformance", "--desk", cast.tested.url, "--as", cast.tested.code, "--desks"]
    asked += [str(country.place.folder / "desks.json"), "--only", "me", "--only", "send-revoked"]
    ran = CliRunner().invoke(app, [*asked, "--partner", cast.partner.code])
    assert (ran.exit_code, "1 passed, 0 failed, 1 not played" in ran.output) == (0, True), ran.output
    assert CliRunner().invoke(app, asked).exit_code == 2
    assert CliRunner().invoke(app, [*asked, "--partner", cast.tested.code]).exit_code == 1
    assert CliRunner().invoke(app, [*asked, "--partner", "H99"]).exit_code == 1


def _profile(cast: Cast, folder: Path) -> Path:
    rows = [f'ca = "{cast.ca}"', f'root = "{cast.ca}"']
    for role in ("tested", "partner"):
        place: Place = getattr(cast, role)
        (folder / f"{role}.token").write_text(place.token + "\n", "utf-8")
        rows += [f"[{role}]", f'url = "{place.url}"', f'code = "{place.code}"', f'token_file = "{role}.token"']
    path = folder / "profile.toml"
    path.write_text("\n".join(rows), "utf-8")
    return path


@pytest.mark.parametrize("text", ["", "[tested]\nurl = 1", "tested = 3", "ca = [", "[partner]\nodd = true"])
def test_a_profile_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text, "utf-8")
    ran = CliRunner().invoke(app, ["conformance", "--desk", str(path)])
    assert ran.exit_code == 1
    assert "invalid-value" in ran.output


def test_a_fault_inside_one_story_is_its_failure_alone(cast: Cast) -> None:
    chapter = Chapter("Thử", "Trial")

    @chapter.story("odd", "Lạ", "odd")
    def _(stage: Stage) -> None:
        stage.tested.ask("GET", "/v1/me").json["nothing"]

    @chapter.story("told", "Nói", "told")
    def _(_: Stage) -> None:
        raise Broken("Phải có <script>", "must be", "\x1b[31m<script>")

    outcomes = play(cast, [*chapter.stories, _me()], PATIENCE, lambda _: None)
    assert [each.result for each in outcomes] == [Result.FAILED, Result.FAILED, Result.PASSED]
    found = Finding(now(), 1.0, "0", "H29", "https://x.example", outcomes)
    assert not found.good
    page = as_html(found).decode()
    assert "<script" not in page
    assert "\x1b" not in page
    assert json.loads(as_json(found))["counts"] == {"passed": 1, "failed": 2, "not-played": 0}


def _me() -> Story:
    return next(story for story in stories() if story.code == "me")
