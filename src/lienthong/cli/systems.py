"""`lienthong gateway system …`: software that calls the VXP face, its secrets, its wishes, what it was refused.

add|list|serve          who, and on whose behalf
rotate|revoke           its secrets, each told once
wishes|approve|refuse   what it asked for by registerAgency, deleteAgency
trail                   refusals and acts, by the minute
"""

from typing import Annotated, Any

import typer

from lienthong.cli.operating import Config, Json, TokenFile
from lienthong.cli.operating_face import ask, cell, moment, table_of
from lienthong.cli.printing import files_here, out, print_json, say, spoken

app = typer.Typer(no_args_is_help=True, help="Phần mềm gọi giao diện VXP. / Software that calls the VXP face.")
Name = Annotated[str, typer.Argument(metavar="SYSTEM", help="Mã hệ thống (systemid) / system id")]
Serves = Annotated[
    list[str], typer.Option("--serves", metavar="CODE", help="Cơ quan được gọi thay, lặp lại được / may be repeated")
]
Why = Annotated[str, typer.Option("--reason", help="Vì sao / why")]
WishId = Annotated[str, typer.Argument(metavar="WISH", help="Mã đề nghị / its id")]


@app.command("add")
def add(
    config: Config,
    system: Name,
    serves: Serves,
    name: Annotated[str, typer.Option("--name", help="Tên phần mềm / what it is")] = "",
    window_hours: Annotated[
        float, typer.Option(min=0, help="Giờ của lệnh gọi được cũ đến bao nhiêu / how old a call's time may be")
    ] = 0,
    time_to_live_hours: Annotated[
        float, typer.Option(min=0, help="Giờ tối đa để giao một gói tin của nó / hours its packages may be under way")
    ] = 0,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Đăng ký một phần mềm; in bí mật một lần. / Register software; its secret is printed once."""
    with spoken(as_json=as_json), files_here():
        limits = {"window_hours": window_hours, "time_to_live_hours": time_to_live_hours}
        body = {"id": system, "name": name, "serves": serves, **limits}
        _tell_secret(ask(config, token_file, "POST", "/v1/systems", body=body), as_json=as_json)


@app.command("list")
def listed(config: Config, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Các phần mềm, cơ quan, bí mật còn hiệu lực. / Systems, whom they serve, secrets in force."""
    with spoken(as_json=as_json), files_here():
        found: Any = ask(config, token_file, "GET", "/v1/systems")
        if as_json:
            print_json(found)
            return
        table = table_of("Hệ thống", "Tên", "Cơ quan", "Bí mật còn hiệu lực")
        for each in found:
            live = (f"{one['id']} {_until(one['until'])}" for one in each["secrets"] if one["live"])
            table.add_row(*map(cell, (each["id"], each["name"], ", ".join(each["serves"]), "; ".join(live) or "–")))
        out().print(table)


def _until(until: str | None) -> str:
    return f"(đến {moment(until)})" if until else ""


@app.command("serve")
def serve(config: Config, system: Name, serves: Serves, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Đặt lại các cơ quan mà phần mềm được gọi thay. / Set all organisations the software calls as."""
    with spoken(as_json=as_json), files_here():
        found = ask(config, token_file, "POST", f"/v1/systems/{system}/serves", body={"serves": serves})
        if as_json:
            print_json(found)
        else:
            say(f"{system}: {', '.join(found['serves'])}", "serves", "green")


@app.command("rotate")
def rotate(
    config: Config,
    system: Name,
    keep_hours: Annotated[
        float, typer.Option(min=0, help="Bí mật cũ còn dùng được mấy giờ / hours the old secrets count")
    ] = 72,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Cấp bí mật mới; cũ và mới cùng dùng được một thời gian. / A new secret; old and new count side by side."""
    with spoken(as_json=as_json), files_here():
        body = {"keep_hours": keep_hours}
        _tell_secret(ask(config, token_file, "POST", f"/v1/systems/{system}/rotate", body=body), as_json=as_json)


@app.command("revoke")
def revoke(
    config: Config,
    system: Name,
    secret: Annotated[str, typer.Option("--secret", metavar="ID", help="Chỉ một bí mật / one secret only")] = "",
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Thu hồi bí mật ngay. / Take secrets back at once."""
    with spoken(as_json=as_json), files_here():
        ask(config, token_file, "POST", f"/v1/systems/{system}/revoke", body={"secret": secret})
        if as_json:
            print_json({"system": system, "revoked": secret or "all"})
        else:
            say(f"Đã thu hồi bí mật của {system}.", "revoked; calls with it are refused within a second", "green")


@app.command("wishes")
def wishes(
    config: Config,
    every: Annotated[bool, typer.Option("--all", help="Cả việc đã quyết / decided ones too")] = False,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Đề nghị thêm, bớt cơ quan. / What software asked for."""
    with spoken(as_json=as_json), files_here():
        query = {"every": "true"} if every else {}
        found: Any = ask(config, token_file, "GET", "/v1/systems-wishes", query=query)
        if as_json:
            print_json(found)
            return
        table = table_of("Mã", "Lúc", "Hệ thống", "Việc", "Cơ quan", "Tên", "Trạng thái")
        for each in found:
            told = (moment(each["at"]), each["system"], each["act"], each["code"], each["said"].get("name", ""))
            table.add_row(*map(cell, (each["id"], *told, each["state"])))
        out().print(table)


@app.command("approve")
def approve(config: Config, wish: WishId, reason: Why, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Đồng ý một đề nghị. / Fulfil a wish."""
    _decide(config, wish, reason, token_file, approved=True, as_json=as_json)


@app.command("refuse")
def refuse(config: Config, wish: WishId, reason: Why, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Từ chối một đề nghị. / Refuse a wish."""
    _decide(config, wish, reason, token_file, approved=False, as_json=as_json)


@app.command("trail")
def trail(
    config: Config,
    system: Annotated[str, typer.Option("--system", help="Chỉ một hệ thống / one system only")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Những lần bị từ chối và việc người vận hành đã làm. / What was refused, and what operators did."""
    with spoken(as_json=as_json), files_here():
        query = {"system": system, "limit": str(limit)}
        found: Any = ask(config, token_file, "GET", "/v1/systems-trail", query=query)
        if as_json:
            print_json(found)
            return
        table = table_of("Phút", "Hệ thống", "Lệnh gọi", "Mã", "Số lần", "Lần đầu")
        for each in found:
            told = (each["system"] or "?", each["call"], each["code"], each["count"], each["detail"])
            table.add_row(*map(cell, (moment(each["minute"]), *told)))
        out().print(table)


def _decide(config: Any, wish: str, reason: str, token_file: Any, *, approved: bool, as_json: bool) -> None:
    with spoken(as_json=as_json), files_here():
        body = {"approve": approved, "reason": reason}
        found = ask(config, token_file, "POST", f"/v1/systems-wishes/{wish}", body=body)
        if as_json:
            print_json(found)
        else:
            say(f"{found['system']} {found['act']} {found['code']}: {found['state']}", "decided", "green")


def _tell_secret(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(f"Hệ thống {found['system']}, bí mật (chỉ in một lần):", "its secret, printed this once", "bold")
    typer.echo(found["secret"])
