"""Who retires, leaves or moves."""

from base64 import b64encode
from pathlib import Path
from typing import Annotated, Any

import typer

from lienthong.cli.ca.working import As, AsJson, asked, session_of, shown
from lienthong.cli.printing import files_here, spoken


def departures(
    state: Annotated[str, typer.Option(help="waiting, opened, late, done, refused, withdrawn")] = "",
    offset: int = 0,
    limit: int = 50,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Người nghỉ hưu, thôi việc, chuyển công tác. / People who retire, leave or move."""
    rows = asked(officer, "/v1/departures", {"state": state, "offset": offset, "limit": limit}, as_json=as_json)
    shown(rows if as_json else [_leaving(each) for each in rows], _DEPARTURE, as_json=as_json)


def depart(
    certificate: Annotated[str, typer.Argument(help="issuer/serial")],
    reason: Annotated[str, typer.Argument(help="retirement, leaving, transfer")],
    day: Annotated[str, typer.Argument(help="Ngày đầu tiên không còn ở đó / first day away, 2026-12-01")],
    to: Annotated[str, typer.Option(help="Mã cơ quan chuyển đến / code of where to")] = "",
    why: str = "",
    letter: Annotated[Path | None, typer.Option(help="Công văn đã ký / the signed letter, PDF")] = None,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Ghi người rời cơ quan; đến ngày thì lập hồ sơ. / Record who leaves; the cases are opened on the day."""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        told = {"reason": reason, "day": day, "to": to, "why": why}
        told["letter"] = b64encode(letter.read_bytes()).decode() if letter is not None else ""
        found = here.put(f"/v1/departures/{certificate}", told)
        shown(found if as_json else _leaving(found), _DEPARTURE, as_json=as_json)


def stay(certificate: str, officer: As = None, as_json: AsJson = False) -> None:
    """Rút lại, người đó ở lại. / Take a departure back: the person stays."""
    with spoken(as_json=as_json), session_of(officer) as here:
        found = here.post(f"/v1/departures/{certificate}/withdraw")
        shown(found if as_json else _leaving(found), _DEPARTURE, as_json=as_json)


_DEPARTURE = ("certificate", "name", "reason", "day", "to", "state", "due", "problem")


def _leaving(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, **told["notice"]}


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (departures, depart, stay):
        app.command()(command)
