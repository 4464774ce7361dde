"""`lienthong chaos …`: the command and its options. What breaks things is loaded when it is asked for."""

from pathlib import Path
from typing import Annotated

import typer


def chaos(
    documents: Annotated[int, typer.Option(min=10, help="Số văn bản / documents")] = 2000,
    kills: Annotated[int, typer.Option(min=0, help="Số lần giết tiến trình / processes killed")] = 30,
    seed: Annotated[int, typer.Option(help="Hạt giống của lịch phá / the schedule's seed")] = 1,
    store: Annotated[str, typer.Option(metavar="sqlite|postgresql", help="Kho / store")] = "sqlite",
    objects: Annotated[
        str, typer.Option(metavar="folder|s3", help="Nơi giữ nội dung lớn / where large contents lie")
    ] = ("folder"),
    folder: Annotated[
        Path | None, typer.Option(help="Nơi đặt; giữ lại khi có lỗi / where; kept when something is wrong")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Ghi mọi bằng chứng để tự kiểm / write all evidence for your own audit"),
    ] = None,
    into: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Ghi kết quả / write the result")] = None,
) -> None:
    """Gửi văn bản trong lúc mọi thứ hỏng, rồi đếm: không mất, không trùng. / Send while all breaks, then count."""
    from lienthong.cli.chaos.schedule import Wish  # as below
    from lienthong.cli.chaos.stage import perform  # `--help` must not load the country

    if not perform(Wish(documents, kills, seed, store, objects), folder, into, evidence):
        raise typer.Exit(1)
