"""`lienthong plan`: the command, and how it tells what it found."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from lienthong.adapters.files import write_whole
from lienthong.cli.plan.costs import Costs, with_measured
from lienthong.cli.plan.day import Day, Failure, simulate
from lienthong.cli.plan.demand import Demand
from lienthong.cli.plan.sizing import Need, Policy, need
from lienthong.cli.printing import files_here, out, spoken

_BARS = " ▁▂▃▄▅▆▇█"
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def plan(
    organisations: Annotated[int, typer.Option(min=2, help="Số cơ quan / organisations")] = 15_000,
    documents_per_day: Annotated[int, typer.Option(min=1, help="Văn bản gửi mỗi ngày / documents a day")] = 500_000,
    recipients: Annotated[float, typer.Option(min=1, help="Nơi nhận mỗi văn bản / recipients a document")] = 5.0,
    busy: Annotated[float, typer.Option(min=1, help="Ngày cao điểm gấp mấy lần / busiest day, times")] = 1.5,
    cores: Annotated[int, typer.Option(min=1, max=1024, help="Nhân CPU mỗi máy / cores of a node")] = 16,
    content_days: Annotated[int, typer.Option(min=1, help="Trục giữ nội dung / days the axis keeps contents")] = 30,
    row_days: Annotated[int, typer.Option(min=1, help="Giữ dữ liệu / days rows stay in the database")] = 90,
    measured: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Chi phí đo trên máy của bạn / costs measured on your machine")
    ] = None,
    seed: Annotated[int, typer.Option(help="Hạt giống / seed")] = 1,
    into: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Ghi kết quả / write as JSON")] = None,
) -> None:
    """Cả nước cần bao nhiêu máy, đĩa, tiến trình. / What a country needs: machines, disks, processes."""
    with spoken(vi="Chưa tính được.", en="The plan could not be computed."), files_here():
        costs = with_measured(Costs(), measured) if measured else Costs()
        demand = Demand(organisations, documents_per_day, recipients, busy=busy)
        found = need(demand, costs, Policy(cores=cores, content_days=content_days, row_days=row_days))
        quiet = simulate(demand, found, costs, seed=seed)
        failing = simulate(demand, found, costs, Failure(), seed=seed)
        _tell(demand, costs, found, quiet, failing)
        if into is not None:
            told = as_dict(demand, costs, found, quiet, failing)
            write_whole(into, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def as_dict(demand: Demand, costs: Costs, found: Need, quiet: Day, failing: Day) -> dict[str, Any]:
    """Everything as JSON values: sizes in bytes, rates a second, waits in seconds."""
    return {
        "format": "lienthong-plan/1",
        "demand": asdict(demand),
        "costs": asdict(costs),
        "need": asdict(found),
        "day": _day(quiet),
        "day_with_failures": _day(failing),
        "summary": summary(demand, found, failing),
    }


def _day(day: Day) -> dict[str, Any]:
    told = asdict(day) | {"lost": day.lost}
    return told | {"load": _quarters(day.load), "waiting": _quarters(day.waiting)}


def _quarters(values: tuple[float, ...]) -> list[float]:
    return [max(values[start : start + 15]) for start in range(0, len(values), 15)]


def summary(demand: Demand, found: Need, failing: Day) -> str:
    """One line."""
    return (
        f"plan: {demand.documents:,} văn bản/ngày documents a day, đỉnh peak {found.peak:,.0f}/s → "
        f"{found.nodes} máy nodes × {found.processes // found.nodes} tiến trình processes, "
        f"{found.databases} CSDL databases, {size(found.content_bytes + found.row_bytes)}; "
        f"khi hỏng một máy with a node down: chờ lâu nhất longest wait {failing.longest_wait:,.0f} s, "
        f"mất lost {max(0, round(failing.lost))}"
    )


def _tell(demand: Demand, costs: Costs, found: Need, quiet: Day, failing: Day) -> None:
    console = out()
    for rows in (_asked(demand), _needed(found, costs), _played(quiet, failing)):
        console.print(rows)
    console.print(f"tải theo giờ · load by hour (0–24)        {sparkline(quiet.load)}")
    console.print(f"khi có hỏng hóc · with the failures       {sparkline(failing.load)}")
    for note in _notes(found):
        console.print(f"• {note}", soft_wrap=True)
    console.print(summary(demand, found, failing), soft_wrap=True, style="bold")


def _asked(demand: Demand) -> Table:
    return _table(
        "Một ngày · A day",
        ("cơ quan · organisations", f"{demand.organisations:,}"),
        ("văn bản · documents", f"{demand.documents:,}"),
        ("gói tin, kể cả trạng thái · packages, statuses included", f"{demand.packages:,.0f}"),
        ("chặng đến nơi nhận · legs", f"{demand.legs:,.0f}"),
        ("nội dung · contents", size(demand.content_bytes)),
        (f"đỉnh ngày cao điểm (×{demand.busy:g}) · peak of a busy day", f"{demand.peak:,.1f}/s"),
    )


def _needed(found: Need, costs: Costs) -> Table:
    return _table(
        "Cần có · Needed",
        ("một tiến trình trục · one axis process", f"{found.process_rate:,.0f} gói/s packages/s"),
        ("máy trục, dư một · axis nodes, one spare", f"{found.nodes}"),
        ("tiến trình trục = mảnh nhật ký · axis processes = log shards", f"{found.processes:,}"),
        (f"CSDL, mỗi cái {costs.database_per_second:,.0f}/s · databases", f"{found.databases:,}"),
        ("dữ liệu trong CSDL · rows", size(found.row_bytes)),
        ("nhật ký bằng chứng mỗi năm · evidence log a year", size(found.log_bytes_a_year)),
        ("kho đối tượng · object store", size(found.content_bytes)),
        ("mạng vào / ra lúc đỉnh · network in / out at the peak", f"{size(found.inward)}/s / {size(found.outward)}/s"),
        ("máy bảo mật dùng chung · shared gateways", f"{found.gateways:,}"),
        ("nhân CPU của mọi máy bảo mật · cores of all gateways", f"{found.gateway_cores:,.1f}"),
        ("bộ nhớ cho máy chờ · memory for waiting gateways", size(found.waiting_bytes)),
    )


def _played(quiet: Day, failing: Day) -> Table:
    made = Table("Chạy thử một ngày cao điểm · A busy day played through", "bình thường · normal", "hỏng · failing")
    for name, *values in zip(_STORY, _story(quiet), _story(failing), strict=True):
        made.add_row(name, *values)
    return made


_STORY = (
    "gói tin · packages",
    "hàng đợi dài nhất · longest queue",
    "chờ lâu nhất · longest wait",
    "chờ quá một phút · waited over a minute",
    "hết hàng đợi lúc · queue empty at",
    "mất · lost",
)


def _story(day: Day) -> tuple[str, ...]:
    return (
        f"{day.packages:,.0f}",
        f"{day.longest_queue:,.0f}",
        f"{day.longest_wait:,.0f} s",
        f"{day.waited_over_a_minute:.2%}",
        clock(day.drained_at),
        f"{max(0, round(day.lost))}",
    )


def _table(title: str, *rows: tuple[str, str]) -> Table:
    made = Table(title, "")
    made.columns[1].justify = "right"
    for row in rows:
        made.add_row(*row)
    return made


def _notes(found: Need) -> list[str]:
    notes = [
        (
            "Hỏng: một máy dừng 9:30–11:30, một CSDL chuyển sang bản dự phòng lúc 10:00 trong 2 phút. "
            "/ Failing: one node down 9:30–11:30, one database failing over at 10:00 for 2 minutes."
        ),
        (
            "Giờ cao điểm, nơi nhận, cỡ văn bản, sức của CSDL và số byte là giả định; thời gian CPU là số đo. "
            "/ Hours, recipients, sizes, the database's rate and bytes are assumed; processor times are measured."
        ),
    ]
    if found.databases > 1:
        notes.append(
            "Nhiều CSDL: văn bản chia theo mã băm; một máy bảo mật nói với nhiều trục là việc chưa xây. "
            "/ Several databases: documents spread by digest; a gateway that speaks with several axes is not built yet."
        )
    return notes


def size(count: float) -> str:
    """Bytes in words: 1.2 TB."""
    for unit in _UNITS[:-1]:
        if count < 1000:
            return f"{count:,.0f} {unit}" if count >= 100 or unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} {_UNITS[-1]}"


def clock(minute: int) -> str:
    """A minute of the day, or a dash when there never was a queue."""
    return f"{minute // 60}:{minute % 60:02}" if minute else "–"


def sparkline(values: tuple[float, ...]) -> str:
    """One sign a half hour: the highest load in it, full at 100 %."""
    peaks = [max(values[start : start + 30]) for start in range(0, len(values), 30)]
    return "".join(_BARS[min(len(_BARS) - 1, round(peak * (len(_BARS) - 1)))] for peak in peaks)
