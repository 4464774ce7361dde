"""One suite for the place that keeps systems of the VXP face and its twin; the vault's real key file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.systems import SqlSystems
from lienthong.adapters.vault import FileVault
from lienthong.errors import Busy, ConfigurationInvalid, InvalidValue, NotFound
from lienthong.gateway.vxp import ports
from lienthong.gateway.vxp.ports import Systems
from lienthong.gateway.vxp.systems import Secret, System, TrailRow, Wish
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki
from lienthong.testing.systems import MemorySystems

SECRET = Secret("a1", b"\x00\xffsealed", START, START + timedelta(days=3))
ONE = System("phan-mem-1", "Phần mềm mẫu", ("H29", "H29.51"), START, (SECRET,), 3600.0)
MINUTE = START.replace(second=0, microsecond=0)


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("sqlite", id="sqlite", marks=pytest.mark.integration),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration),
    ]
)
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Systems]:
    if request.param == "memory":
        yield MemorySystems()
        return
    place = request.getfixturevalue("database") if request.param == "postgresql" else tmp_path / "data"
    async with SqlStore.open(place, pki().log(), FakeClock()) as store:
        yield SqlSystems(store)


async def test_a_system_is_kept_once_and_changed_whole(kept: Systems) -> None:
    await kept.add(ONE)
    with pytest.raises(InvalidValue):
        await kept.add(replace(ONE, name="khác"))
    await kept.add(replace(ONE, id="phan-mem-0"))
    assert [each.id for each in await kept.all()] == ["phan-mem-0", "phan-mem-1"]
    changed = await kept.change(ONE.id, lambda known: replace(known, serves=("H29",)))
    assert changed == replace(ONE, serves=("H29",))
    assert (await kept.all())[1] == changed
    with pytest.raises(NotFound):
        await kept.change("khong-co", lambda known: known)


async def test_work_that_raises_changes_nothing(kept: Systems) -> None:
    await kept.add(ONE)

    def broken(_: System) -> System:
        raise NotFound("x")

    with pytest.raises(NotFound):
        await kept.change(ONE.id, broken)
    assert list(await kept.all()) == [ONE]


def wish(number: int, **changes: str) -> Wish:
    return replace(Wish(f"{number:032}", "phan-mem-1", "register", "H29.51", START, {"name": "Xã mẫu"}), **changes)  # type: ignore[arg-type]  # texts all


async def test_a_wish_waits_once_and_is_decided_once(kept: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await kept.wish(wish(1))
    assert await kept.wish(wish(2)) == first
    other = await kept.wish(wish(3, act="delete"))
    assert list(await kept.wishes(waiting=True)) == [first, other]
    done = await kept.decide(first.id, lambda at: replace(at, state="approved", decided_by="Mẫu", reason="đúng"))
    assert list(await kept.wishes(waiting=True)) == [other]
    assert list(await kept.wishes(waiting=False)) == [other, done]
    with pytest.raises(NotFound):
        await kept.decide(first.id, lambda at: at)
    assert (await kept.wish(wish(4))).id == wish(4).id


async def test_wishes_are_bounded(kept: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("lienthong.adapters.sql.systems", "lienthong.testing.systems"):
        monkeypatch.setattr(f"{module}.MOST_WISHES", 2)
    assert ports.MOST_WISHES > 2
    for number in range(2):
        await kept.wish(wish(number, code=f"H{number}"))
    with pytest.raises(Busy):
        await kept.wish(wish(9, code="H9"))
    assert (await kept.wish(wish(9, system="khac"))).system == "khac"


async def test_the_trail_counts_and_shows_the_newest(kept: Systems) -> None:
    row = TrailRow(MINUTE, "phan-mem-1", "/sendEdoc", "busy", 2, "first")
    later = replace(row, minute=MINUTE + timedelta(minutes=1), system="", detail="")
    await kept.note([row])
    await kept.note([replace(row, count=3, detail="second"), later])
    await kept.note([])
    assert list(await kept.trail("", 10)) == [later, replace(row, count=5)]
    assert list(await kept.trail("phan-mem-1", 10)) == [replace(row, count=5)]
    assert len(await kept.trail("", 1)) == 1


# ---------------------------------------------------------------- the vault


def key(path: Path, text: str = "ab" * 32, mode: int = 0o600) -> Path:
    path.write_text(text + "\n", "ascii")
    path.chmod(mode)
    return path


def test_a_secret_opens_in_its_place_alone(tmp_path: Path) -> None:
    vault = FileVault(key(tmp_path / "vxp.key"))
    sealed = vault.seal("phan-mem/a1", "bí mật")
    assert "bí mật".encode() not in sealed
    assert sealed != vault.seal("phan-mem/a1", "bí mật")
    assert vault.open("phan-mem/a1", sealed) == "bí mật"
    other = FileVault(key(tmp_path / "other.key", "cd" * 32))
    for opener, place, data in (
        (vault, "phan-mem/a2", sealed),
        (other, "phan-mem/a1", sealed),
        (vault, "phan-mem/a1", sealed[:-1]),
        (vault, "phan-mem/a1", b""),
    ):
        with pytest.raises(ConfigurationInvalid):
            opener.open(place, data)


@pytest.mark.parametrize(("text", "mode"), [("ab" * 32, 0o644), ("ab" * 16, 0o600), ("không", 0o600), ("", 0o600)])
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str, mode: int) -> None:
    path = tmp_path / "vxp.key"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    with pytest.raises(ConfigurationInvalid):
        FileVault(path)


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid):
        FileVault(tmp_path / "vxp.key")
