"""`lienthong signature report`: signed by a gateway, made here, and checked by whoever holds it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.client import CheckedFile
from lienthong.errors import NotFound
from lienthong.signature.reporting import Statement, as_html, state
from lienthong.testing.pki import MOMENT, pki
from unit.signature.authority import NOW, authority
from unit.signature.documents import judged, sealed

SHA = sha256(sealed()).hexdigest()


class Gateway:
    """A desk that knows one file."""

    def check_file(self, pdf: bytes, policy: str = "") -> CheckedFile:
        return self.known_file(sha256(pdf).hexdigest(), policy)

    def known_file(self, digest: str, policy: str = "") -> CheckedFile:
        if digest != SHA:
            raise NotFound(digest)
        return CheckedFile(SHA, None if policy == "strict" else judged(sealed()).as_dict())

    def signature_report(self, digest: str, form: str = "jws", policy: str = "") -> bytes:
        made = judged(sealed())
        said = Statement("gateway-mau", made, policy)
        key = pki().gateway("gateway-mau").seal_signer()
        return as_html(made) if form == "html" else state(said, key, MOMENT).encode()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    @contextmanager
    def opened(code: str, _: Path | None) -> Iterator[Gateway]:
        assert code == "H29"
        yield Gateway()

    module = sys.modules["lienthong.cli.signature.report"]
    monkeypatch.setattr(module.desks, "open_desk", opened)
    monkeypatch.setattr(module, "now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    Path("15.pdf").write_bytes(sealed())
    for name, root in (("root", pki().roots[0]), ("state", authority().root), ("other", pki().stranger.roots[0])):
        pem = x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM)
        Path(f"{name}.pem").write_bytes(pem)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "250"}).invoke(app, ["signature", "report", *words])


def test_a_gateway_signs_it_and_anybody_checks_it_offline(here: Path) -> None:
    asked = run("15.pdf", "--as", "H29", "-o", "15.jws")
    assert asked.exit_code == 0, asked.output
    assert "Chữ ký của Nguyễn Văn Mẫu hợp lệ" in asked.output
    checked = run("15.jws", "--check", "--trust", "root.pem", "--file", "15.pdf", "--detailed")
    assert checked.exit_code == 0, checked.output
    assert "Báo cáo do gateway-mau ký lúc 22/11/2026" in checked.output
    assert "Nội dung và chữ ký nguyên vẹn" in checked.output
    assert json.loads(run("15.jws", "--check", "--trust", "root.pem", "--json").output)["sha256"] == SHA
    assert (here / "15.pdf").read_bytes() == sealed()


def test_a_digest_is_enough(here: Path) -> None:
    asked = run(SHA, "--as", "H29", "-o", "15.html")
    assert asked.exit_code == 0, asked.output
    assert "Nguyễn Văn Mẫu" in (here / "15.html").read_text()
    assert run("0" * 64, "--as", "H29").exit_code == 1
    gone = run(SHA, "--as", "H29", "--policy", "strict")
    assert (gone.exit_code, "not-found" in gone.output) == (1, True)


def test_made_here_without_a_gateway(here: Path) -> None:
    for name in ("15.html", "15.json"):
        made = run("15.pdf", "--trust", "state.pem", "-o", name)
        assert made.exit_code == 0, made.output
    assert json.loads((here / "15.json").read_text())["conclusion"] == "valid"
    assert "15.pdf" in (here / "15.html").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("15.jws", "--check", "--trust", "other.pem"), "evidence-broken"),
        (("15.jws", "--check", "--trust", "root.pem", "--file", "other.pem"), "another file"),
        (("15.jws", "--check"), "invalid-value"),
        (("15.pdf", "--check", "--trust", "root.pem"), "evidence-broken"),
        (("15.pdf", "--trust", "state.pem", "-o", "x.jws"), "invalid-value"),
        (("15.pdf", "--trust", "state.pem", "-o", "x.pdf"), "invalid-value"),
        (("15.pdf", "--trust", "state.pem", "-o", "15.jws"), "file-unusable"),
        (("none.pdf", "--trust", "state.pem"), "file-unusable"),
    ],
)
def test_what_is_refused(here: Path, words: tuple[str, ...], code: str) -> None:
    assert run("15.pdf", "--as", "H29", "-o", "15.jws").exit_code == 0
    refused = run(*words)
    assert (refused.exit_code, code in refused.output) == (1, True), refused.output
    assert not (here / "x.jws").exists()
