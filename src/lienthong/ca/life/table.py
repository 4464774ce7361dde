"""Forms as rows of a table: which column is which field, and what each row says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import fields

from lienthong.ca.life.forms import Form, OrganisationForm, PersonForm, RenewalForm, RevocationForm
from lienthong.ca.life.kinds import CaseKind
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue

MOST_ROWS = 1000
COLUMNS: dict[CaseKind, tuple[tuple[str, str], ...]] = {
    CaseKind.PERSON: (
        ("organisation", "Mã định danh cơ quan"),
        ("full_name", "Họ và tên"),
        ("locality", "Địa phương"),
        ("post", "Chức vụ"),
        ("email", "Thư điện tử công vụ"),
        ("phone", "Điện thoại"),
        ("citizen_id", "Số định danh cá nhân"),
        ("token", "Số thiết bị lưu khóa"),
        ("csr", "Yêu cầu chứng thư (PKCS#10)"),
    ),
    CaseKind.ORGANISATION: (
        ("organisation", "Mã định danh cơ quan"),
        ("locality", "Địa phương"),
        ("tax_code", "Mã số thuế"),
        ("budget_code", "Mã quan hệ ngân sách"),
        ("email", "Thư điện tử công vụ"),
        ("address", "Địa chỉ"),
        ("receiver", "Người nhận"),
        ("receiver_citizen_id", "Số định danh người nhận"),
        ("receiver_phone", "Điện thoại người nhận"),
        ("token", "Số thiết bị lưu khóa"),
        ("csr", "Yêu cầu chứng thư (PKCS#10)"),
    ),
    CaseKind.RENEWAL: (
        ("organisation", "Mã định danh cơ quan"),
        ("certificate", "Chứng thư"),
        ("csr", "Khóa mới"),
        ("token", "Thiết bị giữ khóa mới"),
        ("off_token", "Khóa mới không trên thiết bị (x)"),
    ),
    CaseKind.REVOCATION: (
        ("organisation", "Mã định danh cơ quan"),
        ("certificate", "Chứng thư"),
        ("reason", "Lý do (mã)"),
        ("why", "Giải trình"),
    ),
}
"""Kinds that come in lists."""
_FORMS: dict[CaseKind, type[PersonForm | OrganisationForm | RenewalForm | RevocationForm]] = {
    CaseKind.PERSON: PersonForm,
    CaseKind.ORGANISATION: OrganisationForm,
    CaseKind.RENEWAL: RenewalForm,
    CaseKind.REVOCATION: RevocationForm,
}
_TICKS = {
    **dict.fromkeys(("x", "co", "yes", "true", "1"), True),
    **dict.fromkeys(("khong", "no", "false", "0"), False),
}
"""What people write, and what Excel keeps, for yes and no; accents aside."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table by its number there: its form, or what is wrong with it."""

    number: int
    form: Form | None = None
    problem: str = ""


def columns_of(kind: CaseKind) -> tuple[str, ...]:
    """The headings. InvalidValue for a kind that does not come in lists."""
    if kind not in COLUMNS:
        raise InvalidValue(f"{kind.value}: {', '.join(each.value for each in COLUMNS)}")
    return tuple(title for _, title in COLUMNS[kind])


def read_table(kind: CaseKind, cells: Sequence[Sequence[str]]) -> list[Row]:
    """Every row that is not empty. InvalidValue without the headings; columns may stand in any order."""
    if not cells:
        raise InvalidValue("bảng rỗng / an empty table")
    columns_of(kind)
    known = {folded(title): name for name, title in COLUMNS[kind]}
    names = [known.get(folded(title), "") for title in cells[0]]
    if "organisation" not in names:
        raise InvalidValue(f"thiếu cột / column missing: {COLUMNS[kind][0][1]}")
    return [_row(kind, names, number, row) for number, row in enumerate(cells[1:], 2) if any(row)]


def _row(kind: CaseKind, names: Sequence[str], number: int, row: Sequence[str]) -> Row:
    form = _FORMS[kind]
    told: dict[str, Any] = {name: value for name, value in zip(names, row, strict=False) if name and value}
    ticked = {each.name for each in fields(form) if each.type is bool} & told.keys()
    told |= {name: _TICKS.get(folded(told[name]), told[name]) for name in ticked}
    try:
        return Row(number, msgspec.convert({"kind": kind.value, **told}, form))
    except msgspec.ValidationError as error:
        return Row(number, problem=str(error))
