"""`lienthong ca algorithms`, `lienthong ca profiles`: the tables the authority goes by, as data and for people."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from lienthong.ca.hierarchy.purposes import PURPOSES
from lienthong.ca.profiles import PROFILES
from lienthong.ca.rules.agility import TABLE
from lienthong.cli.ca import app


def printed(*args: str) -> str:
    found = CliRunner().invoke(app, args, env={"COLUMNS": "80"})
    assert found.exit_code == 0, found.output
    return found.stdout


def told(command: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(printed(command, "--json"))
    return rows


def test_algorithms_with_their_dates() -> None:
    rows = told("algorithms")
    assert [(each["family"], each["bits"]) for each in rows] == [(row.family, row.bits) for row in TABLE]
    assert {
        "family": "rsa",
        "bits": 2048,
        "uses": ["machines", "people"],
        "begins": "2010-01-01",
        "ends": "2036-01-01",
    } in rows


def test_profiles_with_who_issues_them() -> None:
    rows = {each["name"]: each for each in told("profiles")}
    assert rows.keys() == PROFILES.keys()
    assert {name: each["issuer"] for name, each in rows.items() if each["issuer"]} == {
        name: purpose.id for purpose in PURPOSES.values() for name in purpose.profiles
    }
    person = rows["person"]
    assert (person["keys"], person["made"], person["days"]) == (["p-256", "rsa"], "rsa 2048", 1825)
    assert rows["tsa"]["extended"] == ["1.3.6.1.5.5.7.3.8"]
    assert rows["tsa"]["extended_critical"]


@pytest.mark.parametrize(
    ("command", "names"), [("algorithms", [row.family for row in TABLE]), ("profiles", list(PROFILES))]
)
def test_people_read_a_row_for_each(command: str, names: list[str]) -> None:
    heading, *lines = printed(command).splitlines()
    assert "·" in heading
    assert [line.split()[0] for line in lines if line[0] != " "] == names
