"""`lienthong gateway token …`: which software may call at the desk, for which agency, for what, until when."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.cli.operating_face import cell, moment, setting, table_of
from lienthong.cli.printing import files_here, now, out, print_json, say, spoken

if TYPE_CHECKING:
    from lienthong.gateway.ports import Caller

YEAR = 365
Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình của máy chủ / its settings")]
Json = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
Days = Annotated[int, typer.Option("--days", min=0, max=3650, help="Hạn dùng, 0 là không hạn / life, 0 for no end")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Mã hiệu trong danh sách / as listed")]
tokens = typer.Typer(no_args_is_help=True, help="Mã truy cập của phần mềm. / Access tokens of software.")

# Settings and file rules come with the gateway; `lienthong verify` must start without it, hence the imports inside.


@tokens.command("issue")
def issue(
    config: Config,
    agency: Annotated[str, typer.Option("--agency", metavar="CODE", help="Thay cơ quan nào / for which agency")],
    name: Annotated[str, typer.Option("--name", help="Phần mềm nào / which software")],
    scope: Annotated[list[str], typer.Option("--scope", help="read, send, receive, sign, hooks, admin")],
    days: Days = YEAR,
) -> None:
    """Cấp mã truy cập; in ra một lần. / Issue a token, printed once."""
    with spoken(), files_here():
        from lienthong.adapters.tokens import issue as made  # see above

        token, row = made(_file(config), _wanted(agency, name, scope, days))
        _told(token, row)


@tokens.command("list")
def listed(config: Config, as_json: Json = False) -> None:
    """Liệt kê, không có mã. / List them, without the tokens."""
    with spoken(as_json=as_json), files_here():
        from lienthong.adapters.tokens import read_tokens  # see above

        rows = sorted(read_tokens(_file(config)).values(), key=lambda row: (row.tenant, row.name, row.id))
        if as_json:
            print_json([_plain(row) for row in rows])
            return
        table = table_of("Mã hiệu", "Cơ quan", "Phần mềm", "Quyền", "Đến", "Ghi chú")
        for row in rows:
            ends = moment(row.expires.isoformat()) if row.expires else "–"
            scopes = " ".join(sorted(row.scopes))
            table.add_row(*map(cell, (row.id, row.tenant, row.name, scopes, ends, row.ended(now()))))
        out().print(table)


@tokens.command("rotate")
def rotated(
    config: Config,
    id: Id,
    days: Days = YEAR,
    overlap: Annotated[
        float, typer.Option("--overlap-hours", min=0, max=24 * 90, help="Mã cũ còn dùng / the old one goes on")
    ] = 24.0,
) -> None:
    """Đổi mã; mã cũ còn dùng một thời gian. / A new token; the old one goes on for a while."""
    with spoken(), files_here():
        from lienthong.adapters.tokens import rotate  # see above

        life = timedelta(days=days) if days else None
        token, row = rotate(_file(config), id, now(), timedelta(hours=overlap), life)
        _told(token, row)


@tokens.command("revoke")
def revoked(config: Config, id: Id) -> None:
    """Thu hồi mã ngay. / Take a token back at once."""
    with spoken(), files_here():
        from lienthong.adapters.tokens import revoke  # see above

        row = revoke(_file(config), id, now())
        say(f"Đã thu hồi mã {id} của {row.name} ({row.tenant}).", f"Token {id} is taken back.")


def _file(config: Path) -> Path:
    return setting(config, "tokens")


def _wanted(agency: str, name: str, scope: list[str], days: int) -> "Caller":
    from lienthong.gateway.ports import Caller, Scope  # see above

    unknown = sorted(set(scope) - set(Scope))
    if unknown:
        raise typer.BadParameter(f"--scope: {', '.join(unknown)} ≠ {', '.join(Scope)}")
    issued = now()
    expires = issued + timedelta(days=days) if days else None
    return Caller(agency, name, scopes=frozenset(map(Scope, scope)), issued=issued, expires=expires)


def _told(token: str, row: "Caller") -> None:
    """The token alone on standard output, so that it can go into a file; what it is beside it."""
    ends = f"{row.expires:%d/%m/%Y}" if row.expires else "không hạn / no end"
    typer.echo(f"{row.id}: {row.tenant}, {row.name}, {' '.join(sorted(row.scopes))}, → {ends}", err=True)
    typer.echo(token)


def _plain(row: "Caller") -> dict[str, object]:
    import msgspec  # see above

    plain: dict[str, object] = msgspec.to_builtins(row)
    return plain | {"scopes": sorted(row.scopes)}
