"""The throw-away authority on disk."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lienthong.adapters.keys import KeyPair
from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder, create_authority
from lienthong.errors import ConfigurationInvalid

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SEAL = requests.package_seal("G09", "Bộ Nội vụ")
REASON = x509.ReasonFlags.key_compromise


@pytest.fixture
def home(tmp_path: Path) -> AuthorityFolder:
    return create_authority(tmp_path / "ca", NOW, publish_at="http://ca.example")


def test_keys_are_their_owners_alone(home: AuthorityFolder):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.folder.glob("*.key")}
    assert modes == {"root.key": 0o600, "issuing.key": 0o600, "tsa.key": 0o600, "ocsp.key": 0o600}
    assert not list(home.folder.glob(".*"))


def test_what_was_founded_is_loaded(home: AuthorityFolder):
    loaded = AuthorityFolder.load(home.folder)
    assert loaded.authority.roots == home.authority.roots
    assert loaded.authority.tsa.chain == (home.authority.issuing.certificate,)
    assert loaded.authority.publication == home.authority.publication
    issued = loaded.authority.issue(SEAL, NOW)
    leaf = x509.load_der_x509_certificate(issued.certificate)
    leaf.verify_directly_issued_by(x509.load_der_x509_certificate(home.authority.issuing.certificate))
    assert issued.chain == (home.authority.issuing.certificate,)


def test_an_authority_is_never_overwritten(home: AuthorityFolder):
    before = (home.folder / "root.key").read_bytes()
    with pytest.raises(ConfigurationInvalid):
        create_authority(home.folder, NOW)
    assert (home.folder / "root.key").read_bytes() == before


def test_a_ceremony_cut_short_can_be_held_again(home: AuthorityFolder):
    (home.folder / "authority.json").unlink()
    again = create_authority(home.folder, NOW)
    assert AuthorityFolder.load(home.folder).authority.roots == again.authority.roots


def test_issued_keys_are_written_with_their_chain(home: AuthorityFolder, tmp_path: Path):
    issued = home.issue(SEAL, NOW, "g09-seal", tmp_path)
    pair = KeyPair.load(tmp_path / "g09-seal.key", tmp_path / "g09-seal.pem")
    assert (pair.certificate, pair.chain) == (issued.certificate, (home.authority.issuing.certificate,))
    assert issued.serial == x509.load_der_x509_certificate(issued.certificate).serial_number


def test_keys_may_be_encrypted(tmp_path: Path):
    phrase = tmp_path / "phrase"
    phrase.write_text("mật khẩu\n")
    phrase.chmod(0o600)
    home = create_authority(tmp_path / "ca", NOW, passphrase=phrase)
    with pytest.raises(TypeError):
        load_pem_private_key((home.folder / "root.key").read_bytes(), None)
    assert AuthorityFolder.load(home.folder, phrase).authority.roots == home.authority.roots
    with pytest.raises(ConfigurationInvalid):
        AuthorityFolder.load(home.folder)


def test_a_revocation_is_remembered_once(home: AuthorityFolder):
    issued = home.authority.issue(SEAL, NOW)
    home.revoke(issued.certificate, NOW, REASON)
    home.revoke(issued.certificate, NOW + timedelta(days=1), x509.ReasonFlags.superseded)
    (row,) = AuthorityFolder.load(home.folder).revoked()
    assert (row.serial, row.at, row.reason) == (issued.serial, NOW, REASON)


def test_the_roots_list_is_there(home: AuthorityFolder):
    assert x509.load_der_x509_crl(home.root_list()).next_update_utc == NOW + timedelta(days=365)


@pytest.mark.parametrize("name", ["root.key", "issuing.pem", "tsa.pem", "authority.json"])
def test_a_missing_file_is_named(home: AuthorityFolder, name: str):
    (home.folder / name).unlink()
    with pytest.raises(ConfigurationInvalid, match=name):
        AuthorityFolder.load(home.folder)


def test_a_key_others_can_read_is_not_used(home: AuthorityFolder):
    (home.folder / "issuing.key").chmod(0o640)
    with pytest.raises(ConfigurationInvalid, match="0640"):
        AuthorityFolder.load(home.folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"revoked": [{}]}', '{"revoked": [{"serial": "g", "at": "", "reason": ""}]}']
)
def test_a_damaged_record_of_revocations_is_no_empty_one(home: AuthorityFolder, text: str):
    (home.folder / "revoked.json").write_text(text)
    with pytest.raises(ConfigurationInvalid):
        home.revoked()


def test_a_missing_root_list_is_named(home: AuthorityFolder):
    (home.folder / "root.crl").unlink()
    with pytest.raises(ConfigurationInvalid, match=r"root\.crl"):
        home.root_list()
