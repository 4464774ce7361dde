"""`lienthong sandbox`: the command."""

from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path("var/sandbox")


def sandbox(
    *,
    port: Annotated[int, typer.Option(help="Cổng của bàn làm việc; 0: bất kỳ / the desk's port, 0: any")] = 8600,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Nơi giữ dữ liệu / where all of it is kept")] = FOLDER,
    fresh: Annotated[bool, typer.Option("--fresh", help="Xóa và dựng lại / begin anew")] = False,
    keywords: Annotated[bool, typer.Option("--keywords", help="Chỉ kể các từ khóa / only name the keywords")] = False,
) -> None:
    """Môi trường thử cho phần mềm của bạn: máy chủ bảo mật và một đối tác làm theo từ khóa trong trích yếu.

    A gateway to try your software on, and a counterpart that does what the subject line says; until Ctrl-C.
    """
    from lienthong.cli.sandbox.show import play, told_keywords  # `--help` must not load a country

    if keywords:
        told_keywords()
    else:
        play(folder.absolute(), port, fresh=fresh)
