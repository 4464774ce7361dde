"""The pure rules: digests as the SDK prints them, its time, its states, base64 without a break, the whole directory."""

import asyncio
import base64
import hashlib
import hmac
import json
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.document import OrganisationCode
from lienthong.envelope import attach, read, write, write_around
from lienthong.errors import BodyTooSlow, InvalidValue, NotFound
from lienthong.gateway import packages
from lienthong.gateway.vxp import agencies
from lienthong.gateway.vxp.digests import printed, same
from lienthong.gateway.vxp.ports import Systems
from lienthong.gateway.vxp.roster import Roster
from lienthong.gateway.vxp.signing import read_timestamp
from lienthong.gateway.vxp.states import doc_id, package_of
from lienthong.gateway.vxp.systems import Secret, System, TrailRow, revoked, rotated
from lienthong.gateway.vxp.trail import Trail
from lienthong.registry import Contact, Directory, Organisation, Snapshot
from lienthong.registry.packed import Packed
from lienthong.registry.rows import OrganisationRow
from lienthong.testing.systems import MemorySystems, PlainVault
from running_country import letter

NOW = datetime(2026, 11, 22, 6, 30, 5, tzinfo=UTC)


def test_the_digest_drops_leading_zeros() -> None:
    digest = bytes.fromhex("75ac03f40000ff10")
    assert printed(digest) == ("75ac03f40000ff10", "75ac3f400ff10")
    assert same(" 75AC3F400FF10", digest)
    assert not same("75ac3f40000ff10", digest)
    assert not same("", digest)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_another_digest_is_not_the_same(one: bytes, other: bytes) -> None:
    assert all(same(spelling, one) for spelling in printed(one))
    assert one == other or not same(other.hex(), one)


def test_the_time_has_milliseconds_and_no_zone() -> None:
    assert read_timestamp("22112026T133005+0143") == NOW + timedelta(milliseconds=143)
    assert read_timestamp("22112026T133005+7") == NOW + timedelta(milliseconds=7)
    assert read_timestamp("22112026T133005") is None
    assert read_timestamp("31022026T133005+0000") is None


def test_an_items_id_is_a_package_and_an_addressee() -> None:
    one = doc_id("ab" * 16, "H29.51")
    assert len(one) == 36
    assert package_of(one) == "ab" * 16
    assert one != doc_id("ab" * 16, "H29.52")
    assert package_of(one.upper()) is package_of(one[:-1]) is package_of(one + "\n") is None


def system(*secrets: Secret) -> System:
    return System("phan-mem", "Mẫu", ("H29",), NOW, secrets)


def test_secrets_come_and_go() -> None:
    first, second, hour = Secret("a", b"", NOW), Secret("b", b"", NOW), timedelta(hours=1)
    both = rotated(system(first), second, NOW + hour)
    assert [each.live(NOW) for each in both.secrets] == [True, True]
    assert [each.live(NOW + hour) for each in both.secrets] == [False, True]
    longer = rotated(both, Secret("c", b"", NOW), NOW + 9 * hour)
    assert longer.secrets[0].until == NOW + hour
    assert [each.live(NOW) for each in revoked(both, NOW, "b").secrets] == [True, False]
    assert not any(each.live(NOW) for each in revoked(both, NOW).secrets)
    with pytest.raises(NotFound):
        revoked(both, NOW, "x")


@pytest.mark.parametrize("id", ["", "a b", "../x", "a" * 65, "ổ", "-a", "a\n"])
def test_a_systems_id_is_plain(id: str) -> None:
    with pytest.raises(InvalidValue):
        System(id, "", ("H29",), NOW)


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_base64_runs_on_over_pieces(pieces: list[bytes]) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def whole() -> bytes:
        return b"".join([block async for block in packages.encoded(stream())])

    assert asyncio.run(whole()) == base64.b64encode(b"".join(pieces))


def test_the_writer_leaves_places_for_contents() -> None:
    files = [(f"{name}.pdf", "application/pdf", f"%PDF {name}".encode()) for name in ("một", "hai")]
    message = letter(attachments=attach(files))
    pieces = write_around(message)
    assert len(pieces) == 3
    filled = pieces[0] + b"".join(
        base64.b64encode(data) + after for (_, _, data), after in zip(files, pieces[1:], strict=True)
    )
    assert filled == write(message, {})
    assert [each.content.held for each in read(filled).message.attachments] == [data for *_, data in files]  # type: ignore[union-attr]  # a letter has them


