"""`lienthong status`: where a document is and what became of it; with `--report` what we did with it."""

from typing import Annotated

import typer

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.finding import package_of
from lienthong.cli.journeys import page, status_words
from lienthong.cli.printing import out, print_json, say, spoken
from lienthong.document import StatusCode
from lienthong.errors import InvalidValue

Package = Annotated[str, typer.Argument(help="Mã gói tin, hoặc số/ký hiệu / package id, or number/notation")]
_NEED_WORDS = frozenset({StatusCode.REFUSED, StatusCode.RECALL_DECLINED})


def status(
    package: Package,
    *,
    as_code: AsCode = "",
    report: Annotated[
        str, typer.Option(metavar="CODE", help="Báo trạng thái: 01…06, 15, 16 / report a status", show_default=False)
    ] = "",
    description: Annotated[
        str, typer.Option(help="Diễn giải, bắt buộc với 02, 16 / in words, for 02 and 16", show_default=False)
    ] = "",
    staff: Annotated[str, typer.Option(help="Người phụ trách / who is in charge", show_default=False)] = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Xem hành trình, hoặc báo trạng thái xử lý. / Show the journey, or report what was done."""
    with spoken(as_json=as_json, vi="Có thể chạy lại: báo hai lần không sao.", en="Run again: a repeat is harmless."):
        code = _reportable(report, description) if report else ""
        with desks.open_desk(as_code, desks_file) as desk:
            found = package_of(desk, package)
            document = desk.report(found, code, description, staff) if code else desk.document(found)
        if as_json:
            print_json(document)
            return
        if code:
            vi, en = status_words(code)
            say(f"✓ Đã báo {code} {vi}", f"reported {en}", "green")
        else:
            out().print(page(document))


def _reportable(report: str, description: str) -> str:
    code = str(StatusCode.read(report))
    if code in _NEED_WORDS and not description.strip():
        raise InvalidValue(f"--description: {code} phải nêu lý do / needs a reason")
    return code
