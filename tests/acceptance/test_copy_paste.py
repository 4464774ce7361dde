"""What integrators copy works as it stands: curl from the documents, the examples, the collection; against real processes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4  # noqa: TID251  # the country outlives a test

import httpx
import pytest

from lienthong.client import File, Metadata
from lienthong.envelope.writer import write
from running_country import PDF, Country, letter
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SENDER, CITY, WARD = "G22", "H29", "H29.51"
HEAD = 'set -euo pipefail\ndesk() { curl --fail-with-body --silent --show-error --cacert root.pem --header "Authorization: Bearer $(cat token)" "$@"; }\n'


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def block(page: str, holding: str) -> str:
    """The one block of a page with these words."""
    [found] = [each for each in blocks(page) if holding in each]
    return found


@dataclass(frozen=True)
class Desk:
    """A folder as an integrator has it, and the shell in it."""

    country: Country
    folder: Path
    code: str

    def run(self, script: str, **variables: str) -> str:
        (self.folder / "token").write_text(self.country.token(self.code))
        url = self.country.place.url(self.country.gateway_of(self.code))
        told = re.sub(r"^(GATEWAY=|desk\(\)).*\n", "", script, flags=re.MULTILINE)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251  # commands of this machine
        env = {"PATH": path, "HOME": str(self.folder), "GATEWAY": url, "LC_ALL": "C.UTF-8", **variables}
        done = subprocess.run(
            ["bash", "-c", HEAD + told],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{told}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def python(self, example: str, *words: str) -> subprocess.Popen[str]:
        (self.folder / "token").write_text(self.country.token(self.code))
        url = self.country.place.url(self.country.gateway_of(self.code))
        env = os.environ | {"LIENTHONG_GATEWAY": url, "LIENTHONG_TOKEN_FILE": "token", "LIENTHONG_CA": "root.pem"}  # noqa: TID251  # as a terminal's
        command = [sys.executable, str(EXAMPLES / example), *words]
        return subprocess.Popen(
            command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def example(self, name: str, *words: str) -> str:
        with self.python(name, *words) as process:
            text, _ = process.communicate(timeout=60)
        assert process.returncode == 0, text
        return text

    def at(self, code: str) -> "Desk":
        return Desk(self.country, self.folder, code)


@pytest.fixture
def desk(country: Country, tmp_path: Path) -> Desk:
    (tmp_path / "root.pem").write_bytes(country.place.root.read_bytes())
    (tmp_path / "15.pdf").write_bytes(composed().pdf + f"% {uuid4().hex}\n".encode())
    (tmp_path / "phu-luc.xlsx").write_bytes((tmp_path / "15.pdf").read_bytes())
    (tmp_path / "ban-do.tif").write_bytes(os.urandom(100_000))
    (tmp_path / "15.edxml").write_bytes(write(letter((CITY,), SENDER), {"tep-1": PDF}))
    return Desk(country, tmp_path, SENDER)


def sent(country: Country, to: str, sender: str = SENDER) -> str:
    """A document that waits at its recipient's desk."""
    said = Metadata(uuid4().hex[:8], "CV-MẪU", "Mẫu để thử", (to,))
    found = country.desk(sender).send(said, [File("15.pdf", "application/pdf", PDF)]).entry.id
    country.arrived(to, found)
    return found


# ---------------------------------------------------------------- curl


API = "protocol/desk-api.md"


def test_what_a_sender_copies(desk: Desk) -> None:
    own = desk.country.desk(SENDER)
    desk.run(block(API, "v1/capabilities"))
    desk.run(fresh := block(API, "vb-2026-0001?ttl").replace("vb-2026", f"vb-{uuid4().hex[:6]}"))
    name = re.search(r"vb-\w+-0001", fresh)
    assert name is not None
    [entry] = [each for each in own.outgoing(text=name[0]).entries if each.message_id == name[0]]
    desk.country.arrived(CITY, entry.id)
    desk.run(block(API, "Upload-Length"))
    looking = block(API, "boxes?box=waiting")
    desk.run(looking, ID=entry.id)
    desk.run(block(API, "Gửi nhầm nơi nhận").replace("2026", uuid4().hex[:6]), ID=entry.id)


def test_what_a_receiver_copies(desk: Desk) -> None:
    desk.at(CITY).run(block(API, "/H29/lock").replace("seconds=20", "seconds=1"), ID=sent(desk.country, CITY))
    guide = block("guides/connect-your-software.md", "/H29.51/lock").replace("seconds=20", "seconds=1")
    desk.at(WARD).run(guide, ID=sent(desk.country, WARD))
    desk.run(block("guides/connect-your-software.md", "desk()").replace("vb-2026", f"vb-{uuid4().hex[:6]}"))


def test_what_is_copied_to_sign_and_to_check(desk: Desk) -> None:
    desk.run(block(API, "v1/signatures/keys").replace("ky-15", f"ky-{uuid4().hex}"))
    checked = block(API, "v1/signatures/form-check")
    desk.run(checked)
    assert (desk.folder / "15.jws").read_bytes().count(b".") == 2
    desk.run(checked.replace("15.pdf", "15-signed.pdf").replace("phu-luc.xlsx", "15-signed.pdf"))
    report = desk.country.desk(SENDER).check_file((desk.folder / "15-signed.pdf").read_bytes()).report
    assert report is not None
    assert report["conclusion"] == "valid"


