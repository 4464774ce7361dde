"""`lienthong administer …`: an agency's own administrator at its gateway; the token needs the scope `admin`.

show|bound                 what may be used, what was used today; the agency's own bounds
tokens|issue|rotate|revoke access tokens of its software
systems|secret|shut        software of the VXP face that calls as the agency, a further secret, the end of one
acts                       what was done, by whom
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.operating_face import cell, table_of
from lienthong.cli.printing import local, out, print_json, say, spoken
from lienthong.cli.tenants import size_of
from lienthong.client import AccessToken, Administration, Bounds, Desk, IssuedToken

app = typer.Typer(no_args_is_help=True, help="Quản trị của cơ quan. / The agency's own administrator.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Mã hiệu trong danh sách / as listed")]
System = Annotated[str, typer.Argument(metavar="SYSTEM", help="Mã hệ thống / system id")]
Bound = typer.Option(min=0, help="0 là không giới hạn thêm / 0 for no further bound")


@contextmanager
def _desk(as_code: str, desks_file: DesksFile, *, as_json: bool = False) -> Iterator[Desk]:
    with spoken(as_json=as_json), desks.open_desk(as_code, desks_file) as desk:
        yield desk


@app.command("show")
def show(as_code: AsCode = "", desks_file: DesksFile = None, as_json: AsJson = False) -> None:
    """Hạn mức và đã dùng hôm nay. / Bounds, and what was used today."""
    with _desk(as_code, desks_file, as_json=as_json) as desk:
        _told(desk.administration(), as_json=as_json)


@app.command("bound")
def bound(
    documents: Annotated[int, Bound] = 0,
    size: Annotated[str, typer.Option("--bytes", metavar="2G", help="Dung lượng mỗi ngày / bytes a day")] = "0",
    largest: Annotated[str, typer.Option(metavar="50M", help="Gói lớn nhất / largest package")] = "0",
    rate: Annotated[float, Bound] = 0,
    tokens: Annotated[int, Bound] = 0,
    as_code: AsCode = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Đặt lại mọi hạn mức của chính cơ quan. / Set all of the agency's own bounds."""
    with _desk(as_code, desks_file, as_json=as_json) as desk:
        wanted = Bounds(documents, size_of(size), size_of(largest), rate, tokens)
        _told(desk.bound(wanted), as_json=as_json)


@app.command("tokens")
def tokens(as_code: AsCode = "", desks_file: DesksFile = None, as_json: AsJson = False) -> None:
    """Mã truy cập của phần mềm, không có mã. / Access tokens, without what they are."""
    with _desk(as_code, desks_file, as_json=as_json) as desk:
        found = desk.access_tokens()
        if as_json:
            print_json(found)
            return
        table = table_of("Mã hiệu", "Phần mềm", "Quyền", "Đến", "")
        for row in found:
            ends = local(row.expires) if row.expires else "–"
            state = "" if row.live else "không còn hiệu lực / ended"
            table.add_row(*map(cell, (row.id, row.name, " ".join(row.scopes), ends, state)))
        out().print(table)


@app.command("issue")
def issue(
    name: Annotated[str, typer.Option("--name", help="Phần mềm nào / which software")],
    scope: Annotated[list[str], typer.Option("--scope", help="read, send, receive, sign, hooks, admin")],
    days: Annotated[int, typer.Option("--days", min=0, help="Hạn dùng, 0 là không hạn / life, 0 for no end")] = 365,
    as_code: AsCode = "",
    desks_file: DesksFile = None,
) -> None:
    """Cấp mã truy cập; in ra một lần. / Issue a token, printed once."""
    with _desk(as_code, desks_file) as desk:
        _issued(desk.issue_token(name, scope, days))


@app.command("rotate")
def rotate(
    id: Id,
    hours: Annotated[float, typer.Option("--overlap-hours", min=0, help="Mã cũ còn dùng / the old one goes on")] = 24,
    as_code: AsCode = "",
    desks_file: DesksFile = None,
) -> None:
    """Đổi mã; mã cũ còn dùng một thời gian. / A new token; the old one goes on for a while."""
    with _desk(as_code, desks_file) as desk:
        _issued(desk.rotate_token(id, hours))


