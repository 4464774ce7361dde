"""Lists at a terminal take every filter that the officers' API takes, by the same name."""

import inspect
from datetime import datetime
from typing import Any

import pytest
from litestar import Litestar
from typer.testing import CliRunner

from lienthong.adapters.http import openapi
from lienthong.ca.faces.desk import OFFICE
from lienthong.cli.ca import app, working
from lienthong.cli.ca.keeping import tokens
from lienthong.cli.ca.leaving import departures

LISTS = {
    "/v1/certificates": working.find,
    "/v1/cases": working.cases,
    "/v1/transfers": working.transfers,
    "/v1/tokens": tokens,
    "/v1/departures": departures,
    "/v1/deeds": working.deeds,
    "/v1/reminders": working.reminders,
}


@pytest.fixture(scope="module")
def addresses() -> dict[str, dict[str, Any]]:
    """What each address takes, as its own description says."""
    schema = Litestar(OFFICE, openapi_config=openapi("CA", "1", "")).openapi_schema.to_schema()
    asked = {path: told["get"].get("parameters", []) for path, told in schema["paths"].items() if "get" in told}
    return {path: {each["name"]: each["schema"] for each in found} for path, found in asked.items()}


@pytest.mark.parametrize("path", LISTS)
def test_a_command_takes_what_its_address_takes(addresses: dict[str, dict[str, Any]], path: str) -> None:
    own = inspect.signature(LISTS[path]).parameters.keys() - {"officer", "as_json"}
    assert own == addresses[path].keys()


@pytest.mark.parametrize("command", ["find", "cases"])
def test_and_sends_it(monkeypatch: pytest.MonkeyPatch, addresses: dict[str, dict[str, Any]], command: str) -> None:
    [path] = [path for path, of in LISTS.items() if of.__name__ == command]
    sent: dict[str, Any] = {}

    def asked(_officer: object, _path: str, params: dict[str, Any], *, as_json: bool) -> list[object]:
        sent.update({"_path": _path, "_json": as_json, **params})
        return []

    monkeypatch.setattr(working, "asked", asked)
    values = {name: _value(name) for name in addresses[path]}
    flags = [word for name, value in values.items() if name != "text" for word in _words(name, value)]
    told = CliRunner().invoke(app, [command, *flags, *([values["text"]] if "text" in values else [])])
    assert told.exit_code == 0, told.output
    assert sent.pop("_path") == path
    assert sent.pop("_json") is False
    assert {name: str(value) for name, value in sent.items()} == {**values, **_moments(values)}


def _value(name: str) -> str:
    if name.startswith("ends"):
        return "2027-03-01"
    return {"after": "12", "limit": "34", "overdue": "True"}.get(name, f"{name}-mau")


def _words(name: str, value: str) -> list[str]:
    flag = f"--{name.replace('_', '-')}"
    return [flag] if name == "overdue" else [flag, value]


def _moments(values: dict[str, str]) -> dict[str, str]:
    """Days begin in Viet Nam."""
    ends = [name for name in values if name.startswith("ends")]
    return {name: f"{datetime.fromisoformat(values[name]).isoformat()}+07:00" for name in ends}
