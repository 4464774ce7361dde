"""`lienthong gateway token`: what an operator types, and what the gateway then makes of it."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lienthong.adapters.tenants import TenantFolder
from lienthong.cli.main import app
from lienthong.errors import TokenInvalid
from lienthong.gateway.ports import Scope


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "gateway.toml"
    file.write_text('tokens = "tokens.json"\n', "utf-8")
    return file


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["gateway", "token", words[0], "--config", str(config), *words[1:]])


def issued(config: Path, *more: str) -> str:
    said = run(
        config, "issue", "--agency", "H29", "--name", "phần mềm mẫu", "--scope", "read", "--scope", "send", *more
    )
    assert said.exit_code == 0, said.output
    return said.stdout.strip()


def listed(config: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(config, "list", "--json").stdout)
    return found


def test_issued_listed_rotated_revoked(config: Path) -> None:
    token = issued(config, "--days", "30")
    tenants = TenantFolder(config.parent, config.parent / "tokens.json")
    caller = tenants.caller(token)
    assert (caller.tenant, caller.scopes) == ("H29", {Scope.READ, Scope.SEND})
    [row] = listed(config)
    assert (row["id"], row["scopes"]) == (caller.id, ["read", "send"])
    assert token not in run(config, "list").stdout
    newer = run(config, "rotate", caller.id, "--overlap-hours", "0").stdout.strip()
    now = datetime.now(UTC)  # noqa: TID251  # a command has the machine's own clock
    assert tenants.caller(token).ended(now)
    assert not tenants.caller(newer).ended(now + timedelta(days=364))
    assert run(config, "revoke", tenants.caller(newer).id).exit_code == 0
    assert tenants.caller(newer).revoked
    assert len(listed(config)) == 2


def test_a_token_opens_though_the_file_was_written_twice_within_one_tick_of_the_disks_clock(config: Path) -> None:
    path = config.parent / "tokens.json"
    tenants = TenantFolder(config.parent, path)
    tenants.caller(issued(config, "--days", "30"))
    at = path.stat().st_mtime_ns
    second = issued(config, "--days", "30")
    os.utime(path, ns=(at, at))
    assert tenants.caller(second).tenant == "H29"


def test_a_token_without_an_end_is_asked_for_by_name(config: Path) -> None:
    assert (
        TenantFolder(config.parent, config.parent / "tokens.json").caller(issued(config, "--days", "0")).expires is None
    )


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "--agency", "H29", "--name", "x", "--scope", "everything"),
        ("issue", "--agency", "H29", "--name", "x"),
        ("issue", "--agency", "nobody!", "--name", "x", "--scope", "read"),
        ("issue", "--agency", "H29", "--name", " ", "--scope", "read"),
        ("revoke", "0123456789ab"),
        ("rotate", "0123456789ab"),
    ],
)
def test_what_is_refused_changes_nothing(config: Path, words: tuple[str, ...]) -> None:
    assert run(config, *words).exit_code != 0
    assert listed(config) == []
    with pytest.raises(TokenInvalid):
        TenantFolder(config.parent, config.parent / "tokens.json").caller("")
