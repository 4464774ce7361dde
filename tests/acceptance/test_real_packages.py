"""Packages as other vendors write them travel through the running country by the real command line.

The project's own dirty set always; the real files beside the repository when they are there.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sample_letters
from lienthong.cli.demo.build import current_snapshot
from lienthong.cli.demo.country import CITY, GOVERNMENT, Agency
from lienthong.cli.main import app
from lienthong.document import OrganisationCode
from lienthong.envelope import Edoc, Reading, read
from lienthong.registry import Directory
from running_country import Country, now, until

pytestmark = pytest.mark.acceptance
REAL = Path(__file__).resolve().parents[3] / "shared" / "samples" / "edxml"
Standings = dict[str, tuple[str, str]]
"""Status and standing of packages."""
PROGRESS = ("inbox_01", "acceptance_03", "assignment_04", "processing_05", "finish_06")


def command(*words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "lienthong.cli", *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


@dataclass(frozen=True)
class Played:
    """A set of files, and the country in which their organisations are known."""

    country: Country
    folder: Path

    def reading(self, name: str) -> Reading:
        return read((self.folder / f"{name}.edxml").read_bytes())

    def code(self, written: object) -> str:
        """The code in force for a code as written in a file."""
        directory = Directory(current_snapshot(self.country.place))
        found = directory.resolve(OrganisationCode.parse(str(written)), now()).organisation
        return str(found.code) if found else str(written)

    def sender(self, name: str) -> str:
        return self.code(self.reading(name).message.sender.code)

    def recipients(self, name: str) -> list[str]:
        message = self.reading(name).message
        if isinstance(message, Edoc):
            return [self.code(party.code) for party in message.recipients]
        return [self.code(message.response.organisation)]

    def send(self, name: str) -> str:
        """`lienthong send --edxml`; the package id once every recipient's desk has it."""
        sender, file = self.sender(name), self.folder / f"{name}.edxml"
        desks = self.country.place.folder / "desks.json"
        done = command("send", "--edxml", str(file), "--as", sender, "--desks", str(desks), "--json")
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        package = str(json.loads(done.stdout)["entry"]["id"])
        self.country.delivered(sender, package)
        return package


def unknown(played: Played, codes: Iterable[str]) -> list[Agency]:
    """Rows for whoever in the files nobody speaks for yet."""
    spoken = {str(row.organisation) for row in current_snapshot(played.country.place).representations}
    missing = [code for code in dict.fromkeys(codes) if played.code(code) not in spoken]
    return [_agency(played.code(code), number) for number, code in enumerate(missing)]


def _agency(written: str, number: int) -> Agency:
    code = OrganisationCode.parse(written)
    second = code.suggested_second()
    gateway = (CITY, GOVERNMENT)[number % 2]
    name = f"Cơ quan trong gói tin {second or code}"
    return Agency(str(second or code), name, name, "central", gateway, legacy=str(code) if second else "")


@pytest.fixture(scope="module", params=["synthetic", "real"])
def played(request: pytest.FixtureRequest, country: Country, tmp_path_factory: pytest.TempPathFactory) -> Played:
    if request.param == "real" and not REAL.is_dir():
        pytest.skip("no real samples beside the repository")
    synthetic = request.param == "synthetic"
    folder = sample_letters.written(tmp_path_factory.mktemp("letters") / "edxml") if synthetic else REAL
    found = Played(country, folder)
    names = [path.stem for path in sorted(folder.glob("*.edxml"))]
    assert len(names) == 13
    codes = [code for name in names for code in (found.sender(name), *found.recipients(name))]
    country.admit(unknown(found, codes))
    return found


def test_every_file_inspects_cleanly(played: Played) -> None:
    for path in sorted(played.folder.glob("*.edxml")):
        done = CliRunner().invoke(app, ["edxml", "inspect", str(path), "--json"])
        assert done.exit_code == 0, (path.name, done.output)
        assert json.loads(done.stdout)


def test_a_letter_arrives_whole(played: Played) -> None:
    package = played.send("edoc_new")
    message = played.reading("edoc_new").message
    assert isinstance(message, Edoc)
    for code in played.recipients("edoc_new"):
        arrived = played.country.arrived(code, package)
        assert [(part.name, part.sha256) for part in arrived.parts] == [
            (file.name, file.sha256) for file in message.attachments
        ]
        original = played.country.desk(code).part(package, "message.edxml")
        assert original == (played.folder / "edoc_new.edxml").read_bytes()  # kept verbatim


def test_statuses_stand_on_the_right_documents(played: Played) -> None:
    """Update, refused; replacement, worked through to the end; recall, declined; recall announced, agreed."""
    sender, receiver = played.sender("edoc_update"), played.sender("status_inbox_01")
    update = played.send("edoc_update")
    played.send("status_rejection_02")
    stands(played, sender, receiver, {update: ("02", "in-force")})
    replacement = played.send("edoc_replacement")
    for name in PROGRESS:
        played.send(f"status_{name}")
        stands(played, sender, receiver, {update: ("02", "in-force"), replacement: (name[-2:], "in-force")})
    recall = played.send("edoc_revocation")
    stands(played, sender, receiver, {update: ("02", "frozen"), replacement: ("06", "frozen")})
    played.send("status_change-rejection_16")
    stands(
        played,
        sender,
        receiver,
        {update: ("02", "in-force"), replacement: ("06", "in-force"), recall: ("", "in-force")},
    )
    played.send("status_cancellation_13")
    stands(played, sender, receiver, {update: ("02", "frozen"), replacement: ("06", "frozen")})
    played.send("status_change-acceptance_15")
    stands(
        played,
        sender,
        receiver,
        {update: ("02", "recalled"), replacement: ("06", "recalled"), recall: ("", "in-force")},
    )


def stands(played: Played, sender: str, receiver: str, wanted: Standings) -> None:
    """On both desks, after the news has come round."""
    for code in (receiver, sender):

        def seen(code: str = code) -> Standings:
            return {package: standing(played, code, package, receiver) for package in wanted}

        until_equal(seen, wanted, code)


def standing(played: Played, code: str, package: str, receiver: str) -> tuple[str, str]:
    rows = played.country.desk(code).document(package).entry.recipients
    return next((row.status, row.standing) for row in rows if row.recipient == receiver)


def until_equal(seen: Callable[[], Standings], wanted: Standings, code: str) -> None:
    found: list[Standings] = []
    try:
        until(lambda: found.append(seen()) or found[-1] == wanted, "", 10)
    except AssertionError:
        pytest.fail(f"{code}: {found[-1]} instead of {wanted}")
