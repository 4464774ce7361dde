"""`lienthong axis …` and `lienthong gateway …`: what an operator does, over the operations face; no SQL, no content.

operator add|remove     who may: a token on this machine
messages search|show|dead|requeue|cancel|expire|close
reconcile               look at everything now
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from lienthong.cli.operating_face import TOKEN, ask, cell, letters, moment, operators_file, table_of
from lienthong.cli.printing import files_here, out, print_json, say, spoken

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình của tiến trình / its settings")]
Json = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
TokenFile = Annotated[
    Path | None, typer.Option("--token-file", help=f"Tệp chứa mã của người vận hành; hoặc biến {TOKEN} / token file")
]
Reason = Annotated[
    str, typer.Option("--reason", help="Vì sao; được ghi vào nhật ký bằng chứng / why, kept as evidence")
]
Addressee = Annotated[str, typer.Option("--to", help="Chỉ một nơi nhận / one addressee only")]
Id = Annotated[str, typer.Argument(metavar="PACKAGE", help="Mã gói tin / package id")]


def attach(process: typer.Typer) -> None:
    """Add the operator's commands to a process's."""
    process.add_typer(messages, name="messages")
    process.add_typer(operator, name="operator")
    process.command("reconcile")(reconcile)


Viewer = Annotated[bool, typer.Option("--viewer", help="Chỉ được xem / may only look")]
messages = typer.Typer(no_args_is_help=True, help="Tìm, xem, gỡ vướng gói tin. / Find, show and free messages.")
operator = typer.Typer(no_args_is_help=True, help="Ai được vận hành. / Who may operate.")


# ---------------------------------------------------------------- who may


@operator.command("add")
def add(config: Config, name: Annotated[str, typer.Option("--name")], viewer: Viewer = False) -> None:
    """Cấp mã cho một người; in ra một lần. / Give a person a token, printed once."""
    from secrets import token_hex

    from lienthong.adapters.operators import Operator, Role, add_operator

    with spoken(), files_here():
        token = token_hex(16)
        add_operator(operators_file(config), token, Operator(name, Role.VIEWER if viewer else Role.OPERATOR))
        typer.echo(token)


@operator.command("remove")
def remove(config: Config, name: Annotated[str, typer.Option("--name")]) -> None:
    """Thu hồi mã của một người. / Take a person's token back."""
    from lienthong.adapters.operators import remove_operator

    with spoken(), files_here():
        remove_operator(operators_file(config), name)
        say(f"Đã thu hồi mã của {name}.", f"{name}'s token is taken back.")


# ---------------------------------------------------------------- looking


