"""The level-1 table against the decisions: every closed code leads where the decision says, every other is in force."""

from datetime import UTC, datetime, timedelta

import pytest

from lienthong.registry import Directory, ResolutionKind, check, level1_organisations, levels
from lienthong.registry.level1 import level1_rows
from registry_world import code, snapshot
from seal_world import NOW

DIRECTORY = Directory(snapshot(*level1_organisations()))
MIDNIGHT_OF_THE_MERGERS = datetime(2025, 6, 30, 17, tzinfo=UTC)

# Decision 09/2025/QĐ-TTg; None: closed and nobody takes over
CLOSED_MINISTRIES = {
    "G04": "G17", "G05": "G12", "G07": "G09", "G13": "G10", "G14": "G06", "G23": None, "G24": None,
    "G25": None, "G26": None, "G34": None, "G36": None, "G37": None,
}  # fmt: skip
OPEN_MINISTRIES = [
    "G01", "G02", "G03", "G06", "G08", "G09", "G10", "G11", "G12", "G15", "G16", "G17", "G18", "G19", "G20",
    "G21", "G22", "G27", "G28", "G30", "G31", "G32", "G35", "G38", "G39", "G40",
]  # fmt: skip
# Resolution 202/2025/QH15
MERGERS = {
    60: [22], 38: [63], 55: [3], 44: [62, 28], 5: [2], 31: [54], 24: [23], 42: [25, 40], 50: [46], 17: [47],
    48: [34], 21: [8], 32: [43], 36: [16, 11], 15: [45], 29: [6, 9], 19: [10], 53: [39], 13: [51, 30],
    61: [7, 59], 20: [58], 12: [4], 1: [33],
}  # fmt: skip
UNCHANGED = [14, 18, 26, 27, 35, 37, 41, 49, 52, 56, 57]
MERGED = [(letter, closed, kept) for letter in "HK" for kept, many in MERGERS.items() for closed in many]


def test_the_table_is_sound():
    assert check(DIRECTORY.snapshot) == ()
    assert [str(each.code) for each in level1_organisations()] == sorted(
        str(each.code) for each in level1_organisations()
    )


@pytest.mark.parametrize(("closed", "successor"), CLOSED_MINISTRIES.items())
def test_closed_ministries(closed: str, successor: str | None):
    found = DIRECTORY.resolve(code(closed), NOW)
    assert found.organisation is not None
    if successor:
        assert (found.kind, str(found.organisation.code)) == (ResolutionKind.REDIRECTED, successor)
    else:
        assert (found.kind, str(found.organisation.code)) == (ResolutionKind.CLOSED, closed)


@pytest.mark.parametrize("kept", OPEN_MINISTRIES)
def test_open_ministries(kept: str):
    assert DIRECTORY.resolve(code(kept), NOW).kind is ResolutionKind.CURRENT


@pytest.mark.parametrize(("letter", "closed", "kept"), MERGED)
def test_merged_provinces(letter: str, closed: int, kept: int):
    asked = code(f"{letter}{closed:02d}")
    found = DIRECTORY.resolve(asked, NOW)
    assert found.organisation is not None
    assert (found.kind, str(found.organisation.code)) == (ResolutionKind.REDIRECTED, f"{letter}{kept:02d}")
    assert DIRECTORY.resolve(asked, MIDNIGHT_OF_THE_MERGERS - timedelta(seconds=1)).kind is ResolutionKind.CURRENT
    assert DIRECTORY.resolve(asked, MIDNIGHT_OF_THE_MERGERS).kind is ResolutionKind.REDIRECTED


@pytest.mark.parametrize("letter", "HK")
def test_thirty_four_provinces_are_left_of_sixty_three(letter: str):
    codes = [f"{letter}{number:02d}" for number in range(1, 64)]
    current = {each for each in codes if DIRECTORY.resolve(code(each), NOW).kind is ResolutionKind.CURRENT}
    assert current == {f"{letter}{number:02d}" for number in [*MERGERS, *UNCHANGED]}
    assert len(current) == 34


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("G01", "Bộ Công an"),
        ("G09", "Bộ Nội vụ"),
        ("G10", "Bộ Nông nghiệp và Môi trường"),
        ("G21", "Bộ Dân tộc và Tôn giáo"),
        ("G22", "Văn phòng Chính phủ"),
        ("H15", "Ủy ban nhân dân tỉnh Đắk Lắk"),
        ("H29", "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ("H57", "Ủy ban nhân dân thành phố Huế"),
        ("K57", "Hội đồng nhân dân thành phố Huế"),
        ("K26", "Hội đồng nhân dân thành phố Hà Nội"),
        ("I02", "Tổng Liên đoàn Lao động Việt Nam"),
        ("D01", "Tòa án nhân dân tối cao"),
        ("000.00.00.H26", "Ủy ban nhân dân thành phố Hà Nội"),
        ("000.00.00.G22", "Văn phòng Chính phủ"),
    ],
)
def test_names(asked: str, name: str):
    found = DIRECTORY.organisation(code(asked))
    assert found is not None
    assert found.name == name


def test_every_row_says_how_it_is_known():
    unverified = [row.code for row in level1_rows() if row.certainty == "unverified"]
    assert unverified == ["G37"]
    assert {row.source for row in level1_rows()} == {"20/2020/QĐ-TTg", "09/2025/QĐ-TTg", "202/2025/QH15"}


def test_districts_ended():
    ended = {each.id: each.valid_to for each in levels()}
    assert [name for name, day in ended.items() if day] == ["district"]
    assert str(ended["district"]) == "2025-06-30"
