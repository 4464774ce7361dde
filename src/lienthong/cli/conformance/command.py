"""`lienthong conformance …`: the command, its options, its picture. What it plays is loaded when it is asked for."""

from pathlib import Path
from typing import Annotated

import typer


def conformance(
    desk: Annotated[
        Path | None, typer.Option(metavar="PROFILE", help="Hồ sơ (TOML) của hệ thống được kiểm / whom to examine")
    ] = None,
    vxp: Annotated[
        Path | None, typer.Option(metavar="PROFILE", help="Hồ sơ (TOML) của giao diện VXP được kiểm / a VXP face")
    ] = None,
    own: Annotated[
        bool, typer.Option("--self", help="Tự dựng trục, máy chủ và kiểm / start our own and examine it")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Chỉ những tình huống này / only these")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=1, help="Giây chờ tối đa cho một việc / seconds to wait for a thing")
    ] = 60,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Ghi báo cáo HTML và JSON / write the report")
    ] = None,
    stories: Annotated[bool, typer.Option("--list", help="Kể tên các tình huống / name the stories")] = False,
) -> None:
    """Kiểm tra hợp chuẩn: diễn các tình huống với một hệ thống và ghi báo cáo. / Play scripted stories; a report."""
    from lienthong.cli.conformance.show import examine, listed  # `--help` must not load the country

    if stories:
        listed()
    elif (desk is None and vxp is None) != own:
        raise typer.BadParameter("--desk PROFILE, --vxp PROFILE | --self")
    elif not examine(desk, vxp, only or [], patience, report):
        raise typer.Exit(1)
