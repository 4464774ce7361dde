"""Tables of organisations: taken in whole, or every fault named by its row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from lienthong.document import VIETNAM
from lienthong.registry import (
    Contact,
    Histories,
    Intake,
    OrganisationKind,
    Status,
    bearer,
    close,
    levels,
    table_of,
    take_in,
)
from registry_world import code, organisation

DAY = date(2025, 7, 1)
HEADING = ("Mã định danh", "Tên cơ quan", "Cấp", "Mã cấp trên")
KNOWN = {
    each.code: (each,)
    for each in (
        organisation("H26", valid_from=date(2020, 9, 15)),
        organisation("H26.01", parent=code("H26"), contact=Contact(email="a@mau.vn"), valid_from=date(2020, 9, 15)),
    )
} | {code("H40"): close((organisation("H40"),), date(2024, 1, 1))}


def intake(*rows: Sequence[Any], heading: Sequence[str] = HEADING, known: Histories = KNOWN) -> Intake:
    return take_in([heading, *rows], known, levels(), DAY)


def test_rows_become_periods_from_the_day_of_the_import():
    done = intake(
        ("H26.01", "Sở Nội vụ mới (mẫu)", "Cấp tỉnh", "H26"),
        ("h26.02", "Phường Mẫu", "commune", "H26"),
        (None, "", None),
    )
    assert (done.findings, done.rows) == ((), 2)
    changed = done.after[code("H26.01")]
    assert [bearer(changed, day).name for day in (date(2025, 6, 30), DAY)] == ["Cơ quan H26.01", "Sở Nội vụ mới (mẫu)"]
    assert changed[-1].contact == Contact(email="a@mau.vn")  # a column the table lacks leaves what is known
    assert done.after[code("H26.02")][0].valid_from == DAY


def test_every_column_is_read():
    heading = (
        "\ufeffcode", "LEGACY_CODE", "tên", "name_en", "cấp", "Mã cấp trên*", "loại", "tình trạng", "hiệu lực từ",
        "hiệu lực đến", "mã kế thừa", "email", "phone", "fax", "address", "website",
    )  # fmt: skip
    told = (
        "H26.5", "005.00.00.H26", "Đơn vị mẫu", "Sample unit", "Cấp xã", "H26", "Đơn vị", "tạm khóa",
        datetime(2021, 1, 1, 8, tzinfo=VIETNAM), "30/06/2025", "H26, H26.01", "b@mau.vn", 123.0, "", "Số 1", "mau.vn",
    )  # fmt: skip
    done = intake(told, heading=heading)
    assert done.findings == ()
    (period,) = done.after[code("H26.5")]
    assert (period.kind, period.status, period.valid_from, period.valid_to) == (
        OrganisationKind.UNIT,
        Status.LOCKED,
        date(2021, 1, 1),
        date(2025, 6, 30),
    )
    assert period.successors == (code("H26"), code("H26.01"))
    assert period.contact == Contact("b@mau.vn", "123", "", "Số 1", "mau.vn")


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (("", "Tên", "commune", "H26"), "Mã định danh", "empty"),
        (("H26.9", "", "commune", "H26"), "Tên cơ quan", "empty"),
        (("H26 9 !", "Tên", "commune", "H26"), "Mã định danh", "malformed"),
        (("H26.9", "Tên", "sao hỏa", "H26"), "Cấp", "unknown sao hỏa"),
        (("H26.9", "Tên", "commune", "H27"), "organisation H26.9", "parent H27 is not"),
        (("H26.9", "Tên", "commune", "H26.9"), "organisation H26.9", "above itself"),
        (("H40", "Tên", "province", ""), "Mã định danh", "never used again"),
        (("H26.9", "a" * 501, "commune", "H26"), "Tên cơ quan", "too long"),
        (("H26.9", "a\x00", "commune", "H26"), "Tên cơ quan", "control"),
        (("000.00.15.H26", "Tên", "commune", "H26"), "organisation 000.00.15.H26", "first-generation"),
    ],
)
def test_a_fault_is_named_by_its_row(row: Sequence[str], column: str, why: str):
    done = intake(("H26.02", "Phường Mẫu", "commune", "H26"), row)
    assert [(each.row, each.column) for each in done.findings] == [(3, column)]
    assert why in done.findings[0].en


def test_rows_that_speak_of_the_same_day():
    dated = (*HEADING, "Hiệu lực từ", "Hiệu lực đến")
    done = intake(
        ("H26.7", "A", "commune", "H26", "2021-01-01", "2022-01-01"),
        ("H26.7", "B", "commune", "H26", "2022-01-01", ""),
        ("H26.7", "C", "commune", "H26", "2022-01-02", ""),
        ("H26.8", "D", "commune", "H26", "nay mai", "31/02/2025"),
        heading=dated,
    )
    assert [(each.row, each.en) for each in done.findings] == [
        (3, "overlaps row 2"),
        (5, "is not a day: nay mai"),
        (5, "is not a day: 31/02/2025"),
    ]


def test_successor_loops_and_codes_given_twice():
    more = (*HEADING, "Hiệu lực đến", "Mã kế thừa", "Mã cũ")
    done = intake(
        ("H26.1", "A", "commune", "H26", "2025-06-30", "H26.2", ""),
        ("H26.2", "B", "commune", "H26", "2025-06-30", "H26.1", ""),
        ("H26.3", "C", "commune", "H26", "", "", "H26.01"),
        heading=more,
    )
    assert [(each.row, each.en) for each in done.findings] == [
        (2, "succeeds itself"),
        (3, "succeeds itself"),
        (4, "is listed more than once"),
    ]


def test_a_heading_that_cannot_be_read():
    assert [each.vi for each in intake(heading=("Tên", "Tên", "Lạ")).findings] == [
        "cột lặp lại",
        "cột lạ",
        "thiếu cột",
        "thiếu cột",
    ]
    assert [each.vi for each in take_in([], KNOWN, levels(), DAY).findings] == ["thiếu cột"] * 3


def test_what_is_written_is_read_again_without_a_difference():
    periods = [period for history in KNOWN.values() for period in history]
    renamed = replace(periods[1], name="Khác", valid_from=DAY)
    known = KNOWN | {code("H26.01"): (replace(periods[1], valid_to=date(2025, 6, 30)), renamed)}
    done = take_in(table_of(each for history in known.values() for each in history), known, levels(), DAY)
    assert (done.findings, dict(done.after)) == ((), known)


def test_a_hundred_thousand_rows_with_three_faults():
    rows = [[f"H26.{number:06}", f"Phường Mẫu {number}", "commune", "H26"] for number in range(100_000)]
    rows[10][3], rows[50_000][0], rows[99_999][2] = "H99", "H26 %", ""
    done = intake(*rows)
    assert [each.row for each in done.findings] == [12, 50_002, 100_001]