def test_what_is_copied_to_be_told(desk: Desk) -> None:
    here = f"http://127.0.0.1:{desk.country.place.ports['hooks']}/"
    script = (
        block(API, "v1/events/stream")
        .replace("https://phanmem.example/lien-thong", here)
        .replace("seconds=20", "seconds=1")
    )
    assert "retry: 2000" in desk.run(script)
    desk.country.desk(SENDER).drop_webhook("phan-mem")


# ---------------------------------------------------------------- examples


def test_examples_send_and_receive(desk: Desk) -> None:
    (desk.folder / f"{uuid4().hex}.pdf").write_bytes(PDF)
    [path] = [each for each in desk.folder.glob("*.pdf") if each.name != "15.pdf"]
    told = desk.example("send.py", WARD, path.name)
    document = told.split()[0]
    desk.country.arrived(WARD, document)
    seen = ""
    while document not in seen:  # others of this country's tests may lie before it
        seen += desk.at(WARD).example("receive.py", "den", "--once")
    assert (desk.folder / "den" / document / path.name).read_bytes() == PDF
    with desk.python("send.py", "Z99", path.name) as refused:
        assert "danh bạ" in refused.communicate(timeout=60)[0]
    assert refused.returncode == 1


def test_examples_follow_and_do_many(desk: Desk) -> None:
    assert desk.example("many.py", "9", CITY).startswith("9 ")
    first = desk.example("follow.py", "cursor", "3").splitlines()
    second = desk.example("follow.py", "cursor", "2").splitlines()
    assert [len(first), len(second), len({*first, *second})] == [3, 2, 5]


def test_an_example_is_called_by_its_webhook(desk: Desk) -> None:
    port = desk.country.place.ports["hooks"]
    with desk.python("webhook.py", str(port), "vi-du", f"http://127.0.0.1:{port}/", "2") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        forged = httpx.post(f"http://127.0.0.1:{port}/", json={"type": "document.consigned"})
        document = sent(desk.country, CITY)
        lines = process.communicate(timeout=60)[0].splitlines()
    hook = next(each for each in desk.country.desk(SENDER).webhooks() if each.name == "vi-du")
    desk.country.desk(SENDER).drop_webhook("vi-du")
    assert forged.status_code == 401
    assert lines[0].split()[:2] == ["document.submission-accepted", document]
    assert len(lines) == 2
    assert hook.heard_at is not None


# ---------------------------------------------------------------- the collection


COLLECTION = json.loads((EXAMPLES / "desk.postman_collection.json").read_text("utf-8"))
_SET = re.compile(r'collectionVariables\.set\("(\w+)", pm\.response\.json\(\)\.([\w.]+)\)')
_STATUS = re.compile(r"have\.status\((\d+)\)")


def filled(text: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: variables[match[1]], text)


def asked(http: httpx.Client, item: Mapping[str, Any], variables: dict[str, str], folder: Path) -> None:
    """One request as Postman would make it, and what its script then checks and keeps."""
    request, script = item["request"], "\n".join(item["event"][0]["script"]["exec"])
    headers = {each["key"]: each["value"] for each in request["header"]}
    body, more = request.get("body", {}), dict[str, Any]()
    if body.get("mode") == "raw":
        more["content"] = filled(body["raw"], variables).encode()
    if body.get("mode") == "file":
        more["content"] = (folder / body["file"]["src"]).read_bytes()
    if body.get("mode") == "formdata":
        more["files"] = [
            (row["key"], (None, filled(row["value"], variables)))
            if row["type"] == "text"
            else (row["key"], (row["src"], (folder / row["src"]).read_bytes(), row["contentType"]))
            for row in body["formdata"]
        ]
    answer = http.request(request["method"], filled(request["url"]["raw"], variables), headers=headers, **more)
    wanted = _STATUS.search(script)
    assert wanted is not None
    assert answer.status_code == int(wanted[1]), (item["name"], answer.text)
    for name, path in _SET.findall(script):
        found = answer.json()
        for step in path.split("."):
            found = found[step]
        variables[name] = found


def test_the_collection_is_played(desk: Desk) -> None:
    country = desk.country
    given = {each["key"]: each["value"] for each in COLLECTION["variable"]}
    given |= {"message_id": f"vb-{uuid4().hex}", "session": f"ky-{uuid4().hex}"}
    given |= {"hook": f"http://127.0.0.1:{country.place.ports['hooks']}/"}
    sending, receiving, signing = (group["item"] for group in COLLECTION["item"])
    for code, items, more in (
        (SENDER, sending, {}),
        (SENDER, signing, {}),
        (WARD, receiving, {"waiting": sent(country, WARD), "addressee": WARD}),
    ):
        variables = given | more | {"gateway": country.place.url(country.gateway_of(code))}
        with httpx.Client(
            verify=country.trust, timeout=60, headers={"Authorization": f"Bearer {country.token(code)}"}
        ) as http:
            for item in items:
                asked(http, item, variables, desk.folder)


def test_the_collection_calls_what_is_published() -> None:
    told = json.loads((ROOT / "docs" / "protocol" / "desk.openapi.json").read_text("utf-8"))["paths"]
    published = {
        (method.upper(), re.sub(r"\{[^}]*\}", "*", path)) for path, methods in told.items() for method in methods
    }
    for group in COLLECTION["item"]:
        for item in group["item"]:
            path = re.sub(
                r"\{\{\w+\}\}", "*", item["request"]["url"]["raw"].partition("?")[0].removeprefix("{{gateway}}")
            )
            assert (item["request"]["method"], path.replace("phan-mem", "*").replace("15.pdf", "*")) in published
