"""`lienthong gateway join`: keys made here, requests signed by them, a one-time code; then certificates, then a test.

folder/hop.key log.key                       the gateway's own key and its log's; never sent
folder/hop.pem log.pem                       once the authority has answered
folder/tenants/CODE/seal.key seal.pem        the agency's sealing key
folder/join.json                             where it stands: repeating the command goes on from there
"""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.files import PRIVATE, read_secret, write_whole
from lienthong.adapters.keys import load_certificates
from lienthong.cli.printing import files_here, say, spoken
from lienthong.client import Desk, File, Metadata
from lienthong.client.answers import problem
from lienthong.delivery import AXIS
from lienthong.errors import ConfigurationInvalid, LienThongError, NotFound, Unavailable
from lienthong.evidence import VerifierKey
from lienthong.registry import thumbprint

PAUSE, PATIENCE = 5.0, 60.0
"""Seconds between two questions, and for the echo to answer."""
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Place:
    """Where the console is, and the folder of the keys."""

    at: str
    folder: Path
    ca: Path | None

    def ask(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        """One call of the console; its refusals, Unavailable."""
        verify = str(self.ca) if self.ca else True
        try:
            answer = httpx.post(f"{self.at.rstrip('/')}{path}", json=told, verify=verify, timeout=30)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self.at}: {type(error).__name__}") from error
        if answer.status_code >= 400:
            raise problem(answer.status_code, answer.content)
        found: dict[str, Any] = answer.json()
        return found


def join(
    code: Annotated[
        str, typer.Argument(help="Mã dùng một lần; trống để tiếp tục / one-time code, empty to go on")
    ] = "",
    *,
    at: Annotated[str, typer.Option(help="Địa chỉ bàn vận hành / address of the console")],
    gateway: Annotated[str, typer.Option(help="Mã máy chủ / id of this gateway")],
    folder: Annotated[Path, typer.Option(help="Thư mục khóa / folder of the keys")] = Path(),
    ca: Annotated[Path | None, typer.Option(help="Chứng thư gốc của bàn vận hành / root of the console's TLS")] = None,
    origin: Annotated[str, typer.Option(help="Tên miền của nhật ký / domain of the log's name")] = "lienthong.example",
    wait: Annotated[float, typer.Option(help="Chờ chứng thư tối đa, giây / seconds to wait for certificates")] = 0.0,
    test: Annotated[str, typer.Option(help="Địa chỉ trục để thử / address of the axis to test")] = "",
    roots: Annotated[Path, typer.Option(help="Chứng thư gốc của trục / root certificates")] = Path("root.pem"),
    desk: Annotated[str, typer.Option(help="Địa chỉ cổng phần mềm để thử gửi / desk to send a test document")] = "",
    token_file: Annotated[Path | None, typer.Option(help="Mã của phần mềm / the software's token")] = None,
    echo: Annotated[str, typer.Option(help="Mã cơ quan trả lời / code of the echo organisation")] = "",
) -> None:
    """Nối máy chủ này với trục bằng mã dùng một lần. / Join this gateway to the axis with a one-time code."""
    with spoken(), files_here():
        place = Place(at, folder, ca)
        ticket = _ticket(place, code, gateway, origin)
        state = _certified(place, ticket, wait)
        if state["state"] not in {"certified", "listed"}:
            say(
                "Đã nộp yêu cầu chứng thư; chạy lại lệnh này để lấy.",
                "requests handed in; run again to fetch",
                "yellow",
            )
            return
        say(f"Đã có chứng thư của {state['gateway']}.", f"certificates of {state['gateway']} are here", "green")
        if test:
            told = {"axis": _reached(place, gateway, test, roots), "echo": _echoed(desk, token_file, ca, echo)}
            _tell(told | {"seen": _seen(place, ticket, told)})


def _ticket(place: Place, code: str, gateway: str, origin: str) -> str:
    """The ticket kept from before, or a new one for the code."""
    kept = place.folder / "join.json"
    if kept.exists():
        found: str = json.loads(kept.read_text("utf-8"))["ticket"]
        return found
    if not code:
        raise ConfigurationInvalid(f"{kept}")
    keys = make_keys(place.folder)
    told = place.ask("/dang-ky/noi/", {"code": code, **requests(keys, gateway, origin)})
    write_whole(kept, json.dumps(told).encode(), PRIVATE)
    ticket: str = told["ticket"]
    return ticket


