"""Whole writes and guarded reads."""

import os
import stat
from pathlib import Path

import pytest

from lienthong.adapters.files import PRIVATE, read_passphrase, read_secret, write_whole
from lienthong.errors import ConfigurationInvalid


def test_a_write_replaces_and_leaves_nothing_beside(tmp_path: Path):
    path = tmp_path / "a"
    write_whole(path, b"one", PRIVATE)
    write_whole(path, b"two", PRIVATE)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == PRIVATE
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a"
    write_whole(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_public_file_can_be_read_by_all(tmp_path: Path):
    write_whole(tmp_path / "a", b"x")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_secret_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a"
    write_whole(path, b"x", PRIVATE)
    os.chown(path, 4321, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    with pytest.raises(ConfigurationInvalid, match="another user"):
        read_secret(path)


@pytest.mark.parametrize(("content", "phrase"), [(b"a b\n", b"a b"), (b"a\r\nsecond", b"a"), (b"a", b"a")])
def test_the_first_line_is_the_passphrase(tmp_path: Path, content: bytes, phrase: bytes):
    write_whole(tmp_path / "p", content, PRIVATE)
    assert read_passphrase(tmp_path / "p") == phrase


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\nx"])
def test_an_empty_passphrase_is_refused(tmp_path: Path, content: bytes):
    write_whole(tmp_path / "p", content, PRIVATE)
    with pytest.raises(ConfigurationInvalid):
        read_passphrase(tmp_path / "p")


def test_no_file_is_no_passphrase():
    assert read_passphrase(None) is None
