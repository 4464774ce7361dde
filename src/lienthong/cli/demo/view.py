"""The demo in a terminal: a table of journeys that moves, then addresses and logins."""

import pyotp
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import BY_CODE, GATEWAYS, WORKING
from lienthong.cli.demo.issuing import OFFICERS
from lienthong.cli.demo.operators import PEOPLE
from lienthong.cli.demo.reckoning import Reckoning
from lienthong.client import Document, Recipient

_STATES = {
    "recorded": ("○", "dim", "đã ghi nhận"),
    "accepted": ("◔", "yellow", "trục đã nhận"),
    "arrived": ("◑", "yellow", "đang giao"),
    "delivered": ("◕", "cyan", "đã giao"),
    "handed-over": ("●", "green", "đã bàn giao"),
    "refused": ("✗", "red", "bị từ chối"),
    "expired": ("⌛", "red", "hết hạn"),
    "cancelled": ("✗", "red", "đã hủy"),
}
_STANDING = {"frozen": "đang chờ trả lời", "recalled": "đã thu hồi", "replaced": "đã thay thế"}
_BUSINESS = {1: "Thu hồi", 2: "Cập nhật", 3: "Thay thế"}


def progress(total: int) -> tuple[Progress, TaskID]:
    """A bar for the senders' steps."""
    bar = Progress(
        TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=False
    )
    return bar, bar.add_task("Chuẩn bị", total=total)


def journeys(documents: list[Document], bar: RenderableType, verified: int) -> RenderableType:
    """All packages with a mark for every recipient."""
    table = Table(expand=True, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Số, ký hiệu", no_wrap=True)
    table.add_column("Từ", no_wrap=True)
    table.add_column("Trích yếu", ratio=3)
    table.add_column("Nơi nhận và trạng thái", ratio=4)
    for document in documents:
        table.add_row(*_row(document))
    legend = Text("  ".join(f"{mark} {words}" for mark, _, words in _STATES.values()), style="dim")
    legend.append(f"   biên nhận đã kiểm chứng: {verified}", style="bold green")
    return Group(bar, table, legend)


def _row(document: Document) -> tuple[RenderableType, ...]:
    entry = document.entry
    business = _BUSINESS.get(entry.business, "")
    subject = Text(f"[{business}] " if business else "", style="magenta").append(entry.subject, style="default")
    marks = Text("  ").join(_mark(recipient) for recipient in entry.recipients)
    return f"{entry.number}/{entry.notation}", _short(entry.sender), subject, marks


def _mark(recipient: Recipient) -> Text:
    mark, style, _ = _STATES.get(recipient.state, ("?", "red", ""))
    text = Text(f"{mark} ", style=style).append(_short(recipient.addressee), style="default")
    if recipient.redirected:
        text.append(f"→{_short(recipient.recipient)}", style="yellow")
    if recipient.status:
        text.append(f" {recipient.status}", style="red bold" if recipient.status == "02" else "green")
    if recipient.standing in _STANDING:
        text.append(f" ({_STANDING[recipient.standing]})", style="magenta")
    return text


def _short(code: str) -> str:
    return BY_CODE[code].short if code in BY_CODE else code


def addresses(place: Place, console: Console) -> None:
    """Where to look, and who may enter."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("[bold]Văn phòng điện tử[/]", f"[link]{place.url('web')}/[/link]")
    table.add_row(
        "[bold]Dạo một vòng[/] (vào thẳng, không cần mật khẩu)", f"[link]{place.url('web')}/dao-mot-vong/[/link]"
    )
    table.add_row("Trục (OpenAPI)", f"{place.url('axis-ops')}/wire")
    for gateway in GATEWAYS:
        if gateway.runs:
            table.add_row(f"{gateway.name} (OpenAPI)", f"{place.url(gateway.id + '-ops')}/desk")
    table.add_row("Cấp dấu thời gian, CRL (OpenAPI)", f"{place.url('ca')}/schema")
    table.add_row("Chứng thư gốc", str(place.root))
    console.print(Panel(table, title="Địa chỉ", title_align="left"))
    logins = Table(header_style="bold", box=None, padding=(0, 2))
    for title in ("Đăng nhập", "Mật khẩu", "Người", "Cơ quan"):
        logins.add_column(title)
    for agency in WORKING:
        for one in agency.people:
            password = (place.folder / "passwords" / one.login).read_text("utf-8").strip()
            logins.add_row(one.login, password, one.name, agency.name)
    console.print(Panel(logins, title="Người mẫu", title_align="left"))
    _operators(place, console)


def _operators(place: Place, console: Console) -> None:
    """Who may enter the console, with the code of this half minute."""
    people = Table(header_style="bold", box=None, padding=(0, 2))
    for title in ("Đăng nhập", "Mật khẩu", "Vai trò"):
        people.add_column(title)
    for person in PEOPLE:
        password = (place.folder / "passwords" / person.username).read_text("utf-8").strip()
        people.add_row(person.username, password, person.name)
    for officer in OFFICERS if (place.folder / "issuing.toml").exists() else ():
        password = (place.folder / "passwords" / officer.username).read_text("utf-8").strip()
        people.add_row(officer.username, password, officer.name)
    secret = (place.folder / "passwords" / "totp").read_text("ascii").strip()
    title = f"Bàn vận hành {place.url('web')}/van-hanh/ · mã xác thực {pyotp.TOTP(secret).now()} (khóa {secret})"
    keys = place.folder / "passwords" / "officer-keys"
    under = f"mật khẩu khóa ký lệnh của cán bộ chứng thư: {keys.read_text('utf-8')}" if keys.exists() else None
    console.print(Panel(people, title=title, title_align="left", subtitle=under, subtitle_align="left"))


def summary(counted: Reckoning, console: Console) -> None:
    """The end of the story in one line."""
    console.print(
        f"[bold green]{counted.documents}[/] văn bản, {counted.legs} lượt gửi: {counted.delivered} đã bàn giao, "
        f"{counted.refused} từ chối, {counted.recalled} thu hồi, {counted.replaced} thay thế, {counted.redirected} "
        f"chuyển hướng, {counted.expired} hết hạn; [bold]{counted.receipts_verified}[/] biên nhận kiểm chứng được; "
        f"mất [bold]{counted.lost}[/], trùng [bold]{counted.duplicates}[/]."
    )
