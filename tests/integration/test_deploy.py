"""The files under `deploy/` in use: systemd reads the units, a real nginx stands before a real axis."""

import base64
import json
import re
import shutil
import socket  # noqa: TID251  # bytes that no client would send
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import httpx
import pytest

from lienthong.adapters.bootstrap import read_config
from lienthong.axis.__main__ import check
from lienthong.axis.config import Config as AxisConfig
from lienthong.cli.bench.proxied import behind
from lienthong.cli.demo.build import build
from lienthong.cli.demo.country import CITY
from lienthong.cli.demo.processes import Processes
from lienthong.cli.servers.nginx import nginx, shipped
from lienthong.envelope import frame
from lienthong.errors import ConfigurationInvalid
from lienthong.gateway.config import Config as GatewayConfig
from refusing import refused
from running_country import Country, letter, sealed, until
from vxp_made import edxml
from vxp_software import Software, terminal

pytestmark = [pytest.mark.integration, pytest.mark.acceptance]
DEPLOY = Path(__file__).parents[2] / "deploy"
RUNNING = ("axis", CITY)
ACCESS = "lienthong-axis.json"
SLOW = 5
"""Seconds a head may take here, so that waiting for its end does not take long."""
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


# ---------------------------------------------------------------- settings and units


def test_the_settings_are_taken() -> None:
    check(read_config(DEPLOY / "config" / "axis.toml", AxisConfig))
    assert read_config(DEPLOY / "config" / "gateway.toml", GatewayConfig).desk.socket


