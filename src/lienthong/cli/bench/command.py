"""`lienthong bench …`: the commands and their options. What measures is loaded when it is asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.bench.frame import LEAST_RUNS, Outcome

app = typer.Typer(help="Đo tốc độ, cạnh mức sàn của cùng máy. / Measure speed, beside the floor of the same machine.")

Into = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Ghi kết quả / write the result as JSON")]
Check = Annotated[bool, typer.Option("--check", help="Mã thoát 1 nếu chưa đạt / exit 1 when the goal is not reached")]
Runs = Annotated[int, typer.Option(min=LEAST_RUNS, help="Số lượt / runs")]
Count = Annotated[int, typer.Option(min=0, help="Số gói mỗi lượt; 0: theo cỡ / packages a run; 0: by size")]
Size = Annotated[str, typer.Option(metavar="2k|100k|1M|mix", help="Cỡ gói / size of a package")]
Store = Annotated[str, typer.Option(metavar="sqlite|postgresql", help="Kho / store")]
Folder = Annotated[Path | None, typer.Option(help="Ổ đĩa cần đo / a folder on the disk to measure")]
Concurrency = Annotated[int, typer.Option(min=1, max=512, help="Số yêu cầu cùng lúc / requests at a time")]
Profile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Ghi nơi tốn thời gian / write where the time goes; slows it a bit")
]


@app.callback(invoke_without_command=True)
def bench(context: typer.Context) -> None:
    """Đo tốc độ; không nói gì thêm thì đo nhanh `accept 100k` cạnh `floor`. / Measure; briefly when nothing is said."""
    if context.invoked_subcommand is None:
        floor()
        accept(count=200)


@app.command()
def floor(
    size: Size = "100k",
    batch: Annotated[int, typer.Option(min=1, help="Gói mỗi lô / packages a batch")] = 16,
    runs: Runs = LEAST_RUNS,
    count: Count = 0,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Mức sàn: ít nhất phải làm gì với cùng số byte. / The least any program must do for the same bytes."""
    from lienthong.cli.bench.show import measured  # `--help` must not load what measures
    from lienthong.cli.bench.sinking import Ground, sink  # as above

    ground = Ground(size, batch, runs, count, folder)
    measured("floor", runs, lambda advance: sink(ground, advance), into, check=check)


@app.command()
def accept(
    size: Size = "100k",
    store: Store = "sqlite",
    group: Annotated[
        int, typer.Option(min=0, max=16, help="Gói mỗi yêu cầu, 0: như máy chủ / packages a request, 0: as gateways do")
    ] = 0,
    concurrency: Annotated[
        int, typer.Option(min=0, max=512, help="Số yêu cầu cùng lúc, 0: theo nhóm / requests at a time, 0: by group")
    ] = 0,
    runs: Runs = LEAST_RUNS,
    count: Count = 0,
    folder: Folder = None,
    profile: Profile = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Trục nhận gói qua HTTPS, bền vững, có biên nhận. / The axis accepts over HTTPS, durable, with a receipt."""
    from lienthong.cli.bench.accept import Wish  # as above
    from lienthong.cli.bench.accept import accept as measure
    from lienthong.cli.bench.show import measured  # as above

    wish = Wish(size, store, runs, count, concurrency, profile, folder, group)
    measured("accept", runs + 1, lambda advance: measure(wish, advance), into, check=check)


@app.command()
def journey(
    size: Size = "100k",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    count: Annotated[int, typer.Option(min=1, help="Số văn bản mỗi lượt / documents a run")] = 100,
    concurrency: Concurrency = 16,
    as4_python: Annotated[
        str, typer.Option(metavar="PYTHON", help="Trình thông dịch có as4 0.2.0 / an interpreter that has as4 0.2.0")
    ] = "",
    as4: Annotated[
        bool, typer.Option("--as4", help="Tự cài as4 0.2.0 vào môi trường riêng / put as4 0.2.0 in a cache of its own")
    ] = False,
    folder: Folder = None,
    profile: Annotated[str, typer.Option(metavar="NAME=FILE", help="axis, gw-h29, gw-g22")] = "",
    into: Into = None,
    check: Check = False,
) -> None:
    """Từ bàn A đến bàn B và trạng thái 03 trở về. / From desk A to desk B, and status 03 back."""
    from lienthong.cli.bench.journey import Trip  # as above
    from lienthong.cli.bench.journey import journey as measure
    from lienthong.cli.bench.show import measured  # as above

    trip = Trip(size, store, runs, count, concurrency, as4_python, folder, profile, as4)
    measured("journey", runs + 2, lambda advance: measure(trip, advance), into, check=check)


@app.command()
def latency(
    size: Size = "100k",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    count: Annotated[int, typer.Option(min=10, help="Số văn bản mỗi lượt / documents a run")] = 60,
    megabytes: Annotated[
        int, typer.Option(min=0, help="Cỡ tệp lớn gửi cạnh đó, 0: không / size of a transfer beside it, MB, 0: none")
    ] = 500,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Thời gian từ bàn đến bàn ở nửa công suất. / Desk to desk at half of the capacity found."""
    from lienthong.cli.bench.latency import Pace  # as above
    from lienthong.cli.bench.latency import latency as measure
    from lienthong.cli.bench.show import measured  # as above

    pace = Pace(size, store, runs, count, folder, megabytes * 1_000_000)
    measured("latency", runs + 2, lambda advance: measure(pace, advance), into, check=check)


@app.command()
def scale(
    stored: Annotated[str, typer.Option(metavar="10k,1M,10M", help="Số gói đã lưu / packages stored")] = "10k,1M",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    count: Annotated[int, typer.Option(min=10, help="Số gói mỗi lượt / packages a run")] = 200,
    organisations: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="Số cơ quan / organisations")] = 111_000,
    recipients: Annotated[int, typer.Option(min=2, max=5_000, help="Nhiều nơi nhận nhất / most recipients")] = 5_000,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Kho lớn, nước đông, nhiều nơi nhận có chậm hơn? / Do a large store, a country, a crowd slow it?"""
    from lienthong.cli.bench.scale import Extent, steps, stored_of  # as above
    from lienthong.cli.bench.scale import scale as measure
    from lienthong.cli.bench.show import measured  # as above

    def work(advance: Callable[[str], None]) -> Outcome:
        sizes = stored_of(stored)  # refused in words, as everything that is measured
        return measure(Extent(sizes, store, runs, count, folder, organisations, recipients), advance)

    measured("scale", steps(stored, runs), work, into, check=check)


@app.command()
def console(
    stored: Annotated[str, typer.Option(metavar="10k,1M", help="Số gói đã lưu / packages stored")] = "10k,1M",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    count: Annotated[int, typer.Option(min=1, help="Số câu hỏi mỗi lượt / questions a run")] = 40,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Danh sách của bàn vận hành có chậm khi kho lớn? / Do an operator's lists slow when the store is large?"""
    from lienthong.cli.bench.console import console as measure  # as above
    from lienthong.cli.bench.scale import Extent, steps, stored_of  # as above
    from lienthong.cli.bench.show import measured  # as above

    def work(advance: Callable[[str], None]) -> Outcome:
        return measure(Extent(stored_of(stored), store, runs, count, folder), advance)

    measured("console", steps(stored, runs), work, into, check=check)