@app.command("revoke")
def revoke(id: Id, as_code: AsCode = "", desks_file: DesksFile = None) -> None:
    """Thu hồi mã ngay. / Take a token back at once."""
    with _desk(as_code, desks_file) as desk:
        row = desk.revoke_token(id)
        say(f"Đã thu hồi mã {row.id} của {row.name}.", f"Token {row.id} is taken back.", "green")


@app.command("systems")
def systems(as_code: AsCode = "", desks_file: DesksFile = None, as_json: AsJson = False) -> None:
    """Phần mềm gọi giao diện VXP thay cơ quan. / Software of the VXP face."""
    with _desk(as_code, desks_file, as_json=as_json) as desk:
        found = desk.systems()
        if as_json:
            print_json(found)
            return
        table = table_of("Hệ thống", "Tên", "Bí mật còn hiệu lực")
        for each in found:
            live = " ".join(one.id for one in each.secrets if one.live) or "–"
            kept = "đơn vị chủ quản giữ / kept by the host" if each.shared else live
            table.add_row(*map(cell, (each.id, each.name, kept)))
        out().print(table)


@app.command("secret")
def secret(
    system: System,
    keep_hours: Annotated[float, typer.Option(min=0, help="Bí mật cũ còn dùng / the old ones go on")] = 72,
    as_code: AsCode = "",
    desks_file: DesksFile = None,
) -> None:
    """Thêm một bí mật; in ra một lần. / A further secret, printed once."""
    with _desk(as_code, desks_file) as desk:
        typer.echo(desk.rotate_secret(system, keep_hours).secret)


@app.command("shut")
def shut(
    system: System,
    secret: Annotated[str, typer.Option("--secret", help="Chỉ bí mật này / only this one")] = "",
    as_code: AsCode = "",
    desks_file: DesksFile = None,
) -> None:
    """Thu hồi một hoặc mọi bí mật của phần mềm. / Take back one secret, or all."""
    with _desk(as_code, desks_file) as desk:
        desk.revoke_secret(system, secret)
        say(f"{system}: đã thu hồi {secret or 'mọi bí mật'}.", "taken back", "green")


@app.command("acts")
def acts(as_code: AsCode = "", desks_file: DesksFile = None, as_json: AsJson = False) -> None:
    """Ai đã làm gì. / Who did what."""
    with _desk(as_code, desks_file, as_json=as_json) as desk:
        found = desk.administration_acts()
        if as_json:
            print_json(found)
            return
        table = table_of("Lúc", "Việc", "")
        for each in found:
            table.add_row(*map(cell, (local(each.at), each.act, each.text)))
        out().print(table)


def _told(found: Administration, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    table = table_of("Trong ngày", "Đã dùng", "Còn lại", "Hạn mức", "Của chủ quản", "Của cơ quan")
    for share in found.allowance.shares:
        left = f"{share.left:,}" if share.limit else "–"
        limits = (getattr(each, share.name) for each in (found.counts, found.host, found.own))
        name = {"documents": "văn bản / documents", "bytes": "byte"}.get(share.name, share.name)
        table.add_row(*map(cell, (name, f"{share.used:,}", left, *(f"{each:,}" if each else "–" for each in limits))))
    out().print(table)
    if found.allowance.until:
        say(f"Tính lại lúc {local(found.allowance.until)}.", "counted anew then")


def _issued(made: IssuedToken) -> None:
    """The token alone on standard output; what it is beside it."""
    typer.echo(_line(made.row), err=True)
    typer.echo(made.token)


def _line(row: AccessToken) -> str:
    ends = f"{row.expires:%d/%m/%Y}" if row.expires else "không hạn / no end"
    return f"{row.id}: {row.name}, {' '.join(row.scopes)}, → {ends}"