@pytest.mark.parametrize("change", ['host = "0.0.0.0"', 'certificate = "hop.pem"\nsocket = "/run/x.sock"'])
def test_a_proxy_is_trusted_only_from_beside(tmp_path: Path, change: str) -> None:
    text = (DEPLOY / "config" / "axis.toml").read_text().replace('socket = "/run/lienthong-axis/1.sock"', change)
    (tmp_path / "axis.toml").write_text(text)
    with pytest.raises(ConfigurationInvalid):
        check(read_config(tmp_path / "axis.toml", AxisConfig))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_units(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    for wanted in ("NoNewPrivileges=yes", "ProtectSystem=strict", "Restart=always", "MemoryMax=", "LimitNOFILE="):
        assert wanted in text
    if not (analyze := shutil.which("systemd-analyze")):
        pytest.skip("no systemd-analyze on this machine")
    copy = tmp_path / unit.name.replace("@.", "@1.")
    copy.write_text(re.sub(r"/opt/lienthong/bin/\w+", shutil.which("env") or "/usr/bin/env", text))
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------- nginx


@dataclass(frozen=True)
class Proxied:
    country: Country
    folder: Path

    def log(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8", errors="replace")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """A country whose axis, desk and VXP face listen on sockets only, with nginx where others look for them."""
    home = tmp_path_factory.mktemp("proxied")
    place, folder = build(home / "here"), home / "n"
    folder.mkdir()
    behind(place.folder / "axis.toml", "wire", f'socket = "{folder}/1.sock"\nbehind_proxy = true\n')
    behind(place.folder / f"{CITY}.toml", "desk", f'socket = "{folder}/gw-mau.sock"\n')
    behind(place.folder / f"{CITY}.toml", "vxp", f'socket = "{folder}/gw-mau-vxp.sock"\nvault = "{CITY}/vxp.key"\n')
    at_gateway = {"/run/lienthong-gateway/": f"{folder}/", "/etc/lienthong/gateway/": f"{place.folder}/{CITY}/"}
    sites = {
        "lienthong-limits.conf": {},
        "lienthong-axis.conf": {
            "/run/lienthong-axis/": f"{folder}/",
            "listen 8443": f"listen 127.0.0.1:{place.ports['axis']}",
            "/etc/lienthong/axis/": f"{place.folder}/axis/",
            "/etc/lienthong/root.pem": str(place.root),
            "client_header_timeout 20s": f"client_header_timeout {SLOW}s",
        },
        "lienthong-gateway.conf": at_gateway | {"listen 8453": f"listen 127.0.0.1:{place.ports[CITY]}"},
        "lienthong-gateway-vxp.conf": at_gateway | {"listen 8463": f"listen 127.0.0.1:{place.ports[f'{CITY}-vxp']}"},
    }
    texts = [shipped(DEPLOY / "nginx" / name, folder, changes) for name, changes in sites.items()]
    processes = Processes(place)
    country = Country(place, processes)
    with nginx(folder, texts):
        try:
            for name in RUNNING:
                processes.launch(name)
            for name in RUNNING:
                processes.await_ready(name)
            yield Proxied(country, folder)
        finally:
            country.close()
            processes.stop()


def test_a_document_goes_through_the_proxy(proxied: Proxied) -> None:
    country = proxied.country
    sent = country.identity().submit(sealed(letter(("H29",)), country.seal_of("H27")))
    assert sent.status_code == 201, sent.text
    country.arrived("H29", sent.json()["package"])


def test_a_large_body_goes_through_as_it_comes(proxied: Proxied) -> None:
    big = letter(("H29",), content="x" * 60_000)
    sent = proxied.country.identity().submit(sealed(big, proxied.country.seal_of("H27")))
    assert sent.status_code == 201, sent.text
    assert not list(proxied.folder.glob("client_body/*"))


def test_a_token_needs_its_own_gateways_certificate(proxied: Proxied) -> None:
    """A forged header is replaced by the proxy; another gateway's certificate does not go with this token."""
    mine, other = proxied.country.identity(), proxied.country.identity("gw-h29")
    forged = {"X-Client-Certificate": quote((other.folder / "hop.pem").read_text())}
    token = other.token(other.claims("GET", "/v1/registry"))
    refused(mine.ask("GET", "/v1/registry", token=token, headers=forged), 401, "token-invalid")
    assert mine.ask("GET", "/v1/registry", headers=forged).status_code == 200


def test_the_socket_alone_opens_nothing(proxied: Proxied) -> None:
    """Who reaches the socket without the proxy has shown no certificate."""
    mine = proxied.country.identity()
    token = mine.token(mine.claims("GET", "/v1/registry"))
    transport = httpx.HTTPTransport(uds=str(proxied.folder / "1.sock"))
    with httpx.Client(transport=transport, base_url="http://axis") as http:
        refused(http.get("/v1/registry", headers={"Authorization": f"Bearer {token}"}), 401, "token-invalid")
    assert (proxied.folder / "1.sock").stat().st_mode & 0o777 == 0o660


def test_callers_without_a_certificate_leave_a_trace(proxied: Proxied) -> None:
    context = ssl.create_default_context(cafile=str(proxied.country.place.root))
    answer = httpx.get(proxied.country.place.url("axis") + "/v1/registry", verify=context)
    assert answer.status_code == 400
    until(lambda: "client sent no required SSL certificate" in proxied.log("lienthong-axis.error.log"), "a trace")


BAD_HEADS = {
    "a head that is too large": (
        b"GET /v1/registry HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 20_000 + b"\r\n\r\n",
        400,
    ),
    "more headers than there is room for": (
        b"GET /v1/registry HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(9_000)) + b"\r\n",
        400,
    ),
    "a length that is none": (b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nContent-Length: 1e3\r\n\r\n", 400),
    "two lengths": (
        b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        400,
    ),
    "a length that is beyond all bounds": (
        b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n",
        413,
    ),
    "a head that drips": (b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nX-Slow: ", 408),
}


@pytest.mark.parametrize("how", BAD_HEADS)
def test_what_no_process_gets_to_see_is_refused_by_the_proxy_with_a_trace(proxied: Proxied, how: str) -> None:
    """Heads that lie, drip or are too large end at the server; only the proxy's log tells of them (decision 0023)."""
    words, status = BAD_HEADS[how]
    place = proxied.country.place
    traces = lambda: [row for row in map(json.loads, proxied.log(ACCESS).splitlines()) if row["status"] == status]  # noqa: E731  # asked again and again
    before = len(traces())
    with (
        socket.create_connection(("127.0.0.1", place.ports["axis"]), timeout=60) as plain,
        proxied.country.identity().context.wrap_socket(plain, server_hostname="127.0.0.1") as wire,
        suppress(ConnectionError, ssl.SSLError),  # it hangs up as soon as it has seen enough
    ):
        wire.sendall(words)
        assert wire.recv(4096)[:12] in {b"HTTP/1.1 %d" % status, b""}
    until(lambda: len(traces()) > before, f"a trace of {how}")
    assert traces()[-1]["peer"] == "127.0.0.1"
    assert proxied.country.identity().ask("GET", "/v1/registry").status_code == 200


def test_both_lengths_are_refused(proxied: Proxied) -> None:
    mine = proxied.country.identity()
    data = frame(*sealed(letter(), proxied.country.seal_of("H27")))
    answer = mine.ask("POST", "/v1/packages", data, headers={"Transfer-Encoding": "chunked", "Content-Length": "3"})
    assert answer.status_code == 400


def test_the_desk_answers_through_the_proxy(proxied: Proxied) -> None:
    assert proxied.country.desk("H29").me().code == "H29"


def test_software_of_the_national_axis_goes_through_the_proxy(proxied: Proxied) -> None:
    """Old TLS, and a header that nginx would drop by itself: the SDK signs whatever it is told to send."""
    name, country = f"pm-{uuid4().hex[:8]}", proxied.country
    operator = terminal(country, CITY)
    told = json.loads(operator.run("system", "add", name, "--serves", "H29", "--serves", "H29.51", "--json"))
    software = Software(country, CITY, name, told["secret"])
    old = ssl.TLSVersion.TLSv1_2
    assert software.call("/countReceiveEdoc", newest=old, ghi_chu="x", **{"v.b": "1"})["status"] == "OK"
    data = edxml("H29", "H29.51", number=uuid4().hex[:8])
    sent = software.send(data, "H29")
    assert sent["status"] == "OK", sent
    waiting = lambda: [  # noqa: E731  # asked again and again
        row
        for row in software.call("/getReceivedEdocList", messagetype="edoc")["data"]
        if row["docId"].startswith(sent["DocId"])
    ]
    (item,) = until(waiting, "the package")
    assert base64.b64decode(software.call("/getEdoc", b"{}", docId=item["docId"])["data"]) == data
    assert not list(proxied.folder.glob("client_body/*"))


@pytest.mark.parametrize("face", ["axis", CITY])
def test_only_software_of_the_national_axis_may_speak_old_tls(proxied: Proxied, face: str) -> None:
    old = ssl.create_default_context(cafile=str(proxied.country.place.root))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(verify=old) as http, pytest.raises(httpx.ConnectError, match=r"(?i)version|handshake"):
        http.get(proxied.country.place.url(face))