@messages.command("search")
def search(
    config: Config,
    text: Annotated[str, typer.Argument(help="Mã, số, ký hiệu / any id, number, notation")] = "",
    agency: Annotated[str, typer.Option("--agency", help="Mã cơ quan / agency code")] = "",
    since: Annotated[str, typer.Option("--since", metavar="YYYY-MM-DD")] = "",
    until: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD")] = "",
    content: Annotated[str, typer.Option("--content", help="edoc | status")] = "edoc",
    after: Annotated[str, typer.Option("--after", help="Trang kế / cursor of the next page")] = "",
    limit: int = 50,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Tìm theo mã bất kỳ, số, cơ quan, ngày. / Find by any id, number, agency, day."""
    with spoken(as_json=as_json), files_here():
        asked = {"text": text, "agency": agency, "since": since, "until": until, "content": content, "after": after}
        query = {name: value for name, value in asked.items() if value} | {"limit": str(limit)}
        found = ask(config, token_file, "GET", "/v1/messages", query=query)
        if as_json:
            print_json(found)
            return
        table = table_of("Gói tin", "Số", "Gửi", "Ghi nhận", "Nơi nhận")
        for entry in found["entries"]:
            legs = ", ".join(f"{leg['addressee']}:{leg['state']}" for leg in entry["legs"])
            table.add_row(
                *map(cell, (entry["id"], entry["number"], entry["sender"], moment(entry["recorded_at"]), legs))
            )
        out().print(table)
        if found["next"]:
            say(f"Còn nữa: --after {found['next']}", "more")


@messages.command("show")
def show(config: Config, package: Id, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Một gói tin: nơi nhận, từng bước và bằng chứng. / One message: legs, every step and its evidence."""
    with spoken(as_json=as_json), files_here():
        found = ask(config, token_file, "GET", f"/v1/messages/{package}")
        if as_json:
            print_json(found)
            return
        message = found["message"]
        say(f"{message['id']} {message['number']} ({message['sender']})", message["message_id"], "bold")
        for leg in message["legs"]:
            say(
                f"  {leg['lane']} {leg['addressee']}: {leg['state']} {leg['refusal'] or leg['detail']}", leg["next_hop"]
            )
        table = table_of("Lúc", "Hệ thống", "Bước", "Nơi nhận", "Mã", "Bằng chứng")
        for step in found["steps"]:
            proof = "có / yes" if step["receipt"] else "–"
            told = (
                moment(step["at"]),
                step["hop"],
                step["kind"],
                step["addressee"],
                f"{step['code']} {step['text']}",
                proof,
            )
            table.add_row(*map(cell, told))
        out().print(table)
        letters(found["troubles"])


@messages.command("dead")
def dead(
    config: Config,
    code: Annotated[str, typer.Option("--code", help="Chỉ một nguyên nhân / one cause")] = "",
    package: Annotated[str, typer.Option("--package")] = "",
    every: Annotated[bool, typer.Option("--all", help="Cả việc còn tự thử lại / also what is still tried")] = False,
    after: int = 0,
    limit: int = 50,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Những gì không tự đi tiếp được, và làm gì được. / What cannot go on by itself, and what can be done."""
    with spoken(as_json=as_json), files_here():
        asked = {"code": code, "package": package, "show": "all" if every else "dead"}
        query = {name: value for name, value in asked.items() if value} | {"after": str(after), "limit": str(limit)}
        found = ask(config, token_file, "GET", "/v1/dead-letters", query=query)
        if as_json:
            print_json(found)
            return
        if not found["entries"]:
            say("Không có gì bị kẹt.", "nothing is stuck", "green")
        letters(found["entries"])
        if found["next"]:
            say(f"Còn nữa: --after {found['next']}", "more")


# ---------------------------------------------------------------- acting


@messages.command("requeue")
def requeue(
    config: Config,
    reason: Reason,
    package: Annotated[str, typer.Argument(metavar="PACKAGE")] = "",
    code: Annotated[str, typer.Option("--code", help="Mọi gói tin cùng nguyên nhân / all of one cause")] = "",
    to: Addressee = "",
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Cho chạy lại ngay. / Try again now."""
    with spoken(as_json=as_json), files_here():
        if bool(package) == bool(code):
            raise typer.BadParameter("PACKAGE | --code")
        if code:
            body = {"code": code, "reason": reason}
            _done(ask(config, token_file, "POST", "/v1/dead-letters/requeue", body=body), as_json=as_json)
        else:
            _act(config, token_file, package, "requeue", reason, to, as_json=as_json)


@messages.command("cancel")
def cancel(
    config: Config, package: Id, reason: Reason, to: Addressee = "", token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Dừng việc chưa giao; nơi gửi nhận được bằng chứng. / Stop what is not delivered; the sender gets evidence."""
    with spoken(as_json=as_json), files_here():
        _act(config, token_file, package, "cancel", reason, to, as_json=as_json)


@messages.command("expire")
def expire(
    config: Config, package: Id, reason: Reason, to: Addressee = "", token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Kết thúc thời hạn gửi ngay (chỉ trục). / End the time to live now (the axis only)."""
    with spoken(as_json=as_json), files_here():
        _act(config, token_file, package, "expire", reason, to, as_json=as_json)


@messages.command("close")
def close(
    config: Config,
    key: Annotated[str, typer.Argument(help="Khóa trong danh sách / key in the list")],
    reason: Reason,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Gỡ một mục khỏi danh sách. / Take an entry off the list."""
    with spoken(as_json=as_json), files_here():
        body = {"key": key, "reason": reason}
        _done(ask(config, token_file, "POST", "/v1/dead-letters/close", body=body), as_json=as_json)


def reconcile(
    config: Config,
    once: Annotated[bool, typer.Option("--once", help="Một lượt gọi rồi thôi / one call only")] = False,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Rà soát toàn bộ ngay bây giờ. / Look at everything now."""
    with spoken(as_json=as_json), files_here():
        findings: list[dict[str, Any]] = []
        seen, whole = 0, False
        while not whole:
            page = ask(config, token_file, "POST", "/v1/reconcile", body={})
            findings, seen, whole = findings + page["findings"], seen + page["seen"], page["whole"] or once
        if as_json:
            print_json({"findings": findings, "seen": seen})
            return
        for each in findings:
            mended = "đã tự sửa / mended" if each["mended"] else "đã đưa vào danh sách / listed"
            say(f"[{each['code']}] {each['package']} {each['lane']} {each['addressee']} {each['detail']}", mended)
        say(f"Đã xem {seen} dòng, {len(findings)} phát hiện.", f"{seen} rows seen, {len(findings)} findings", "bold")


def _act(config: Path, token_file: Path | None, package: str, act: str, reason: str, to: str, *, as_json: bool) -> None:
    body = {"reason": reason, "addressee": to}
    _done(ask(config, token_file, "POST", f"/v1/messages/{package}/{act}", body=body), as_json=as_json)


def _done(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        say(f"Đã làm: {answer['count']}.", f"done: {answer['count']}", "green")