def nation(count: int) -> Directory:
    rows = (
        json.dumps({"code": f"H29.{at}", "level": "commune", "name": f"Xã mẫu số {at}", "parent": "H29"}).encode()
        for at in range(count)
    )
    kept: Packed[Organisation] = Packed(OrganisationRow, rows)
    return Directory(
        Snapshot(
            1,
            NOW,
            NOW + timedelta(days=1),
            organisations=kept,
            levels=(),
            gateways=(),
            representations=(),
            certificates=(),
            logs=(),
        )
    )


def peak(directory: Directory) -> tuple[int, int]:
    """Bytes of the reply, and the most held while it was made."""

    async def told() -> int:
        pieces = agencies.listed(directory, agencies.unit(directory, NOW), agencies.everything)
        return sum([len(piece) async for piece in pieces])

    tracemalloc.start()
    size = asyncio.run(told())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size, most


def test_a_larger_nation_takes_no_more_memory() -> None:
    peak(nation(5_000))  # what is remembered for good, such as codes
    (small, held), (large, held_longer) = peak(nation(5_000)), peak(nation(10_000))
    assert large > 1.9 * small
    assert held_longer < 1.2 * held


def test_who_keeps_a_copy_of_the_directory_in_step_sees_which_rows_changed() -> None:
    """`version` is the row's own: after a publication only what changed is another."""
    rows = (
        Organisation(
            OrganisationCode("H29"), "Không đổi", "province", contact=Contact("vanthu@h29.example"), revision=2
        ),
        Organisation(OrganisationCode("H29.1"), "Sắp hết", "commune", valid_to=date(2026, 12, 31)),
        Organisation(OrganisationCode("H29.2"), "Đã hết", "commune", valid_to=date(2025, 6, 30), revision=5),
    )
    row = agencies.unit(Directory(replace(nation(0).snapshot, version=7, organisations=rows)), NOW)
    assert [row(each)["mail"] for each in rows] == ["vanthu@h29.example", "", ""]
    told = [(each["version"], each["deleted"], each["modifyDate"]) for each in map(row, rows)]
    issued = "2026/11/22 13:30:05"
    assert told == [("2", "false", issued), ("7", "false", issued), ("5", "true", "2025/06/30 00:00:00")]


async def test_a_secret_that_does_not_open_shuts_out_its_system_alone() -> None:
    kept, vault = MemorySystems(), PlainVault()
    roster = Roster(kept, vault)
    text = await roster.add(System("mot", "", ("H29",), NOW))
    await kept.add(System("hai", "", ("G22",), NOW, (Secret("b", vault.seal("mot/b", "x"), NOW),)))
    await roster.refresh()
    assert roster.unopened == ("hai/b",)
    mark = hmac.new(text.encode(), b"m", hashlib.sha256).hexdigest()
    assert roster.proves("mot", b"m", mark, NOW)
    assert not roster.proves("hai", b"m", hmac.new(b"x", b"m", hashlib.sha256).hexdigest(), NOW)
    assert roster.ready(NOW) == {"mot": True, "hai": False}
    await roster.revoke("mot", NOW, "")
    assert not roster.proves("mot", b"m", mark, NOW)
    assert roster.ready(NOW) == {"hai": False}
    await roster.rotate("mot", NOW, timedelta(0))
    assert roster.ready(NOW) == {"mot": True, "hai": False}


async def test_a_trail_that_cannot_be_written_is_written_the_next_time() -> None:
    class Broken(MemorySystems):
        fails = True

        async def note(self, rows: Sequence[TrailRow]) -> None:
            if self.fails:
                raise BodyTooSlow
            await super().note(rows)

    kept = Broken()
    trail = Trail(kept)
    trail.note(NOW, "a", "/sendEdoc", "busy", "first")
    with pytest.raises(BodyTooSlow):
        await trail.keep()
    trail.note(NOW, "a", "/sendEdoc", "busy", "second")
    kept.fails = False
    await trail.keep()
    assert await _rows(kept) == [TrailRow(NOW.replace(second=0), "a", "/sendEdoc", "busy", 2, "first")]


async def _rows(kept: Systems) -> list[TrailRow]:
    return list(await kept.trail("", 10))


def test_codes_of_both_generations_stand_in_a_row() -> None:
    organisation = Organisation(OrganisationCode("H51.15"), "Sở mẫu", "province", OrganisationCode("000.00.15.H51"))
    assert agencies.agency(organisation)["oldCode"] == "000.00.15.H51"
    assert agencies.agency_qd20(organisation)["code102"] == "000.00.15.H51"
