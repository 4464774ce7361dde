"""From version to version by what changed: the very same registry, or nothing."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from lienthong.adapters.registry import FAR, NOT_TRUSTED, RegistryFiles
from lienthong.cli.bench.nation import nation
from lienthong.errors import SnapshotUntrusted
from lienthong.gateway.workers import renew
from lienthong.registry import Book, Rules, Snapshot, from_bytes, open_signed, sign, sign_delta, to_bytes
from registry_world import ROOT, organisation, registry_signer, snapshot
from seal_world import NOW

SIGNER = registry_signer()
PEOPLE = [organisation(f"H{number:02}") for number in range(1, 60)]


def version(number: int, before: Snapshot | None, *organisations: Any, **more: Any) -> Snapshot:
    previous = before.digest() if before else None
    return snapshot(*organisations, version=number, previous_digest=previous, **more)


def book(*files: bytes) -> Book:
    made = Book([ROOT], serving=False)
    for each in files:
        assert made.offer(each, NOW)
    return made


FIRST = version(1, None, *PEOPLE)
SECOND = version(2, FIRST, *PEOPLE[:20], *PEOPLE[25:], organisation("H70"), rules=Rules(redirect_closed=False))


@given(st.lists(st.sampled_from(PEOPLE), unique=True), st.lists(st.sampled_from(PEOPLE), unique=True))
def test_any_change_leads_to_the_same_bytes(before: list[Any], after: list[Any]) -> None:
    old = version(1, None, *before)
    new = version(2, old, *after)
    made = book(sign(old, SIGNER), sign_delta(old, new, SIGNER)).directory().snapshot
    assert made.digest() == new.digest()
    assert to_bytes(made) == to_bytes(new)
    assert made == new


def test_a_change_is_small_whatever_the_country() -> None:
    old = nation(3000)
    renamed = replace(old.organisations[1500], name="Tên mới")
    new = replace(
        old,
        version=2,
        previous_digest=old.digest(),
        organisations=(*old.organisations[:1500], renamed, *old.organisations[1501:]),
    )
    signed = sign_delta(old, new, SIGNER)
    assert len(signed) < 4000
    moment = old.issued_at + timedelta(hours=1)
    made = Book([ROOT])
    assert made.offer(sign(from_bytes(to_bytes(old)), SIGNER), moment)
    assert made.offer(signed, moment)
    assert made.directory().organisation(renamed.code) == renamed
    assert made.directory().snapshot.digest() == new.digest()


def refused(taken: Book, signed: bytes, moment: Any = NOW) -> str:
    before = taken.version
    with pytest.raises(SnapshotUntrusted) as caught:
        taken.offer(signed, moment)
    assert taken.version == before
    return caught.value.detail


def test_another_base() -> None:
    other = version(1, None, *PEOPLE[:5])
    change = sign_delta(FIRST, SECOND, SIGNER)
    assert "not from what is in force" in refused(book(sign(other, SIGNER)), change)
    third = version(3, SECOND, *PEOPLE)
    assert "not from what is in force" in refused(book(sign(FIRST, SIGNER)), sign_delta(SECOND, third, SIGNER))


def test_a_delta_is_no_beginning() -> None:
    with pytest.raises(SnapshotUntrusted):
        Book([ROOT]).offer(sign_delta(FIRST, SECOND, SIGNER), NOW)


def test_a_delta_comes_twice() -> None:
    change = sign_delta(FIRST, SECOND, SIGNER)
    taken = book(sign(FIRST, SIGNER), change)
    assert taken.offer(change, NOW) is False
    assert "not from what is in force" in refused(taken, sign_delta(FIRST, SECOND, SIGNER))


def test_an_expired_delta() -> None:
    late = SECOND.expires_at + timedelta(seconds=1)
    assert "expired" in refused(book(sign(FIRST, SIGNER)), sign_delta(FIRST, SECOND, SIGNER), late)


def test_a_delta_that_does_not_continue() -> None:
    fork = version(2, None, *PEOPLE[:7])
    assert "fork" in refused(book(sign(FIRST, SIGNER)), sign_delta(FIRST, fork, SIGNER))


def test_a_delta_that_leads_elsewhere_than_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    liar = replace(SECOND, version=3)
    change = sign_delta(FIRST, SECOND, SIGNER)
    with monkeypatch.context() as bent:
        bent.setattr(Snapshot, "digest", lambda self: FIRST_DIGEST if self.version == 1 else "0" * 64)
        wrong = sign_delta(FIRST, liar, SIGNER)
    assert "does not lead" in refused(book(sign(FIRST, SIGNER)), wrong)
    assert book(sign(FIRST, SIGNER), change).version == 2


FIRST_DIGEST = FIRST.digest()


def test_who_signed_is_asked_as_for_the_whole() -> None:
    stranger = registry_signer(uri=None, label="gateway")
    refused(book(sign(FIRST, SIGNER)), sign_delta(FIRST, SECOND, stranger))
    change = bytearray(sign_delta(FIRST, SECOND, SIGNER))
    change[-9] ^= 1
    refused(book(sign(FIRST, SIGNER)), bytes(change))


def test_a_delta_is_no_snapshot_and_a_snapshot_no_delta() -> None:
    with pytest.raises(SnapshotUntrusted):
        open_signed(sign_delta(FIRST, SECOND, SIGNER), [ROOT], NOW)


def test_kept_deltas_are_taken_up_again(tmp_path: Any) -> None:
    files = RegistryFiles(tmp_path / "registry.snapshot")
    change = sign_delta(FIRST, SECOND, SIGNER)
    files.keep(1, sign(FIRST, SIGNER))
    files.keep(2, change)
    files.flush()
    again = Book([ROOT], serving=False)
    RegistryFiles(tmp_path / "registry.snapshot").load(again, NOW)
    assert again.directory().snapshot == SECOND
    assert (again.signed, files.delta_from(1, 2), files.delta_from(0, 2)) == (b"", change, None)
    assert files.delta_from(1, 2 + FAR) is None
    # all of it takes the place of the deltas
    files.keep(3, sign(version(3, SECOND, *PEOPLE), SIGNER))
    files.flush()
    assert list(files.folder.iterdir()) == []


def test_a_delta_that_does_not_fit_what_is_kept_is_left_aside(tmp_path: Any) -> None:
    files = RegistryFiles(tmp_path / "registry.snapshot")
    other = version(1, None, *PEOPLE[:5])
    for number, signed in ((1, sign(other, SIGNER)), (2, sign_delta(FIRST, SECOND, SIGNER))):
        files.keep(number, signed)
    files.flush()
    again = Book([ROOT])
    files.load(again, NOW)
    assert again.version == 1


def test_it_is_kept_where_no_folder_was_yet(tmp_path: Any) -> None:
    """A hop whose memory and objects are servers has made no folder of its own."""
    kept = RegistryFiles(tmp_path / "data" / "registry.snapshot")
    kept.keep(1, sign(FIRST, SIGNER))
    kept.flush()
    again = Book([ROOT])
    kept.load(again, NOW)
    assert again.version == 1


class Dishonest:
    """An axis that hands out an old version as if it were newer."""

    async def snapshot(self, _version: int, *, deltas: bool = False) -> bytes | None:
        return sign(FIRST, SIGNER)


async def test_a_rollback_is_refused_and_reported(tmp_path: Any) -> None:
    held, kept = book(sign(SECOND, SIGNER)), RegistryFiles(tmp_path / "registry.snapshot")
    before = NOT_TRUSTED._value.get()
    with capture_logs() as told, pytest.raises(SnapshotUntrusted, match="rollback"):
        await renew(SimpleNamespace(now=lambda: NOW), Dishonest(), held, kept)  # type: ignore[arg-type]  # all it asks of them
    assert NOT_TRUSTED._value.get() == before + 1
    assert [(line["event"], line["in_force"]) for line in told] == [("registry-refused", 2)]
    assert held.version == 2
    kept.flush()
    assert not kept.path.exists()


def test_lists_a_delta_leaves_alone_are_shared() -> None:
    old = version(1, None, *PEOPLE)
    new = version(2, old, *PEOPLE, rules=Rules(redirect_closed=False))
    made = book(sign(old, SIGNER))
    before = made.directory().snapshot
    assert made.offer(sign_delta(old, new, SIGNER), NOW)
    assert made.directory().snapshot.organisations is before.organisations
