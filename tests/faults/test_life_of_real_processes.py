"""Cells of the fault grid on real processes, drawn by a seed; the seed stands in each test's name. First, in a country
where nothing else is on its way, groups in the middle of which the axis dies.

LIENTHONG_FAULT_SEED=7 pytest tests/faults/test_life_of_real_processes.py
"""

import hashlib
import json
import os
import random  # noqa: TID251  # the sample is drawn by a seed
import sqlite3
import sys
import time  # noqa: TID251  # real processes take real time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
import pytest

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.country import BY_CODE
from lienthong.cli.demo.processes import MODULES, Processes
from lienthong.client import Desk, File, Metadata
from lienthong.envelope import frame, group
from lienthong.errors import LienThongError
from lienthong.evidence import EventKind, ProofResult, Receipt, read_evidence, verify_bundle
from lienthong.testing.mishaps import Mishap
from life_grid import HOPS, POLLED, ROWS, befalls
from running_country import RAW, RAW_CODE, Country, letter, sealed, until

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
SEED = int(os.environ.get("LIENTHONG_FAULT_SEED", "26"))  # noqa: TID251  # chosen from outside, as pytest's own are
CELLS = 4
PATIENCE = 150.0
SENDER, RECIPIENT = "H29", "G09"
LARGE = b"%PDF-1.7 " + bytes(70_000)
T = TypeVar("T")


class Cell(NamedTuple):
    """One call of one hop, and what befalls it."""

    hop: str
    port: str
    method: str
    nth: int
    mishap: str

    def __str__(self) -> str:
        return f"{self.hop}.{self.port}.{self.method}#{self.nth}-{self.mishap}"


def drawn() -> list[Cell]:
    """So many cells of the letter's rows; background work counts too there, so the call is roughly the row's."""
    rows = [row for row in ROWS if row.story == "letter" and row.method not in POLLED]
    every = [
        Cell(row.port.rpartition(".")[0], row.port.rpartition(".")[2], row.method, row.nth, named(mishap, word))
        for row in rows
        for word, mishap in befalls(row).items()
    ]
    lots = random.Random(SEED)
    # a death before or after in every hop, then anything
    deaths = [lots.choice([c for c in every if c.hop == hop and c.mishap.startswith("CRASH")]) for hop in HOPS.values()]
    return [*deaths, *lots.sample(every, CELLS - len(deaths))]


def named(mishap: Any, word: str) -> str:
    return mishap.name if isinstance(mishap, Mishap) else word


@dataclass
class Fated(Processes):
    """The demo's processes; one of them may be under a fate."""

    fates: dict[str, Path] = field(default_factory=dict)

    def _command(self, name: str) -> list[str]:
        if name not in self.fates:
            return super()._command(name)
        script, config = Path(__file__).with_name("fated_process.py"), self.place.folder / f"{name}.toml"
        return [sys.executable, str(script), str(self.fates[name]), MODULES[name], "--config", str(config)]


@dataclass
class Land:
    """A small country whose processes can be doomed one by one."""

    place: Place
    processes: Fated
    desks: dict[str, Desk]

    def doom(self, cell: Cell, folder: Path) -> Path:
        """The hop starts anew under its fate; the file that says it was struck."""
        told = cell._asdict() | {word: str(folder / word) for word in ("armed", "struck", "held", "go")}
        path = folder / "fate.json"
        path.write_text(json.dumps(told), "utf-8")
        self.processes.fates[cell.hop] = path
        self.again(cell.hop)
        (folder / "armed").touch()
        return folder / "struck"

    def again(self, hop: str) -> None:
        self.processes.kill(hop)
        self.processes.restart(hop)

    def insist(self, hop: str, look: Callable[[], T]) -> T:
        """What `look` finds once it finds something; who died meanwhile is started again, without its fate."""
        deadline = time.monotonic() + PATIENCE
        while True:
            if not self.processes.alive(hop):
                self.processes.fates.pop(hop, None)
                self.again(hop)
            try:
                if found := look():
                    return found
            except LienThongError as error:
                if error.permanent:
                    raise
            assert time.monotonic() < deadline, "it never ends"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Land]:
    place = build(tmp_path_factory.mktemp("land") / "here")
    processes, desks = Fated(place), {}
    for code in (SENDER, RECIPIENT):
        token = (place.folder / "tokens" / code).read_text("utf-8")
        desks[code] = Desk(place.url(BY_CODE[code].gateway), token, place.root)
    try:
        processes.start()
        yield Land(place, processes, desks)
    finally:
        for desk in desks.values():
            desk.close()
        processes.stop()


