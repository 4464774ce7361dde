"""`lienthong log monitor`, `lienthong log witness` and `lienthong log audit`."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import structlog
import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.adapters.bootstrap import configure_logging
from lienthong.adapters.files import PRIVATE, read_secret, write_whole
from lienthong.adapters.http import Listen, serve
from lienthong.cli.log.memory import Memory
from lienthong.cli.log.monitor import Look, Terms, look
from lienthong.cli.log.reading import ServedLog
from lienthong.cli.log.witness import Seen, WitnessDesk, face
from lienthong.cli.printing import files_here, now, print_json, say, spoken
from lienthong.errors import ConfigurationInvalid, InvalidValue
from lienthong.evidence import SigningKey, VerifierKey, read_audit
from lienthong.evidence.note import COSIGNATURE
from lienthong.registry import open_signed

app = typer.Typer(name="log", help="Giám sát và làm chứng nhật ký bằng chứng / Watch and witness evidence logs")
log = structlog.get_logger()
GUILTY, DOUBTFUL = 1, 2

Keys = Annotated[list[str] | None, typer.Option("--key", help="Khóa nhật ký (vkey) / verifier key of a log")]
Registry = Annotated[
    Path | None, typer.Option(help="Lấy khóa từ danh bạ đã ký / take keys from a signed registry", exists=True)
]
Root = Annotated[Path | None, typer.Option(help="Chứng thư gốc PEM / root certificates", exists=True)]


@app.command("monitor")
def monitor(
    urls: Annotated[list[str], typer.Argument(help="Địa chỉ nhật ký, ví dụ / such as http://host:8444/log")],
    *,
    state: Annotated[Path, typer.Option(help="Thư mục ghi nhớ / folder of what was seen")] = Path("lienthong-monitor"),
    once: Annotated[bool, typer.Option("--once", help="Xem một lần / look once")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    key: Keys = None,
    registry: Registry = None,
    root: Root = None,
    seconds: Annotated[float, typer.Option(help="Nghỉ giữa hai lần / pause between looks", min=0.1)] = 30.0,
    stalled: Annotated[float | None, typer.Option(help="Báo khi đứng yên quá số giây / seconds of standstill")] = None,
    stamp_age: Annotated[float | None, typer.Option(help="Tuổi lớn nhất của dấu thời gian / stamp age, s")] = None,
    peer: Annotated[list[Path] | None, typer.Option(help="seen.json của máy giám sát khác / another monitor's")] = None,
    webhook: Annotated[str | None, typer.Option(help="POST mỗi báo động / post each alarm to")] = None,
    command: Annotated[Path | None, typer.Option(help="Chạy khi báo động, JSON ở stdin / run on alarm")] = None,
) -> None:
    """Theo dõi nhật ký, kêu to khi nó nói dối. / Follow logs; cry out on a fork, a rollback, an unexpected key.

    Mã thoát / exit code: 0 không có gì / nothing, 1 nhật ký có lỗi / a log is guilty, 2 chưa rõ / late or unreachable.
    """
    with spoken(as_json=as_json), files_here(), ExitStack() as stack:
        configure_logging()
        roots = _roots(root)
        terms = Terms(_keys(key, registry, roots), roots, _span(stalled), _span(stamp_age), peer or [])
        logs = [(stack.enter_context(ServedLog(url)), Memory(state, url.rstrip("/"))) for url in urls]
        worst = 0
        while True:
            looks = [look(served, memory, terms, now()) for served, memory in logs]
            _tell(looks, as_json=as_json)
            _cry(looks, webhook, command)
            worst = _worse(worst, looks)
            if once:
                raise typer.Exit(worst)
            time.sleep(seconds)


@app.command("witness")
def witness(
    *,
    key: Annotated[Path, typer.Option(help="Khóa làm chứng, tệp riêng tư / private cosigning key", exists=True)],
    state: Annotated[Path, typer.Option(help="Thư mục ghi nhớ / folder of what was seen")],
    log_key: Annotated[list[str], typer.Option("--log", help="Khóa nhật ký được theo / vkey of a log to follow")],
    host: Annotated[str, typer.Option(help="Địa chỉ / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8470,
) -> None:
    """Làm chứng cho nhật ký: chỉ ký khi nó tiếp nối. / Cosign logs that only grow (C2SP tlog-witness)."""
    with spoken(), files_here():
        configure_logging()
        signing = SigningKey.parse(read_secret(key).decode("ascii", "replace"))
        if signing.algorithm != COSIGNATURE:
            raise ConfigurationInvalid(f"{key}: cosignature/v1")
        desk = WitnessDesk(signing, [VerifierKey.parse(each) for each in log_key], Seen(state), now)
        asyncio.run(serve([(face(desk), Listen(host, port))]))


@app.command("witness-key")
def witness_key(
    name: Annotated[str, typer.Argument(help="Tên nhân chứng / name, such as witness.example/w1")],
    out_file: Annotated[Path, typer.Option("--out", help="Tệp khóa bí mật / private key file")],
) -> None:
    """Tạo khóa làm chứng, in khóa công khai. / Make a cosigning key; prints the verifier key."""
    with spoken(), files_here():
        made = SigningKey(name, os.urandom(32), COSIGNATURE)
        if out_file.exists():
            raise InvalidValue(f"{out_file}: đã có / exists")
        write_whole(out_file, made.encode().encode() + b"\n", PRIVATE)
        typer.echo(str(made.verifier))


def _keys(texts: Sequence[str] | None, registry: Path | None, roots: Sequence[bytes]) -> list[VerifierKey]:
    found = [VerifierKey.parse(text) for text in texts or []]
    if registry is not None:
        snapshot = open_signed(registry.read_bytes(), roots, now())
        found += [VerifierKey.parse(each.vkey) for each in snapshot.logs]
    if not found:
        raise InvalidValue("--key, --registry --root")
    return found


def _roots(path: Path | None) -> list[bytes]:
    if path is None:
        return []
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise InvalidValue(f"{path}: {error}") from error
    return [each.public_bytes(Encoding.DER) for each in found]


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _worse(worst: int, looks: Sequence[Look]) -> int:
    alarms = [each for look_ in looks for each in look_.alarms]
    if worst == GUILTY or any(each.grave for each in alarms):
        return GUILTY
    return DOUBTFUL if alarms else worst


def _as_dict(found: Look) -> dict[str, Any]:
    alarms = [
        {"code": each.code, "grave": each.grave, "detail": each.detail, **asdict(each.words)} for each in found.alarms
    ]
    kept = [str(path) for path in found.kept]
    return {"url": found.url, "origin": found.origin, "size": found.size, "alarms": alarms, "evidence": kept}


def _tell(looks: Sequence[Look], *, as_json: bool) -> None:
    if as_json:
        print_json({"logs": [_as_dict(each) for each in looks]})
        return
    for each in looks:
        head = f"{each.origin or each.url} {each.size}"
        if not each.alarms:
            say(f"✓ {head}", "consistent", "green")
        for found in each.alarms:
            say(f"✗ {head}: {found.words.vi}", f"{found.words.en} {found.detail}", "red" if found.grave else "yellow")
        for path in each.kept:
            say(f"  bằng chứng: {path}", f"evidence: {path}")


def _cry(looks: Sequence[Look], webhook: str | None, command: Path | None) -> None:
    """A log line for each alarm, and whoever asked to be told. That nobody hears stops no watch."""
    for each in looks:
        for found in each.alarms:
            log.error("log alarm", url=each.url, origin=each.origin, code=found.code, detail=found.detail)
    guilty = [_as_dict(each) for each in looks if each.alarms]
    if not guilty:
        return
    if webhook is not None:
        try:
            httpx.post(webhook, json={"logs": guilty}, timeout=10)
        except httpx.HTTPError as error:
            log.warning("webhook", error=type(error).__name__)
    if command is not None:
        try:
            text = json.dumps({"logs": guilty}, ensure_ascii=False).encode()
            subprocess.run([str(command.absolute())], input=text, timeout=60, check=False)  # noqa: S603  the operator's own
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("command", error=type(error).__name__)


@app.command("audit")
def audit(
    file: Annotated[Path, typer.Argument(help="Tệp nhật ký kiểm tra đã xuất / exported audit", exists=True)],
    *,
    key: Annotated[str, typer.Option(help="Khóa của bàn vận hành (vkey) / the console's verifier key")],
    as_json: Annotated[bool, typer.Option("--json", help="In các mục / print the entries as JSON")] = False,
) -> None:
    """Kiểm chứng nhật ký kiểm tra, không cần mạng. / Check an exported audit offline."""
    with spoken(as_json=as_json), files_here():
        found = read_audit(file.read_bytes(), VerifierKey.parse(key))
        if as_json:
            print_json({"size": found.checkpoint.size, "entries": list(found.entries)})
            return
        number, size = len(found.entries), found.checkpoint.size
        vi = f"{number} mục đều nằm nguyên vẹn trong nhật ký gồm {size} mục."
        say(vi, f"all {number} entries stand unchanged in a log of {size}", "green")
