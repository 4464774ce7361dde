"""The ground of a sandbox: the demo's country and two agencies more, the vendor's own and its counterpart."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.cli.conformance.own import operator_of
from lienthong.cli.demo.build import Place, admit, amend, build
from lienthong.cli.demo.country import CITY, GOVERNMENT, Agency
from lienthong.cli.demo.papers import Signers
from lienthong.cli.operating_face import ask
from lienthong.cli.sandbox.counterpart import Counterpart, Told
from lienthong.cli.sandbox.papers import Papers
from lienthong.client import Desk
from lienthong.errors import FileUnusable
from lienthong.registry import Snapshot

SYSTEM = "phan-mem-thu"
OWN = Agency(
    "H29.90",
    "Cơ quan Thử nghiệm Mẫu",
    "Thử nghiệm",
    "province",
    CITY,
    "H29",
    notation="TNM-MẪU",
    position="GIÁM ĐỐC",
    leader="Trần Thị Ví Dụ",
)
OTHER = Agency(
    "G22.90",
    "Cơ quan Đối tác Mẫu",
    "Đối tác",
    "central",
    GOVERNMENT,
    "G22",
    notation="ĐTM-MẪU",
    position="GIÁM ĐỐC",
    leader="Nguyễn Văn Mẫu",
)


def ground(folder: Path, port: int, *, fresh: bool) -> Place:
    """A country that was made before goes on, with all it holds; else a new one. FileUnusable for another's folder."""
    if folder.exists() and not (folder / "ports.json").exists() and any(folder.iterdir()):
        raise FileUnusable(f"{folder}: có dữ liệu không phải của sandbox / not a sandbox's folder")
    if fresh and folder.exists():
        shutil.rmtree(folder)
    if (folder / "ports.json").exists():
        place = Place.read(folder)
        amend(place, _as_it_is)
        return place
    place = build(folder, {CITY: port} if port else None)
    admit(place, [OWN, OTHER])
    return place


def _as_it_is(before: Snapshot) -> Snapshot:
    """Published anew, so that it does not run out."""
    return replace(before, issued_at=datetime.now(UTC))


def desk_of(place: Place, agency: Agency) -> Desk:
    """An agency's desk."""
    return Desk(place.url(agency.gateway), token_of(place, agency), place.root)


def token_of(place: Place, agency: Agency) -> str:
    """Its access token."""
    return (place.folder / "tokens" / agency.code).read_text("utf-8").strip()


def system_of(place: Place) -> tuple[str, str]:
    """Id and secret of the vendor's system at the VXP face, registered once by an operator of the running gateway."""
    kept = place.folder / "tokens" / f"vxp-{SYSTEM}"
    if not kept.exists():
        body = {"id": SYSTEM, "name": "Phần mềm thử nghiệm", "serves": [OWN.code]}
        told = ask(place.folder / f"{CITY}.toml", operator_of(place, CITY, "Sandbox"), "POST", "/v1/systems", body=body)
        write_whole(kept, str(told["secret"]).encode(), mode=0o600)
    return SYSTEM, kept.read_text("utf-8").strip()


def counterpart(place: Place, tell: Told) -> Counterpart:
    """Who answers."""
    return Counterpart(desk_of(place, OTHER), Papers(OTHER, Signers(place)), tell)