# ---------------------------------------------------------------- a group of packages


def torn(nth: int) -> Cell:
    """The axis dies while it writes the n-th package: groups before its own are durable, nothing of its own is."""
    return Cell("axis", "transaction", "add_package", nth, "CRASH")


def accepted(land: Land, packages: Sequence[str]) -> dict[str, list[tuple[int, bytes]]]:
    """The axis's leaves that say so, by package, as they lie on the disk."""
    where = land.place.folder / "axis" / "data" / "hop.sqlite3"
    with closing(sqlite3.connect(f"file:{where}?mode=ro", uri=True, timeout=30)) as connection:
        leaves = connection.execute('select "index", body from leaf order by "index"').fetchall()
        kept = {package for (package,) in connection.execute("select id from package")}
    found: dict[str, list[tuple[int, bytes]]] = {package: [] for package in packages if package in kept}
    for index, body in leaves:
        told = json.loads(body)
        if told["kind"] == EventKind.SUBMISSION_ACCEPTED and told["package"] in packages:
            found[told["package"]].append((index, bytes(body)))
    return found


def acceptance(receipt: str) -> tuple[str, list[tuple[int, bytes]]]:
    """The package, and the leaf that a receipt of its acceptance names."""
    told = Receipt.from_json(receipt)
    assert told.event.kind is EventKind.SUBMISSION_ACCEPTED
    return str(told.event.package), [(told.index, told.leaf)]


def test_a_group_is_repeated_after_the_axis_died_in_it(land: Land, tmp_path: Path) -> None:
    """Of a gateway that knows no more than that the line broke. What was answered before stays answered."""
    (tmp_path / "go").touch()
    struck, country = land.doom(torn(4), tmp_path), Country(land.place, land.processes)
    raw, signer = country.identity(RAW), country.seal_of(RAW_CODE)
    good = [frame(*sealed(letter((RECIPIENT,)), signer)) for _ in range(7)]
    before, fatal = good[:2], [good[2], b"x", *good[3:]]

    def ask(frames: Sequence[bytes]) -> list[dict[str, Any]]:
        answer = raw.ask("POST", "/v1/groups", group(frames), headers={"Package-Count": str(len(frames))})
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    try:
        first = dict(acceptance(each["accepted"]["receipt"]) for each in ask(before))
        with pytest.raises(httpx.TransportError):
            ask(fatal)
        until(lambda: not land.processes.alive("axis"), "the axis's death")
        assert struck.exists()
        land.processes.fates.pop("axis")
        land.again("axis")
        told = ask([*before, *fatal])
        assert told.pop(3)["problem"]["code"] == "package-malformed"
        yes = dict(acceptance(each["accepted"]["receipt"]) for each in told)
        assert first.items() <= yes.items()
        assert accepted(land, list(yes)) == yes
        again = [each["accepted"] for each in ask(good)]
        assert dict(acceptance(each["receipt"]) for each in again) == yes
        in_the_register(land, list(yes))
    finally:
        country.close()


def test_a_gateways_group_in_which_the_axis_dies(land: Land, tmp_path: Path) -> None:
    """Six wait behind one on its way, so they go together. The axis dies in the middle of them, and nobody heard."""
    land.doom(torn(4), tmp_path)
    sender = land.desks[SENDER]
    sent = [handed_in(sender, "dau")]
    until((tmp_path / "held").exists, "the first on its way")
    sent += [handed_in(sender, f"cung-{number}") for number in range(6)]
    (tmp_path / "go").touch()
    until(lambda: not land.processes.alive("axis"), "the axis's death")
    assert (tmp_path / "struck").exists()
    durable = accepted(land, sent)
    assert list(durable) == sent[:1]
    assert len(durable[sent[0]]) == 1
    assert unanswered(sender, sent) == sent[1:]
    land.processes.fates.pop("axis")
    land.again("axis")
    in_the_register(land, sent)
    leaves = accepted(land, sent)
    assert [len(found) for found in leaves.values()] == [1] * 7
    for package in sent:
        proved(land, package)
        known = [(receipt.index, receipt.leaf) for receipt in receipts(land, package)]
        assert leaves[package][0] in known
        assert durable.get(package, leaves[package]) == leaves[package]


