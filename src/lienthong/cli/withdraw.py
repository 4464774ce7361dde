"""`lienthong recall`, `cancel` and `update`: take a document back, stop it, or change who receives it."""

from typing import Annotated

import typer

from lienthong.cli import desks, stating
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.finding import package_of
from lienthong.cli.journeys import brief
from lienthong.cli.printing import out, print_json, say, spoken
from lienthong.cli.status import Package
from lienthong.client import Document
from lienthong.errors import InvalidValue

Reason = Annotated[str, typer.Option(help="Lý do, bắt buộc / why; required", show_default=False)]
OwnId = Annotated[str, typer.Option("--id", help="Mã do bên gửi đặt / your own id", show_default=False)]
_REPEAT = {
    "vi": "Có thể chạy lại đúng lệnh này: không gửi trùng.",
    "en": "Run the same command: nothing is sent twice.",
}


def recall(
    package: Package,
    *,
    as_code: AsCode = "",
    reason: Reason = "",
    message_id: OwnId = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Thu hồi văn bản đã gửi từ mọi nơi nhận. / Recall a document from everybody it went to."""
    with spoken(as_json=as_json, **_REPEAT):
        why = _why(reason)
        with desks.open_desk(as_code, desks_file) as desk:
            found = package_of(desk, package)
            done = desk.recall(found, why, stating.own_id(message_id, "recall", found, why))
        _told(done, "Đã gửi yêu cầu thu hồi", "the recall is on its way", as_json=as_json)


def cancel(
    package: Package,
    *,
    as_code: AsCode = "",
    reason: Reason = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Dừng văn bản mà trục chưa nhận. / Stop a document that the axis has not accepted yet."""
    with spoken(as_json=as_json, **_REPEAT):
        why = _why(reason)
        with desks.open_desk(as_code, desks_file) as desk:
            done = desk.cancel(package_of(desk, package), why)
        _told(done, "Đã yêu cầu dừng gửi", "the axis is asked to stop it", as_json=as_json)


def update(
    package: Package,
    *,
    as_code: AsCode = "",
    reason: Reason = "",
    add: Annotated[list[str] | None, typer.Option(metavar="CODE[,CODE…]", help="Thêm nơi nhận / add receivers")] = None,
    remove: Annotated[list[str] | None, typer.Option(metavar="CODE[,CODE…]", help="Bớt nơi nhận / remove")] = None,
    message_id: OwnId = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Thêm, bớt nơi nhận của văn bản đã gửi. / Add or remove receivers of a document."""
    with spoken(as_json=as_json, **_REPEAT):
        why, more, fewer = _why(reason), stating.codes(add or ()), stating.codes(remove or ())
        if not more and not fewer:
            raise InvalidValue("--add, --remove")
        with desks.open_desk(as_code, desks_file) as desk:
            found = package_of(desk, package)
            own = stating.own_id(message_id, "update", found, why, more, fewer)
            done = desk.update(found, why, more, fewer, own)
        _told(done, "Đã gửi yêu cầu cập nhật", "the update is on its way", as_json=as_json)


def _why(reason: str) -> str:
    if not reason.strip():
        raise InvalidValue("--reason: phải nêu lý do / a reason is required")
    return reason.strip()


def _told(done: Document, vi: str, en: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    say(f"✓ {vi}, gói tin {done.entry.id}", en, "green")
    out().print(brief(done))
