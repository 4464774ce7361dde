"""Joining with real parts: letters really signed and judged by a gateway, a console in a process of its own."""

from collections.abc import Iterator

import pytest

from console_process import Console, console_process
from lienthong.client import Desk, Paper
from running_country import Country
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance
FORM = {
    "level": "commune",
    "gateway_name": "Máy chủ Mẫu An",
    "contact": "Người Mẫu",
    "email": "mau@example.vn",
}
CITY = "Ủy ban nhân dân Thành phố Hồ Chí Minh"


@pytest.fixture(scope="module")
def console(country: Country, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    place = country.place
    door = f'\n[console.letters]\nurl = "{place.url(country.gateway_of("G22"))}"\n'
    door += f'token_file = "{place.folder / "tokens" / "G22"}"\nca_file = "{place.root}"\n'
    hop = f'\n[[console.hop]]\nname = "axis"\nurl = "{place.url("axis-ops")}"\n'
    hop += f'token_file = "{place.folder / "tokens" / "viewer-axis"}"\n'
    with console_process(tmp_path_factory.mktemp("console"), place.root, hop + door) as made:
        yield made


def letter(desk: Desk, *, sealed: bool = True) -> bytes:
    """A document as the agency of this desk signs it: its leader, then its seal."""
    title = "V/v nối với trục liên thông"
    signed = desk.sign(Paper(composed().pdf, title), "leader", "Nguyễn Văn Mẫu", "leader", level="B-T")
    if not sealed:
        return signed
    return desk.sign(Paper(signed, title), "seal", "Văn thư Mẫu", "seal", level="B-T")


def apply(console: Console, number: int, pdf: bytes, **told: str) -> tuple[int, str]:
    """What the form answers, and its words."""
    form = {"code": f"H29.8{number}", "name": f"Ủy ban nhân dân phường Mẫu {number}", "gateway": f"gw-mau-{number}"}
    files = {"letter": ("de-nghi.pdf", pdf, "application/pdf")}
    answer = console.post("", "/dang-ky/", files, **FORM | form | told)
    return answer.status_code, answer.text


def test_letters_count_by_who_really_signed_them(country: Country, console: Console) -> None:
    city = country.desk("H29")
    good = letter(city)
    status, page = apply(console, 1, good)
    assert status == 200, page
    assert "Từng bước" in page or "Còn thiếu:" in page
    assert "văn bản đề nghị ký số" in page.lower()
    for number, pdf, words in (
        (2, letter(country.desk("G09")), "Văn bản do cơ quan khác ký"),
        (3, letter(city, sealed=False), "Văn bản do cơ quan khác ký"),
        (4, good.replace(b"/MediaBox", b"/MediaBos", 1), "không hợp lệ"),
        (5, composed().pdf, "không hợp lệ"),
    ):
        status, page = apply(console, number, pdf)
        assert (status, words in page) == (422, True), (number, page)
