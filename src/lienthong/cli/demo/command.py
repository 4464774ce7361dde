"""`lienthong demo [--check [--kill axis|gateway|all]]`."""

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.progress import Progress, TaskID

from lienthong.cli.demo import view
from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.play import VICTIMS, Play, check
from lienthong.cli.demo.processes import Processes
from lienthong.errors import LienThongError

FOLDER = Path("var/demo")
CHECK_FOLDER = Path("var/demo-check")


def demo(
    check_only: Annotated[
        bool, typer.Option("--check", help="Chạy kịch bản không giao diện, in một dòng JSON.")
    ] = False,
    kill: Annotated[str, typer.Option(help="Với --check: giết tiến trình này nhiều lần: axis, gateway, all.")] = "",
    seed: Annotated[int, typer.Option(help="Hạt giống của thời điểm giết tiến trình.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Nơi đặt dữ liệu; được làm mới.")] = None,
    port: Annotated[int, typer.Option(help="Cổng của trang văn thư; 0: cổng trống bất kỳ.")] = 8700,
) -> None:
    """Dựng một đất nước nhỏ và cho văn bản chạy. A small country with its documents under way."""
    if kill and (kill not in VICTIMS or not check_only):
        raise typer.BadParameter("--kill axis|gateway|all, cùng với --check")
    place = _fresh(folder or (CHECK_FOLDER if check_only else FOLDER), 0 if check_only else port)
    if check_only:
        numbers, good = check(place, kill, seed)
        typer.echo(json.dumps(numbers))
        raise typer.Exit(0 if good else 1)
    _show(place)


def _fresh(folder: Path, port: int) -> Place:
    """An empty folder each time: only what `build` made there before is removed."""
    if folder.exists():
        if not (folder / "ports.json").exists() and any(folder.iterdir()):
            raise typer.BadParameter(f"{folder}: có dữ liệu không phải của bản trình diễn / not a demo folder")
        shutil.rmtree(folder)
    return build(folder.absolute(), port or None)


def _show(place: Place) -> None:
    console = Console()
    processes = Processes(place, web=True)
    play = Play(place)
    try:
        with console.status("Khởi động trục, máy chủ bảo mật, trang văn thư…"):
            processes.start()
        view.addresses(place, console)
        _perform(play, console)
        view.addresses(place, console)
        console.print("[dim]Hệ thống vẫn chạy. Ctrl-C để dừng. / Everything keeps running; Ctrl-C stops it.[/]")
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("\nĐang dừng… / Stopping…")
    except LienThongError as error:
        console.print(f"[red]{error.sentence('vi')}[/]\n{error.sentence('en')}\n[dim]{error.code}[/]")
        raise typer.Exit(1) from error
    finally:
        play.end()
        processes.stop()


def _perform(play: Play, console: Console) -> None:
    """The story in a thread, its picture here."""
    bar, task = view.progress(play.total)
    story = threading.Thread(target=play.perform, args=(lambda: bar.advance(task),), daemon=True)
    story.start()
    with Live(console=console, refresh_per_second=4) as live:
        while story.is_alive():
            _draw(play, live, bar, task, 0)
            time.sleep(0.3)
        counted = play.reckoning()
        bar.update(task, description="Xong", completed=play.total)
        _draw(play, live, bar, task, counted.receipts_verified)
    view.summary(counted, console)


def _draw(play: Play, live: Live, bar: Progress, task: TaskID, verified: int) -> None:
    if play.phase and not verified:
        bar.update(task, description=play.phase)
    try:
        live.update(view.journeys(play.documents(), bar, verified))
    except LienThongError:
        return
