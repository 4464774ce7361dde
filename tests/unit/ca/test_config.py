"""The CA process's configuration file."""

from pathlib import Path

import pytest

from lienthong.ca.config import Config
from lienthong.ca.tsa import POLICY
from lienthong.errors import ConfigurationInvalid


def write(folder: Path, text: str) -> Path:
    path = folder / "ca.toml"
    path.write_text(text, "utf-8")
    return path


def test_little_is_needed(tmp_path: Path):
    config = Config.load(write(tmp_path, 'folder = "keys"'))
    assert config.folder == tmp_path / "keys"
    assert (config.listen.host, config.policy, config.passphrase_file) == ("127.0.0.1", POLICY, None)


def test_everything_can_be_said(tmp_path: Path):
    text = """
    folder = "/srv/ca"
    passphrase_file = "secret"
    policy = "1.2.3"
    [listen]
    host = "::1"
    port = 9000
    certificate = "a.pem"
    key = "a.key"
    """
    config = Config.load(write(tmp_path, text))
    assert (config.folder, config.passphrase_file) == (Path("/srv/ca"), tmp_path / "secret")
    assert (config.listen.certificate, config.listen.key) == (tmp_path / "a.pem", tmp_path / "a.key")
    assert (config.listen.host, config.listen.port, config.policy) == ("::1", 9000, "1.2.3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "folder = 5",
        "folder = ",
        'folder = "a"\nfoldr = "b"',
        'folder = "a"\n[listen]\nport = 0',
        'folder = "a"\n[listen]\nport = 70000',
        'folder = "a"\n[listen]\nport = "80"',
        'folder = "a"\n[listen]\nkey = "a.key"',
        'folder = "a"\npolicy = "strict"',
    ],
)
def test_mistakes_are_refused(tmp_path: Path, text: str):
    with pytest.raises(ConfigurationInvalid):
        Config.load(write(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path):
    with pytest.raises(ConfigurationInvalid):
        Config.load(tmp_path / "none.toml")
    (tmp_path / "ca.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationInvalid):
        Config.load(tmp_path / "ca.toml")
