"""Our own gateways and axis, started for the run: the demo's country and what some stories want beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from uuid import uuid4

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.files import write_whole
from lienthong.adapters.operators import Operator, Role, add_operator
from lienthong.cli.conformance.model import Cast, Place
from lienthong.cli.demo.build import Place as Country
from lienthong.cli.demo.build import admit, amend, build, current_snapshot
from lienthong.cli.demo.country import BY_CODE, CITY, GOVERNMENT, Agency
from lienthong.cli.demo.processes import Processes
from lienthong.cli.operating_face import ask, operators_file
from lienthong.document import OrganisationCode
from lienthong.registry import Organisation, Snapshot, Status

TESTED, PARTNER, STRANGER, REPRESENTED = "H29", "G22", "H29.03", "H29.51"
ABSENT, CLOSED, UNCLEAR, REVOKED = "H27", "H29.21", "H29.22", "H29.98"
"""Hà Tĩnh's gateway is switched off; the district has one successor; the other none; the last one's seal is revoked."""
BRIEF = 2.0
"""Seconds that packages of one system may be under way."""


@contextmanager
def own_country(folder: Path) -> Iterator[Country]:
    """A country with running processes in an empty folder; ended when left. Raises Unavailable."""
    place = build(folder)
    prepare(place)
    processes = Processes(place)
    try:
        processes.start()
        yield place
    finally:
        processes.stop()


def prepare(place: Country) -> int:
    """Register what only these stories want, once; the version of the registry that says so."""
    known = current_snapshot(place)
    if any(str(row.code) == UNCLEAR for row in known.organisations):
        return known.version
    admit(place, [Agency(REVOKED, "Cơ quan Mẫu có chứng thư bị thu hồi", "Mẫu thu hồi", "commune", CITY, "H29")])
    return amend(place, _with_oddities)


def _with_oddities(before: Snapshot) -> Snapshot:
    ended = Organisation(
        code=OrganisationCode(UNCLEAR),
        name="Ủy ban nhân dân Quận Mẫu Hai (đã kết thúc)",
        level="district",
        parent=OrganisationCode("H29"),
        valid_to=date(2025, 6, 30),
        status=Status.CLOSED,
        successors=(OrganisationCode("H29.51"), OrganisationCode("H29.52")),
    )
    moment = datetime.now(UTC) - timedelta(minutes=1)
    certificates = tuple(
        replace(row, revoked_at=moment) if row.holder == f"org:{REVOKED}" else row for row in before.certificates
    )
    return replace(before, organisations=(*before.organisations, ended), certificates=certificates)


def cast_of(place: Country) -> Cast:
    """Who plays in such a country."""

    def seat(code: str, gateway: str = "") -> Place:
        token = (place.folder / "tokens" / code).read_text("utf-8").strip()
        return Place(place.url(gateway or BY_CODE[code].gateway), code, token)

    return Cast(
        tested=seat(TESTED),
        partner=seat(PARTNER),
        stranger=seat(STRANGER),
        represented=seat(REPRESENTED),
        revoked=seat(REVOKED, CITY),
        absent=ABSENT,
        closed=CLOSED,
        successor=REPRESENTED,
        unclear=UNCLEAR,
        ca=place.root,
        roots=root_certificates(place.root),
    )


def systems_of(place: Country) -> Cast:
    """Who plays at the VXP faces of such a country, while it runs: each role is registered by an operator."""
    operators = {gateway: operator_of(place, gateway) for gateway in (CITY, GOVERNMENT)}

    def seat(code: str, *after: tuple[str, dict[str, object]], **limits: float) -> Place:
        gateway = BY_CODE[code].gateway
        config, token = place.folder / f"{gateway}.toml", operators[gateway]
        body = {"id": f"he-thong-{uuid4().hex[:12]}", "name": "Hệ thống thử", "serves": [code], **limits}
        told = ask(config, token, "POST", "/v1/systems", body=body)
        for act, more in after:
            ask(config, token, "POST", f"/v1/systems/{told['system']}/{act}", body=more)
        return Place(place.url(f"{gateway}-vxp"), code, told["secret"], told["system"])

    return Cast(
        tested=seat(TESTED),
        partner=seat(PARTNER),
        stranger=seat(STRANGER),
        represented=seat(REPRESENTED),
        revoked=seat(TESTED, ("revoke", {})),
        expired=seat(TESTED, ("rotate", {"keep_hours": 0.0})),
        brief=seat(TESTED, time_to_live_hours=BRIEF / 3600),
        absent=ABSENT,
        closed=CLOSED,
        successor=REPRESENTED,
        unclear=UNCLEAR,
        ca=place.root,
    )


def operator_of(place: Country, gateway: str, name: str = "Kiểm tra hợp chuẩn") -> Path:
    """A file with the token of an operator of that gateway."""
    file, token = place.folder / "tokens" / f"operator-{gateway}", token_hex(16)
    write_whole(file, token.encode(), mode=0o600)
    config = place.folder / f"{gateway}.toml"
    add_operator(operators_file(config), token, Operator(f"{name} {token[:6]}", Role.OPERATOR))
    return file
