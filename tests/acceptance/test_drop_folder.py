"""Two drop folders in the running country: what one drops comes to the other once, whoever is killed on the way."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.cli.folder.place import DropFolder
from lienthong.envelope import write
from running_country import PDF, Country, letter, until

pytestmark = pytest.mark.acceptance
SENDER, RECEIVER = "H29", "H14"
DOCUMENTS = 6


def minding(country: Country, folder: DropFolder) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "lienthong.cli", "folder", str(folder.base), "--as", folder.code]
    line += ["--desks", str(country.place.folder / "desks.json"), "--every", "0.2", "--settle", "0.2"]
    with (folder.base.parent / f"{folder.code}.log").open("ab") as log:
        return subprocess.Popen(line, stdout=log, stderr=log)


def drop(folder: DropFolder, number: int) -> None:
    """As software without an API does: beside, then renamed."""
    made = folder.outgoing / f"{number}.tmp"
    made.mkdir()
    (made / "van-ban.pdf").write_bytes(PDF)
    said = {"number": str(number), "notation": "TM-MẪU", "subject": f"Thử thư mục {number}", "recipients": [RECEIVER]}
    (made / "document.json").write_text(json.dumps(said), "utf-8")
    made.rename(folder.outgoing / f"{number}")


def arrived(folder: DropFolder) -> list[str]:
    documents = (json.loads(path.read_bytes()) for path in folder.incoming.glob("*/document.json"))
    return sorted(told["entry"]["number"] for told in documents if told["entry"]["notation"] == "TM-MẪU")


def journals(folder: DropFolder) -> dict[str, tuple[str, str]]:
    told = (json.loads(path.read_bytes()) for path in folder.sent.glob("*.json"))
    return {each["number"]: (each["recipients"][0]["state"], each["recipients"][0]["status"]) for each in told}


def test_what_is_dropped_arrives_once_whoever_is_killed(country: Country, tmp_path: Path) -> None:
    here, there = DropFolder(tmp_path / "gui", SENDER), DropFolder(tmp_path / "nhan", RECEIVER)
    for folder in (here, there):
        with folder.opened():
            pass
    workers = {folder.code: minding(country, folder) for folder in (here, there)}
    base = int.from_bytes(os.urandom(3)) * 100
    numbers = [base + each for each in range(DOCUMENTS)]
    try:
        for number in numbers:
            drop(here, number)
            if number % 2:
                until(lambda: journals(here), "something sent")
                for folder in (here, there):
                    workers[folder.code].send_signal(signal.SIGKILL)
                    workers[folder.code].wait()
                    workers[folder.code] = minding(country, folder)
        (here.outgoing / "hong.edxml").write_bytes(write(letter([RECEIVER], sender="H27"), {}))
        wanted = sorted(map(str, numbers))
        until(lambda: arrived(there) == wanted, f"{wanted} to arrive", 60)
        until(lambda: set(journals(here)) == set(wanted), "a journal of each")
        follow = dict.fromkeys(wanted, ("handed-over", "01"))
        until(lambda: journals(here) == follow, "the journals to tell of the arrival", 60)
        until((here.failed / "hong.edxml.txt").exists, "the reason")
    finally:
        for worker in workers.values():
            worker.terminate()
            worker.wait()
    assert "sender-not-represented" in (here.failed / "hong.edxml.txt").read_text("utf-8")
    assert list(here.outgoing.iterdir()) == list(here.sending.iterdir()) == []