@app.command()
def office(
    stored: Annotated[str, typer.Option(metavar="10k,1M", help="Số văn bản / documents")] = "2k,50k",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    count: Annotated[int, typer.Option(min=1, help="Số lần mở trang mỗi lượt / openings of a page a run")] = 5,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Hộp việc và tìm kiếm có chậm khi sổ có một triệu? / Do inboxes and searches slow with a million documents?"""
    from lienthong.cli.bench.office import Desks, steps  # as above
    from lienthong.cli.bench.office import office as measure
    from lienthong.cli.bench.scale import stored_of  # as above
    from lienthong.cli.bench.show import measured  # as above

    def work(advance: Callable[[str], None]) -> Outcome:
        return measure(Desks(stored_of(stored), store, runs, count, folder), advance)

    measured("office", steps(stored, runs), work, into, check=check)


@app.command()
def registry(
    organisations: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="Số cơ quan / organisations")] = 111_000,
    changed: Annotated[int, typer.Option(min=1, help="Số tên bản thay đổi đổi / names a delta changes")] = 100,
    runs: Runs = LEAST_RUNS,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Nạp danh bạ cả nước, nạp bản thay đổi, tra cứu. / Take a country's registry into force, a delta, look up."""
    from lienthong.cli.bench.registry import Country  # as above
    from lienthong.cli.bench.registry import registry as measure
    from lienthong.cli.bench.show import measured  # as above

    country = Country(organisations, changed, runs, folder)
    measured("registry", runs + 1, lambda advance: measure(country, advance), into, check=check)


@app.command()
def overload(
    size: Size = "10k",
    store: Store = "sqlite",
    runs: Runs = LEAST_RUNS,
    seconds: Annotated[float, typer.Option(min=1, max=60, help="Mỗi lượt bao lâu / how long a flood lasts")] = 6,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Đưa tới gấp ba công suất, phần lớn từ một nơi. / Three times what it can do, most of it from one gateway."""
    from lienthong.cli.bench.overload import Wish  # as above
    from lienthong.cli.bench.overload import overload as measure
    from lienthong.cli.bench.show import measured  # as above

    wish = Wish(size, store, runs, seconds, folder)
    measured("overload", runs + 1, lambda advance: measure(wish, advance), into, check=check)


@app.command()
def memory(
    megabytes: Annotated[int, typer.Option(min=1, help="Cỡ tệp lớn / size of the large file, MB")] = 500,
    gateways: Annotated[int, typer.Option(min=10, help="Số máy chờ / gateways that wait")] = 1_000,
    store: Store = "sqlite",
    proxy: Annotated[
        Path | None,
        typer.Option(metavar="deploy/nginx", help="Trục sau nginx, theo các tệp ở đó / the axis behind nginx"),
    ] = None,
    runs: Runs = LEAST_RUNS,
    folder: Folder = None,
    into: Into = None,
    check: Check = False,
) -> None:
    """Bộ nhớ vì một tệp lớn, vì nhiều máy chờ. / Memory for a large file and for waiting gateways."""
    from lienthong.cli.bench.memory import Weight  # as above
    from lienthong.cli.bench.memory import memory as measure
    from lienthong.cli.bench.show import measured  # as above

    weight = Weight(megabytes * 1_000_000, gateways, store, runs, folder, proxy)
    measured("memory", 2 * runs + 1, lambda advance: measure(weight, advance), into, check=check)
