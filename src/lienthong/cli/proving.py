"""`lienthong evidence`: keep the receipts of a document, with its files if asked, ready for `lienthong verify`."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.adapters.files import write_whole
from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.finding import package_of
from lienthong.cli.keeping import EVIDENCE, FILES, named, save, save_evidence
from lienthong.cli.printing import files_here, print_json, say, spoken
from lienthong.cli.printing import out as out_console
from lienthong.cli.status import Package
from lienthong.client import Desk
from lienthong.errors import EvidenceBroken, FileUnusable
from lienthong.evidence import read_evidence


def evidence(
    package: Package,
    *,
    as_code: AsCode = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE|DIR", help="Tệp, hoặc thư mục / a file, or a folder")
    ] = None,
    files: Annotated[bool, typer.Option("--files", help="Cả các tệp của văn bản / the document's files too")] = False,
    lasting: Annotated[
        bool, typer.Option("--lasting", help="Gói chứng cứ lâu dài (ZIP) / the bundle of lasting proofs")
    ] = False,
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Lưu bằng chứng để kiểm tra không cần mạng. / Keep the evidence for checking without a network."""
    with spoken(as_json=as_json, vi="Có thể chạy lại.", en="Run again at any time."):
        place = desks.place_of(as_code, desks_file)
        with desks.connect(place) as desk:
            found = package_of(desk, package)
            with files_here():
                kept = _keep_lasting(desk, found, out) if lasting else _keep(desk, found, out, place.ca, files=files)
        command = f"lienthong verify {kept}" + (f" {kept.parent / FILES}" if files and not lasting else "")
        if as_json:
            print_json({"package": found, "evidence": str(kept), "verify": command})
        else:
            say(f"✓ Đã lưu bằng chứng: {kept}", "evidence kept", "green")
            out_console().print(f"  Kiểm tra / check it: {command}", markup=False, soft_wrap=True)


def _keep(desk: Desk, package: str, wanted: Path | None, root: Path | None, *, files: bool) -> Path:
    """Where the bundle lies. With files: in a folder of the package's own, as `inbox --take` keeps it."""
    if files:
        folder = named(wanted or Path(), package)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(desk, package, folder, root)
        return folder / EVIDENCE
    file = _file(package, wanted)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists():
        _same_sort(file)
    save_evidence(desk.evidence(package), file, root)
    return file


def _keep_lasting(desk: Desk, package: str, wanted: Path | None) -> Path:
    """A ZIP; only another such bundle is written over."""
    file = named(wanted or Path(), package, ".zip") if wanted is None or wanted.is_dir() else wanted
    data = desk.proof(package)
    if file.exists():
        with file.open("rb") as opened:
            if opened.read(2) != data[:2]:
                raise FileUnusable(f"{file}: là tệp khác, không ghi đè / another file, not written over")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, data)
    return file


def _file(package: str, wanted: Path | None) -> Path:
    return named(wanted or Path(), package, ".json") if wanted is None or wanted.is_dir() else wanted


def _same_sort(file: Path) -> None:
    try:
        read_evidence(file.read_bytes())
    except EvidenceBroken as error:
        raise FileUnusable(f"{file}: là tệp khác, không ghi đè / another file, not written over") from error
