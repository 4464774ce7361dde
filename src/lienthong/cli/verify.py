"""`lienthong verify`: a receipt, or a bundle of lasting proofs, and files, checked on any machine without a network."""

import json
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lienthong.errors import ConfigurationInvalid, EvidenceBroken, InvalidValue
from lienthong.evidence import Finding, Proof, ProofResult, VerifierKey, read_evidence, verify_bundle

ROOT_FILE = "root.pem"
ROOT_VARIABLE = "LIENTHONG_ROOT"
_ZIP = b"PK"
_EXIT = {ProofResult.PROVED: 0, ProofResult.NOT_PROVED: 1, ProofResult.CANNOT_TELL: 2}
_STYLE = {ProofResult.PROVED: "green", ProofResult.NOT_PROVED: "red", ProofResult.CANNOT_TELL: "yellow"}
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


class Language(StrEnum):
    """What sentences are printed in."""

    VI = "vi"
    EN = "en"


class _Unusable(Exception):  # carries a finding out of the reading; it is no fault of ours
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


def verify(
    receipt: Annotated[
        Path,
        typer.Argument(help="Biên nhận, bộ biên nhận (JSON) hoặc gói chứng cứ (ZIP). Receipts, or a bundle of proofs."),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Tệp hoặc thư mục cần đối chiếu. Files or folders to compare.")
    ] = None,
    *,
    root: Annotated[
        list[Path] | None,
        typer.Option(help=f"Chứng thư gốc (PEM). Root certificates; else {ROOT_FILE}, {ROOT_VARIABLE}."),
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="Khóa nhân chứng (vkey). A witness's key that must have cosigned.")
    ] = None,
    quorum: Annotated[
        int, typer.Option(help="Số nhân chứng phải đồng ký. How many of the witnesses must have cosigned.", min=1)
    ] = 1,
    algorithms: Annotated[
        Path | None, typer.Option(help="Bảng thời hạn thuật toán, cho gói chứng cứ. Dates of algorithms.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON. Print JSON.")] = False,
    language: Annotated[Language, typer.Option(help="Ngôn ngữ. Language.")] = Language.VI,
) -> None:
    """Kiểm tra biên nhận và tệp, không cần mạng. Check a receipt and files offline.

    Mã thoát / exit code: 0 đã chứng minh (proved), 1 không chứng minh được (not proved), 2 chưa kết luận (cannot tell).
    """
    try:
        proof = _prove(receipt, files or [], root or [], witness or [], quorum, algorithms)
    except _Unusable as unusable:
        proof = Proof((unusable.finding,))
    if as_json:
        typer.echo(json.dumps(proof.as_dict(), ensure_ascii=False, indent=1))
    else:
        _show(proof, language, Console(highlight=False))
    raise typer.Exit(_EXIT[proof.result])


def _prove(
    receipt: Path,
    files: Sequence[Path],
    roots: Sequence[Path],
    witnesses: Sequence[str],
    quorum: int,
    algorithms: Path | None,
) -> Proof:
    data, places = _bytes(receipt), roots or _usual_roots(receipt)
    trusted = [der for place in places for der in _ders(place)]
    digests = dict(_digests(files, {path.resolve() for path in (receipt, *places)}))
    if data.startswith(_ZIP):
        return _lasting(data, trusted, digests, algorithms)
    try:
        bundle = read_evidence(data)
    except EvidenceBroken as error:
        vi, en = f"Tệp {receipt.name} không phải là biên nhận đọc được", f"File {receipt.name} is no readable receipt"
        raise _Unusable(Finding("receipt", ok=False, vi=f"{vi}.", en=f"{en} ({error}).")) from error
    keys = [_witness(text) for text in witnesses]
    return verify_bundle(bundle, digests, trusted, datetime.now(UTC), keys, quorum)


def _lasting(data: bytes, roots: Sequence[bytes], digests: Mapping[str, str], algorithms: Path | None) -> Proof:
    from lienthong.cli.verify_lasting import prove  # brings the readers of PDF along

    try:
        return prove(data, roots, digests, algorithms)
    except (ConfigurationInvalid, OSError) as error:
        vi, en = "Bảng thời hạn thuật toán không đọc được.", f"The table of algorithms cannot be read ({error})."
        raise _Unusable(Finding("input", ok=None, vi=vi, en=en)) from error


def _usual_roots(receipt: Path) -> list[Path]:
    beside = receipt.parent / ROOT_FILE
    if beside.is_file():
        return [beside]
    named = os.environ.get(ROOT_VARIABLE)
    return [Path(named)] if named else []


def _ders(path: Path) -> list[bytes]:
    try:
        return [found.public_bytes(Encoding.DER) for found in x509.load_pem_x509_certificates(_bytes(path))]
    except ValueError as error:
        vi, en = f"{path.name} không phải là chứng thư PEM.", f"{path.name} is no PEM certificate."
        raise _Unusable(Finding("root", ok=None, vi=vi, en=en)) from error


def _witness(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except InvalidValue as error:
        vi, en = f"Khóa nhân chứng không đọc được: {text}.", f"The witness key cannot be read: {text}."
        raise _Unusable(Finding("witness", ok=None, vi=vi, en=en)) from error


def _digests(places: Sequence[Path], apart: set[Path]) -> Iterator[tuple[str, str]]:
    """Each file's name and digest; a folder's by their path in it, without hidden files and those in `apart`."""
    seen: set[str] = set()
    for place in places:
        for path in _inside(place, apart) if place.is_dir() else [place]:
            name = path.relative_to(place).as_posix() if place.is_dir() else path.name
            name = path.as_posix() if name in seen else name
            seen.add(name)
            yield name, _digest(path)


def _inside(folder: Path, apart: set[Path]) -> list[Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.resolve() not in apart)
    return [path for path in found if not any(step.startswith(".") for step in path.relative_to(folder).parts)]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _Unusable(_unread(path)) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _Unusable(_unread(path)) from error


def _unread(path: Path) -> Finding:
    return Finding("input", ok=None, vi=f"Không mở được tệp {path}.", en=f"File {path} cannot be opened.")


def _show(proof: Proof, language: Language, console: Console) -> None:
    verdict = proof.result
    title = f"{verdict.vi} · {verdict.en}" if language is Language.VI else verdict.en
    console.print(Panel(Text(title, style="bold"), style=_STYLE[verdict], expand=False))
    console.print(_table(proof.findings, language))
    if proof.limits:
        console.print(Text("Không chứng minh:" if language is Language.VI else "Not proved by this:", style="bold"))
        for words in proof.limits:
            console.print(Padding(Text(_plain(f"· {words.sentence(language)}")), (0, 0, 0, 2)))


def _table(findings: Sequence[Finding], language: Language) -> Table:
    table = Table.grid(padding=(0, 1))
    for finding in findings:
        mark, style = _MARKS[finding.ok]
        table.add_row(Text(mark, style=style), Text(_plain(finding.sentence(language))))
    return table


def _plain(text: str) -> str:
    """Without control and direction characters: a receipt's words must not steer the terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in {"Cc", "Cf"} else char for char in text)
