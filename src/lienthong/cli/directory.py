"""`lienthong registry …` against the directory's service: the acts of its pages, so that a province can script them.

Where it is and whose key acts come from `--url` and `--key-file`, or LIENTHONG_DIRECTORY and LIENTHONG_DIRECTORY_KEY.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lienthong.adapters.files import read_secret, write_whole
from lienthong.client.directory import Directory
from lienthong.document.times import VIETNAM
from lienthong.errors import ConfigurationInvalid, InvalidValue, LienThongError

out, err = Console(), Console(stderr=True)
SHOWN = 20
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]

Url = Annotated[str, typer.Option(envvar="LIENTHONG_DIRECTORY", help="Địa chỉ trang danh bạ / the directory's address")]
KeyFile = Annotated[
    Path | None, typer.Option(envvar="LIENTHONG_DIRECTORY_KEY", help="Tệp khóa truy cập (0600) / access key file")
]
Root = Annotated[Path | None, typer.Option(help="Chứng thư gốc PEM của trang / its root certificate", exists=True)]
Number = Annotated[int, typer.Argument(help="Số kế hoạch / the plan's number")]
On = Annotated[datetime | None, typer.Option(help="Ngày / day", formats=DAYS)]
AsJson = Annotated[bool, typer.Option("--json", help="In nguyên câu trả lời / print the answer as JSON")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the directory is and whose key acts."""

    url: str
    key_file: Path | None
    ca: Path | None

    @contextmanager
    def opened(self) -> Iterator[Directory]:
        """The connection; every refusal becomes two sentences and exit code 1."""
        try:
            if not self.url or self.key_file is None:
                raise ConfigurationInvalid("--url, --key-file")
            with Directory(self.url, read_secret(self.key_file).decode("utf-8", "replace").strip(), self.ca) as line:
                yield line
        except LienThongError as error:
            err.print(f"[red]{escape(error.sentence('vi'))}[/]\n{escape(error.sentence('en'))}")
            raise typer.Exit(1) from None


def attach(app: typer.Typer) -> None:
    """Add the commands to `lienthong registry`."""
    app.command("import")(take_in)
    app.command()(export)
    app.command("as-of")(as_of)
    app.command("compare")(compare)
    app.command("plan")(plan)
    for name, words in _ACTS.items():
        app.command(name, help=words)(_act(name))


def take_in(
    table: Annotated[Path, typer.Argument(help="Bảng .xlsx hoặc .csv / table", exists=True, dir_okay=False)],
    day: Annotated[
        datetime | None, typer.Option("--from", help="Có hiệu lực từ ngày / in force from", formats=DAYS)
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Đưa vào nếu không có lỗi / take it in if nothing is wrong")
    ] = False,
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
    as_json: AsJson = False,
) -> None:
    """Xem trước một bảng; --yes: đưa vào danh bạ. / Show what a table would do; --yes: take it in."""
    with Place(url, key_file, ca).opened() as line:
        told = line.bring(table.name, table.read_bytes(), _day(day))
        tell(told, _show_table, as_json=as_json)
        if told["findings"]:
            raise InvalidValue(f"{len(told['findings'])} lỗi / faults; chưa có gì thay đổi / nothing was changed")
        if yes:
            line.take(told["id"])
            err.print("[green]✓[/] đã vào danh bạ / taken in")


def export(
    file: Annotated[Path, typer.Argument(help="Tệp .csv hoặc .xlsx / file", dir_okay=False)],
    under: Annotated[str, typer.Option(help="Chỉ dưới mã này / only below this code")] = "",
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
) -> None:
    """Ghi mọi thời kỳ ra một bảng mà import đọc lại được. / Write every period to a table that import reads again."""
    with Place(url, key_file, ca).opened() as line:
        form = file.suffix.lstrip(".").lower()
        if form not in {"csv", "xlsx"}:
            raise InvalidValue(f"{file}: .csv | .xlsx")
        write_whole(file, line.export(form, under))
        out.print(f"[green]✓[/] {file}")


