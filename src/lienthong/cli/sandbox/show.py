"""The sandbox in a terminal: what to connect to, the keywords, then what the counterpart does, until Ctrl-C."""

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import CITY, SILENT
from lienthong.cli.demo.processes import Processes
from lienthong.cli.printing import both, local, out, spoken
from lienthong.cli.sandbox import town
from lienthong.cli.sandbox.keywords import KEYWORDS, USUAL

LEFT = "Dữ liệu vẫn còn; chạy lại để tiếp tục.", "Everything is kept; run again to go on."


def play(folder: Path, port: int, *, fresh: bool) -> None:
    """Build or go on, start, answer, until Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # a polite kill or a closed window ends like Ctrl-C
        signal.signal(number, signal.default_int_handler)
    with spoken(vi=LEFT[0], en=LEFT[1]):
        console = out()
        with console.status("Khởi động… / Starting…"):
            place = town.ground(folder, port, fresh=fresh)
            processes = Processes(place)
        try:
            with console.status("Khởi động trục và máy chủ bảo mật… / Starting axis and gateways…"):
                processes.start()
            addresses(place, console)
            told_keywords()
            _answer(place)
        finally:
            processes.stop()


def _answer(place: Place) -> None:
    """The counterpart in a thread of its own; whoever waits here may be interrupted at once."""
    other = town.counterpart(place, _told)
    worker = threading.Thread(target=other.work, name="counterpart", daemon=True)
    worker.start()
    try:
        threading.Event().wait()
    finally:
        other.stop.set()
        worker.join(timeout=5)
        other.desk.close()


def addresses(place: Place, console: Console) -> None:
    """Everything that a vendor needs to connect."""
    url, token = place.url(CITY), place.folder / "tokens" / town.OWN.code
    system, secret = town.system_of(place)
    rows = [
        ("Địa chỉ · endpoint", url),
        ("OpenAPI", f"{url}/schema  ·  {url}/schema/openapi.json"),
        ("Khám · diagnosis", f"{place.url(CITY + '-ops')}/doctor"),
        ("Mã truy cập · token", f"{town.token_of(place, town.OWN)}  ({token})"),
        ("VXP (SDK Java) · endpoint", place.url(f"{CITY}-vxp")),
        ("VXP · systemid", system),
        ("VXP · secret", secret),
        ("Chứng thư gốc · root", str(place.root)),
        ("Bạn là · you are", f"{town.OWN.code}  {town.OWN.name}"),
        ("Đối tác · counterpart", f"{town.OTHER.code}  {town.OTHER.name}"),
        ("Không trả lời · never answers", f"{SILENT.removeprefix('gw-').upper()}"),
        ("desks.json", str(place.folder / "desks.json")),
    ]
    for name, value in rows:  # whole on any terminal, to be copied
        console.print(Text.assemble((f"{name:<31}", "bold"), value), soft_wrap=True)
    console.print(_example(place), style="dim", soft_wrap=True, markup=False, highlight=False)


def _example(place: Place) -> str:
    said = f'{{"number":"1","notation":"TNM-MẪU","subject":"V/v thử [từ chối]","recipients":["{town.OTHER.code}"]}}'
    token = place.folder / "tokens" / town.OWN.code
    lines = (
        f'curl --cacert {place.root} -H "Authorization: Bearer $(cat {token})"',
        f"  -X PUT {place.url(CITY)}/v1/outgoing/thu-1",
        f"  -F 'metadata={said}' -F 'files=@van-ban.pdf;type=application/pdf'",
    )
    return "\n" + " \\\n".join(lines) + "\n"


def told_keywords() -> None:
    """The table of keywords."""
    table = Table(title="Từ khóa trong trích yếu · keywords in the subject", title_justify="left", header_style="bold")
    for name in ("Từ khóa", "keyword", "Đối tác làm gì · what the counterpart does"):
        table.add_column(name)
    for keyword in KEYWORDS:
        number = " N" if keyword.count else ""
        usual = " (không có từ khóa · without any)" if keyword is USUAL else ""
        told = f"{keyword.vi}{usual}\n[dim]{keyword.en}[/]"
        table.add_row(rf"\[{keyword.word}{number}]", rf"\[{keyword.english}{number}]", told)
    out().print(table)


def _told(vi: str, en: str) -> None:
    out().print(f"[dim]{local(datetime.now(UTC))}[/] ", end="")
    out().print(both(vi, en), soft_wrap=True)
