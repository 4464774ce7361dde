"""`lienthong gateway tenant …`: what each agency of a shared gateway may use, and what it used today."""

from typing import Annotated, Any

import typer

from lienthong.cli.operating import Config, Json, TokenFile
from lienthong.cli.operating_face import ask, cell, table_of
from lienthong.cli.printing import files_here, out, print_json, say, spoken

app = typer.Typer(no_args_is_help=True, help="Cơ quan trên máy chủ dùng chung. / Agencies of a shared gateway.")
Bound = typer.Option(min=0, help="0 là không giới hạn / 0 for no bound")
_UNITS = {"k": 10**3, "M": 10**6, "G": 10**9}


@app.command("list")
def listed(config: Config, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Hạn mức, đã dùng hôm nay, số mã truy cập và người quản trị. / Bounds, use, tokens, administrators."""
    with spoken(as_json=as_json), files_here():
        found: Any = ask(config, token_file, "GET", "/v1/tenants")
        if as_json:
            print_json(found)
            return
        table = table_of("Cơ quan", "Tên", "Văn bản", "Byte", "Mã truy cập", "Quản trị")
        for each in found:
            shares = (_share(one) for one in each["allowance"]["shares"])
            table.add_row(*map(cell, (each["code"], each["name"], *shares, each["tokens"], each["administrators"])))
        out().print(table)


@app.command("bound")
def bound(
    config: Config,
    agency: Annotated[str, typer.Argument(metavar="CODE", help="Cơ quan nào / which agency")],
    reason: Annotated[str, typer.Option("--reason", help="Vì sao / why")],
    documents: Annotated[int, Bound] = 0,
    size: Annotated[str, typer.Option("--bytes", metavar="2G", help="Dung lượng mỗi ngày / bytes a day")] = "0",
    largest: Annotated[str, typer.Option(metavar="50M", help="Gói lớn nhất / largest package")] = "0",
    rate: Annotated[float, Bound] = 0,
    tokens: Annotated[int, Bound] = 0,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Đặt lại mọi hạn mức của một cơ quan. / Set all bounds of an agency."""
    with spoken(as_json=as_json), files_here():
        sizes = {"bytes": size_of(size), "largest": size_of(largest)}
        bounds = {"documents": documents, **sizes, "rate": rate, "tokens": tokens}
        body = {"reason": reason, "bounds": bounds}
        found = ask(config, token_file, "POST", f"/v1/tenants/{agency}/bounds", body=body)
        if as_json:
            print_json(found)
        else:
            say(f"{agency}: " + ", ".join(_share(one) for one in found["allowance"]["shares"]), "bounded", "green")


def size_of(text: str) -> int:
    """`50M`, `2G` or a number, in bytes."""
    number, unit = (text[:-1], _UNITS[text[-1]]) if text[-1:] in _UNITS else (text, 1)
    if not number.isascii() or not number.isdigit():
        raise typer.BadParameter(f"{text}: 500M, 2G")
    return int(number) * unit


def _share(share: dict[str, Any]) -> str:
    return f"{share['used']:,}/{share['limit']:,}" if share["limit"] else f"{share['used']:,}"