def as_of(
    code: Annotated[str, typer.Argument(help="Mã định danh, hoặc chữ trong tên / code, or words")],
    on: On = None,
    known: Annotated[
        datetime | None,
        typer.Option(help="Theo những gì đã biết lúc / as believed at", formats=["%Y-%m-%dT%H:%M", *DAYS]),
    ] = None,
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Ai mang mã này ngày ấy. / Who had a code on a day."""
    with Place(url, key_file, ca).opened() as line:
        if " " in code.strip():
            told = line.search(code, on and on.date())
        else:
            told = line.as_of(code, on and on.date(), known.replace(tzinfo=VIETNAM) if known else None)
        tell(told, _show_found if "organisations" in told else _show_history, as_json=as_json)


def compare(
    since: Annotated[datetime, typer.Argument(help="Từ ngày / from", formats=DAYS)],
    until: Annotated[datetime, typer.Argument(help="Đến ngày / to", formats=DAYS)],
    under: Annotated[str, typer.Option(help="Chỉ dưới mã này / only below this code")] = "",
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Hai ngày khác nhau ở đâu. / What differs between two days."""
    with Place(url, key_file, ca).opened() as line:
        told = line.differences(since.date(), until.date(), under)
        tell(told, _show_differences, as_json=as_json)


def plan(
    wanted: Annotated[
        str | None, typer.Argument(help="Tệp kế hoạch JSON, hoặc số kế hoạch / plan file, or number")
    ] = None,
    url: Url = "",
    key_file: KeyFile = None,
    ca: Root = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Lập kế hoạch từ tệp, hoặc xem một kế hoạch, hoặc liệt kê. / Draft a plan from a file, show one, or list them."""
    with Place(url, key_file, ca).opened() as line:
        if wanted is None:
            told = line.plans()
        else:
            told = line.plan(int(wanted)) if wanted.isdigit() else line.draft(Path(wanted).read_bytes())
        tell(told, _show_plans if "plans" in told else _show_plan, as_json=as_json)


_ACTS = {
    "propose": "Trình kế hoạch. / Propose a plan.",
    "approve": "Duyệt kế hoạch của người khác. / Approve somebody else's plan.",
    "execute": "Thực hiện kế hoạch đã duyệt. / Carry out an approved plan.",
    "withdraw": "Rút kế hoạch. / Withdraw a plan.",
}


def _act(name: str) -> Any:
    def act(number: Number, url: Url = "", key_file: KeyFile = None, ca: Root = None) -> None:
        with Place(url, key_file, ca).opened() as line:
            told = line.act(number, "carry-out" if name == "execute" else name)
            out.print(f"[green]✓[/] {told['id']} {told['state']}")

    return act


def published(place: Place, days: int) -> None:
    """Ask the service for the next version."""
    with place.opened() as line:
        told = line.publish(days)
        if told["version"] is None:
            out.print("đã ghi, chờ nơi giữ khóa ký / recorded, waits for where the key is")
        else:
            out.print(f"[green]✓[/] phiên bản / version {told['version']}, SHA-256 {told['digest']}")


def succeeded(place: Place, certificate: Path) -> None:
    """Name the next key through the service."""
    with place.opened() as line:
        line.name_successor(certificate.read_bytes())
        out.print("[green]✓[/] đã chỉ định khóa kế tiếp / the next key is named")


# ---------------------------------------------------------------- printing


def _day(moment: datetime | None) -> date:
    return moment.date() if moment else datetime.now(UTC).astimezone(VIETNAM).date()


def tell(told: dict[str, Any], show: Callable[[dict[str, Any]], None], *, as_json: bool) -> None:
    """What the service answered, as people read it or as it came."""
    if as_json:
        out.print_json(json.dumps(told))
    else:
        show(told)


def _show_table(told: dict[str, Any]) -> None:
    _show_findings(told["findings"])
    _show_differences(told)


def _show_found(told: dict[str, Any]) -> None:
    _rows([(each["code"], each["name"]) for each in told["organisations"]])


def _show_plans(told: dict[str, Any]) -> None:
    _rows([(f"{each['id']} {each['state']}", f"{each['day']} {each['title']}") for each in told["plans"]])


def _show_plan(told: dict[str, Any]) -> None:
    out.print(f"[bold]{told['id']}[/] {escape(told['title'])} · {told['day']} · {told['state']}")
    _show_differences(told)
    for each in told.get("notes", []):
        out.print(f"[yellow]![/] {escape(each['where'])}: {escape(each['vi'])} / {escape(each['en'])}")
    for each in told.get("findings", []):
        out.print(f"[red]✗[/] {escape(each['where'])}: {escape(each['vi'])} / {escape(each['en'])}")


def _show_findings(findings: list[dict[str, Any]]) -> None:
    for each in findings[:SHOWN]:
        place = f"dòng / row {each['row']}, {each['column']}"
        err.print(f"[red]✗[/] {escape(place)}: {escape(each['vi'])} / {escape(each['en'])}")
    _rest(len(findings))


def _show_differences(told: dict[str, Any]) -> None:
    differences = told.get("differences", [])
    for each in differences[:SHOWN]:
        changed = "; ".join(f"{name}: {old or '–'} → {new or '–'}" for name, (old, new) in each["fields"].items())
        out.print(f"[bold]{escape(each['code'])}[/] {each['kind']} {escape(changed)}")
    _rest(len(differences))


def both(told: dict[str, Any]) -> str:
    """A sentence in both languages."""
    return f"{told['vi']} / {told['en']}"


def _rest(count: int) -> None:
    if count > SHOWN:
        err.print(f"… {count} tất cả / in all; --json")


def _show_history(told: dict[str, Any]) -> None:
    held = told["bearer"]
    words = escape(held["name"]) if held else "không ai / nobody"
    out.print(f"[bold]{told['on']}[/] {words}")
    _rows(
        [
            (f"{each.get('valid_from', '…')} – {each.get('valid_to', '…')}", f"{each['code']} {each['name']}")
            for each in told["history"]
        ]
    )
    if heirs := told["row"].get("successors"):
        out.print(f"kế thừa / succeeded by: {', '.join(heirs)}")


def _rows(rows: list[tuple[str, str]]) -> None:
    table = Table(show_header=False, box=None)
    for name, value in rows:
        table.add_row(escape(name), escape(value))
    out.print(table)