def make_keys(folder: Path) -> dict[str, Key]:
    """Three keys by purpose, kept in the folder; those that are there already are taken."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: dict[str, Key] = {
        "gateway": ec.generate_private_key(ec.SECP256R1()),
        "log": ed25519.Ed25519PrivateKey.generate(),
        "package-seal": ec.generate_private_key(ec.SECP256R1()),
    }
    stems = {"gateway": "hop", "log": "log", "package-seal": "seal"}
    for purpose, key in made.items():
        path = folder / f"{stems[purpose]}.key"
        if not path.exists():
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_whole(path, pem, PRIVATE)
    return {purpose: _load(folder / f"{stem}.key") for purpose, stem in stems.items()}


def _load(path: Path) -> Key:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ConfigurationInvalid(str(path))
    return key


def requests(keys: dict[str, Key], gateway: str, origin: str) -> dict[str, Any]:
    """What the console is shown of the keys: a request signed by each, and the log's verifier key."""
    log = keys["log"]
    if not isinstance(log, ed25519.Ed25519PrivateKey):
        raise ConfigurationInvalid("log.key")
    vkey = VerifierKey(f"{origin}/log/{gateway}", log.public_key().public_bytes_raw())
    return {"requests": {purpose: _csr(key, gateway) for purpose, key in keys.items()}, "vkey": str(vkey)}


def _csr(key: Key, name: str) -> str:
    builder = x509.CertificateSigningRequestBuilder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM).decode()


def _certified(place: Place, ticket: str, wait: float) -> dict[str, Any]:
    """The state, asked until certificates are there or the time is over; certificates are kept beside their keys."""
    until = time.monotonic() + wait
    state = place.ask("/dang-ky/noi/xem/", {"ticket": ticket})
    while state["state"] == "waiting" and time.monotonic() < until:
        time.sleep(PAUSE)
        state = place.ask("/dang-ky/noi/xem/", {"ticket": ticket})
    if state["state"] == "refused":
        raise NotFound(state["gateway"])
    if state["state"] != "waiting":
        _keep(place.folder, state)
    return state


def _keep(folder: Path, state: dict[str, Any]) -> None:
    tenant = folder / "tenants" / state["organisation"]
    tenant.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "seal.key").exists():  # one copy of a key: where the gateway looks for it
        write_whole(tenant / "seal.key", (folder / "seal.key").read_bytes(), PRIVATE)
        (folder / "seal.key").unlink()
    names = {"gateway": folder / "hop.pem", "log": folder / "log.pem", "package-seal": tenant / "seal.pem"}
    for purpose, path in names.items():
        write_whole(path, state["certificates"][purpose].encode())


def _reached(place: Place, gateway: str, axis: str, roots: Path) -> str:
    """Whether the axis knows this gateway's key: empty, or the code of what was wrong."""
    try:
        asyncio.run(_call(gateway, axis, place.folder, roots))
    except LienThongError as error:
        return error.code
    return ""


async def _call(gateway: str, axis: str, folder: Path, roots: Path) -> None:
    from lienthong.adapters.identity import Caller
    from lienthong.adapters.wire import AxisWire, tls_context

    leaf = thumbprint(load_certificates(folder / "hop.pem")[0].public_bytes(Encoding.DER))
    caller = Caller(gateway, read_secret(folder / "hop.key"), leaf, AXIS, SystemClock(), SystemLots())
    async with AxisWire(axis, caller, tls_context(roots, folder / "hop.pem", folder / "hop.key")) as wire:
        await wire.whereabouts(())


def _echoed(url: str, token_file: Path | None, ca: Path | None, echo: str) -> str:
    """Whether a first document went out and its answer came back: empty, or the code of what was wrong."""
    if not (url and token_file and echo):
        return "not-tested"
    try:
        with Desk(url, token_file.read_text("utf-8").strip(), ca=ca) as door:
            sent = door.send(Metadata("1", "THU", "V/v thử kết nối", (echo,)), [File("thu.txt", "text/plain", b"thu")])
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                answered = [each for each in door.incoming(sent.entry.document_id).entries if each.sender == echo]
                if answered or any(each.status for each in door.document(sent.entry.id).entry.recipients):
                    return ""
                time.sleep(1)
    except LienThongError as error:
        return error.code
    return "unconfirmed"


def _seen(place: Place, ticket: str, told: dict[str, str]) -> str:
    """Report the own test, and hear what the axis says of this gateway: empty, or a word. It writes down who came by
    and by, so whom it let in just now it may name a few seconds later."""
    until = time.monotonic() + PATIENCE
    seen: str = place.ask("/dang-ky/noi/thu/", {"ticket": ticket, **told})["seen"]
    while seen == "silent" and not told["axis"] and time.monotonic() < until:
        time.sleep(PAUSE)
        seen = place.ask("/dang-ky/noi/thu/", {"ticket": ticket, **told})["seen"]
    return seen


def _tell(told: dict[str, str]) -> None:
    words = {
        "axis": ("Gọi được trục", "the axis answers"),
        "seen": ("Trục thấy máy chủ này", "the axis saw this gateway"),
        "echo": ("Văn bản thử được trả lời", "the echo answered"),
    }
    for name, (vi, en) in words.items():
        with suppress(KeyError):
            bad = told[name]
            say(f"{'✗' if bad else '✓'} {vi}{f' ({bad})' if bad else ''}", en, "red" if bad else "green")
