"""`lienthong registry application …`: applications to join, decided at a terminal as on their pages."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from lienthong.adapters.files import write_whole
from lienthong.cli import directory
from lienthong.cli.directory import AsJson, KeyFile, Place, Root, Url, err, out, tell

app = typer.Typer(name="application", help="Hồ sơ đăng ký nối trục / applications to join")
Number = Annotated[int, typer.Argument(help="Số hồ sơ / the application's number")]
To = Annotated[Path, typer.Argument(help="Ghi ra tệp / file to write", dir_okay=False)]


@app.command("list")
def listing(
    *,
    every: Annotated[bool, typer.Option("--all", help="Cả hồ sơ đã xong / those that ended too")] = False,
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
    as_json: AsJson = False,
) -> None:
    """Các hồ sơ và bước kế tiếp. / Applications, each with its next step."""
    with Place(url, key_file, ca).opened() as line:
        tell(line.applications(every=every), _list, as_json=as_json)


@app.command()
def show(number: Number, url: Url = "", key_file: KeyFile = None, ca: Root = None, *, as_json: AsJson = False) -> None:
    """Một hồ sơ: từng bước, còn thiếu gì. / One application: its steps, and what is missing."""
    with Place(url, key_file, ca).opened() as line:
        tell(line.application(number), _show, as_json=as_json)


@app.command()
def letter(number: Number, file: To, url: Url = "", key_file: KeyFile = None, ca: Root = None) -> None:
    """Lưu văn bản đề nghị. / Save the signed letter."""
    with Place(url, key_file, ca).opened() as line:
        write_whole(file, line.letter(number))
        out.print(f"[green]✓[/] {file}")


@app.command()
def requests(number: Number, file: To, url: Url = "", key_file: KeyFile = None, ca: Root = None) -> None:
    """Lưu các yêu cầu chứng thư. / Save the certificate requests."""
    with Place(url, key_file, ca).opened() as line:
        write_whole(file, line.requests(number))
        out.print(f"[green]✓[/] {file}")


@app.command()
def refuse(
    number: Number,
    reason: Annotated[str, typer.Option(help="Lý do, người nộp đọc được / reason, which the applicant reads")],
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
) -> None:
    """Từ chối, hồ sơ dừng ở đây. / Refuse; the application ends here."""
    _decide(Place(url, key_file, ca), number, "refuse", reason.encode())


@app.command()
def certificates(
    number: Number,
    chain: Annotated[Path, typer.Argument(help="Chứng thư kèm chuỗi, PEM / with their chain", exists=True)],
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
) -> None:
    """Đưa về chứng thư CA đã cấp. / Bring certificates that the authority issued."""
    _decide(Place(url, key_file, ca), number, "certificates", chain.read_bytes())


_ACTS = {
    "examine": ("examine", "Đã thẩm tra đơn và văn bản. / Form and letter were examined."),
    "approve": ("approve", "Duyệt hồ sơ người khác đã thẩm tra. / Approve what somebody else examined."),
    "code": ("code", "Cấp mã dùng một lần, chỉ hiện lúc này. / A one-time code for the gateway, told once."),
    "ask-certificates": ("authority", "Xin CA cấp chứng thư còn thiếu. / Ask the authority for what is missing."),
    "enter-organisation": ("organisation", "Ghi cơ quan vào danh bạ trước máy chủ. / The organisation first."),
    "enter": ("enter", "Ghi cơ quan, máy chủ, chứng thư vào danh bạ. / Into the directory, all in one change."),
    "test": ("test", "Hỏi trục có thấy máy chủ không. / Ask the axis whether it sees the gateway."),
}


def _act(name: str) -> Any:
    def act(number: Number, url: Url = "", key_file: KeyFile = None, ca: Root = None) -> None:
        _decide(Place(url, key_file, ca), number, name)

    return act


for _name, (_deed, _words) in _ACTS.items():
    app.command(_name, help=_words)(_act(_deed))


# ---------------------------------------------------------------- printing


def _decide(place: Place, number: int, act: str, said: bytes = b"") -> None:
    """What comes next goes to standard error, so that a script reads a one-time code alone."""
    with place.opened() as line:
        told = line.decide(number, act, said)
    if once := told.get("one_time_code"):
        out.print(once)
    _next(told)


def _next(told: dict[str, Any]) -> None:
    err.print(f"[green]✓[/] {told['id']} {escape(_line(told))}")
    waits = next((each for each in told["steps"] if each["done"] is None), None)
    if waits and not told["refused"]:
        err.print(f"còn / next: {escape(directory.both(waits))}")
        _lacking(waits, err)


def _list(told: dict[str, Any]) -> None:
    for each in told["applications"]:
        step = {"vi": "từ chối", "en": "refused"} if each["refused"] else each["next"]
        out.print(f"[bold]{each['id']}[/] {escape(_line(each))} · {step['vi'] or 'xong'} / {step['en'] or 'done'}")


def _show(told: dict[str, Any]) -> None:
    out.print(f"[bold]{told['id']}[/] {escape(_line(told))}")
    if told["refused"]:
        out.print(f"[red]✗[/] từ chối / refused: {escape(told['reason'])}")
    for each in told["steps"]:
        out.print(f"{'[green]✓[/]' if each['done'] else '·'} {escape(directory.both(each))}")
        if not told["refused"]:
            _lacking(each, out)
    for each in told["requests"]:
        mark = "[green]✓[/]" if each["certified"] else "·"
        out.print(f"{mark} {escape(' '.join(filter(None, (each['holder'], each['case'], each['case_words']))))}")


def _lacking(step: dict[str, Any], to: Console) -> None:
    if step["missing"] and step["missing"]["vi"]:
        to.print(f"    {escape(directory.both(step['missing']))}")


def _line(told: dict[str, Any]) -> str:
    return f"{told['code']} {told['name']} ({told['gateway']})"
