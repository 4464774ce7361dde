"""The VXP stories: our own face passes each, a wrong one fails exactly those that look at its faults."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.conformance.model import Cast, Place, Result
from lienthong.cli.conformance.own import prepare, systems_of
from lienthong.cli.conformance.run import play
from lienthong.cli.conformance.suites import CHAPTERS, VXP, told
from lienthong.cli.conformance.vxp.stage import VxpStage
from lienthong.cli.main import app
from running_country import Country
from wrong_vxp import WrongVxp

pytestmark = pytest.mark.acceptance
PATIENCE = 60.0
CAUGHT = {
    "vxp-hmac-wrong",
    "vxp-hmac-missing",
    "vxp-system-unknown",
    "vxp-agencies",
    "vxp-units",
    "vxp-count",
    "vxp-send",
    "vxp-send-repeat",
    "vxp-send-lost-answer",
    "vxp-send-unsafe",
    "vxp-done-final",
    "vxp-digest-wrong",
    "vxp-send-large",
    "vxp-send-closed",
    "vxp-update",
}


@pytest.fixture(scope="module")
def cast(country: Country) -> Cast:
    country.await_registry(prepare(country.place))
    return systems_of(country.place)


def test_our_own_face_passes_every_story(cast: Cast) -> None:
    outcomes = play(cast, told(VXP), PATIENCE, lambda _: None, VxpStage)
    assert [(each.story.code, each.en, each.got) for each in outcomes if each.result is not Result.PASSED] == []
    assert len(outcomes) >= 40


def test_a_wrong_face_fails_the_right_stories(country: Country, cast: Cast) -> None:
    roles = ("tested", "stranger", "represented", "revoked", "expired")
    places: dict[str, Place] = {role: getattr(cast, role) for role in roles}
    wrong = WrongVxp(cast.tested.url, {each.system: each.token for each in places.values()}, country.trust)
    with wrong.serving() as url:
        seats = {role: replace(place, url=url) for role, place in places.items()}
        outcomes = play(replace(cast, **seats, brief=None), told(VXP), 6.0, lambda _: None, VxpStage)
    failed = {each.story.code: each for each in outcomes if each.result is Result.FAILED}
    assert failed.keys() - CAUGHT == set(), {code: (each.en, each.got) for code, each in failed.items()}
    assert CAUGHT - failed.keys() == set()
    assert all(each.vi and each.en and each.trail for each in failed.values())


def test_the_command_examines_by_a_profile_and_writes_a_report(cast: Cast, tmp_path: Path) -> None:
    rows = [f'ca = "{cast.ca}"']
    for role in ("tested", "partner"):
        place: Place = getattr(cast, role)
        (tmp_path / f"{role}.secret").write_text(place.token + "\n", "utf-8")
        named = {"url": place.url, "code": place.code, "system": place.system, "secret_file": f"{role}.secret"}
        rows += [f"[{role}]", *(f'{name} = "{value}"' for name, value in named.items())]
    profile = tmp_path / "profile.toml"
    profile.write_text("\n".join(rows), "utf-8")
    only = ("--only", "vxp-signed", "--only", "vxp-revoked")
    ran = CliRunner().invoke(app, ["conformance", "--vxp", str(profile), "--report", str(tmp_path / "report"), *only])
    assert ran.exit_code == 0, ran.output
    report = json.loads((tmp_path / "report" / "conformance.json").read_text("utf-8"))
    assert {row["code"]: row["result"] for row in report["stories"]} == {
        "vxp-signed": "passed",
        "vxp-revoked": "not-played",
    }
    assert CliRunner().invoke(app, ["conformance", "--desk", str(profile)]).exit_code == 1


def test_codes_are_of_one_story_each() -> None:
    codes = [story.code for story in told(CHAPTERS)]
    assert len(codes) == len(set(codes))
    assert all(story.code.startswith("vxp-") for story in told(VXP))
