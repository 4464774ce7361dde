from io import BytesIO

import pytest
from PIL import Image

from lienthong.signature import leader_picture, seal_picture

PICTURES = {
    "leader": (leader_picture("Nguyễn Văn Mẫu"), lambda red, green, blue: blue > 2 * red and blue > 2 * green),
    "seal": (seal_picture("Sở Ví Dụ tỉnh Mẫu"), lambda red, green, blue: red > 3 * green and red > 3 * blue),
}


@pytest.mark.parametrize("name", PICTURES)
def test_transparent_and_of_the_colour_the_decree_asks(name: str):
    data, right_hue = PICTURES[name]
    pixels = [colour for _, colour in Image.open(BytesIO(data)).getcolors(1 << 20)]
    opaque = [colour[:3] for colour in pixels if colour[3] > 200]
    assert opaque
    assert all(right_hue(*colour) for colour in opaque)
    image = Image.open(BytesIO(data))
    clear = sum(1 for value in image.getchannel("A").tobytes() if value == 0)
    assert clear > image.width * image.height * 0.5


def test_shapes():
    assert Image.open(BytesIO(PICTURES["leader"][0])).size == (600, 300)
    width, height = Image.open(BytesIO(PICTURES["seal"][0])).size
    assert width == height


def test_each_name_has_its_own_and_keeps_it():
    assert leader_picture("Trần Thị Ví Dụ") != leader_picture("Nguyễn Văn Mẫu")
    assert leader_picture.__wrapped__("Nguyễn Văn Mẫu") == PICTURES["leader"][0]
    assert leader_picture("")
    assert seal_picture("Ban Quản lý " * 12)
