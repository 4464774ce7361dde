"""`lienthong conformance …`: the command, its options, its picture. What it plays is loaded when it is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.desks import AsCode, DesksFile


def conformance(
    desk: Annotated[
        str, typer.Option(metavar="URL|PROFILE", help="Địa chỉ, hoặc hồ sơ (TOML), của hệ thống được kiểm / whom")
    ] = "",
    code: AsCode = "",
    partner: Annotated[
        str, typer.Option(metavar="CODE", help="Cơ quan đối tác, khi --desk là địa chỉ / its counterpart, with a URL")
    ] = "",
    desks: DesksFile = None,
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
    from lienthong.cli.conformance.show import Casts, examine, listed  # `--help` must not load the country

    if stories:
        listed()
        return
    if bool(desk or vxp) == own:
        raise typer.BadParameter("--desk URL|PROFILE, --vxp PROFILE | --self")
    if ("://" in desk) != bool(partner):
        raise typer.BadParameter("--desk URL --as CODE --partner CODE | --desk PROFILE")
    casts = Casts(desk, vxp, code, partner, desks)
    if not examine(casts, only or [], patience, report):
        raise typer.Exit(1)
