"""The founding of an authority by commands alone, as its people type them: ceremony, first officers, answers."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from cryptography import x509
from msgspec import to_builtins
from typer.testing import CliRunner, Result

from ca_house import AUTHORITIES, HOUSE, ORIGIN
from ca_office import people
from lienthong.cli.main import app

pytestmark = pytest.mark.acceptance
URL = "http://ca.example"
CONFIG = 'folder = "ca"\n[office]\ndata = "data"\nregistry = "r"\nregistry_roots = "r"\norigin = "{}"\n{}'


@dataclass
class Room:
    """Two machines' folders: `root` offline, `ca` of the process; and the parts people carry."""

    at: Path

    @property
    def parts(self) -> list[str]:
        return [word for place in sorted((self.at / "parts").iterdir())[:2] for word in ("--part", str(place))]

    def says(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["ca", *self._places(words)], input=typed)

    def does(self, *words: str, typed: str = "") -> str:
        told = self.says(*words, typed=typed)
        assert told.exit_code == 0, told.output
        return told.stdout

    def refuses(self, code: str, *words: str, typed: str = "") -> None:
        """In a sentence with a code, and no trace of the program."""
        told = self.says(*words, typed=typed)
        assert (told.exit_code, f"[{code}]" in told.stderr) == (1, True), told.output
        assert "Traceback" not in told.output

    def _places(self, words: tuple[str, ...]) -> list[str]:
        """`@name` is a place of this room."""
        return [str(self.at / word[1:]) if word.startswith("@") else word for word in words]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.fixture
def founded(room: Room, once: Path) -> Room:
    """A copy of its own."""
    copytree(once, room.at, dirs_exist_ok=True)
    return room


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = Room(tmp_path_factory.mktemp("founded"))
    made = "--need", "2", "--of", "3", "--parts", "@parts"
    room.does("ceremony", "root", "@root", "--name", HOUSE, *made, "--who", "Người mẫu")
    room.does("ceremony", "prepare", "@ca", "--name", HOUSE, "--publish-at", URL)
    certify = "ceremony", "certify", "@root", "@ca/issuers", "--name", HOUSE, "--publish-at", URL
    room.refuses("invalid-value", *certify, *room.parts[:2])  # one part of two
    room.refuses("invalid-value", *certify, typed="không phải phần nào\n")
    room.does(*certify, *room.parts)
    room.does("ceremony", "install", "@ca", "--root", "@root", "--origin", ORIGIN)
    return room.at


def test_a_ceremony_from_nothing_to_an_authority(founded: Room) -> None:
    root = x509.load_pem_x509_certificate((founded.at / "root/root.pem").read_bytes())
    for name in ("persons", "agencies", "devices", "services"):
        issuer = x509.load_pem_x509_certificate((founded.at / f"ca/issuers/{name}.pem").read_bytes())
        issuer.verify_directly_issued_by(root)
    secret = [
        *(founded.at / "parts").iterdir(),
        *(founded.at / "ca").rglob("*.key"),
        *(founded.at / "root").rglob("*.key"),
    ]
    assert {stat.S_IMODE(place.stat().st_mode) for place in secret} == {0o600}
    told = [json.loads(line) for line in (founded.at / "root/transcript.jsonl").read_text().splitlines()]
    assert [each["act"] for each in told] == ["found", *["certify"] * 4]
    kept = [founded.at / "root/root.pem", *secret, *(founded.at / "ca/issuers").iterdir()]
    before = [place.read_bytes() for place in kept]
    founded.refuses("configuration-invalid", "ceremony", "root", "@root", "--name", HOUSE)
    founded.does("ceremony", "prepare", "@ca", "--name", HOUSE, "--publish-at", URL)  # what is there stays
    assert [place.read_bytes() for place in kept] == before


def test_parts_go_over_the_screen_and_are_typed_in(room: Room) -> None:
    said = room.does("ceremony", "root", "@root", "--name", HOUSE, "--need", "2", "--of", "3")
    parts = [each.splitlines()[1] for each in said.split("--- ")[1:] if "\n" in each]
    assert len(parts) == 3
    room.does("ceremony", "list", "@root", "--name", HOUSE, typed="\n".join(parts[1:]))
    assert len(x509.load_der_x509_crl((room.at / "root/root.crl").read_bytes())) == 0


def test_an_issuing_authority_is_revoked_for_ever(founded: Room) -> None:
    def revoke(place: str, reason: str) -> tuple[str, ...]:
        return "ceremony", "revoke", "@root", place, "--name", HOUSE, "--reason", reason, *founded.parts

    founded.refuses("invalid-value", *revoke("@ca/issuers/devices.pem", "boredom"))
    founded.refuses("file-unusable", *revoke("@ca/issuers/nobody.pem", "superseded"))
    founded.refuses("file-unusable", *revoke("@root/transcript.jsonl", "superseded"))
    founded.does(*revoke("@ca/issuers/devices.pem", "superseded"))
    said = founded.does("ceremony", "install", "@ca", "--root", "@root", "--origin", ORIGIN)
    assert "persons" in said


def test_a_root_for_archives_needs_its_switch(founded: Room) -> None:
    archive = "ceremony", "archive", "@root", "--name", HOUSE
    founded.refuses("algorithm-not-allowed", *archive)
    assert not (founded.at / "root/archive.pem").exists()
    parts = "--need", "2", "--of", "3", "--parts", "@parts"
    founded.does(*archive, "--post-quantum", *parts)
    assert (founded.at / "root/archive.pem").exists()
    assert b"ENCRYPTED" in (founded.at / "root/archive.key").read_bytes()
    told = json.loads((founded.at / "root/transcript.jsonl").read_text().splitlines()[-1])
    assert (told["act"], told["parts"]) == ("archive", "2/3")
    before = {place: place.read_bytes() for place in (founded.at / "parts").iterdir()}
    assert len(before) == 6
    founded.refuses("configuration-invalid", *archive, "--post-quantum")
    founded.refuses("configuration-invalid", "ceremony", "root", "@other", "--name", HOUSE, "--parts", "@parts")
    assert before == {place: place.read_bytes() for place in (founded.at / "parts").iterdir()}
    assert not (founded.at / "other").exists()


def test_the_first_officers_are_written_down_once(founded: Room) -> None:
    (founded.at / "ca.toml").write_text(CONFIG.format(ORIGIN, 'answers = "answers"\n'))
    officers = [to_builtins(each.officer) for each in people().values()]
    told = {"authorities": [to_builtins(each) for each in AUTHORITIES], "officers": officers}
    first = "first", "--config", "@ca.toml", "@people.json"
    for wrong in ("", "[]", '{"officers": [{"id": 3}]}', '{"authorities": 1}', "\ufeff{"):
        (founded.at / "people.json").write_text(wrong)
        founded.refuses("file-unusable", *first)
    (founded.at / "people.json").write_text(json.dumps(told | {"officers": officers[:-1]}))
    founded.refuses("configuration-invalid", *first)  # one administrator of two
    (founded.at / "people.json").write_text(json.dumps(told))
    assert f"{len(officers)}" in founded.does(*first)
    founded.refuses("configuration-invalid", *first)
    assert "0" in founded.does("presign", "--config", "@ca.toml")
    (founded.at / "ca.toml").write_text(CONFIG.format(ORIGIN, ""))
    founded.refuses("configuration-invalid", "presign", "--config", "@ca.toml")
