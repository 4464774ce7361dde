"""The page as an app: what its worker keeps is the shell, what it says without a network names nobody."""

import json
import re
from io import BytesIO

from django.test import Client
from PIL import Image

from apps.ui.shell import OFFLINE


def told(client: Client) -> dict[str, object]:
    script = client.get("/sw.js").content.decode()
    found: dict[str, object] = json.loads(script[len("const SHELL = ") : script.index(";\n")])
    return found


def body(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # of Django's test client


def test_the_worker_keeps_static_files_alone_and_each_is_there(visitor: Client, clerk: Client) -> None:
    assert told(visitor) == told(clerk), "it knows nobody"
    files = told(visitor)["files"]
    assert isinstance(files, list)
    assert all(
        re.fullmatch(r"/static/(ui|vendor/(htmx|be-vietnam-pro))/[\w./-]+\?v=[0-9a-f]{12}", one) for one in files
    )
    for path in (*files, OFFLINE):
        body(visitor, path)
    assert sum(len(body(visitor, path)) for path in files) < 600_000, "a shell is small"


def test_it_is_asked_anew_each_time_and_under_the_strict_policy(visitor: Client) -> None:
    answer = visitor.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_is_said_without_a_network_names_nobody(visitor: Client, clerk: Client) -> None:
    text = body(visitor, OFFLINE).decode()
    assert "Chưa gặp được máy chủ của cơ quan" in text
    assert "csrfmiddlewaretoken" not in text
    assert "Văn thư Mẫu" not in text


def test_the_manifest_names_icons_of_the_sizes_it_says(visitor: Client) -> None:
    link = re.search(r'<link rel="manifest" href="([^"]+)"', visitor.get("/dang-nhap/").content.decode())
    assert link
    manifest = json.loads(body(visitor, link[1]))
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    for icon in manifest["icons"]:
        content = body(visitor, f"/static/ui/{icon['src']}")
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(content)).size)) == icon["sizes"]


def test_leaving_clears_what_the_browser_keeps(clerk: Client) -> None:
    assert clerk.post("/dang-xuat/")["Clear-Site-Data"] == '"storage"'
