"""Places found from the text: on pages of ours, on pages laid out otherwise, and where there is nothing to find."""

from dataclasses import replace

import pytest

from lienthong.layout import compose
from lienthong.signature.facts.looks import looks
from lienthong.signature.facts.model import Box, Line, Looks
from lienthong.signature.placement import MM, SEAL, by_text, corner, over, signed_by_leader
from unit.layout.drafts import DECISION
from unit.signature.authority import NOW
from unit.signature.documents import composed

NAME = "Nguyễn Văn Mẫu"


def at(text: str, middle: float, bottom: float, page: int = 0, size: float = 14) -> Line:
    half = len(text) * size / 4
    return Line(text, Box(page, middle - half, bottom, middle + half, bottom + size), size, "Times")


def seen(*lines: Line, pages: int = 1) -> Looks:
    return Looks(pages=((595.3, 841.9),) * pages, lines=lines)


def middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.bottom + box.top) / 2


def test_on_our_own_page_it_is_where_the_page_was_laid_out_for_it():
    spot = by_text(looks(composed().pdf), DECISION.signer_name)
    assert spot is not None
    anchors = composed().anchors
    for found, laid in ((spot.leader, anchors.leader), (spot.seal, anchors.seal)):
        assert found.page == laid.page
        assert middle(found) == pytest.approx(middle(laid), abs=2 * MM)


def test_on_a_document_of_many_pages_it_is_on_the_page_of_the_signature():
    long = compose(replace(DECISION, body=("Điều khoản mẫu dài.",) * 120), NOW)
    spot = by_text(looks(long.pdf), DECISION.signer_name)
    assert spot is not None
    assert spot.leader.page == long.anchors.leader.page > 0


def test_two_columns_and_another_hand_of_layout():
    """The receivers stand on the left, "KT." above the position, the name in other capitals and spaces."""
    lines = (
        at("Nơi nhận:", 120, 300),
        at("KT. CHỦ TỊCH", 420, 310),
        at("PHÓ CHỦ TỊCH", 420, 290),
        at("NGUYỄN  VĂN  MẪU", 420, 190),
        at("- Lưu: VT.", 120, 180),
    )
    spot = by_text(seen(*lines), NAME)
    assert spot is not None
    assert middle(spot.leader)[0] == pytest.approx(420)
    assert 204 <= spot.leader.bottom < spot.leader.top <= 290
    assert spot.seal.right == pytest.approx(spot.leader.left + (spot.leader.right - spot.leader.left) / 3)
    assert spot.seal.right - spot.seal.left == pytest.approx(SEAL)


def test_the_last_place_counts_not_a_name_in_the_text():
    lines = (
        at("QUYẾT ĐỊNH", 297, 700),
        at(NAME, 297, 600),
        at("CHỦ TỊCH", 420, 300, page=1),
        at(NAME, 420, 200, page=1),
    )
    spot = by_text(seen(*lines, pages=2), NAME)
    assert spot is not None
    assert spot.leader.page == 1


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (at("CHỦ TỊCH", 420, 300), at("Trần Thị Ví Dụ", 420, 200)),
        (at("chức vụ viết thường", 420, 300), at(NAME, 420, 200)),
        (at("CHỦ TỊCH", 100, 300), at(NAME, 420, 200)),
        (at("CHỦ TỊCH", 420, 215), at(NAME, 420, 200)),
        (at("CHỦ TỊCH", 420, 800), at(NAME, 420, 200)),
        (at("CHỦ TỊCH", 420, 300, page=1), at(NAME, 420, 200)),
    ],
    ids=["a scan", "another name", "no position", "another column", "no room", "far above", "another page"],
)
def test_where_the_text_does_not_say_nothing_is_found(lines: tuple[Line, ...]):
    assert by_text(seen(*lines), NAME) is None
    assert by_text(seen(*lines), "") is None


def test_the_seal_over_a_leaders_picture_that_is_there():
    box = over(Box(2, 300, 200, 441.7, 256.7))
    assert (box.page, box.right) == (2, pytest.approx(300 + 141.7 / 3))
    assert middle(box)[1] == pytest.approx(228.35)
    assert over(Box(0, 0, 0, 30, 10)).left == 0


def test_the_corner_of_any_page_size():
    assert corner(None).right == pytest.approx(595.276 - 15 * MM)
    wide = corner(Looks(pages=((842, 595),)))
    assert (wide.page, wide.right, wide.top) == (0, pytest.approx(842 - 15 * MM), pytest.approx(595 - 8 * MM))


def test_only_a_visible_leaders_signature_is_sealed_over():
    box = Box(0, 1, 1, 2, 2)
    assert signed_by_leader([("AgencySeal1", box), ("LeaderSignature1", box)]) == box
    assert signed_by_leader([("LeaderSignature1", Box(0, 0, 0, 0, 0)), ("Initials1", box)]) is None