def handed_in(desk: Desk, name: str) -> str:
    """The id of a document that the gateway now has to forward."""
    told = Metadata(name, "UBND-MẪU", "V/v thử (văn bản mẫu)", (RECIPIENT,), document_id=name)
    return desk.send(told, [File("phu-luc.pdf", "application/pdf", LARGE + name.encode())], name).entry.id


def unanswered(desk: Desk, packages: Sequence[str]) -> list[str]:
    """Those of which the gateway has no yes."""
    return [each for each in packages if desk.document(each).entry.recipients[0].state == "recorded"]


def in_the_register(land: Land, packages: Sequence[str]) -> None:
    """Each is offered once, taken, and offered no more."""
    receiver, offered = land.desks[RECIPIENT], Counter[str]()

    def all_there() -> bool:
        for entry in receiver.inbox():
            offered[entry.id] += 1
            receiver.acknowledge(entry.id, RECIPIENT, receiver.take(entry.id, RECIPIENT).lock)
        return set(packages) <= set(offered)

    until(all_there, "all in the register", PATIENCE)
    assert not receiver.inbox()
    assert {offered[package] for package in packages} == {1}


# ---------------------------------------------------------------- one document, and one call that goes wrong


@pytest.mark.parametrize("cell", [pytest.param(cell, id=f"seed-{SEED}-{cell}") for cell in drawn()])
def test_a_cell_on_real_processes(land: Land, cell: Cell, tmp_path: Path) -> None:
    """One document with a large file, there and its status back, while that call of that hop meets its mishap."""
    struck, name = land.doom(cell, tmp_path), hashlib.sha256(str(cell).encode()).hexdigest()[:12]
    sender, receiver = land.desks[SENDER], land.desks[RECIPIENT]
    told = Metadata(name, "UBND-MẪU", "V/v thử (văn bản mẫu)", (RECIPIENT,), document_id=name)
    files = [File("phu-luc.pdf", "application/pdf", LARGE)]
    sent = land.insist(cell.hop, lambda: sender.send(told, files, name)).entry.id
    assert land.insist(cell.hop, lambda: taken(receiver, sent))
    land.insist(cell.hop, lambda: reported(receiver, sent))
    entry = land.insist(cell.hop, lambda: home(sender, sent))
    assert (entry.state, entry.status) == ("handed-over", "03")
    assert hashlib.sha256(receiver.part(sent, "phu-luc.pdf")).digest() == hashlib.sha256(LARGE).digest()
    assert struck.exists(), "the call never came"
    proved(land, sent)
    land.processes.fates.pop(cell.hop, None)  # struck once, it strikes no more


def taken(desk: Desk, package: str) -> bool:
    """Take it if it waits; True once it lies in the register."""
    for entry in desk.inbox():
        lock = desk.take(entry.id, RECIPIENT).lock
        desk.acknowledge(entry.id, RECIPIENT, lock)
    return any(e.id == package and e.recipients[0].state == "handed-over" for e in desk.incoming().entries)


def reported(desk: Desk, package: str) -> bool:
    return any(report.code == "03" for report in desk.report(package, "03").statuses)


def home(desk: Desk, package: str) -> Any:
    leg = desk.document(package).entry.recipients[0]
    return leg if (leg.state, leg.status) == ("handed-over", "03") else None


def proved(land: Land, package: str) -> None:
    """Each end once, every receipt true to the root."""
    found = receipts(land, package)
    kinds = Counter((receipt.event.hop, receipt.event.kind) for receipt in found)
    for wanted in (
        ("axis", EventKind.SUBMISSION_ACCEPTED),
        ("axis", EventKind.RELAYED),
        ("gw-g22", EventKind.HANDED_OVER),
    ):
        assert kinds[wanted] == 1, kinds


def receipts(land: Land, package: str) -> list[Receipt]:
    """What the sender holds of it."""
    bundle = read_evidence(json.dumps(land.desks[SENDER].evidence(package)))
    assert verify_bundle(bundle, None, root_certificates(land.place.root)).result is ProofResult.PROVED
    return list(bundle.whole())
