"""`lienthong demo [--check [--kill axis|gateway|all]]`."""

from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path("var/demo")
CHECK_FOLDER = Path("var/demo-check")
VICTIMS = ("axis", "gateway", "all")


def demo(
    check_only: Annotated[
        bool, typer.Option("--check", help="Chạy kịch bản không giao diện, in một dòng JSON.")
    ] = False,
    kill: Annotated[str, typer.Option(help="Với --check: giết tiến trình này nhiều lần: axis, gateway, all.")] = "",
    seed: Annotated[int, typer.Option(help="Hạt giống của thời điểm giết tiến trình.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Nơi đặt dữ liệu; được làm mới.")] = None,
    port: Annotated[int, typer.Option(help="Cổng của văn phòng điện tử; 0: cổng trống bất kỳ.")] = 8700,
) -> None:
    """Dựng một đất nước nhỏ và cho văn bản chạy. A small country with its documents under way."""
    if kill and (kill not in VICTIMS or not check_only):
        raise typer.BadParameter("--kill axis|gateway|all, cùng với --check")
    from lienthong.cli.demo.stage import play_headless, play_in_the_open

    if not check_only:
        play_in_the_open(folder or FOLDER, port)
    elif not play_headless(folder or CHECK_FOLDER, kill, seed):
        raise typer.Exit(1)
