"""The audit: who, what, for whom, from where; nobody changes it, and what is taken out proves itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from typer.testing import CliRunner, Result

from apps.accounts.roles import Role
from apps.audit.key import key
from apps.audit.models import Entry, Head
from apps.audit.prove import bundle
from apps.audit.record import record_system
from lienthong.cli.main import app
from lienthong.errors import EvidenceBroken
from lienthong.evidence import read_audit


def test_an_act_is_told_whole(officer: Callable[[str], Client]) -> None:
    told = {"username": "mau.moi", "name": "Người Mới", "role": Role.AUDITOR}
    officer(Role.SECURITY).post("/van-hanh/nguoi-dung/them/", told, REMOTE_ADDR="10.1.2.3")
    leaf = json.loads(Entry.objects.order_by("-index")[0].leaf)
    assert leaf["actor"] == "mau.security"
    assert (leaf["act"], leaf["subject"], leaf["address"]) == ("person-added", "mau.moi", "10.1.2.3")
    assert leaf["detail"] == {"role": "auditor"}


def test_the_database_refuses_to_change_it() -> None:
    with transaction.atomic():
        for _ in range(260):  # over one tile
            record_system("mau")
    harms = ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "DELETE FROM audit_tile")
    for sql in harms:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_failed_leaves_no_entry() -> None:
    before = Entry.objects.count()
    with transaction.atomic():
        record_system("mau")
        transaction.set_rollback(True)
    assert Entry.objects.count() == before
    record_system("mau")
    assert Head.objects.get(pk=1).size == before + 1


def test_an_export_proves_itself(officer: Callable[[str], Client]) -> None:
    answer = officer(Role.AUDITOR).get("/van-hanh/kiem-tra/xuat/?viec=audit-exported")
    found = read_audit(answer.content, key().verifier)
    assert [entry["act"] for entry in found.entries] == ["audit-exported"] * len(found.entries)
    assert found.entries


def test_an_export_is_checked_offline_by_the_command(officer: Callable[[str], Client], tmp_path: Path) -> None:
    file, trusted = tmp_path / "audit.json", str(key().verifier)
    record_system("mau")
    file.write_bytes(officer(Role.AUDITOR).get("/van-hanh/kiem-tra/xuat/?viec=mau").content)

    def checked(*more: str, by: str = trusted) -> Result:
        return CliRunner().invoke(app, ["log", "audit", str(file), "--key", by, *more])

    good = checked()
    assert good.exit_code == 0, good.output
    assert "đều nằm nguyên vẹn" in good.output
    told = json.loads(checked("--json").stdout)
    assert {entry["act"] for entry in told["entries"]} == {"mau"}
    assert told["size"] == Head.objects.get(pk=1).size
    other = str(type(key())(key().name, bytes(32)).verifier)
    for harmed, by in (
        (file.read_text().replace("mau", "mao", 1), trusted),
        (file.read_text(), other),
        ("{}", trusted),
    ):
        file.write_text(harmed)
        bad = checked(by=by)
        assert bad.exit_code != 0
        assert "Bằng chứng không khớp" in bad.output
        assert "Traceback" not in bad.output


@pytest.mark.parametrize("harm", ["leaf", "proof", "checkpoint", "key"])
def test_a_changed_export_is_found_out(harm: str) -> None:
    record_system("mau")
    told = bundle(Entry.objects.order_by("-index")[:1])
    trusted = key().verifier
    if harm == "leaf":
        told["entries"][0]["leaf"] = told["entries"][0]["leaf"].replace('"mau"', '"mao"')
    elif harm == "proof":
        told["entries"][0]["proof"] = told["entries"][0]["proof"][1:]
    elif harm == "checkpoint":
        told["checkpoint"] = told["checkpoint"].replace("\n", "\n1", 1)
    else:
        trusted = type(key())(key().name, bytes(32)).verifier
    with pytest.raises(EvidenceBroken):
        read_audit(json.dumps(told).encode(), trusted)
