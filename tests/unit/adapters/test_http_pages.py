"""The OpenAPI pages ask nothing of the outside."""

import re

from litestar import Litestar, get
from litestar.testing import TestClient

from lienthong.adapters.http import described, openapi


@get("/thing", sync_to_thread=False)
def thing() -> str:
    return "x"


def test_pages_name_no_other_host():
    face = Litestar([thing], openapi_config=openapi("Face", "1", "A face"))
    shown = Litestar(described("/face", face), openapi_config=openapi("Shown", "1", "Another"))
    with TestClient(shown) as client:
        for path in ("/face", "/schema"):
            page = client.get(path)
            assert page.status_code == 200
            assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', page.text) == []


def test_a_described_face_is_the_other_one():
    face = Litestar([thing], openapi_config=openapi("Face", "1", "A face"))
    shown = Litestar(described("/face", face))
    with TestClient(shown) as client:
        assert "/thing" in client.get("/face/openapi.json").json()["paths"]
