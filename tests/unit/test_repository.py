"""Promises about the repository as a whole: errors, words, sizes, links, locks, nothing of one machine."""

import json
import re
import socket  # noqa: TID251  # to see that it is closed
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError

from lienthong import errors
from lienthong.errors import LienThongError

ROOT = Path(__file__).parents[2]
WRITTEN = {".py", ".html", ".css", ".js", ".typ", ".sh", ".md", ".toml"}
LONGEST = 600


def tracked() -> list[Path]:
    """Files of this repository that are here; those being written but not yet added count too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for line in listed.splitlines() if (path := ROOT / line).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(root: type[LienThongError]) -> list[type[LienThongError]]:
    """The classes of errors itself; other tests may have made more."""
    own = [child for child in root.__subclasses__() if child.__module__.startswith(errors.__name__)]
    return [root, *(leaf for child in own for leaf in tree(child))]


# ---------------------------------------------------------------- errors


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [cls.code for cls in tree(LienThongError)]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("cls", tree(LienThongError), ids=lambda cls: cls.__name__)
def test_an_error_speaks_both_languages(cls: type[LienThongError]) -> None:
    own = vars(cls)
    assert own["vi"].endswith(".")
    assert own["en"].endswith(".")
    assert own["vi"] != own["en"]
    assert own["code"]


def test_the_tree_is_drawn_as_it_is() -> None:
    drawing = (errors.__doc__ or "").split("\n\n")[1]
    drawn = set(re.findall(r"\b[A-Z]\w+", drawing))
    assert drawn == {cls.__name__ for cls in tree(LienThongError)}


# ---------------------------------------------------------------- sizes and reasons


def test_no_file_is_too_long() -> None:
    sizes = {relative(path): text_of(path).count("\n") for path in tracked() if path.suffix in WRITTEN}
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST} == {}


def test_what_silences_a_checker_says_why() -> None:
    silencer = re.compile(r"#\s*(?:noqa|type: ignore)\b(?P<rest>.*)")
    reason = re.compile(r"(?:: [A-Z0-9]+(?:, ?[A-Z0-9]+)*|\[[a-z-]+(?:, ?[a-z-]+)*\])\W+\w+\W+\w+")
    silent = [
        f"{relative(path)}:{number}"
        for path in tracked()
        if path.suffix == ".py" and path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (found := silencer.search(line)) and not reason.match(found["rest"])
    ]
    assert silent == []


# ---------------------------------------------------------------- nothing of one machine

# In two halves, so that this file does not hold what it looks for.
HOSTS = ["pypi" + ".org", "python" + "hosted", "registry" + ".npmjs", "deb.debian" + ".org", "npmjs" + ".com"]
PLACES = re.compile(r"(?<![\w.:}/])/(?:(?:work|home|Users)/[\w.]|root/\.)")


def test_no_place_of_one_machine_and_no_registry_is_named() -> None:
    found = [
        f"{relative(path)}: {hit}"
        for path in tracked()
        for hit in [*PLACES.findall(text_of(path)), *(host for host in HOSTS if host in text_of(path))]
    ]
    assert found == []


def test_no_text_is_left_from_a_merge() -> None:
    marks = tuple(sign * 7 + " " for sign in "<>")
    torn = [relative(path) for path in tracked() if any(line.startswith(marks) for line in text_of(path).splitlines())]
    assert torn == []


# ---------------------------------------------------------------- documents

LINK = re.compile(r"!?\[[^\]]*\]\((?P<link>[^)\s]+)\)|(?:src|href)=\"(?P<tag>[^\"]+)\"")
PAGES = [path for path in tracked() if path.suffix == ".md"]


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    links = [found["link"] or found["tag"] for found in LINK.finditer(page.read_text())]
    here = [link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in here if not (page.parent / link).exists()] == []


def test_the_index_of_decisions_is_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for name in records if f"({name})" not in index] == []
    numbers = [int(name[:4]) for name in records]
    assert all(before < after for before, after in pairwise(numbers))


def test_the_changelog_knows_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_licence_is_the_one_named() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
    assert named == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


# ---------------------------------------------------------------- locks


def locked(name: str) -> dict[str, str]:
    """What a lock pins, checked to have a hash for each."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    return dict(entry.split()[0].split("==", 1) for entry in entries)


def test_what_runs_is_what_is_tested() -> None:
    runtime, everything = locked("requirements.lock"), locked("requirements-dev.lock")
    assert runtime.items() <= everything.items()
    assert "pytest" not in runtime


def test_the_locks_cover_what_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [re.split(r"[\[<>=~! ]", text)[0].lower() for text in project["dependencies"]]
    assert [name for name in asked if name not in locked("requirements.lock")] == []
    more = [
        re.split(r"[\[<>=~! ]", text)[0].lower()
        for texts in project["optional-dependencies"].values()
        for text in texts
    ]
    assert [name for name in more if name not in locked("requirements-dev.lock")] == []


def test_locks_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "tools/uv.lock"):
        assert "://" not in (ROOT / name).read_text()
    packages = json.loads((ROOT / "tools/assets/package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry for entry in packages.values())
    assert all("integrity" in entry for name, entry in packages.items() if name)


# ---------------------------------------------------------------- sockets


def test_unit_tests_have_no_network() -> None:
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
